"""The sample bank is what its flow expects, and building it again spoils nothing."""

import tempfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from acd.api import AGENTS, QUEUES, QueueBody
from acd.store import AgentRow, QueueRow, load_config
from callfloor import sample, setup
from callfloor.sample import Sample
from callfloor.settings import Settings
from callfloor.wiring import front_door, tier_names
from common.auth.passwords import verify
from common.auth.sessions import wall_clock
from common.auth.tables import UserRow
from common.auth.users import USERS, UserBody
from common.db import Database
from common.hours import Calendars
from crm_bridge import lookup, sample_books
from crm_bridge.bank_database import DatabaseBank
from crm_bridge.models import CustomerRow
from domain.ids import CallId
from domain.instant import Instant
from ivr.book import FlowBook
from ivr.nodes.branch import Branch, Case
from tests.hashes import quick_hashes
from tests.tables import with_tables

__all__ = ["quick_hashes"]
MONDAY_3_AM = Instant(1_790_000_000_000_000)


def build(session: Session, language: str = "zh-CN", password: str = "first password") -> Sample:
    return sample.build(
        session,
        seed=7,
        language=language,
        agent_password=password,
        supervisor_password=f"{password} too",
        planner_password=f"{password} and on",
        admin_password=f"{password} as well",
    )


@cache
def built(language: str) -> tuple[bytes, Sample]:
    """The file of a bank as it was built, and what its demo is told."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "bank.db"
        database = with_tables(f"sqlite:///{file}")
        with database.transaction() as session:
            made = build(session, language)
        database.close()
        return file.read_bytes(), made


Open = Callable[[str], tuple[Database, Sample]]


@pytest.fixture
def bank(tmp_path: Path, quick_hashes: None) -> Iterator[Open]:
    """A bank of its own in a language."""
    opened = []

    def open_it(language: str) -> tuple[Database, Sample]:
        file = tmp_path / f"{language}.db"
        content, made = built(language)
        file.write_bytes(content)
        opened.append(Database(f"sqlite:///{file}"))
        return opened[-1], made

    yield open_it
    for database in opened:
        database.close()


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_the_bank_has_what_its_flows_ask_for(bank: Open, language: str) -> None:
    """Queues with agents, tiers, calendars that are open, entry numbers that lead to the flows."""
    book = FlowBook()
    database, made = bank(language)
    with database.transaction() as session:
        config, door = load_config(session), front_door(session, Settings())
        names = tier_names(session)
    assert [(e.number, e.flow) for e in door.entries] == [
        (made.entry_number, "bank"),
        ("95589", "complaints"),
        ("95590", "corporate"),
    ]
    flows = [flow for e in door.entries if (flow := book.flow(e.flow)) is not None]
    assert len(flows) == 3
    asked = {name for flow in flows for node in flow.nodes.values() for name in node.names()}
    staffed = {queue for agent in config.agents if agent.id in made.agents for queue in agent.queues}
    assert {name for kind, name in asked if kind == "queue"} <= staffed
    assert {name for kind, name in asked if kind == "tier"} <= set(names)
    calendars = Calendars(door.calendars)
    assert all(calendars.is_open(name, MONDAY_3_AM) for kind, name in asked if kind == "calendar")
    # A number's source is how its flow knows that nobody has greeted the caller.
    arrivals = [flow.nodes[flow.entry] for flow in flows if flow.name != "bank"]
    cases = [c.value for n in arrivals if isinstance(n, Branch) for c in n.cases if isinstance(c, Case)]
    assert cases == [e.source for e in door.entries if e.flow != "bank"]
    assert len(made.agents) == 12
    assert len(names) == 5
    assert all(a.name.isascii() == (language == "en") for a in config.agents)


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_the_bank_shows_what_a_queue_can_do(bank: Open, language: str) -> None:
    """Overflow, help in the evening, tiers; announcements; a home branch; levels."""
    database, _ = bank(language)
    with database.transaction() as session:
        config = load_config(session)
    acts = {o.act for queue in config.queues for step in queue.recipe for o in step.do}
    assert acts == {"widen_group", "widen_level", "raise", "to_queue"}
    (team,) = config.groups
    assert team.name.isascii() == (language == "en")
    assert not set(team.agents) & {a.id for a in config.agents if "personal" in a.queues}
    branches = {agent.branch for agent in config.agents}
    assert [q.id for q in config.queues if q.home_branch_first] == ["business"] and len(branches) == 2
    assert {m.level for a in config.agents for m in a.memberships} == {1, 2}
    assert all(q.announce.position for q in config.queues)
    # A call that is answered at once meets none of it.
    first = [c.value for q in config.queues for s in q.recipe for c in s.when if c.figure == "wait"]
    assert min(first) >= 45
    assert {q.announce.first_s for q in config.queues} <= {0.0, 45.0}


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_branches_of_agents_are_branches_of_customers(bank: Open, language: str) -> None:
    """Or none is anybody's home."""
    database, _ = bank(language)
    with database.transaction() as session:
        customers = set(session.scalars(select(CustomerRow.branch)))
        agents = {agent.branch for agent in load_config(session).agents}
    assert agents & customers


