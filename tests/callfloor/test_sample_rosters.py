"""The sample bank's rosters are legal, go on over the turn of months, and are made once."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from callfloor import migrate
from callfloor.sample_rosters import GROUP, fill, month_of, roster_of
from common.db import Database
from domain.instant import Instant
from scheduling.judge import judge
from scheduling.records import asked, versions

NOW = Instant(1_795_575_600_000_000)
"""25 November 2026, 11:00 in Shanghai."""
AGENTS = {str(1001 + n): f"Agent {n}" for n in range(13)}


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    url = f"sqlite:///{tmp_path / 'sample.db'}"
    migrate.upgrade(url)
    made = Database(url)
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
            ("leave", "1001", "asked"),
        ]
        assert all(row.verdict and row.verdict["allowed"] for row in waiting)
