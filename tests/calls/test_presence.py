"""How agents were, from the journal: only changes are kept, in whatever portions they are read."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, select

from calls.history import Projector
from calls.presence import Present, presence_of
from calls.tables import PresenceRow
from common.db import Database
from domain.floor import AgentChanged, AgentState
from domain.ids import AgentId
from domain.instant import Instant
from tests.calls.records import Step, journal, write
from tests.tables import with_tables

AMY = AgentId("amy")
STATES: tuple[AgentState, ...] = (
    "signed_out",
    "paused",
    "available",
    "offered",
    "on_contact",
    "wrap_up",
    "missed",
)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = with_tables(f"sqlite:///{tmp_path / 'presence.db'}")
    yield made
    made.close()


@pytest.fixture(scope="module")
def lasting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    made = with_tables(f"sqlite:///{tmp_path_factory.mktemp('presence') / 'presence.db'}")
    yield made
    made.close()


def step(at: int, state: AgentState, reason: str = "", agent: AgentId = AMY) -> Step:
    """The step in which an agent enters a state."""
    return Instant(at), None, [AgentChanged(agent, state, Instant(at), reason)]


def kept(database: Database) -> list[tuple[int, str, str]]:
    """All rows of Amy's."""
    with database.transaction() as session:
        rows = session.scalars(
            select(PresenceRow).where(PresenceRow.agent == AMY).order_by(PresenceRow.since)
        )
        return [(row.since, row.presence, row.reason) for row in rows]


DAY = [
    step(10, "available"),
    step(20, "offered"),
    step(21, "on_contact"),
    step(40, "wrap_up"),
    step(50, "available"),
    step(60, "paused", "lunch"),
    step(70, "paused", "training"),
    step(80, "available"),
    step(90, "missed"),
    step(95, "signed_out"),
]


def test_only_what_changes_is_kept(database: Database) -> None:
    """A call is no change: the agent is at work before, in and after it; another reason of a pause is one."""
    write(database, DAY)
    assert kept(database) == [
        (10, "working", ""),
        (60, "paused", "lunch"),
        (70, "paused", "training"),
        (80, "working", ""),
        (90, "missed", ""),
        (95, "signed_out", ""),
    ]


def test_what_comes_and_goes_in_one_instant_was_never_there(database: Database) -> None:
    """The last word of an instant counts."""
    write(database, [step(10, "available"), step(20, "paused", "lunch"), step(20, "available")])
    write(database, [step(30, "missed"), step(30, "paused", "lunch")])
    assert kept(database) == [(10, "working", ""), (30, "paused", "lunch")]


@given(
    days=st.lists(st.tuples(st.integers(0, 30), st.sampled_from(STATES)), max_size=25),
    cuts=st.lists(st.integers(0, 25), max_size=3),
    again=st.integers(0, 25),
)
def test_portions_and_repetition_change_nothing(
    lasting: Database, days: list[tuple[int, AgentState]], cuts: list[int], again: int
) -> None:
    """However the journal is cut, and though part of it is read twice, the rows are the same."""
    database = lasting
    with database.transaction() as session:
        session.execute(delete(PresenceRow))
    steps = [step(at, state) for at, state in sorted(days, key=lambda day: day[0])]
    write(database, steps)
    whole = kept(database)
    for place, (_, presence, reason) in enumerate(whole[1:]):
        assert (presence, reason) != whole[place][1:]
    with database.transaction() as session:
        session.execute(delete(PresenceRow))
    edges = sorted({0, len(steps), *(cut for cut in cuts if cut < len(steps))})
    for begin, end in pairwise(edges):
        write(database, steps[begin:end])
    assert kept(database) == whole
    write(database, steps[again:])
    write(database, steps)
    assert kept(database) == whole


def test_a_span_begins_with_what_held_before_it(database: Database) -> None:
    """What is asked for is cut at both ends; of agents nothing is known of there is nothing."""
    write(database, DAY)
    with database.transaction() as session:
        found = list(presence_of(session, ["nobody", AMY], Instant(65), Instant(85)))
    assert found == [
        Present(AMY, "paused", "lunch", Instant(65), Instant(70)),
        Present(AMY, "paused", "training", Instant(70), Instant(80)),
        Present(AMY, "working", "", Instant(80), Instant(85)),
    ]


def test_the_projector_reads_them_and_builds_them_anew(database: Database, tmp_path: Path) -> None:
    """They are told to the projector by the journal alone, and are the record once it is gone."""
    projector = Projector(journal(tmp_path / "journal.db", DAY), database)
    projector.catch_up()
    whole = kept(database)
    assert len(whole) == 6
    projector.rebuild()
    assert kept(database) == whole
