"""What one room asks of another is answered."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from acd.floor.strategies import Look
from callfloor import wiring
from callfloor.settings import Acd, Data, Flows, Settings, SettingsError
from calls.engine import Engine, EngineState
from calls.history import NoteRow
from common.db import Database
from crm_bridge import contacts, customers
from crm_bridge.database import DatabaseCrm
from crm_bridge.records import Customer, Owner
from domain.calls import (
    CallerGone,
    CallFinished,
    CallQueued,
    CallRecord,
    DeviceReachable,
    WrapUpNoted,
)
from domain.config import AgentConfig, FloorConfigured, QueueConfig
from domain.desk import AgentReady, AgentSignedIn
from domain.floor import Offer
from domain.flow import LookUpCustomer
from domain.ids import AgentId, CallId, CustomerId, DeviceId, QueueId
from domain.instant import Instant
from tests.tables import with_tables

ADA = Customer(
    CustomerId("c1"),
    "Ada",
    phones=("+8613800000001",),
    owners=(Owner("manager", "Old Name", AgentId("wang")),),
)
RECORD = CallRecord(
    CallId("k1"),
    "+8613800000001",
    "95588",
    Instant(1_000_000),
    Instant(2_000_000),
    Instant(9_000_000),
    "answered",
    "caller",
    customer=ADA.id,
    agent=AgentId("wang"),
)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    url = f"sqlite:///{tmp_path / 'records.db'}"
    database = with_tables(url)
    with database.transaction() as session:
        customers.put(session, ADA, Instant(1), "root")
    yield database
    database.close()


def note_of(session: Session) -> tuple[str, str]:
    [said] = contacts.latest(session, "c1", 10)
    return said.purpose, said.summary


def test_a_caller_is_looked_up_by_their_number(database: Database) -> None:
    """Numbers without a country are of the region."""
    answer = wiring.look_up(DatabaseCrm(database, "CN"))
    found = answer(LookUpCustomer(CallId("k1"), "13800000001"))
    assert (found.call, found.match, found.customer, found.name) == ("k1", "one", "c1", "Ada")
    assert answer(LookUpCustomer(CallId("k1"), "13800000002")).match == "none"


def test_the_card_shows_agents_by_their_present_names(database: Database) -> None:
    """A change of a name needs no change of the customers."""
    names = {"wang": "Wang Fang"}
    read = wiring.card_reader(DatabaseCrm(database, "CN", lambda: names))
    assert read("k1", "c1", (), "one")["customer"]["owners"] == [{"role": "manager", "name": "Wang Fang"}]
    names = {}
    assert read("k1", "c1", (), "one")["customer"]["owners"] == [{"role": "manager", "name": "Old Name"}]


@pytest.mark.parametrize("note_first", [False, True])
def test_a_call_and_its_note_become_one_contact(database: Database, note_first: bool) -> None:
    """Whichever is told first; telling it again changes nothing."""
    noted = WrapUpNoted(CallId("k1"), AgentId("wang"), "enquiry", "asked for the balance")
    items = [CallFinished(RECORD), noted]
    with database.transaction() as session:
        for item in items[::-1] if note_first else items * 2:
            if isinstance(item, WrapUpNoted):  # the projector writes the note itself first
                session.merge(NoteRow(call="k1", agent="wang", at=1, code=noted.code, note=noted.note))
                session.flush()
            wiring.keep_contact(session, item)
    with database.transaction() as session:
        assert note_of(session) == ("enquiry", "asked for the balance")


def test_a_call_of_nobody_known_becomes_no_contact(database: Database) -> None:
    """It stays in the calls' history."""
    with database.transaction() as session:
        wiring.keep_contact(session, CallFinished(replace(RECORD, customer=None)))
    with database.transaction() as session:
        assert contacts.latest(session, "c1", 10) == []


def test_the_code_version_changes_with_the_flows(tmp_path: Path) -> None:
    """A snapshot made under other flows, or other words of one, is told apart."""
    (tmp_path / "mine.yaml").write_text(
        "flow: mine\nversion: 1\nlanguages: [en]\nentry: bye\ndefault_queue: q\n"
        "nodes:\n  bye: {type: hang_up}\n"
    )
    plain = Settings(data=Data(str(tmp_path)))
    more = replace(plain, flows=Flows((str(tmp_path),)))
    versions = [wiring.code_version(wiring.make_book(s)) for s in (plain, more, more)]
    assert versions[0] != versions[1] == versions[2]
    flow = tmp_path / "mine.yaml"
    flow.write_text(flow.read_text().replace("hang_up", "hang_up, outcome: closed"))
    assert wiring.code_version(wiring.make_book(more)) not in versions


def test_an_engine_is_made_fresh_and_as_it_was(tmp_path: Path) -> None:
    """With equal hashes."""
    make = wiring.engine_maker(Settings(data=Data(str(tmp_path))))
    fresh = make(None)
    assert isinstance(fresh, Engine)
    assert make(fresh.state).hash() == fresh.hash()


def highest_id(look: Look) -> tuple[float, ...]:
    """A strategy of one's own."""
    return (-ord(look.agent.id),)


def test_a_strategy_of_the_settings_decides(tmp_path: Path) -> None:
    """The floor asks the callable, fresh and after a restore."""
    settings = Settings(data=Data(str(tmp_path)), acd=Acd(strategies={"mine": f"{__name__}:highest_id"}))
    make = wiring.engine_maker(settings)
    queue, now = QueueId("q"), Instant(1_760_000_000_000_000)
    agents = tuple(AgentConfig(AgentId(a), a, DeviceId(f"desk-{a}"), (queue,)) for a in "abc")
    fresh = make(None).floor
    fresh.handle(FloorConfigured((QueueConfig(queue, "Q", strategy="mine"),), agents), now)
    for agent in agents:
        fresh.handle(DeviceReachable(agent.device, True), now)
        fresh.handle(AgentSignedIn(agent.id, agent.device), now)
        fresh.handle(AgentReady(agent.id), now)
    restored = make(EngineState(floor=fresh.state)).floor
    for number, floor in enumerate((fresh, restored)):
        call = CallId(f"k{number}")
        (offer,) = [m for m in floor.handle(CallQueued(call, queue, now), now) if isinstance(m, Offer)]
        assert (offer.agent, offer.why.strategy) == ("c", "mine")
        floor.handle(CallerGone(call), now)


def test_strategies_that_cannot_be_are_named_together() -> None:
    """A module or function that is not there, what cannot be called, a built-in name."""
    strategies = {
        "gone": "no.such.module:mine",
        "none": f"{__name__}:nothing",
        "text": f"{__name__}:__doc__",
        "least_busy": f"{__name__}:highest_id",
    }
    with pytest.raises(SettingsError) as caught:
        wiring.own_strategies(Settings(acd=Acd(strategies=strategies)))
    assert [problem.split(": ")[1].split(" ")[0] for problem in caught.value.problems] == list(strategies)


def test_the_floor_hears_what_the_settings_say_of_all_agents(database: Database) -> None:
    """Beside the rows."""
    with database.transaction() as session:
        config = wiring.floor_config(session, Settings(acd=Acd(missed_limit=4)))
    assert config == FloorConfigured((), (), missed_limit=4)
