"""A flow's text judged: what keeps it from being run or published, and what may not be as it is meant."""

from dataclasses import dataclass

from ivr.check import NOTHING_KNOWN, Surroundings, check
from ivr.document import FlowProblem
from ivr.drafts import line_of
from ivr.load import FlowError, load_flow


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is to be said of a text, by line."""

    problems: tuple[FlowProblem, ...] = ()
    warnings: tuple[FlowProblem, ...] = ()


def judge(text: str, name: str = "", around: Surroundings = NOTHING_KNOWN) -> Judgement:
    """Everything there is to say of ``text``, which shall be the flow ``name`` (if one is given)."""
    checked = check(text, "", around)
    named = _other_name(text, checked.flow.name if checked.flow else "", name)
    return Judgement((*named, *checked.problems), checked.warnings)


def why_not(text: str, name: str) -> tuple[FlowProblem, ...]:
    """Why ``text`` cannot be run as the flow ``name``; what else a checker may say of it does not count.

    So a version that served callers well can be live again, whatever is found out about it later.
    """
    try:
        flow = load_flow(text, "")
    except FlowError as error:
        return tuple(error.problems)
    return _other_name(text, flow.name, name)


def _other_name(text: str, written: str, name: str) -> tuple[FlowProblem, ...]:
    if not name or not written or written == name:
        return ()
    reason = f"the flow is named {written} here, but it is kept as {name}"
    return (FlowProblem(line_of(text, "flow"), reason),)
