"""What is read before it is set, and what nobody may see and is kept all the same.

Two things are worked out for every node, over all ways that lead there: which variables may be set by then,
and which are set for certain. What is read and cannot be set yet is a mistake; what is said or worked out and
may not be set yet is a warning, but not where nothing is a fair answer (a queue leaves an empty branch out,
most cases are a plain no for an unset variable).
"""

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from domain.switch import Tone
from ivr.check.outside import Surroundings, secrets_taken
from ivr.check.sketch import Finding, Sketch
from ivr.expressions import Expression
from ivr.flow import GIVEN, Flow, FlowTrouble, Node, Value
from ivr.nodes.branch import Branch, Case, Condition
from ivr.nodes.queue import Queue
from ivr.nodes.set import Set
from ivr.templates import variables_in

_UNCERTAIN = frozenset({"failed", "no_input", "no_match", "cancelled"})
"""By these exits a node is left before it has set what it sets."""


@dataclass(frozen=True, slots=True)
class _State:
    """What is known of the variables somewhere. ``may`` None: anything may be set."""

    may: frozenset[str] | None
    must: frozenset[str]
    hidden: frozenset[str] = frozenset()

    def meet(self, other: "_State") -> "_State":
        """Where two ways come together."""
        may = None if self.may is None or other.may is None else self.may | other.may
        return _State(may, self.must & other.must, self.hidden | other.hidden)


def look(sketch: Sketch, around: Surroundings) -> Iterator[Finding]:
    """Node by node, what is read too early and what is kept."""
    states = _states(sketch, around)
    setters = {name for node in sketch.known for name in node.writes()}
    for node in sketch.known:
        state = states.get(node.id)
        if state is None:
            continue  # nobody comes here, which is told elsewhere
        for name in sorted(_first_reads(node)):
            if state.may is not None and name not in state.may:
                why = "which is set only later" if name in setters else "which nothing sets"
                yield Finding(sketch.line_in(node, name), f"node {node.id}: reads {name}, {why}")
            elif name not in state.must and name in _needed(node):
                reason = f"node {node.id}: {name} may not be set yet"
                yield Finding(sketch.line_in(node, name), reason, is_warning=True)
        yield from _kept(sketch, around, node, state.hidden)


def _kept(sketch: Sketch, around: Surroundings, node: Node, hidden: frozenset[str]) -> Iterator[Finding]:
    """What nobody may see, handed on where it would be kept; the loader finds where it would be shown."""
    taken = secrets_taken(around, node) or {}
    for name in sorted(hidden & node.hands_on() & set(taken)):
        reason = f"node {node.id}: nobody may see {name}, and the parameter {taken[name]} is kept"
        yield Finding(sketch.line_in(node, name), reason)


# ------------------------------------------------------------------ over all ways


def _states(sketch: Sketch, around: Surroundings) -> dict[str, _State]:
    """What is known of the variables when a node is entered."""
    start = _at_the_start(sketch, around)
    extra: list[tuple[str, _State]] = []
    if sketch.flow.on_error:
        # Trouble may come anywhere: all may be set, and nothing for certain.
        everything = frozenset(name for node in sketch.known for name in node.writes())
        hidden = frozenset(name for node in sketch.known for name in node.hides())
        may = None if start.may is None or sketch.opaque else start.may | everything
        extra.append((sketch.flow.on_error, _State(may, start.must, hidden)))
    return _spread(sketch.flow, [(sketch.flow.entry, start), *extra], around, (sketch.flow.name,))


def _spread(
    flow: Flow, todo: list[tuple[str, _State]], around: Surroundings, inside: tuple[str, ...]
) -> dict[str, _State]:
    """States spread over a flow until nothing changes; ``inside``: the flows that called it, and itself."""
    states: dict[str, _State] = {}
    while todo:
        name, state = todo.pop()
        known = states.get(name)
        met = state if known is None else known.meet(state)
        if met == known or name not in flow.nodes:
            continue
        states[name] = met
        node = flow.nodes[name]
        returned = _returned(node, met, around, inside)
        for exit, target in node.exits.items():
            todo.append((target, returned.get(exit) or _behind(node, exit, met)))
    return states


def _at_the_start(sketch: Sketch, around: Surroundings) -> _State:
    """What is set when a flow begins: what the platform sets, and what those set that lead here."""
    own, state = sketch.flow.name, _State(GIVEN, GIVEN)
    callers = [
        (flow, node)
        for flow in around.flows.values()
        if flow.name != own
        for node in flow.nodes.values()
        if hasattr(node, "TYPE") and ("flow", own) in node.names()
    ]
    for flow, node in callers:
        if not any(("flow", flow.name) in n.names() for f in around.flows.values() for n in _read(f)):
            there = _spread(
                flow, [(flow.entry, _State(GIVEN, GIVEN))], replace(around, flows={}), (flow.name,)
            )
            if node.id in there:
                state = state.meet(there[node.id]) if _is_entered(sketch) else there[node.id]
                continue
        return _anything(sketch)
    called_only = any(node.TYPE == "return" for node in sketch.known)
    return _anything(sketch) if called_only and not callers else state


def _is_entered(sketch: Sketch) -> bool:
    """Whether callers may come here by a number; a flow that returns is there for others."""
    return not any(node.TYPE == "return" for node in sketch.known)


def _anything(sketch: Sketch) -> _State:
    """Of a flow that others lead to nobody knows what they have set: nothing is held against it."""
    return _State(None, GIVEN.union(*(node.reads() for node in sketch.known)))


def _read(flow: Flow) -> list[Node]:
    return [node for node in flow.nodes.values() if hasattr(node, "TYPE")]


