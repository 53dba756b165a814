"""Rows as the API shows them."""

from collections.abc import Mapping
from typing import Any

from scheduling.bodies.requests import RosterRequestShown
from scheduling.bodies.rosters import RosterDraftShown, RosterVersionShown
from scheduling.routes.parts import ms, ms_or_none
from scheduling.tables import DraftRow, ProblemRow, RequestRow, VersionRow


def draft_shown(row: DraftRow, problem: ProblemRow) -> RosterDraftShown:
    """A draft."""
    return RosterDraftShown(
        id=row.id,
        problem=row.problem,
        group=problem.group,
        start=problem.start,  # type: ignore[arg-type]
        days=problem.days,
        name=row.name,
        based_on=row.based_on,
        cost=row.cost,
        violations=row.violations,
        shifts=row.shifts,
        tag=str(row.saves),
        created_at=ms(row.created_at),
        created_by=row.created_by,
        changed_at=ms(row.changed_at),
        changed_by=row.changed_by,
    )


def version_shown(row: VersionRow, current: bool) -> RosterVersionShown:
    """A version."""
    return RosterVersionShown(
        id=row.id,
        group=row.group,
        start=row.start,  # type: ignore[arg-type]
        end=row.end,  # type: ignore[arg-type]
        number=row.number,
        problem=row.problem,
        at=ms(row.at),
        by=row.by,
        how=row.how,  # type: ignore[arg-type]
        note=row.note,
        cost=row.cost,
        violations=row.violations,
        shifts=row.shifts,
        current=current,
    )


def request_shown(row: RequestRow, names: Mapping[str, str], to: str | None = None) -> RosterRequestShown:
    """A request; ``to`` an agent without what it costs, and without why somebody else is away."""
    verdict = row.verdict
    if verdict is not None and to is not None:
        broken = [_private(one, to) for one in verdict["broken"]]
        verdict = {**verdict, "cost": None, "dearer": [], "broken": broken}
    return RosterRequestShown(
        id=row.id or 0,
        kind=row.kind,  # type: ignore[arg-type]
        group=row.group,
        person=row.person,
        person_name=names.get(row.person, ""),
        other=row.other,
        other_name=names.get(row.other or "", ""),
        day=row.day,  # type: ignore[arg-type]
        other_day=row.other_day,  # type: ignore[arg-type]
        shift=row.shift,
        start=row.start,
        length=row.length,
        want=row.want,
        minutes=row.minutes,
        words=row.words,
        state=row.state,  # type: ignore[arg-type]
        verdict=verdict,  # type: ignore[arg-type]
        asked_at=ms(row.asked_at),
        agreed_at=ms_or_none(row.agreed_at),
        decided_at=ms_or_none(row.decided_at),
        decided_by=row.decided_by,
        decision=row.decision,
        applied=row.applied,
        opening=row.opening,
    )


def _private(finding: Mapping[str, Any], to: str) -> Mapping[str, Any]:
    """A finding as an agent may read it: leave of others, and reasons why they are away, look alike."""
    if finding["person"] == to or finding["rule"] not in ("leave", "away"):
        return finding
    words = str(finding["words"]).partition(" on approved leave")[0].partition(" while away")[0]
    return {**finding, "rule": "away", "words": f"{words} while away"}