def test_callers_are_customers_and_strangers(bank: Open) -> None:
    """Numbers are found in the records, but for a few."""
    database, made = bank("zh-CN")
    with database.transaction() as session:
        found = [lookup.identify(session, CallId("c"), number, "CN").match for number in made.numbers]
    assert found.count("one") > 250
    assert found.count("none") >= 5
    assert "many" in found


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_callers_have_something_to_ask_for(bank: Open, language: str) -> None:
    """Every customer a bill and a balance by their own number; recharge cards that work, once, ever after."""
    now = wall_clock()
    database, made = bank(language)
    books = DatabaseBank(database, "CN", lambda: now)
    with database.transaction() as session:
        customers = [lookup.identify(session, CallId("c"), number, "CN").customer for number in made.numbers]
    for customer in filter(None, customers[:20]):
        for query in ("bill", "balance"):
            assert books.query(query, {"customer": customer}) is not None
    voucher = sample_books.VOUCHERS[0]
    given = {"card": voucher.number, "secret": voucher.secret, "account": sample_books.PREPAID}
    assert books.do("recharge", "k1", CallId("k"), given)[0]
    with database.transaction() as session:
        build(session, language)
    assert books.do("recharge", "k2", CallId("k"), given) == (False, {"reason": "used"})


def test_the_seat_can_sign_in(bank: Open) -> None:
    """An agent who is in every queue, and a supervisor and an administrator who are none."""
    database, made = bank("zh-CN")
    with database.transaction() as session:
        agent, supervisor = (session.get_one(UserRow, u) for u in (made.agent_user, made.supervisor_user))
        assert (agent.role, agent.agent, supervisor.role, supervisor.agent) == (
            *("agent", made.seat),
            *("supervisor", None),
        )
        assert verify(agent.hash, "first password")
        assert verify(supervisor.hash, "first password too")
        admin = session.get_one(UserRow, made.admin_user)
        assert (admin.role, admin.agent) == ("admin", None)
        assert verify(admin.hash, "first password as well")
        assert len(session.get_one(AgentRow, made.seat).queues) == 3
    assert made.seat not in made.agents


def test_building_again_changes_only_the_passwords(bank: Open) -> None:
    """Edited rows stay edited, deleted rows stay away, and the printed passwords are valid."""
    database, first = bank("zh-CN")
    with database.transaction() as session:
        QUEUES.update(session, session.get_one(QueueRow, "business"), QueueBody(name="Firms"))
        AGENTS.delete(session, session.get_one(AgentRow, "1003"))
        row = session.get_one(UserRow, first.agent_user)
        USERS.update(session, row, UserBody.model_validate({**USERS.show(row), "disabled": True}))
    with database.transaction() as session:
        before = setup.export_text(session)
    with database.transaction() as session:
        second = build(session, "en", "second password")
        assert setup.export_text(session) == before.replace("disabled: true", "disabled: false")
        assert verify(session.get_one(UserRow, first.agent_user).hash, "second password")
    assert second.agents == tuple(a for a in first.agents if a != "1003")


def test_a_seat_that_was_deleted_comes_back(bank: Open) -> None:
    """Nobody is locked out of their own demo."""
    database, made = bank("zh-CN")
    with database.transaction() as session:
        USERS.delete(session, session.get_one(UserRow, made.supervisor_user))
    with database.transaction() as session:
        build(session)
        assert session.get(UserRow, made.supervisor_user) is not None
