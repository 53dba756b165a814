"""Open shifts: a planner opens one of a published roster, agents bid, a supervisor gives it to one."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from common.problems import Problem as Refusal
from domain.instant import Instant
from scheduling.bodies.requests import RosterRequestBody
from scheduling.bodies.revising import RosterOpeningBody
from scheduling.people import Person
from scheduling.problem import Problem
from scheduling.records import asked, places, versions
from scheduling.records.archive import Author
from scheduling.records.versions import Standing
from scheduling.requests import Turn, in_turn, turn_of
from scheduling.roster import Roster
from scheduling.tables import OpeningRow, RequestRow


def open_shift(session: Session, version: int, body: RosterOpeningBody, author: Author) -> OpeningRow:
    """Open a shift of a version's roster to bids. Raises a 404 Problem, a 409 one if a newer version is in
    force or the day is over, a 422 one for what is not of the roster.
    """
    at = versions.standing(session, versions.get_version(session, version))
    if not versions.is_current(session, at.row):
        raise Refusal(409, "A newer roster is in force", f"Number {at.row.number} of it is not the last one.")
    last = at.problem.date_of(at.problem.days - 1)
    if not at.problem.start <= body.day <= last:
        said = f"{body.day} is not in the roster, from {at.problem.start} to {last}."
        raise Refusal(422, "No day of the roster", said, at="day")
    if body.day < _today(at.problem, author.at):
        raise Refusal(409, "That day is over", f"{body.day} has gone by.", at="day")
    shift = next((one for one in at.problem.shifts if one.id == body.shift), None)
    if shift is None:
        raise Refusal(422, "No such shift", f"There is no shift {body.shift!r}.", at="shift")
    start = shift.start if body.start is None else body.start
    length = shift.length if body.length is None else body.length
    if start not in shift.starts or length not in shift.lengths:
        said = f"{shift.id} cannot begin at minute {start} and last {length} minutes."
        raise Refusal(422, "The shift cannot be so", said, at="start")
    known = {skill for one in at.problem.people for skill in one.skills}
    if strange := sorted(set(body.skills) - known):
        raise Refusal(422, "No such skill", f"Nobody has the skill {strange[0]!r}.", at="skills")
    row = OpeningRow(group=at.row.group, start=at.row.start, day=body.day.isoformat(), shift=shift.id)
    row.name, row.begin_minute, row.length = shift.name or shift.id, start, length
    row.places, row.given, row.skills, row.note = body.places, 0, sorted(set(body.skills)), body.note
    row.state, row.at, row.by = "open", author.at, author.user
    session.add(row)
    session.flush()
    return row


def _today(problem: Problem, now: Instant) -> date:
    return datetime.fromtimestamp(now / 1e6, ZoneInfo(problem.zone)).date()


def openings(
    session: Session, group: str | None = None, open: bool | None = None, most: int = 200
) -> Sequence[OpeningRow]:
    """Open shifts (of a group; still open, or not any more), the latest first."""
    listed = select(OpeningRow).order_by(OpeningRow.id.desc()).limit(most)
    if group is not None:
        listed = listed.where(OpeningRow.group == group)
    if open is not None:
        listed = listed.where(OpeningRow.state == "open" if open else OpeningRow.state != "open")
    return session.scalars(listed).all()


def waiting(session: Session, rows: Sequence[OpeningRow]) -> Counter[int]:
    """How many bids wait for each of these."""
    found = session.execute(
        select(RequestRow.opening, func.count())
        .where(RequestRow.opening.in_([row.id for row in rows]), RequestRow.state == "asked")
        .group_by(RequestRow.opening)
    )
    return Counter({id: count for id, count in found if id is not None})


def close(session: Session, id: int, author: Author) -> OpeningRow:
    """No more bids. Raises a 404 Problem, or a 409 one if it is not open."""
    row = places.locked(session, id)
    if row.state != "open":
        raise Refusal(409, "Not open", f"It is {row.state}.")
    places.close(session, row, "closed", author)
    return row


def bids(session: Session, row: OpeningRow) -> list[tuple[RequestRow, Turn]]:
    """The bids that wait, in turn, judged against the roster as it is now, with what the turn goes by."""
    found = places.bids_of(session, row.id)
    asked.look_again(session, found)
    found = [one for one in found if one.state == "asked"]
    at = versions.in_force(session, row.group, row.start)
    if at is None:
        return []
    known = {one.id for one in at.problem.people}
    found = [one for one in found if one.person in known]
    taken = _taken(session, row)
    turns = [turn_of(at.problem, at.roster, one.person, taken[one.person]) for one in found]
    return [(found[place], turns[place]) for place in in_turn(turns)]


def _taken(session: Session, row: OpeningRow) -> Counter[str]:
    """How many open shifts of the period everybody was given."""
    given = session.scalars(
        select(RequestRow.person)
        .join(OpeningRow, OpeningRow.id == RequestRow.opening)
        .where(OpeningRow.group == row.group, OpeningRow.start == row.start, RequestRow.state == "approved")
    )
    return Counter(given)


# ------------------------------------------------------------------ an agent's own


def mine(session: Session, person: str, now: Instant) -> list[tuple[OpeningRow, str, int | None]]:
    """What is open in somebody's rosters, by day: why they cannot bid (empty: they can), and their bid."""
    everywhere = datetime.fromtimestamp(now / 1e6, UTC).date() - timedelta(days=1)
    found = session.scalars(
        select(OpeningRow)
        .where(OpeningRow.state == "open", OpeningRow.day >= everywhere.isoformat())
        .order_by(OpeningRow.day, OpeningRow.id)
    ).all()
    theirs = select(RequestRow.opening, RequestRow.id).where(
        RequestRow.person == person, RequestRow.state == "asked", RequestRow.opening.is_not(None)
    )
    bids = {opening: id for opening, id in session.execute(theirs)}  # noqa: C416
    shown = []
    for group, start in sorted({(row.group, row.start) for row in found}):
        at = versions.in_force(session, group, start)
        me = None if at is None else next((one for one in at.problem.people if one.id == person), None)
        if at is None or me is None:
            continue
        today = _today(at.problem, now).isoformat()
        for row in found:
            if (row.group, row.start) == (group, start) and row.day >= today:
                shown.append((row, why_not(at.problem, at.roster, me, row), bids.get(row.id)))
    return sorted(shown, key=lambda one: (one[0].day, one[0].id))


