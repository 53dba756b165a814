"""A flow looked through before any caller comes: every problem in one pass, each with file, line and reason.

* ``sketch``    - what of a document can be looked at, also of one that has problems, and on which line
* ``circles``   - ways round that nobody ends
* ``variables`` - what is read before it is set, and what is kept that nobody may see
* ``exits``     - exits nobody can take, and ways out that are missing
* ``outside``   - queues, calendars, queries and flows that are not there

A problem keeps a flow from doing what is written; a warning is something that may be meant. A flow may be
saved before what it names exists, so that is a warning.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from ivr.check import circles, exits, outside, variables
from ivr.check.outside import NOTHING_KNOWN, Surroundings
from ivr.check.sketch import Finding, Sketch, sketch
from ivr.document import FlowProblem
from ivr.flow import Flow
from ivr.load import FlowError, load_flow

__all__ = ["NOTHING_KNOWN", "Checked", "Surroundings", "check", "check_all"]

_LOOKS: tuple[Callable[[Sketch, Surroundings], Iterator[Finding]], ...] = (
    circles.look,
    variables.look,
    exits.look,
    outside.look,
)


@dataclass(frozen=True, slots=True)
class Checked:
    """What is to be said of a document, by line. ``flow`` is there if it can be loaded."""

    flow: Flow | None
    problems: tuple[FlowProblem, ...] = ()
    warnings: tuple[FlowProblem, ...] = ()

    @property
    def clean(self) -> bool:
        """Whether there is nothing to say."""
        return not self.problems and not self.warnings


def check(text: str, file: str, around: Surroundings = NOTHING_KNOWN) -> Checked:
    """Look through the flow written in ``text``; ``file`` names it in what is said. Never raises."""
    flow, problems = None, list[FlowProblem]()
    try:
        flow = load_flow(text, file)
    except FlowError as error:
        problems += error.problems
    drawn = sketch(text, file, flow)
    warnings: list[FlowProblem] = []
    if drawn is not None:
        for look in _LOOKS:
            for finding in look(drawn, around):
                said = FlowProblem(finding.line, finding.reason, file)
                (warnings if finding.is_warning else problems).append(said)
    return Checked(flow, tuple(sorted(dict.fromkeys(problems))), tuple(sorted(dict.fromkeys(warnings))))


def check_all(documents: Iterable[tuple[str, str]], around: Surroundings = NOTHING_KNOWN) -> list[Checked]:
    """Look through several (text, file) that know one another."""
    listed = list(documents)
    drawn = [sketch(text, file, None) for text, file in listed]
    together = around.with_flows({one.flow.name: one.flow for one in drawn if one is not None})
    return [check(text, file, together) for text, file in listed]
