"""Which variables may be set when a node is entered, what they may hold, and which are set for certain.

Worked out over all ways that lead there, until nothing changes any more. Flows that are called are looked
through as well; of those that call nothing is known unless they are there.
"""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice, product
from typing import Any, Final

from ivr.check.outside import Surroundings
from ivr.check.sketch import Sketch
from ivr.expressions import Expression
from ivr.flow import GIVEN, Flow, FlowTrouble, Node, Value
from ivr.nodes.branch import Branch, Case, Condition
from ivr.nodes.collect import Collect
from ivr.nodes.language import Language
from ivr.nodes.loop import Loop
from ivr.nodes.queue_state import FIGURES, QueueState
from ivr.nodes.set import Set
from ivr.templates import variables_in, whole_variable

COUNT, NUMBER, TEXT, NOTHING, ANY = "count", "number", "text", "nothing", "any"
"""What a variable may hold: a whole number, a number or digits, words, an empty text, nobody knows."""
Kinds = frozenset[str]

SAMPLES: Final[dict[str, tuple[Value, ...]]] = {
    COUNT: (3,),
    NUMBER: ("12.50",),
    TEXT: ("a-b",),
    NOTHING: ("",),
    ANY: ("12", "a-b"),
}
MOST_TRIES: Final = 64

