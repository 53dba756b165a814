"""Which nodes callers came through and by which exits they left, watched from beside the machine.

Each node of a watched flow is of a class made from its own, whose answers are noted on their way.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, fields, replace
from typing import Any

from ivr.flow import RETURN, Flow, FlowTrouble, Node


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
        self._kinds: dict[type[Node], type[Node]] = {}

    def over(self, flow: Flow) -> Flow:
        """``flow`` as calls are to walk through it."""
        key = _key(flow)
        watched = self._watched.get(key)
        if watched is None:
            self.flows[key] = Covered(flow)
            nodes = {name: self._node(node) for name, node in flow.nodes.items()}
            watched = self._watched[key] = replace(flow, nodes=nodes)
        return watched

    def _node(self, node: Node) -> Node:
        cls = type(node)
        kind = self._kinds.get(cls)
        if kind is None:
            kind = self._kinds[cls] = self._class(cls)
        copy = object.__new__(kind)
        for one in fields(node):
            object.__setattr__(copy, one.name, getattr(node, one.name))
        return copy

    def _class(self, cls: type[Node]) -> type[Node]:
        def enter(node: Any, walk: Any) -> str | None:
            covered = self.flows[_key(walk.flow)]
            covered.nodes[node.id] = covered.nodes.get(node.id, 0) + 1
            return self._noted(node, walk, lambda: cls.enter(node, walk))

        def hear(node: Any, walk: Any, fact: Any) -> str | None:
            return self._noted(node, walk, lambda: cls.hear(node, walk, fact))

        def time_up(node: Any, walk: Any) -> str | None:
            return self._noted(node, walk, lambda: cls.time_up(node, walk))

        own = {"__slots__": (), "enter": enter, "hear": hear, "time_up": time_up}
        return type(cls.__name__, (cls,), own)

    def _noted(self, node: Any, walk: Any, ask: Callable[[], str | None]) -> str | None:
        flow = walk.flow
        try:
            exit = ask()
        except FlowTrouble:
            self._take(flow, node.id, "failed")
            raise
        if exit is not None and exit.startswith(RETURN):
            # By now the walk is back in the flow that called this one.
            name, _, by = exit.removeprefix(RETURN).partition(":")
            self._take(walk.flow, name, by)
        elif exit is not None and not exit.startswith("$"):
            self._take(flow, node.id, exit)
        return exit

    def _take(self, flow: Flow, name: str, exit: str) -> None:
        """Note an exit; one that is not written is trouble, and leads to ``failed``."""
        node = flow.nodes.get(name)
        if node is None:
            return
        by = exit if exit in node.exits else "failed"
        if by in node.exits:
            covered = self.flows[_key(flow)]
            covered.exits[name, by] = covered.exits.get((name, by), 0) + 1


def _key(flow: Flow) -> str:
    return f"{flow.name}/{flow.version}"
