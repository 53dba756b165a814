"""Ways round that nobody ends: no key of the caller, no bound, no wait that others end.

Exits are told apart by what they cost the caller. Round and round at once is a mistake, and so is talking for
ever; going round when the caller stays silent or something fails may be meant, and is a warning.
"""

from collections.abc import Callable, Iterator
from enum import IntEnum

from ivr.check.outside import Surroundings
from ivr.check.sketch import Finding, Sketch
from ivr.flow import Node
from ivr.nodes.asking import Asking
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


def look(sketch: Sketch, around: Surroundings) -> Iterator[Finding]:
    """Each way round once, at its first node."""
    told: set[str] = set()
    for most, say in (
        (Cost.NOTHING, "the flow goes round at once, without end"),
        (Cost.TIME, "the flow goes round for ever: no key, no bound"),
        (Cost.LUCK, "nothing ends this way round but the caller: no key, no bound"),
    ):
        ways = {
            name: [
                target
                for exit, target in node.exits.items()
                if name not in sketch.opaque and target in sketch.nodes and cost(node, exit) <= most
            ]
            for name, node in sketch.nodes.items()
        }
        for group in _groups(ways):
            if told.isdisjoint(group):
                told |= group
                first = min(group, key=lambda name: sketch.nodes[name].line)
                way = " > ".join(_way_round(first, group, ways.__getitem__))
                yield Finding(sketch.nodes[first].line, f"node {first}: {say} ({way})", most is Cost.LUCK)


def _groups(ways: dict[str, list[str]]) -> Iterator[set[str]]:
    """Nodes that lead to one another (R. Tarjan, 1972), of more than one or leading to itself."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    on_stack: set[str] = set()
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
                    group = set()
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


def _way_round(start: str, group: set[str], ways: Callable[[str], list[str]]) -> list[str]:
    """The shortest way from ``start`` back to it within ``group``."""
    before: dict[str, str] = {}
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
