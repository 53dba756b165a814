"""Which nodes callers came through and by which exits they left, watched from beside the machine.

Each node of a watched flow is of a class made from its own, whose answers are noted on their way.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, fields, replace
from typing import Any

from ivr.flow import Flow, FlowTrouble, Node


@dataclass(slots=True)
class Covered:
    """What was seen of one flow: how often each node was entered, and each (node, exit) taken."""

    flow: Flow
    nodes: dict[str, int] = field(default_factory=dict)
    exits: dict[tuple[str, str], int] = field(default_factory=dict)

    @property
    def all_exits(self) -> list[tuple[str, str]]:
        """Every exit that is written."""
        return [(node.id, exit) for node in self.flow.nodes.values() for exit in node.exits]

    @property
    def missed_nodes(self) -> list[Node]:
        """Nodes nobody came to, as they are written."""
        return [node for name, node in self.flow.nodes.items() if name not in self.nodes]

    @property
    def missed_exits(self) -> list[tuple[str, str]]:
        """Exits of the visited nodes that nobody took."""
        return [one for one in self.all_exits if one not in self.exits and one[0] in self.nodes]

    @property
    def percent(self) -> float:
        """Nodes and exits that were seen, in percent of all."""
        every = len(self.flow.nodes) + len(self.all_exits)
        taken = sum(one in self.exits for one in self.all_exits)
        seen = sum(name in self.nodes for name in self.flow.nodes)
        return 100.0 * (seen + taken) / every if every else 100.0


class Watch:
    """Watches any number of flows, over any number of calls."""

    def __init__(self) -> None:
        self.flows: dict[str, Covered] = {}
        """By ``name/version``."""
        self._watched: dict[str, Flow] = {}

    def over(self, flow: Flow) -> Flow:
        """``flow`` as calls are to walk through it."""
        key = f"{flow.name}/{flow.version}"
        watched = self._watched.get(key)
        if watched is None:
            covered = self.flows[key] = Covered(flow)
            kinds: dict[type[Node], type[Node]] = {}
            nodes = {name: _watched(node, covered, kinds) for name, node in flow.nodes.items()}
            watched = self._watched[key] = replace(flow, nodes=nodes)
        return watched


def _watched(node: Node, covered: Covered, kinds: dict[type[Node], type[Node]]) -> Node:
    cls = type(node)
    kind = kinds.get(cls)
    if kind is None:
        kind = kinds[cls] = _class(cls, covered)
    copy = object.__new__(kind)
    for one in fields(node):
        object.__setattr__(copy, one.name, getattr(node, one.name))
    return copy


def _class(cls: type[Node], covered: Covered) -> type[Node]:
    def enter(self: Any, walk: Any) -> str | None:
        covered.nodes[self.id] = covered.nodes.get(self.id, 0) + 1
        return _noted(self, lambda: cls.enter(self, walk))

    def hear(self: Any, walk: Any, fact: Any) -> str | None:
        return _noted(self, lambda: cls.hear(self, walk, fact))

    def time_up(self: Any, walk: Any) -> str | None:
        return _noted(self, lambda: cls.time_up(self, walk))

    def _noted(node: Any, ask: Callable[[], str | None]) -> str | None:
        try:
            exit = ask()
        except FlowTrouble:
            _take(node, "failed")
            raise
        if exit is not None:
            _take(node, exit if exit in node.exits or exit.startswith("$") else "failed")
        return exit

    def _take(node: Any, exit: str) -> None:
        if exit in node.exits:
            key = (node.id, exit)
            covered.exits[key] = covered.exits.get(key, 0) + 1

    own = {"__slots__": (), "enter": enter, "hear": hear, "time_up": time_up}
    return type(cls.__name__, (cls,), own)
