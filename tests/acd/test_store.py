"""The floor's configuration is what the rows say."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import delete, inspect
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from acd.api import AGENTS, QUEUES, SKILLS, AgentBody, QueueBody, SkillBody
from acd.floor import Floor
from acd.store import AgentRow, QueueRow, device_of, load_config
from agent_desktop.credentials import Credentials
from common.db import Base, Database
from domain.calls import DeviceReachable
from domain.config import AgentConfig, FloorConfigured, QueueConfig
from domain.desk import AgentReady, AgentSignedIn
from domain.ids import AgentId, DeviceId, QueueId
from domain.instant import Instant

NOW = Instant(1_790_000_000_000_000)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'acd.db'}")
    Base.metadata.create_all(database.engine)
    with database.transaction() as session:
        QUEUES.create(session, QueueBody(id="vip", name="VIP", ring_s=10, weight=5, when_no_agents="wait"))
        QUEUES.create(session, QueueBody(id="all", name="Everybody"))
        SKILLS.create(session, SkillBody(id="english", name="English"))
        AGENTS.create(session, AgentBody(id="zoe", name="Zoe", queues=["vip", "all"], skills=["english"]))
        AGENTS.create(session, AgentBody(id="ann", name="Ann", queues=["all"]))
    yield database
    database.close()


def read(database: Database) -> FloorConfigured:
    with database.transaction() as session:
        return load_config(session)


def test_rows_become_the_configuration_in_the_order_of_their_ids(database: Database) -> None:
    """Every rule of a queue, and an agent's device, queues and skills."""
    assert read(database) == FloorConfigured(
        (
            QueueConfig(QueueId("all"), "Everybody"),
            QueueConfig(QueueId("vip"), "VIP", ring_s=10.0, weight=5, when_no_agents="wait"),
        ),
        (
            AgentConfig(AgentId("ann"), "Ann", DeviceId("desk-ann"), (QueueId("all"),)),
            AgentConfig(
                AgentId("zoe"), "Zoe", DeviceId("desk-zoe"), (QueueId("all"), QueueId("vip")), ("english",)
            ),
        ),
    )


def test_a_queue_row_has_every_rule_a_queue_has() -> None:
    """With the same default: a rule added to the one is added to the other."""
    rules = {f.name: f.default for f in dataclasses.fields(QueueConfig) if f.name not in ("id", "name")}
    columns = {c.key for c in inspect(QueueRow).columns} - {"id", "name"}
    fields = {n: f.default for n, f in QueueBody.model_fields.items() if n not in ("id", "name")}
    assert columns == set(rules)
    assert fields == rules


def test_the_desk_s_telephone_is_the_one_the_page_registers() -> None:
    """The same word on both sides of the wall between the rooms."""
    assert device_of("1001") == Credentials.device_of("1001")


def test_the_floor_takes_every_configuration_the_rows_allow(database: Database) -> None:
    """Extremes of each rule are no reason for the floor to refuse the whole configuration."""
    low = {"target_s": 0, "target_share": 0.01, "ring_s": 1, "wrap_up_s": 0, "max_wait_s": 0, "age_cap": 0}
    high = {
        "target_s": 86_400,
        "target_share": 1,
        "ring_s": 600,
        "wrap_up_s": 86_400,
        "weight": -1_000_000,
        "age_rate": 10_000,
        "age_cap": 1_000_000,
        "busy_window_s": 86_400,
        "max_length": 1_000_000,
    }
    with database.transaction() as session:
        QUEUES.create(session, QueueBody.model_validate({"id": "low", "name": "Low", **low}))
        QUEUES.create(session, QueueBody.model_validate({"id": "high", "name": "High", **high}))
    floor = Floor()
    floor.handle(read(database), NOW)
    assert set(floor.state.queues) == {"all", "vip", "low", "high"}


def test_renaming_a_queue_signs_nobody_out(database: Database) -> None:
    """Ids are stable, so a new name is only a new name."""
    floor = Floor()
    floor.handle(read(database), NOW)
    floor.handle(DeviceReachable(DeviceId("desk-zoe"), True), NOW)
    floor.handle(AgentSignedIn(AgentId("zoe"), DeviceId("desk-zoe")), NOW)
    floor.handle(AgentReady(AgentId("zoe")), NOW)
    with database.transaction() as session:
        QUEUES.update(session, session.get_one(QueueRow, "vip"), QueueBody(name="Private clients", ring_s=25))
    floor.handle(read(database), NOW)
    assert floor.state.agents["zoe"].state == "available"
    assert floor.state.agents["zoe"].queues == ("all", "vip")
    assert floor.state.queues["vip"].config.name == "Private clients"


def test_a_queue_cannot_vanish_under_an_agent(database: Database) -> None:
    """Even where two admins are at work at once the database keeps what is pointed to."""
    with pytest.raises(IntegrityError), database.transaction() as session:
        session.execute(delete(QueueRow).where(QueueRow.id == "vip"))
    assert len(read(database).queues) == 2


def test_an_agent_who_leaves_takes_their_memberships_along(database: Database) -> None:
    """Then the queue may go too."""

    def leave(session: Session) -> None:
        AGENTS.delete(session, session.get_one(AgentRow, "zoe"))
        QUEUES.delete(session, session.get_one(QueueRow, "vip"))

    with database.transaction() as session:
        leave(session)
    assert [q.id for q in read(database).queues] == ["all"]
