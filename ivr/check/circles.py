"""Ways round that nobody ends: no key of the caller, no bound, no wait that others end.

Exits are told apart by what they cost the caller. Round and round at once is a mistake, and so is talking for
ever; going round when the caller stays silent or something fails may be meant, and is a warning.

A way round may lead through other flows: by ``go``, and through a ``subflow`` that comes back. What is not
known of them is taken to be ended by somebody.
"""

from collections.abc import Callable, Iterator
from enum import IntEnum
from typing import TypeVar

from ivr.check.outside import Surroundings
from ivr.check.sketch import Finding, Sketch
from ivr.flow import Flow, Node
from ivr.nodes.asking import Asking
from ivr.nodes.flows import Go, Return, Subflow
from ivr.nodes.queue import Queue

_QUICK = ("no_agents", "full", "unknown_queue")
"""A queue gives a call back for these without letting it wait; so for ``unknown_skill``, which falls back on
the first."""


class Cost(IntEnum):
    """What it takes to leave a node by an exit."""

    NOTHING = 0
    TIME = 1
    """Something is said, or an answer is waited for."""
    LUCK = 2
    """The caller stays silent, something fails, a queue will not have the call: so it may go on for long."""
    ENDED = 3
    """Somebody ends it: the caller by a key or by speaking, a bound, a queue after its longest wait."""


def cost(node: Node, exit: str) -> Cost:
    """What it takes to leave ``node`` by ``exit``."""
    if node.BOUNDED and exit != "done":
        return Cost.ENDED
    if exit in ("failed", "no_input"):
        return Cost.LUCK
    if (node.TYPE, exit) in _SILENCE:
        return Cost.LUCK
    if isinstance(node, Queue):
        quick = exit in (*_QUICK, "unknown_skill") or (
            exit == "default" and not all(one in node.exits for one in _QUICK)
        )
        return Cost.LUCK if quick else Cost.ENDED
    if isinstance(node, Asking) or node.TYPE in _OTHERS_END:
        return Cost.ENDED
    return Cost.NOTHING if node.INSTANT else Cost.TIME


_SILENCE = frozenset(
    {("language", "done"), ("consent", "no"), ("callback", "declined"), ("transaction", "cancelled")}
)
"""Exits for whoever says nothing, among others."""
_OTHERS_END = frozenset({"voicemail", "subflow"})


Place = tuple[str, str]
"""A flow and a node of it."""
T = TypeVar("T")


def look(sketch: Sketch, around: Surroundings) -> Iterator[Finding]:
    """Each way round once, at its first node of this flow."""
    roads = _Roads(sketch, around)
    told: set[Place] = set()
    for most, say in (
        (Cost.NOTHING, "the flow goes round at once, without end"),
        (Cost.TIME, "the flow goes round for ever: no key, no bound"),
        (Cost.LUCK, "nothing ends this way round but the caller: no key, no bound"),
    ):
        ways = {place: roads.ways(place, most) for place in roads.places}
        for group in _groups(ways):
            here = [name for flow, name in group if flow == roads.own]
            if here and told.isdisjoint(group):
                told |= group
                first = min(here, key=lambda name: sketch.nodes[name].line)
                way = " > ".join(map(roads.named, _way_round((roads.own, first), group, ways.__getitem__)))
                yield Finding(sketch.nodes[first].line, f"node {first}: {say} ({way})", most is Cost.LUCK)


class _Roads:
    """The ways through a flow and all those it may go on in."""

    def __init__(self, sketch: Sketch, around: Surroundings) -> None:
        self.own = sketch.flow.name
        self._flows = {**around.flows, self.own: sketch.flow}
        self._back: dict[str, dict[str, Cost]] = {}
        reached = [self.own]
        for name in reached:
            reached += sorted(set(self._goes_to(self._flows[name])) - set(reached))
        self.places = [(name, node) for name in reached for node in self._flows[name].nodes]

    def named(self, place: Place) -> str:
        """How a place is told to whoever wrote this flow."""
        flow, node = place
        return node if flow == self.own else f"{flow}/{node}"

    def ways(self, place: Place, most: Cost) -> list[Place]:
        """Where a call comes to from there by exits that cost no more than ``most``."""
        name, node = place
        flow = self._flows[name]
        found = [(name, target) for target in self._within(flow, flow.nodes[node], most)]
        here = flow.nodes[node]
        if isinstance(here, Go) and here.flow in self._flows:
            found.append((here.flow, self._flows[here.flow].entry))
        return found

    def _within(self, flow: Flow, node: Node, most: Cost) -> Iterator[str]:
        if hasattr(node, "TYPE"):  # else it could not be read, and nobody knows what it does
            yield from (
                target
                for exit, target in node.exits.items()
                if target in flow.nodes and self._cost(node, exit) <= most
            )

    def _cost(self, node: Node, exit: str) -> Cost:
        if isinstance(node, Subflow) and exit != "failed" and node.flow in self._flows:
            return self._returns(node.flow).get(exit, Cost.ENDED)
        return cost(node, exit)

    def _returns(self, name: str) -> dict[str, Cost]:
        """What it takes at least to come back from a flow, by the exit it returns by."""
        if name not in self._back:
            self._back[name] = {}  # flows that call one another in a circle are told elsewhere
            flow, found = self._flows[name], dict[str, Cost]()
            for most in Cost:
                for node in self._reached(flow, most):
                    if isinstance(node, Return):
                        found.setdefault(node.exit, most)
            self._back[name] = found
        return self._back[name]

    def _reached(self, flow: Flow, most: Cost) -> list[Node]:
        names = [flow.entry]
        for name in names:
            new = set(self._within(flow, flow.nodes[name], most)) - set(names)
            names += sorted(new)
        return [flow.nodes[name] for name in names]

    def _goes_to(self, flow: Flow) -> Iterator[str]:
        nodes = flow.nodes.values()
        return (node.flow for node in nodes if isinstance(node, Go) and node.flow in self._flows)


def _groups(ways: dict[T, list[T]]) -> Iterator[set[T]]:
    """Nodes that lead to one another (R. Tarjan, 1972), of more than one or leading to itself."""
    index: dict[T, int] = {}
    low: dict[T, int] = {}
    stack: list[T] = []
    on_stack: set[T] = set()
    for start in ways:
        if start in index:
            continue
        work = [(start, iter(ways[start]))]
        index[start] = low[start] = len(index)
        stack.append(start)
        on_stack.add(start)
        while work:
            name, rest = work[-1]
            target = next(rest, None)
            if target is None:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[name])
                if low[name] == index[name]:
                    group = set[T]()
                    while name not in group:
                        group.add(stack.pop())
                    on_stack -= group
                    if len(group) > 1 or name in ways[name]:
                        yield group
            elif target not in index:
                index[target] = low[target] = len(index)
                stack.append(target)
                on_stack.add(target)
                work.append((target, iter(ways[target])))
            elif target in on_stack:
                low[name] = min(low[name], index[target])


def _way_round(start: T, group: set[T], ways: Callable[[T], list[T]]) -> list[T]:
    """The shortest way from ``start`` back to it within ``group``."""
    before: dict[T, T] = {}
    todo = [start]
    for name in todo:
        for target in ways(name):
            if target == start:
                path = [start, name]
                while path[-1] != start:
                    path.append(before[path[-1]])
                return path[::-1]
            if target in group and target not in before:
                before[target] = name
                todo.append(target)
    return [start]
