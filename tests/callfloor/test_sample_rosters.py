"""The sample bank's rosters are legal, go on over the turn of months, and are made once."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select

from callfloor.sample_rosters import GROUP, fill, month_of, roster_of
from calls.tables import PresenceRow
from common.db import Database
from domain.instant import Instant
from scheduling.judge import judge
from scheduling.records import absences, asked, openings, versions
from scheduling.records.adhering import adherence_of
from scheduling.records.mine import Days
from tests.tables import with_tables

NOW = Instant(1_795_575_600_000_000)
"""25 November 2026, 11:00 in Shanghai."""
AGENTS = {str(1001 + n): f"Agent {n}" for n in range(13)}


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = with_tables(f"sqlite:///{tmp_path / 'sample.db'}")
    yield made
    made.close()


@pytest.mark.parametrize("month", [date(2026, 2, 1), date(2026, 11, 1), date(2026, 12, 1)])
def test_every_month_is_legal_and_every_shift_has_two(month: date) -> None:
    """Whoever looks at the demo sees a roster that might be theirs."""
    problem = month_of(month, AGENTS, words=1)
    verdict = judge(problem, roster_of(problem))
    assert verdict.legal and verdict.cost == 0


def test_two_months_are_published_once(database: Database) -> None:
    """With requests that wait for the supervisor and a colleague; a second start adds nothing."""
    for _ in range(2):
        with database.transaction() as session:
            fill(session, AGENTS, 0, NOW)
    with database.transaction() as session:
        found = versions.versions(session, GROUP)
        assert [(row.start, row.number, row.violations) for row in found] == [
            ("2026-12-01", 1, 0),
            ("2026-11-01", 1, 0),
        ]
        waiting = asked.requests(session)
        assert sorted((row.kind, row.person, row.state) for row in waiting) == [
            ("give", "1002", "asked"),
            ("give", "1004", "asked"),
            ("leave", "1001", "asked"),
        ]
        assert all(row.verdict and row.verdict["allowed"] for row in waiting)
        assert [(row.day, row.shift, row.places) for row in openings.openings(session)] == [
            ("2026-11-27", "L", 1)
        ]


def test_the_days_that_are_over_were_kept_to(database: Database) -> None:
    """More or less, by everybody; who was ill is excused; today and the days to come are nobody's yet."""
    with database.transaction() as session:
        fill(session, AGENTS, 0, NOW)
    with database.transaction() as session:
        (version,) = (row for row in versions.versions(session, GROUP) if row.start == "2026-11-01")
        days = Days(date(2026, 11, 1), date(2026, 11, 30))
        shown = adherence_of(session, version, days, "day", NOW)
        yesterday = [one for one in shown.lines if one.begin < (NOW // 1000) - 86_400_000]
        assert any(one.begin > (NOW // 1000) - 86_400_000 and one.adhering_s > 3600 for one in shown.lines)
        assert all(0.85 < one.adherence < 1 for one in yesterday if one.adherence is not None)
        assert {one.person for one in shown.totals} == set(AGENTS)
        (ill,) = (one for one in shown.lines if one.excused_s)
        assert (ill.scheduled_s, ill.worked_s) == (0, 0)
        assert absences.absences(session)[0].person == ill.person
        last = session.scalar(select(func.max(PresenceRow.since))) or 0
        assert last < NOW


def test_what_is_known_already_is_left_alone(database: Database) -> None:
    """Who was at work this month before the sample came has their own days."""
    with database.transaction() as session:
        session.add(PresenceRow(agent="1003", since=NOW - 3_600_000_000, presence="working", reason=""))
        session.flush()
        fill(session, AGENTS, 0, NOW)
        assert session.scalar(select(func.count()).select_from(PresenceRow)) == 1
