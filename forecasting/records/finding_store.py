"""What cleaning found, as rows, with the planner's decisions and their trail; and the history they leave.

A finding keeps its name when the history is cleaned again: what was decided stays decided, what nobody has
decided on is found anew or gone.
"""

from collections.abc import Iterable, Sequence
from typing import Literal

import numpy as np
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from common.problems import Problem
from domain.instant import Instant
from forecasting.bodies import DecisionBody
from forecasting.cleaning import Decision, Finding, apply
from forecasting.columns import pack, unpack
from forecasting.history import History
from forecasting.records.store import Author
from forecasting.tables import DecisionRow, FindingRow

_WORDS: dict[str, Literal["accept", "undo", "change"]] = {
    "accepted": "accept",
    "undone": "undo",
    "changed": "change",
}


def findings(session: Session, series: str, state: str | None = None) -> Sequence[FindingRow]:
    """A series' findings (in one state), the latest in time first."""
    listed = select(FindingRow).where(FindingRow.series == series).order_by(FindingRow.begin.desc())
    return session.scalars(listed if state is None else listed.where(FindingRow.state == state)).all()


def get_finding(session: Session, id: int) -> FindingRow:
    """One finding. Raises a 404 Problem."""
    row = session.get(FindingRow, id)
    if row is None:
        raise Problem(404, "No such finding", f"There is no finding {id}; the history was cleaned again.")
    return row


def keep_findings(session: Session, series: str, found: Iterable[Finding], at: Instant) -> int:
    """Keep what cleaning found; gives how many findings there are now.

    What was decided on is brought up to date where it was found again, and kept where it was not.
    """
    there = {row.name: row for row in findings(session, series)}
    count = 0
    for finding in found:
        row = there.pop(finding.id, None)
        if row is None:
            row = FindingRow(series=series, name=finding.id, state="proposed")
            session.add(row)
        _fill(row, finding)
        count += 1
    undecided = [row.id for row in there.values() if row.decided_at is None]
    session.execute(delete(FindingRow).where(FindingRow.id.in_(undecided)))
    session.flush()
    return count + len(there) - len(undecided)


def decide(session: Session, id: int, body: DecisionBody, author: Author) -> FindingRow:
    """Write down what a planner says of a finding, and that they said it. Raises a 404 Problem."""
    session.execute(update(FindingRow).where(FindingRow.id == id).values(state=FindingRow.state))
    row = get_finding(session, id)
    row.state, row.own_factor, row.note = body.state, body.factor, body.note
    row.decided_by, row.decided_at = author.user, author.at
    session.add(
        DecisionRow(
            finding=id, at=author.at, by=author.user, state=body.state, factor=body.factor, note=body.note
        )
    )
    session.flush()
    return row


def trail(session: Session, id: int) -> Sequence[DecisionRow]:
    """Who decided what on a finding, the first decision first. Raises a 404 Problem."""
    get_finding(session, id)
    return session.scalars(
        select(DecisionRow).where(DecisionRow.finding == id).order_by(DecisionRow.id)
    ).all()


def cleaned(history: History, rows: Iterable[FindingRow]) -> History:
    """The history as it should have been; ``history`` stays as it is."""
    known = list(rows)
    decisions = [decision for row in known if (decision := as_decision(row, history)) is not None]
    return apply(history, [as_finding(row) for row in known], decisions)


def as_finding(row: FindingRow) -> Finding:
    """A finding as cleaning gave it."""
    values = unpack(row.columns)
    return Finding(
        row.name,
        row.series,
        row.kind,  # type: ignore[arg-type]
        row.begin,
        row.end,
        row.sure,
        dict(row.methods),
        np.nan if row.calls is None else row.calls,
        np.nan if row.expected is None else row.expected,
        row.action,  # type: ignore[arg-type]
        tuple(zip(values["starts"].tolist(), values["calls"].tolist(), strict=True)),
        row.factor,
        row.said,
    )


def as_decision(row: FindingRow, history: History) -> Decision | None:
    """What the planner said of it, None if nothing."""
    what = _WORDS.get(row.state)
    if what is None:
        return None
    if what != "change":
        return Decision(row.name, what, author=row.decided_by, reason=row.note)
    if row.own_factor is not None:
        return Decision(
            row.name, what, "adjust", factor=row.own_factor, author=row.decided_by, reason=row.note
        )
    inside = history.starts[(history.starts >= row.begin) & (history.starts < row.end)]
    unknown = tuple((start, np.nan) for start in inside.tolist())
    return Decision(row.name, what, "replace", unknown, author=row.decided_by, reason=row.note)


def _fill(row: FindingRow, finding: Finding) -> None:
    row.kind, row.methods = finding.kind, dict(finding.methods)
    row.begin, row.end, row.sure = finding.start, finding.end, finding.sure
    row.calls, row.expected = _known(finding.calls), _known(finding.expected)
    row.action, row.factor, row.said = finding.action, finding.factor, finding.note
    starts = np.array([start for start, _ in finding.values], dtype=np.int64)
    row.columns = pack({"starts": starts, "calls": np.array([value for _, value in finding.values])})


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