def why_not(problem: Problem, roster: Roster, person: Person, row: OpeningRow) -> str:
    """Why somebody cannot bid for an open shift, empty if they can; rules are the judge's."""
    day = (date.fromisoformat(row.day) - problem.start).days
    missing = [skill for skill in row.skills if skill not in person.skills]
    if missing:
        return f"It asks for {', '.join(missing)}"
    if row.shift not in problem.shifts_named(person.shifts):
        return f"{row.name} is none of your shifts"
    if any(leave.day == day for leave in person.leave):
        return "You are on leave that day"
    if any((one.person, one.day) == (person.id, day) for one in roster.assignments):
        return "You have a shift that day"
    return ""


def bid(session: Session, id: int, person: str, words: str, author: Author) -> RequestRow:
    """Bid for an open shift, judged. Raises a 404, 409 or 429 Problem if it is not open to them."""
    asked.refuse_many(session, person)
    row = places.get_opening(session, id)
    _biddable(session, row, person)
    made = _judged(session, row, person, words, author)
    # Locked, others wait: it was judged before, and is again only if a roster was published meanwhile.
    row = places.locked(session, id)
    at = _biddable(session, row, person)
    if made.verdict is None or made.verdict["version"] != at.row.id:
        made = _judged(session, row, person, words, author)
    made.opening = row.id
    asked.keep(session, made)
    return made


def _biddable(session: Session, row: OpeningRow, person: str) -> Standing:
    """The roster of an open shift that somebody may bid for. Raises a 404 or 409 Problem."""
    at = versions.in_force(session, row.group, row.start)
    me = None if at is None else next((one for one in at.problem.people if one.id == person), None)
    if at is None or me is None:
        raise Refusal(404, "No such open shift", f"There is no open shift {row.id} for you.")
    if row.state != "open":
        raise Refusal(409, "Not open any more", f"{row.name} on {row.day} is {row.state}.")
    if why := why_not(at.problem, at.roster, me, row):
        raise Refusal(409, "Not for you", f"{why}.")
    if any(one.person == person for one in places.bids_of(session, row.id)):
        raise Refusal(409, "You bid already", "Your bid waits for a decision.")
    return at


def _judged(session: Session, row: OpeningRow, person: str, words: str, author: Author) -> RequestRow:
    """Somebody's bid, not kept. Raises a 409 Problem if it cannot be one for this opening."""
    body = RosterRequestBody(
        kind="bid",
        day=date.fromisoformat(row.day),
        shift=row.shift,
        start=row.begin_minute,
        length=row.length,
        words=words,
    )
    made = asked.preview(session, person, body, author)
    if made.group != row.group:
        raise Refusal(409, "In two rosters", f"You are in the roster of {made.group} on that day too.")
    return made
