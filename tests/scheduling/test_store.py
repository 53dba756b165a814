"""What is kept of rosters, on both databases: who is faster, what locks, and long work that is stopped."""

import time
from collections.abc import Iterator
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from callfloor import migrate
from common.auth.tables import UserRow
from common.auth.users import create_user
from common.db import Database
from common.jobs import Jobs
from common.problems import Problem as Refusal
from domain.instant import Instant
from scheduling.bodies.requests import RosterDecisionBody, RosterRequestBody
from scheduling.bodies.revising import RosterOpeningBody
from scheduling.bodies.rosters import RosterCell, RosterProblemBody, RosterSolveBody
from scheduling.breaks import place_breaks
from scheduling.records import asked, deciding, drafts, feeds, openings, publishing, versions
from scheduling.records.archive import Author, packed, packed_roster, problem_of, roster_of
from scheduling.records.cells import with_cells
from scheduling.records.problems import create_problem, get_problem, read_body
from scheduling.records.solving import Best, SolveKinds, SolveTask
from scheduling.requests import look_at
from scheduling.roster import Assignment, Block, Roster
from scheduling.shifts import Break, Shift
from scheduling.tables import RosterJobRow
from tests.scheduling.house import NOW, day, problem
from tests.scheduling.tasks import Endless

PAUL = Author("paul", NOW)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'rosters.db'}"
    else:
        url = request.getfixturevalue("postgres_url")
    migrate.upgrade(url)
    made = Database(url)
    yield made
    made.close()


def planned(database: Database) -> tuple[int, int]:
    """A problem and an empty draft of it."""
    with database.transaction() as session:
        body = RosterProblemBody(group="bank", name="A week", problem=problem())
        row = create_problem(session, body, PAUL)
        return row.id, drafts.add_draft(session, row, Roster(), "By hand", PAUL).id


def cell(person: str, on: int, shift: str | None) -> RosterCell:
    return RosterCell.model_validate({"person": person, "day": day(on), "shift": shift})


