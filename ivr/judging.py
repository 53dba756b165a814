"""A flow's text judged: what keeps it from being run, and what may not be as it is meant."""

from dataclasses import dataclass

from ivr.document import FlowProblem
from ivr.drafts import line_of
from ivr.flow import Flow
from ivr.load import FlowError, load_flow


@dataclass(frozen=True, slots=True)
class Judgement:
    """``flow`` is there when there are no problems."""

    flow: Flow | None
    problems: tuple[FlowProblem, ...] = ()
    warnings: tuple[FlowProblem, ...] = ()


def judge(text: str, name: str = "") -> Judgement:
    """What is to be said of ``text``, which shall be the flow ``name`` (if one is given)."""
    try:
        flow = load_flow(text, "")
    except FlowError as error:
        return Judgement(None, tuple(error.problems))
    if name and flow.name != name:
        reason = f"the flow is named {flow.name} here, but it is kept as {name}"
        return Judgement(None, (FlowProblem(line_of(text, "flow"), reason),))
    return Judgement(flow)
