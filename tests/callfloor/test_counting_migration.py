"""A database of before the counting keeps its history, counted anew."""

from typing import Any

import pytest
from alembic import command
from sqlalchemy import text

from callfloor import migrate
from calls.figures import NAMES
from calls.history import count_intervals
from calls.tables import IntervalRow
from common.db import Database

QUARTER = 900_000_000
START = 1_988_000 * QUARTER
CALL = (
    "INSERT INTO calls (id, caller, dialled, started, answered, ended, outcome, ended_by, flow, path, "
    "digits, customer_name, tier, talk_us, hold_us, wait_us, recording) "
    "VALUES ('k1', '1', '2', 0, 0, 0, 'answered', 'caller', 'bank', '[]', '', '', '', 0, 0, 0, '')"
)
VISIT = (
    "INSERT INTO queue_visits "
    "(call, number, queue, entered, left_at, outcome, tier, target_us, talk_us, hold_us) "
    "VALUES ('k1', :number, :queue, :entered, :left, :outcome, '', 20000000, :talk, 0)"
)
QUEUE = (
    "INSERT INTO queues (id, name, target_s, target_share, ring_s, wrap_up_s, max_wait_s, max_length, "
    "when_no_agents, age_rate, age_cap, weight, busy_window_s, timezone) "
    "VALUES ('personal', 'P', 20, 0.8, 15, 30, 0, 0, 'wait', 0, 0, 0, 60, 'Europe/Berlin')"
)
VISITS = [
    ("personal", 5, 10, "answered", 60),
    ("personal", 6, 30, "answered", 40),
    ("personal", 7, 4, "abandoned", 0),
    ("personal", 8, 19, "abandoned", 0),
    ("personal", 1000, 90, "timeout", 0),
    ("gone", 3, 1, "refused", 0),
]


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Any) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'cf.db'}"
    given: str = request.getfixturevalue("postgres_url")
    return given


def test_what_was_there_is_counted_by_the_new_words(url: str) -> None:
    """Who waited too long overflowed; short abandonment is 5 s; rules keep the time zone of their queue."""
    with migrate._transaction(url) as connection:
        command.upgrade(migrate._config(connection), "0001")
        connection.execute(text(QUEUE))
        for queue in ("personal", "gone"):
            connection.execute(text(f"INSERT INTO queue_targets VALUES ('{queue}', 5, 20000000)"))
        connection.execute(text(CALL))
        for number, (queue, enters, waits, outcome, talk) in enumerate(VISITS, 1):
            entered = START + enters * 1_000_000
            given = {"number": number, "queue": queue, "entered": entered, "outcome": outcome}
            connection.execute(
                text(VISIT), given | {"left": entered + waits * 1_000_000, "talk": talk * 1_000_000}
            )
    migrate.upgrade(url)
    database = Database(url)
    with database.transaction() as session:
        found = {(row.queue, row.start): _figures(row) for row in session.query(IntervalRow)}
        count_intervals(session, found)
        session.expire_all()
        again = {(row.queue, row.start): _figures(row) for row in session.query(IntervalRow)}
        direction = session.execute(text("SELECT direction, transferred_to, marks FROM calls")).all()
        rules = session.execute(
            text("SELECT queue, short_us, timezone FROM queue_targets ORDER BY queue")
        ).all()
    database.close()
    assert found == again
    assert set(found) == {("personal", START), ("personal", START + QUARTER), ("gone", START)}
    first = found["personal", START]
    assert (first["offered"], first["answered"], first["abandoned"]) == (4, 2, 2)
    assert (first["answered_in_target"], first["abandoned_in_target"], first["short_abandoned"]) == (1, 2, 1)
    assert (first["talk_us"], first["longest_us"]) == (100_000_000, 30_000_000)
    assert found["personal", START + QUARTER]["overflowed"] == 1
    assert direction == [("in", "", "{}")]
    assert rules == [("gone", 5_000_000, "Asia/Shanghai"), ("personal", 5_000_000, "Europe/Berlin")]


def _figures(row: IntervalRow) -> dict[str, int]:
    return {name: getattr(row, name) for name in NAMES}