def _returned(node: Node, state: _State, around: Surroundings, inside: tuple[str, ...]) -> dict[str, _State]:
    """What is known by each exit once the flow that ``node`` calls has returned."""
    name = getattr(node, "flow", "") if getattr(node, "TYPE", "") == "subflow" else ""
    flow = around.flows.get(name)
    if flow is None or name in inside:
        return {}
    states = _spread(flow, [(flow.entry, state)], around, (*inside, name))
    found: dict[str, _State] = {}
    for one in _read(flow):
        if one.TYPE == "return" and one.id in states:
            exit = str(getattr(one, "exit", ""))
            found[exit] = found[exit].meet(states[one.id]) if exit in found else states[one.id]
    return found


def _behind(node: Node, exit: str, state: _State) -> _State:
    """What is known once ``node`` was left by ``exit``."""
    if not hasattr(node, "TYPE") or node.TYPE == "subflow":
        return replace(state, may=None)  # it may set anything
    writes, hides = node.writes(), node.hides()
    may = None if state.may is None else state.may | writes
    hidden = (state.hidden - (writes - hides)) | hides
    sure = exit not in _UNCERTAIN and not (node.TYPE == "lookup" and exit == "none")
    must = state.must | writes if sure else state.must
    return _State(may, must | _tested(node, exit), hidden)


def _tested(node: Node, exit: str) -> frozenset[str]:
    """The variables that are set for certain where a branch is left by ``exit``."""
    if not isinstance(node, Branch):
        return frozenset()
    if exit == "otherwise":
        return frozenset(c.variable for c in node.cases if isinstance(c, Case) and c.op == "not_set")
    sets = [_set_by(case) for case in node.cases if case.exit == exit]
    return frozenset.intersection(*sets) if sets else frozenset()


def _set_by(case: Case | Condition) -> frozenset[str]:
    """The variables that are set if a case holds."""
    if isinstance(case, Condition):
        try:
            return _set_if(ast.parse(case.expression.text, mode="eval").body)
        except (SyntaxError, ValueError, RecursionError):
            return frozenset()
    values = case.value if isinstance(case.value, tuple) else (case.value,)
    positive = case.op in ("is", "in", "starts_with") and all(value != "" for value in values)
    numeric = case.op in ("less", "at_most", "more", "at_least")
    return frozenset({case.variable}) if positive or numeric or case.op == "set" else frozenset()


def _set_if(tree: ast.expr) -> frozenset[str]:
    """The variables that are set where an expression holds, as far as that is plain to see."""
    match tree:
        case ast.Name(id=name):
            return frozenset({name})
        case ast.BoolOp(op=ast.And()):
            return frozenset().union(*(_set_if(part) for part in tree.values))
        case ast.BoolOp(op=ast.Or()):
            return frozenset.intersection(*(_set_if(part) for part in tree.values))
        case ast.Compare(left=ast.Name(id=name), ops=[ast.NotEq()], comparators=[ast.Constant(value="")]):
            return frozenset({name})
        case ast.Compare(left=ast.Name(id=name), ops=[ast.Eq()], comparators=[ast.Constant(value=value)]):
            return frozenset({name}) if value != "" else frozenset()
    return frozenset()


# ------------------------------------------------------------------ what a node reads


def _first_reads(node: Node) -> frozenset[str]:
    """The variables a node reads before it sets them itself."""
    if not isinstance(node, Set):
        return node.reads()
    read: set[str] = set()
    done: set[str] = set()
    for name, value in node.values.items():
        read |= _of_value(value) - done
        done.add(name)
    return frozenset(read)


def _of_value(value: Any) -> frozenset[str]:
    if isinstance(value, Expression):
        return value.names
    return frozenset(variables_in(value)) if isinstance(value, str) else frozenset()


def _needed(node: Node) -> frozenset[str]:
    """The variables a node cannot well do without: said, sent outside, or worked out."""
    if isinstance(node, Set):
        filled = (variables_in(value) for value in node.values.values() if isinstance(value, str))
        worked_out = (_not_without(v) for v in node.values.values() if isinstance(v, Expression))
        return frozenset().union(*filled, *worked_out)
    if isinstance(node, Branch):
        return frozenset().union(*(_of_case(case) for case in node.cases))
    said = {name for part in node.says() for ps in part.values() for p in ps for name in _in_prompt(p)}
    texts = (getattr(node, "number", ""),) if isinstance(node, Queue) else node.templates()
    sent = {name for text in texts for name in variables_in(text)}
    by_name = {getattr(node, "number", "")} if node.TYPE == "lookup" else set()
    return frozenset(said | sent | by_name)


def _in_prompt(prompt: Any) -> Iterable[str]:
    return () if isinstance(prompt, Tone) else variables_in(prompt.text)


def _of_case(case: Case | Condition) -> frozenset[str]:
    if isinstance(case, Condition):
        return _not_without(case.expression)
    numeric = case.op in ("less", "at_most", "more", "at_least")
    return frozenset({case.variable}) if numeric else frozenset()


_SAMPLES: tuple[Value, ...] = (1, "a", "2026-01-01")


def _not_without(expression: Expression) -> frozenset[str]:
    """The variables without which an expression cannot be worked out, tried with a few values for others."""
    found = set()
    for sample in _SAMPLES:
        variables: dict[str, Value] = dict.fromkeys(expression.names, sample)
        if not _works(expression, variables):
            continue
        for name in expression.names:
            if not _works(expression, {**variables, name: ""}):
                found.add(name)
    return frozenset(found)


def _works(expression: Expression, variables: Mapping[str, Value]) -> bool:
    try:
        expression.value(variables)
    except FlowTrouble:
        return False
    return True
