"""Proposals: a roster made better in seconds, in a process of its own, looked at before it is accepted."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session, undefer

from common.jobs import OPEN
from common.problems import Problem as Refusal
from common.working import Tell
from domain.instant import Instant
from scheduling.bodies.revising import RosterAcceptBody, RosterProposalBody, RosterProposed
from scheduling.problem import DAY, Problem
from scheduling.records import drafts, publishing, versions
from scheduling.records.archive import Author, packed, packed_roster, problem_of, roster_of, verdict_of
from scheduling.records.differences import changes_of, cover_shown, difference
from scheduling.records.problems import add_problem, get_problem, sound
from scheduling.revising import Asked, Ill, ReviseError, as_known, distance, of_day, times
from scheduling.roster import Roster
from scheduling.tables import ProblemRow, ProposalRow, VersionRow
from scheduling.weighing import cover

SECONDS: Final = 10.0
"""The longest a day is planned anew."""
KEPT_US: Final = 7 * 86_400 * 1_000_000
"""So long a proposal nobody accepted is kept."""


@dataclass(frozen=True, slots=True)
class Proposed:
    """What is proposed: packed as rows keep it. ``problem`` is None where it is not another."""

    roster: bytes
    problem: bytes | None
    shown: dict[str, Any]


@dataclass(frozen=True, slots=True)
class ReviseTask:
    """Make a roster better as a proposal asks."""

    problem: Problem
    roster: Roster
    body: RosterProposalBody

    def __call__(self, tell: Tell) -> Proposed:
        """What is proposed. Raises ValueError with why it cannot be."""
        from scheduling.judge import judge

        body, day = self.body, (self.body.day - self.problem.start).days
        last = day if body.last_day is None else (body.last_day - self.problem.start).days
        if not 0 <= day <= last < self.problem.days:
            end = self.problem.date_of(self.problem.days - 1)
            raise ReviseError(f"the roster is from {self.problem.start} to {end}")
        known, without = known_by(self.problem, self.roster, body)
        tell(0.1, body.kind)
        made = revised(known, without, body, day, last)
        tell(0.8, "judge")
        ill = {(one.person, day + more) for one in body.ill for more in range(one.days)}
        # Who is ill is no change of anybody's plans, and their shifts are shares of nothing.
        apart = distance(without, made, range(day, last + 1))
        there = sum(day <= one.day <= last for one in self.roster.assignments)
        touched = sorted({*range(day, last + 1), *(on for _, on in ill if on < self.problem.days)})
        shown = RosterProposed(
            changes=changes_of(known, self.roster, made),
            difference=difference(known, judge(known, without), judge(known, made)),
            cover=cover_shown(known, cover(known, without, made, touched)),
            moved=apart.moved,
            breaks=apart.inside,
            shifts=there,
            share=round(apart.moved / there, 4) if there else 0.0,
        )
        return Proposed(
            packed_roster(made),
            None if known is self.problem else packed(known),
            shown.model_dump(mode="json"),
        )


def known_by(problem: Problem, roster: Roster, body: RosterProposalBody) -> tuple[Problem, Roster]:
    """The problem as a proposal knows it, and the roster without who is ill. Raises ReviseError."""
    day = (body.day - problem.start).days
    ill = [Ill(one.person, day, one.days, one.minutes) for one in body.ill]
    asked: list[Asked] = []
    for one in body.demand:
        if one.required is not None:
            asked.append(of_day(problem, one.name, day, one.required))
        elif one.factor is not None:
            begin = body.from_minute if one.from_minute is None else one.from_minute
            end = DAY if one.until_minute is None else one.until_minute
            asked.append(times(problem, one.name, one.factor, day, begin, end))
    return as_known(problem, roster, ill, asked)


def revised(problem: Problem, roster: Roster, body: RosterProposalBody, day: int, last: int) -> Roster:
    """The roster as it is proposed. Raises ValueError."""
    if body.kind == "replan":
        from scheduling.solver.replan import replan

        return replan(
            problem,
            roster,
            day,
            from_minute=body.from_minute,
            worth=body.worth,
            most_changes=body.most_changes,
            seconds=SECONDS,
        ).roster
    if body.kind == "breaks":
        from scheduling.solver.breaks import place_breaks

        return place_breaks(problem, roster, range(day, last + 1), day * DAY + body.from_minute)
    from scheduling.flexing import give_duties

    return give_duties(problem, roster, body.least_minutes, day, last, body.from_minute)


class ProposalKinds:
    """See ``common.jobs.Kinds``. An answer is kept in the row; nothing else changes until it is accepted."""

    def task(self, session: Session, row: ProposalRow) -> ReviseTask:
        """What is to be made better. Raises a 404 Problem if it is not there any more."""
        body = RosterProposalBody.model_validate(row.asked)
        problem, roster = _of(session, row)
        return ReviseTask(sound(problem), roster, body)

    def keep(self, session: Session, row: ProposalRow, answer: Any, at: Instant) -> int:
        """Keep what is proposed."""
        made: Proposed = answer
        row.proposed, row.body, row.problem_body = made.shown, made.roster, made.problem
        return row.id


def propose(
    session: Session,
    body: RosterProposalBody,
    author: Author,
    *,
    draft: int | None = None,
    version: int | None = None,
) -> ProposalRow:
    """The row of a proposal, to be queued. Raises a 404 Problem, or a 409 one for a roster not in force."""
    row = ProposalRow(kind=body.kind, draft=draft, version=version)
    row.asked = body.model_dump(mode="json", exclude_unset=True)
    row.day, row.saves = body.day.isoformat(), 0
    if draft is not None:
        one = drafts.get_draft(session, draft)
        row.saves, row.group = one.saves, get_problem(session, one.problem).group
    elif version is not None:
        at = versions.get_version(session, version)
        _in_force(session, at)
        row.group = at.group
    row.by, row.asked_at = author.user, author.at
    old = ProposalRow.asked_at < author.at - KEPT_US
    gone = delete(ProposalRow).where(old, ProposalRow.accepted_at.is_(None), ProposalRow.state.not_in(OPEN))
    session.execute(gone)
    return row


def proposals(
    session: Session, draft: int | None = None, version: int | None = None, most: int = 100
) -> Sequence[ProposalRow]:
    """Proposals (of a draft or a version), the latest first, without what they propose."""
    listed = select(ProposalRow).order_by(ProposalRow.id.desc()).limit(most)
    if draft is not None:
        listed = listed.where(ProposalRow.draft == draft)
    if version is not None:
        listed = listed.where(ProposalRow.version == version)
    return session.scalars(listed).all()


def get_proposal(session: Session, id: int) -> ProposalRow:
    """A proposal with what it proposes. Raises a 404 Problem."""
    whole = [undefer(ProposalRow.proposed), undefer(ProposalRow.body), undefer(ProposalRow.problem_body)]
    row = session.get(ProposalRow, id, options=whole, populate_existing=True)
    if row is None:
        raise Refusal(404, "No such proposal", f"There is no proposal {id}; old ones are not kept.")
    return row


def accept(session: Session, id: int, body: RosterAcceptBody, author: Author) -> ProposalRow:
    """Let a proposal be. Raises a 404 Problem; a 409 one if it is not done, accepted already, its version not
    in force any more, or illegal; a 412 one if its draft was changed meanwhile.
    """
    # What takes long is done, and remembered, before anything is locked.
    waiting = get_proposal(session, id)
    if waiting.body is not None:
        verdict_of(waiting.problem_body or _of(session, waiting)[0].body, waiting.body)
    # Locked until the commit: of two who accept the second sees the first.
    session.execute(
        update(ProposalRow).where(ProposalRow.id == id).values(accepted_by=ProposalRow.accepted_by)
    )
    row = get_proposal(session, id)
    if row.state != "done" or row.body is None:
        raise Refusal(409, "Not done", f"The proposal is {row.state}; there is nothing to accept.")
    if row.accepted_at is not None:
        raise Refusal(409, "Accepted already", f"{row.accepted_by} accepted it.")
    into = body.into or ("draft" if row.draft is not None else "version")
    problem, _ = _of(session, row)
    if row.problem_body is not None:
        problem = add_problem(
            session,
            problem_of(row.problem_body),
            problem.group,
            problem.name,
            author,
            note=f"{row.kind} {row.day}",
            derived_from=problem.id,
        )
    note = body.note or str(row.asked.get("note", ""))
    if row.draft is not None:
        if into != "draft":
            raise Refusal(409, "A draft's proposal", "It changes the draft; publish the draft then.", at="as")
        data = row.body
        drafts.change_draft(
            session,
            row.draft,
            lambda _, __: roster_of(data),
            author,
            how=row.kind,
            note=note,
            tag=str(row.saves),
            problem=problem,
        )
        row.made_draft = row.draft
    elif into == "draft":
        name = note or f"{row.kind} {row.day}"
        row.made_draft = drafts.add_draft(session, problem, roster_of(row.body), name, author, row.version).id
    else:
        _in_force(session, versions.get_version(session, row.version or 0))
        row.made_version = publishing.publish(
            session,
            problem,
            row.body,
            author,
            how=row.kind,
            note=note,
            despite=body.despite,
            after=row.version,
        ).id
    row.accepted_at, row.accepted_by = author.at, author.user
    session.flush()
    return row


def _of(session: Session, row: ProposalRow) -> tuple[ProblemRow, Roster]:
    """The problem and the roster a proposal is of."""
    one = (
        drafts.get_draft(session, row.draft)
        if row.draft is not None
        else versions.get_version(session, row.version or 0)
    )
    return get_problem(session, one.problem), roster_of(one.body)


def _in_force(session: Session, at: VersionRow) -> None:
    if not versions.is_current(session, at):
        raise Refusal(409, "A newer roster is in force", f"Number {at.number} of it is not the last one.")
