"""What is read before it is set, what cannot be worked out, and what nobody may see and is kept all the same.

What is read and cannot be set yet is a mistake. What is said, sent or worked out and may not be set yet, or
may be no number, is a warning, but not where nothing is a fair answer: a queue leaves an empty branch out,
most cases are a plain no for an unset variable.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from domain.switch import Tone
from ivr.check import reaching
from ivr.check.outside import Surroundings, secrets_taken
from ivr.check.reaching import COUNT, NOTHING, NUMBER, SAMPLES, TEXT, State, tries
from ivr.check.sketch import Finding, Sketch
from ivr.expressions import Expression
from ivr.flow import FlowTrouble, Node, Value
from ivr.nodes.branch import Branch, Case, Condition
from ivr.nodes.loop import Loop
from ivr.nodes.queue import Queue
from ivr.nodes.queue_state import QueueState
from ivr.nodes.set import Set
from ivr.templates import variables_in

_WORDS: Final = {COUNT: "a count", NUMBER: "a number", TEXT: "words", NOTHING: "empty"}
_NUMERIC: Final = ("less", "at_most", "more", "at_least")
Work = Callable[[Mapping[str, Value]], object]
"""Something to be worked out with variables. Raises FlowTrouble where it cannot."""


def look(sketch: Sketch, around: Surroundings) -> Iterator[Finding]:
    """Node by node, what is read too early, what cannot be worked out, and what is kept."""
    states = reaching.states(sketch, around)
    setters = {name for node in sketch.known for name in node.writes()}
    for node in sketch.known:
        state = states.get(node.id)
        if state is None:
            continue  # nobody comes here, which is told elsewhere
        early = {name for name in _first_reads(node) if not state.may_be_set(name)}
        for name in sorted(early):
            why = "which is set only later" if name in setters else "which nothing sets"
            yield Finding(sketch.line_in(node, name), f"node {node.id}: reads {name}, {why}")
        unsure = frozenset() if state.holds is None else (_needed(node) & _first_reads(node)) - state.must
        for name in sorted(unsure - early):
            reason = f"node {node.id}: {name} may not be set yet"
            yield Finding(sketch.line_in(node, name), reason, is_warning=True)
        for name, reason in _not_worked_out(node, state, early):
            yield Finding(sketch.line_in(node, name), f"node {node.id}: {reason}", is_warning=True)
        yield from _kept(sketch, around, node, state.hidden)


def _kept(sketch: Sketch, around: Surroundings, node: Node, hidden: frozenset[str]) -> Iterator[Finding]:
    """What nobody may see, handed on where it would be kept; the loader finds where it would be shown."""
    taken = secrets_taken(around, node) or {}
    for name in sorted(hidden & node.hands_on() & set(taken)):
        reason = f"node {node.id}: nobody may see {name}, and the parameter {taken[name]} is kept"
        yield Finding(sketch.line_in(node, name), reason)


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
    """The variables a node cannot well do without: said, sent outside, filled in."""
    said = {name for part in node.says() for ps in part.values() for p in ps for name in _in_prompt(p)}
    texts = (getattr(node, "number", ""),) if isinstance(node, Queue) else node.templates()
    sent = {name for text in texts for name in variables_in(text)}
    by_name = {getattr(node, "number", "")} if node.TYPE == "lookup" else set()
    return frozenset(said | sent | by_name)


def _in_prompt(prompt: Any) -> Iterable[str]:
    return () if isinstance(prompt, Tone) else variables_in(prompt.text)


# ------------------------------------------------------------------ what cannot be worked out


def _not_worked_out(node: Node, state: State, early: set[str]) -> Iterator[tuple[str, str]]:
    """Variables with which something cannot be worked out, each with the reason."""
    if isinstance(node, Loop):
        if (state.holds or {}).get(node.variable, frozenset()) - {COUNT, NOTHING}:
            yield node.variable, f"{node.variable} is counted here, but is set to something else elsewhere"
        return
    if state.holds is None:
        return  # nobody knows what is set
    known, must = dict(state.holds), state.must
    if isinstance(node, QueueState):  # it sets them before it looks
        figures = reaching.written(node, state)
        known, must = known | figures, must | figures.keys()
    for names, work, words in _work(node):
        kinds = {name: known.get(name) or state.kinds(name) for name in names}
        numbers = dict.fromkeys(names, frozenset({COUNT}))
        usual = next((values for values in (*tries(kinds), *tries(numbers)) if _works(work, values)), None)
        if usual is None or early & names:
            continue
        for name in sorted(names):
            if name not in must and not _works(work, {**usual, name: ""}):
                yield name, f"{name} may not be set yet"
                continue
            for kind in sorted(kinds[name] & _WORDS.keys()):
                if not _works(work, {**usual, name: SAMPLES[kind][0]}):
                    yield name, f"{name} may be {_WORDS[kind]}, and {words} cannot be worked out then"


def _work(node: Node) -> Iterator[tuple[frozenset[str], Work, str]]:
    """What a node works out of variables: which, how, and how it is written."""
    if isinstance(node, Set):
        done: set[str] = set()
        for name, value in node.values.items():
            if isinstance(value, Expression) and not value.names & done:
                yield value.names, value.value, value.text
            done.add(name)
    for case in node.cases if isinstance(node, Branch) else ():
        if isinstance(case, Condition):
            yield case.expression.names, case.expression.holds, case.expression.text
        elif case.op in _NUMERIC:
            yield frozenset({case.variable}), _of_case(case), f"{case.variable} {case.op} {case.value}"


def _of_case(case: Case) -> Work:
    return lambda variables: case.holds(dict(variables))


def _works(work: Work, variables: Mapping[str, Value]) -> bool:
    try:
        work(variables)
    except FlowTrouble:
        return False
    return True
