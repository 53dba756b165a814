"""Exits nobody can take, and ways out that are missing."""

from collections.abc import Iterator

from ivr.check.outside import Surroundings, returns_by
from ivr.check.sketch import Finding, Sketch
from ivr.expressions import Expression
from ivr.flow import FlowTrouble, Node
from ivr.nodes.asking import Asking
from ivr.nodes.branch import Branch, Case, Condition
from ivr.nodes.outside import Outside
from ivr.nodes.set import Set
from ivr.nodes.split import Split

_NEVER_FAIL = frozenset({"say", "play", "language", "tier", "split"})
_ORDINARY = {
    "voicemail": "an empty message",
    "transfer": "a number that is not reached",
    "callback": "a queue that keeps no place",
}
"""What fails on an ordinary day."""
_NOT_THERE = "an answer that there is nothing, or nobody,"
_NUMERIC = ("less", "at_most", "more", "at_least")


_PAIRS = (("set", "not_set"), ("is", "is_not"), ("in", "not_in"), ("less", "at_least"), ("more", "at_most"))
_OPPOSITE = dict((*_PAIRS, *((b, a) for a, b in _PAIRS)))


def look(sketch: Sketch, around: Surroundings) -> Iterator[Finding]:
    """Node by node."""
    for node in sketch.known:
        yield from _missing(sketch, node)
        for exit, why in (*_never(node), *_never_returned(node, around)):
            if exit in node.exits:
                reason = f"node {node.id}: exit {exit} can never be taken: {why}"
                yield Finding(sketch.line_of_exit(node, exit), reason, is_warning=True)
        if node.TYPE == "placeholder":
            was = getattr(node, "was", "")
            yield Finding(node.line, f"node {node.id}: it is not written yet; it was {was}", is_warning=True)


def _missing(sketch: Sketch, node: Node) -> Iterator[Finding]:
    if "failed" in node.exits:
        return
    if isinstance(node, Asking):
        for exit, who in (("no_input", "nothing"), ("no_match", "nothing that fits")):
            if exit in type(node).MAY and exit not in node.exits:
                reason = (
                    f"node {node.id}: there is no exit {exit}; who presses {who} meets a mistake of the flow"
                )
                yield Finding(node.line, reason, is_warning=True)
    what = _ORDINARY.get(node.TYPE)
    if node.TYPE == "tag" and "{" in getattr(node, "marks", {}).get("purpose", ""):
        what = "a purpose there is not"
    if what and not sketch.flow.on_error and not (node.TYPE == "transfer" and "default" in node.exits):
        reason = f"node {node.id}: there is no exit failed; {what} is a mistake of the flow"
        yield Finding(node.line, reason, is_warning=True)
    if isinstance(node, Outside) and node.NONE not in node.exits and not sketch.flow.on_error:
        reason = (
            f"node {node.id}: there is no exit {node.NONE or 'failed'}; {_NOT_THERE} is a mistake of the flow"
        )
        yield Finding(node.line, reason, is_warning=True)


def _never(node: Node) -> Iterator[tuple[str, str]]:
    """Exits that cannot be taken, each with the reason."""
    if isinstance(node, Branch):
        yield from _never_of_cases(node)
    if isinstance(node, Split):
        yield from ((exit, "its part is 0 percent") for exit, part in node.parts.items() if not part)
    if node.TYPE == "placeholder":
        yield from ((exit, "nothing is written here yet") for exit in node.exits if exit != "failed")
    if _cannot_fail(node):
        yield "failed", "nothing can fail here"


def _cannot_fail(node: Node) -> bool:
    if isinstance(node, Set):
        return not any(isinstance(value, Expression) for value in node.values.values())
    if node.TYPE == "menu":
        return {"no_input", "no_match"} <= set(node.exits)
    if node.TYPE == "branch" and isinstance(node, Branch):
        return all(isinstance(case, Case) and case.op not in _NUMERIC for case in node.cases)
    return node.TYPE in _NEVER_FAIL