_UNCERTAIN: Final = frozenset({"failed", "no_input", "no_match", "cancelled"})
"""By these exits a node is left before it has set what it sets."""
_NUMERIC: Final = ("less", "at_most", "more", "at_least")
_DIGITS = re.compile(r"[+-]?[0-9]{1,15}(?:\.[0-9]{1,15})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class State:
    """What is known of the variables somewhere.

    ``holds`` are those that may be set, and what they may hold; None if anything may be. ``must`` are set for
    certain, ``hidden`` may stand for digits nobody may see.
    """

    holds: Mapping[str, Kinds] | None
    must: frozenset[str]
    hidden: frozenset[str] = field(default=frozenset())

    def may_be_set(self, name: str) -> bool:
        """Whether a variable may be set."""
        return self.holds is None or name in self.holds

    def kinds(self, name: str) -> Kinds:
        """What a variable may hold, if it is set."""
        return frozenset({ANY}) if self.holds is None else self.holds.get(name, frozenset({ANY}))

    def meet(self, other: "State") -> "State":
        """Where two ways come together."""
        holds: dict[str, Kinds] | None = None
        if self.holds is not None and other.holds is not None:
            names = {*self.holds, *other.holds}
            none: Kinds = frozenset()
            holds = {n: self.holds.get(n, none) | other.holds.get(n, none) for n in names}
        return State(holds, self.must & other.must, self.hidden | other.hidden)


START: Final = State(
    {name: frozenset({TEXT if name == "language" else ANY}) for name in GIVEN}, frozenset(GIVEN)
)
"""What is set when a call begins."""


def states(sketch: Sketch, around: Surroundings) -> dict[str, State]:
    """What is known when each node is entered; nodes nobody comes to are left out."""
    start = _at_the_start(sketch, around)
    todo = [(sketch.flow.entry, start)]
    if sketch.flow.on_error:
        # Trouble may come anywhere: all may be set, and nothing for certain.
        hidden = frozenset(name for node in sketch.known for name in node.hides())
        holds = None if start.holds is None or sketch.opaque else dict(start.holds)
        if holds is not None:
            for node in sketch.known:
                for name, kinds in written(node, State(None, frozenset())).items():
                    holds[name] = holds.get(name, frozenset()) | kinds
        todo.append((sketch.flow.on_error, State(holds, start.must, hidden)))
    return _spread(sketch.flow, todo, around, (sketch.flow.name,))


def _spread(
    flow: Flow, todo: list[tuple[str, State]], around: Surroundings, inside: tuple[str, ...]
) -> dict[str, State]:
    """States spread over a flow until nothing changes; ``inside``: the flows that called it, and itself."""
    found: dict[str, State] = {}
    while todo:
        name, state = todo.pop()
        known = found.get(name)
        met = state if known is None else known.meet(state)
        if met == known or name not in flow.nodes:
            continue
        found[name] = met
        node = flow.nodes[name]
        returned = _returned(node, met, around, inside)
        for exit, target in node.exits.items():
            todo.append((target, returned.get(exit) or behind(node, exit, met)))
    return found


# ------------------------------------------------------------------ other flows


def _at_the_start(sketch: Sketch, around: Surroundings) -> State:
    """What is set when a flow begins: what the platform sets, and what those set that lead here."""
    own, state = sketch.flow.name, START
    callers = [
        (flow, node)
        for flow in around.flows.values()
        if flow.name != own
        for node in _readable(flow)
        if ("flow", own) in node.names()
    ]
    returns = any(node.TYPE == "return" for node in sketch.known)
    for number, (flow, node) in enumerate(callers):
        if any(("flow", flow.name) in n.names() for f in around.flows.values() for n in _readable(f)):
            return _anything(sketch)
        there = _spread(flow, [(flow.entry, START)], replace(around, flows={}), (flow.name,)).get(node.id)
        if there is None:
            return _anything(sketch)
        # A flow that returns is there for others; into one that does not calls may come by a number.
        state = there if returns and number == 0 else state.meet(there)
    return _anything(sketch) if returns and not callers else state


def _anything(sketch: Sketch) -> State:
    """Of a flow that others lead to nobody knows what they have set: nothing is held against it."""
    return State(None, GIVEN.union(*(node.reads() for node in sketch.known)))


def _readable(flow: Flow) -> list[Node]:
    return [node for node in flow.nodes.values() if hasattr(node, "TYPE")]


def _returned(node: Node, state: State, around: Surroundings, inside: tuple[str, ...]) -> dict[str, State]:
    """What is known by each exit once the flow that ``node`` calls has returned."""
    name = getattr(node, "flow", "") if getattr(node, "TYPE", "") == "subflow" else ""
    flow = around.flows.get(name)
    if flow is None or name in inside:
        return {}
    there = _spread(flow, [(flow.entry, state)], around, (*inside, name))
    found: dict[str, State] = {}
    for one in _readable(flow):
        if one.TYPE == "return" and one.id in there:
            exit = str(getattr(one, "exit", ""))
            found[exit] = found[exit].meet(there[one.id]) if exit in found else there[one.id]
    return found


# ------------------------------------------------------------------ behind a node


def behind(node: Node, exit: str, state: State) -> State:
    """What is known once ``node`` was left by ``exit``."""
    if not hasattr(node, "TYPE") or node.TYPE == "subflow":
        return replace(state, holds=None)  # it may set anything
    writes, hides = written(node, state), node.hides()
    sure = exit not in _UNCERTAIN and not (node.TYPE == "lookup" and exit == "none")
    tested = _tested(node, exit)
    holds: dict[str, Kinds] | None = None
    if state.holds is not None:
        none: Kinds = frozenset()
        holds = dict(state.holds)
        for name, kinds in writes.items():
            holds[name] = kinds if sure else holds.get(name, none) | kinds
        for name in tested & holds.keys():
            holds[name] = (holds[name] - {NOTHING}) or holds[name]
    must = state.must | writes.keys() if sure else state.must
    hidden = (state.hidden - (writes.keys() - hides)) | hides
    return State(holds, must | tested, hidden)


def written(node: Node, state: State) -> dict[str, Kinds]:
    """What a node sets, and what that may hold then."""
    made = dict.fromkeys(node.writes(), frozenset({ANY}))
    match node:
        case Collect(sensitive=False):
            made[node.into] = frozenset({TEXT if node.kind == "date" else NUMBER})
        case Loop():
            made[node.variable] = frozenset({COUNT})
        case Language():
            made["language"] = frozenset({TEXT})
        case QueueState():
            for name in FIGURES:
                made[name] = frozenset({NUMBER, NOTHING} if name == "queue_wait_s" else {COUNT})
        case Set():
            found: dict[str, Kinds] = {}
            for name, value in node.values.items():
                found[name] = _kinds_of(value, state, found)
            return found
    if node.TYPE == "survey":
        made = dict.fromkeys(made, frozenset({COUNT}))
    elif node.TYPE == "consent":
        made = dict.fromkeys(made, frozenset({TEXT}))
    elif node.TYPE == "lookup":
        made |= {"tier_priority": frozenset({NUMBER}), "match": frozenset({TEXT})}
    return made


def _kinds_of(value: Value | Expression, state: State, before: Mapping[str, Kinds]) -> Kinds:
    """What a variable may hold that is set to ``value``; ``before`` was set by the same node."""
    if isinstance(value, Expression):
        known = {name: before.get(name) or _with_nothing(name, state) for name in value.names}
        return frozenset(kind_of(one) for one in results(value, known)) or frozenset({ANY})
    if not isinstance(value, str):
        return frozenset({kind_of(value)})
    if not variables_in(value):
        return frozenset({kind_of(value)})
    whole = whole_variable(value)
    if whole:
        return before.get(whole) or _with_nothing(whole, state)
    return frozenset({ANY})


def _with_nothing(name: str, state: State) -> Kinds:
    """What reading a variable may give: an unset one is an empty text."""
    kinds = state.kinds(name)
    return kinds if name in state.must else kinds | {NOTHING}


def kind_of(value: Value) -> str:
    """What a value is."""
    if isinstance(value, bool):
        return ANY
    if isinstance(value, int):
        return COUNT
    if isinstance(value, float):
        return NUMBER
    if value == "":
        return NOTHING
    return NUMBER if _DIGITS.fullmatch(value.strip()) else TEXT


def results(expression: Expression, known: Mapping[str, Kinds]) -> Iterator[Value]:
    """What an expression may come to, tried with a few values for its variables."""
    for variables in tries(known):
        try:
            yield expression.value(variables)
        except FlowTrouble:
            continue


def tries(known: Mapping[str, Kinds]) -> Iterator[dict[str, Value]]:
    """Values for variables, by what they may hold."""
    values = [[sample for kind in sorted(kinds) for sample in SAMPLES[kind]] for kinds in known.values()]
    for chosen in islice(product(*values), MOST_TRIES):
        yield dict(zip(known, chosen, strict=True))


# ------------------------------------------------------------------ what a branch has looked at


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
    values: Iterable[Any] = case.value if isinstance(case.value, tuple) else (case.value,)
    positive = case.op in ("is", "in", "starts_with") and all(value != "" for value in values)
    return frozenset({case.variable}) if positive or case.op in ("set", *_NUMERIC) else frozenset()


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
