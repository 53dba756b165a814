"""What a flow names that is not part of it: is it there, and is it asked rightly?"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from ivr.asks import FIXED, Known
from ivr.check.sketch import Finding, Sketch
from ivr.flow import Flow, Node
from ivr.templates import whole_variable


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is known beside a flow.

    ``names`` are those there are, by kind as in ``Node.names``; of kinds that are not in it nothing is known.
    ``asks`` are the queries and transactions there are, None if nobody knows.
    """

    names: Mapping[str, frozenset[str]] = field(default_factory=dict)
    asks: tuple[Known, ...] | None = None
    flows: Mapping[str, Flow] = field(default_factory=dict)

    def with_flows(self, flows: Mapping[str, Flow]) -> "Surroundings":
        """Beside these flows too."""
        return replace(self, flows={**self.flows, **flows})

    def ask(self, kind: str, name: str) -> Known | None:
        """What is known of a question."""
        known = (*(self.asks or ()), *FIXED)
        return next((one for one in known if (one.kind, one.name) == (kind, name)), None)


NOTHING_KNOWN: Final = Surroundings()


def look(sketch: Sketch, around: Surroundings) -> Iterator[Finding]:
    """Names nobody knows, questions that are asked wrongly, sub-flows that call one another in a circle."""
    queues = around.names.get("queue")
    default = sketch.flow.default_queue
    if queues is not None and default and default not in queues:
        yield Finding(sketch.line_at("default_queue"), f"there is no queue {default}", is_warning=True)
    for node in sketch.known:
        for kind, name in node.names():
            yield from _named(sketch, around, node, kind, name)
        yield from _asked(sketch, around, node)
        yield from _returns(sketch, around, node)
    yield from _circles_of_flows(sketch, around)


def _named(sketch: Sketch, around: Surroundings, node: Node, kind: str, name: str) -> Iterator[Finding]:
    known = around.names.get(kind)
    if kind in ("record", "transaction"):
        if around.asks is None:
            return
        known = frozenset(one.name for one in around.asks if one.kind == kind)
    if kind == "flow":
        known = frozenset({*(known or ()), *around.flows, sketch.flow.name})
    if known is not None and name not in known:
        word = {"record": "query"}.get(kind, kind)
        yield Finding(
            sketch.line_in(node, name), f"node {node.id}: there is no {word} {name}", is_warning=True
        )


def _asked(sketch: Sketch, around: Surroundings, node: Node) -> Iterator[Finding]:
    parameters = getattr(node, "parameters", None)
    if not isinstance(parameters, dict):
        return
    for kind, name in node.names():
        known = around.ask(kind, name)
        if known is None:
            continue
        where = f"node {node.id}: {name}"
        for one in parameters:
            if one not in known.parameters:
                listed = ", ".join(known.parameters) or "none"
                reason = f"{where} has no parameter {one}; there are {listed}"
                yield Finding(sketch.line_in(node, one), reason, is_warning=True)
        for one in known.needs:
            if one not in parameters and one != "key":  # a transaction has a key of its own
                yield Finding(node.line, f"{where} needs the parameter {one}", is_warning=True)
        if known.one_of and sum(one in parameters for one in known.one_of) != 1:
            listed = ", ".join(known.one_of)
            yield Finding(node.line, f"{where} needs one of the parameters {listed}", is_warning=True)
        into = getattr(node, "into", {})
        for value in into.values() if isinstance(into, dict) else ():
            if known.gives and value not in known.gives:
                listed = ", ".join(known.gives)
                reason = f"{where} gives no {value}; it gives {listed}"
                yield Finding(sketch.line_in(node, value), reason, is_warning=True)


def secrets_taken(around: Surroundings, node: Node) -> dict[str, str] | None:
    """Variables that are handed on by themselves where no secret may stand: variable to parameter.

    None if nobody knows what may stand where.
    """
    parameters = getattr(node, "parameters", None)
    asks = [known for kind, name in node.names() if (known := around.ask(kind, name)) is not None]
    if not isinstance(parameters, dict) or not asks:
        return None
    found = {}
    for one, template in parameters.items():
        variable = whole_variable(template)
        if variable and not any(one in known.secret for known in asks):
            found[variable] = one
    return found


# ------------------------------------------------------------------ flows that call flows


def called(flow: Flow) -> Iterator[tuple[Node, str]]:
    """The flows that ``flow`` calls and comes back from, with the node that does."""
    for node in flow.nodes.values():
        if _type(node) == "subflow":
            yield from ((node, name) for kind, name in node.names() if kind == "flow")


def returns_by(flow: Flow) -> frozenset[str]:
    """The exits by which a flow returns to the node that called it."""
    return frozenset(
        str(getattr(node, "exit", "")) for node in flow.nodes.values() if _type(node) == "return"
    )


def _returns(sketch: Sketch, around: Surroundings, node: Node) -> Iterator[Finding]:
    """A flow that is called returns by exits of the node that calls it."""
    called_flow = around.flows.get(getattr(node, "flow", "")) if node.TYPE == "subflow" else None
    for exit in sorted(returns_by(called_flow) if called_flow is not None else ()):
        if exit not in node.exits and called_flow is not None:
            reason = (
                f"node {node.id}: flow {called_flow.name} returns by {exit}, which is no exit of the node"
            )
            yield Finding(node.line, reason, is_warning="failed" in node.exits)


def _type(node: Node) -> str:
    return getattr(node, "TYPE", "")  # what could not be read is of no type


def _circles_of_flows(sketch: Sketch, around: Surroundings) -> Iterator[Finding]:
    own = sketch.flow.name
    flows = {**around.flows, own: sketch.flow}
    for node in sketch.known:
        if node.TYPE != "subflow":
            continue
        for kind, name in node.names():
            path = _path(flows, name, own) if kind == "flow" else None
            if path is not None:
                way = " > ".join([own, *path])
                reason = f"node {node.id}: flows call one another in a circle ({way})"
                yield Finding(sketch.line_in(node, name), reason)


def _path(flows: Mapping[str, Flow], start: str, end: str) -> list[str] | None:
    """The shortest way from one flow to another by what they call."""
    before: dict[str, str] = {start: ""}
    todo = [start]
    for name in todo:
        if name == end:
            path = [name]
            while before[path[-1]]:
                path.append(before[path[-1]])
            return path[::-1]
        flow = flows.get(name)
        for _, target in called(flow) if flow is not None else ():
            if target not in before:
                before[target] = name
                todo.append(target)
    return None