def _never_returned(node: Node, around: Surroundings) -> Iterator[tuple[str, str]]:
    """Exits of a sub-flow's node by which that flow does not return."""
    called = around.flows.get(getattr(node, "flow", "")) if node.TYPE == "subflow" else None
    if called is not None:
        by = returns_by(called)
        yield from (
            (e, f"flow {called.name} does not return by it") for e in node.exits if e not in by | {"failed"}
        )


# ------------------------------------------------------------------ cases


def _never_of_cases(node: Branch) -> Iterator[tuple[str, str]]:
    """Exits whose every case is covered by one before it, and ``otherwise`` if the cases leave nothing."""
    dead: dict[str, str] = {}
    alive: set[str] = set()
    always = ""
    for number, case in enumerate(node.cases):
        why = always or _constant(case, False) or _covered(case, node.cases[:number])
        if why:
            dead.setdefault(case.exit, why)
        else:
            alive.add(case.exit)
        if not always and _constant(case, True):
            always = f"case {number + 1} always holds"
    yield from ((exit, why) for exit, why in dead.items() if exit not in alive)
    if "otherwise" not in alive and (why := always or _exhausted(node.cases)):
        yield "otherwise", why


def _constant(case: Case | Condition, holds: bool) -> str:
    """Why a case always (or never) holds; '' if it may go either way."""
    if isinstance(case, Case) or case.expression.names:
        return ""
    try:
        found = case.expression.holds({})
    except FlowTrouble:
        return ""
    return f"{case.expression.text} is always {'true' if holds else 'false'}" if found is holds else ""


def _covered(case: Case | Condition, before: tuple[Case | Condition, ...]) -> str:
    """Why one of the cases before holds whenever this one does; '' if none does."""
    for number, other in enumerate(before, start=1):
        if isinstance(case, Condition) or isinstance(other, Condition):
            same = case == other or (
                isinstance(case, Condition)
                and isinstance(other, Condition)
                and case.expression == other.expression
            )
            if same:
                return f"case {number} says the same"
        elif case.variable == other.variable and _implies(case, other):
            return f"case {number} holds whenever it would"
    return ""


def _implies(one: Case, other: Case) -> bool:
    """Whether ``other`` holds whenever ``one`` does, of the same variable."""
    if (one.op, one.value) == (other.op, other.value):
        return True
    if one.op in ("is", "in"):
        values = one.value if isinstance(one.value, tuple) else (one.value,)
        return all(_holds(other, value) for value in values)
    if one.op in _NUMERIC and other.op in _NUMERIC:
        return _narrower(one, other)
    if one.op == "starts_with":
        text = str(one.value)
        if other.op == "starts_with":
            return text.startswith(str(other.value))
        return other.op == "set" and text != ""
    return False


def _holds(case: Case, value: object) -> bool:
    try:
        return case.holds({case.variable: value})  # type: ignore[dict-item]
    except FlowTrouble:
        return False


def _narrower(one: Case, other: Case) -> bool:
    low, high = ("more", "at_least"), ("less", "at_most")
    a, b = float(_scalar(one)), float(_scalar(other))
    if one.op in low and other.op in low:
        return a > b or (a == b and (other.op == "at_least" or one.op == "more"))
    if one.op in high and other.op in high:
        return a < b or (a == b and (other.op == "at_most" or one.op == "less"))
    return False


def _scalar(case: Case) -> float:
    value = case.value[0] if isinstance(case.value, tuple) else case.value
    return float(value)


def _exhausted(cases: tuple[Case | Condition, ...]) -> str:
    """Why one of the cases always holds; '' if none need."""
    plain = [case for case in cases if isinstance(case, Case)]
    for number, case in enumerate(plain):
        for other in plain[:number]:
            same = (case.variable, case.value) == (other.variable, other.value)
            if same and _OPPOSITE.get(case.op) == other.op:
                return f"{case.variable} either {other.op} or {case.op}"
    return ""