def side_by_side(*works: Any) -> list[BaseException | None]:
    """Each in a thread of its own, at once; what each raised."""
    ready, raised = Barrier(len(works)), [None] * len(works)

    def run(place: int, work: Any) -> None:
        ready.wait()
        try:
            work()
        except (Refusal, IntegrityError) as error:
            raised[place] = error  # type: ignore[call-overload]

    threads = [Thread(target=run, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return list(raised)


def test_changes_of_one_draft_come_one_after_another(database: Database) -> None:
    """Two planners change different days at once: both changes are there."""
    _, draft = planned(database)

    def change(person: str) -> None:
        with database.transaction() as session:
            cells = [cell(person, 0, "E")]
            drafts.change_draft(session, draft, lambda p, r: with_cells(p, r, cells), PAUL, how="hand")

    assert side_by_side(lambda: change("amy"), lambda: change("ben")) == [None, None]
    with database.transaction() as session:
        row = drafts.get_draft(session, draft)
        assert {one.person for one in roster_of(row.body).assignments} == {"amy", "ben"}
        assert (row.saves, row.shifts, len(drafts.trail_of(session, draft))) == (3, 2, 2)


def test_of_two_who_publish_at_once_one_is_told(database: Database) -> None:
    """A number is given once, and what is in force is never in doubt."""
    number, _ = planned(database)
    rosters = [Roster((Assignment("amy", on, "E", 420, 480),)) for on in range(2)]
    bodies = [packed_roster(one) for one in rosters]

    def publish(body: bytes) -> None:
        with database.transaction() as session:
            row = get_problem(session, number)
            publishing.publish(session, row, body, PAUL, how="draft", despite=True)

    raised = side_by_side(*(lambda body=body: publish(body) for body in bodies))
    with database.transaction() as session:
        found = versions.numbers(session, "bank", day(0))
        assert [row.number for row in found] == list(range(1, len(found) + 1))
        assert len(found) == 2 - sum(one is not None for one in raised)


def test_of_two_requests_approved_at_once_neither_is_written_over(database: Database) -> None:
    """Leave of two: whoever is told that it is approved has it in the roster in force."""
    number, _ = planned(database)
    roster = Roster(tuple(Assignment(who, 0, "E", 420, 480) for who in ("amy", "ben", "cem")))
    with database.transaction() as session:
        row = get_problem(session, number)
        publishing.publish(session, row, packed_roster(roster), PAUL, how="draft", despite=True)
        body = RosterRequestBody.model_validate({"kind": "leave", "day": day(0)})
        ids = {who: asked.ask(session, who, body, Author(who, NOW)).id for who in ("amy", "ben")}

    def approve(id: int) -> None:
        with database.transaction() as session:
            deciding.approve(session, id, RosterDecisionBody(), PAUL, None)

    raised = side_by_side(*(lambda id=id: approve(id) for id in ids.values()))
    with database.transaction() as session:
        states = {who: asked.get_request(session, id).state for who, id in ids.items()}
        told = ["approved" if one is None else "asked" for one in raised]
        assert list(states.values()) == told and "approved" in told
        now = versions.in_force(session, "bank", day(0))
        assert now is not None
        works = {one.person for one in now.roster.assignments}
        assert works == {"amy", "ben", "cem"} - {who for who, state in states.items() if state == "approved"}


def opened(database: Database) -> int:
    """A published roster of amy's shift, and an open shift in it."""
    number, _ = planned(database)
    with database.transaction() as session:
        body = packed_roster(Roster((Assignment("amy", 0, "E", 420, 480),)))
        row = get_problem(session, number)
        version = publishing.publish(session, row, body, PAUL, how="draft", despite=True).id
        asked_for = RosterOpeningBody.model_validate({"day": day(2), "shift": "E"})
        return openings.open_shift(session, version, asked_for, PAUL).id


def test_of_two_bids_of_one_person_at_once_one_is_kept(database: Database) -> None:
    """The other is told that they bid already."""
    id = opened(database)

    def bid() -> None:
        with database.transaction() as session:
            openings.bid(session, id, "ben", "", Author("ben", NOW))

    raised = side_by_side(bid, bid, bid)
    assert sorted(getattr(one, "title", "") for one in raised) == ["", "You bid already", "You bid already"]
    with database.transaction() as session:
        assert len(asked.requests(session, "asked")) == 1


def test_no_bid_waits_for_a_shift_that_is_closed(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Closed while a bid is judged: the bid is refused, nothing of it is kept."""
    id = opened(database)

    def closing(*given: Any) -> Any:
        with database.transaction() as other:
            openings.close(other, id, PAUL)
        return look_at(*given)

    monkeypatch.setattr("scheduling.records.asked.look_at", closing)
    with pytest.raises(Refusal, match="is closed"), database.transaction() as session:
        openings.bid(session, id, "ben", "", Author("ben", NOW))
    with database.transaction() as session:
        assert asked.requests(session) == []


def test_a_look_never_writes_over_a_decision(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Approved while somebody looks at it again: the verdict stays the one it was approved with."""
    number, _ = planned(database)
    with database.transaction() as session:
        row = get_problem(session, number)
        one, two = Assignment("amy", 0, "E", 420, 480), Assignment("ben", 1, "E", 420, 480)
        publishing.publish(session, row, packed_roster(Roster((one,))), PAUL, how="draft", despite=True)
        body = RosterRequestBody.model_validate({"kind": "leave", "day": day(0)})
        id = asked.ask(session, "amy", body, Author("amy", NOW)).id
        publishing.publish(session, row, packed_roster(Roster((one, two))), PAUL, how="draft", despite=True)

    def approving(*given: Any) -> Any:
        monkeypatch.undo()
        with database.transaction() as other:
            made = deciding.approve(other, id, RosterDecisionBody(), PAUL, None)
            made.verdict = (made.verdict or {}) | {"cost": 77}  # told from what is found by looking
        return look_at(*given)

    monkeypatch.setattr("scheduling.records.asked.look_at", approving)
    with database.transaction() as session:
        seen = asked.get_request(session, id)
        asked.look_again(session, [seen])
        assert (seen.state, seen.verdict and seen.verdict["cost"]) == ("approved", 77)
    with database.transaction() as session:
        kept = asked.get_request(session, id)
        assert (kept.state, kept.verdict and kept.verdict["cost"]) == ("approved", 77)


def test_a_feed_is_its_newest_token_s(database: Database) -> None:
    """Tokens are kept as hashes; the old one ends with the new one."""
    with database.transaction() as session:
        create_user(session, "amy", "a long password of amy", role="agent", name="Amy")
        session.get_one(UserRow, "amy").agent = "amy"
        first = feeds.renew(session, "amy", NOW)
        assert feeds.person_of(session, first) == "amy" and feeds.person_of(session, "") is None
        second = feeds.renew(session, "amy", Instant(NOW + 1))
        assert feeds.person_of(session, first) is None and feeds.person_of(session, second) == "amy"
        assert feeds.made_at(session, "amy") == NOW + 1
        feeds.end(session, "amy")
        assert feeds.person_of(session, second) is None


# ------------------------------------------------------------------ long work


def test_a_job_that_is_stopped_leaves_the_best_roster_so_far(tmp_path: Path) -> None:
    """Its process ends, and what it had told of is the draft."""
    url = f"sqlite:///{tmp_path / 'rosters.db'}"
    migrate.upgrade(url)
    database = Database(url)
    number, _ = planned(database)
    best = Best(Roster((Assignment("amy", 0, "E", 420, 480),)), 400, 100)
    kinds = SolveKinds(lambda *_: Endless(best))
    jobs = Jobs(RosterJobRow, database, kinds, lambda: NOW)
    jobs.start()
    with database.transaction() as session:
        row = RosterJobRow(kind="solve", problem=number, by="paul", asked_at=NOW)
        row.asked = RosterSolveBody(name="Enough").model_dump(mode="json")
        id = jobs.add(session, row).id
    jobs.nudge()
    try:
        end = time.monotonic() + 60
        while jobs.best(row) is None:
            assert time.monotonic() < end, jobs.progress(row)
            time.sleep(0.05)
        with database.transaction() as session:
            jobs.enough(session, id)
        jobs.wait()
    finally:
        jobs.stop()
    with database.transaction() as session:
        done = session.get_one(RosterJobRow, id)
        assert (done.state, done.objective, done.bound, done.trouble) == ("done", 400, 100, "")
        assert done.result is not None
        draft = drafts.get_draft(session, done.result)
        assert (draft.name, roster_of(draft.body)) == ("Enough", best.roster)
    database.close()


def test_the_solver_s_task_tells_of_its_best_roster() -> None:
    """What it tells last is what it answers with."""
    told: list[Best] = []

    def tell(share: float, stage: str, best: Best | None = None) -> None:
        assert share >= 0 and isinstance(stage, str)
        if best is not None:
            told.append(best)

    asked = RosterSolveBody(name="Solved", seconds=20)
    answer = SolveTask(problem_of(packed(read_body(problem()))), asked, None)(tell)
    assert told and told[-1].objective == answer.objective == answer.bound


# ------------------------------------------------------------------ cells


def test_breaks_are_placed_as_early_as_stretches_allow() -> None:
    """The second break waits for the stretch after the first; the last stretch is not too long."""
    breaks = (Break("coffee", 15, 60, 180), Break("lunch", 30, 90, 300))
    shift = Shift("D", 540, 480, breaks=breaks, least_stretch=90, most_stretch=240)
    first, second = place_breaks(shift, 540, 480)
    assert (first.start, second.start) == (630, 750)
    late = Shift("D", 540, 480, breaks=breaks, least_stretch=60, most_stretch=180)
    first, second = place_breaks(late, 540, 480)
    assert second.start - first.end <= 180 and 1020 - second.end <= 180


def test_what_is_packed_comes_back() -> None:
    """Rosters with all that is in them, and the empty one; the same roster gives the same bytes."""
    inside = (Block("lunch", 600, 30),), (Block("meeting", 540, 30),), (Block("", 660, 60),)
    roster = Roster((Assignment("b", 1, "E", 420, 480, *inside), Assignment("a", 0, "L", 900, 480)))
    data = packed_roster(roster)
    assert set(roster_of(data).assignments) == set(roster.assignments)
    assert packed_roster(roster_of(data)) == data
    assert roster_of(packed_roster(Roster())) == Roster()
