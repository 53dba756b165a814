"""The floor's configuration is what the rows say."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from sqlalchemy import delete, text
from sqlalchemy.exc import IntegrityError

from acd.api import (
    AGENTS,
    GROUPS,
    QUEUES,
    SKILLS,
    Absence,
    AgentBody,
    GroupBody,
    QueueBody,
    SkillBody,
)
from acd.floor import Floor
from acd.recipes import write_recipe
from acd.store import AgentRow, GroupRow, QueueRow, device_of, load_config
from agent_desktop.credentials import Credentials
from common.db import Base, Database
from common.problems import Problem
from domain.calls import DeviceReachable
from domain.config import (
    AgentConfig,
    Announcements,
    CallbackRules,
    Condition,
    FloorConfigured,
    GroupConfig,
    Membership,
    Operation,
    QueueConfig,
    Step,
)
from domain.desk import AgentReady, AgentSignedIn
from domain.ids import AgentId, DeviceId, QueueId
from domain.instant import Instant

NOW = Instant(1_790_000_000_000_000)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'acd.db'}")
    Base.metadata.create_all(database.engine)
    with database.transaction() as session:
        QUEUES.create(session, QueueBody(id="vip", name="VIP", ring_s=10, weight=5, join_empty=[]))
        QUEUES.create(session, QueueBody(id="all", name="Everybody"))
        SKILLS.create(session, SkillBody(id="english", name="English"))
        SKILLS.create(session, SkillBody(id="wealth", name="Wealth"))
        AGENTS.create(
            session,
            AgentBody.model_validate(
                {
                    "id": "zoe",
                    "name": "Zoe",
                    "queues": [{"queue": "vip", "level": 2, "penalty": 5}, "all"],
                    "skills": ["wealth/3", "english"],
                    "branch": "East",
                    "capacity": {"voice": 1, "chat": 3},
                    "wrap_up_s": 45,
                    "may_pull": True,
                }
            ),
        )
        AGENTS.create(session, AgentBody.model_validate({"id": "ann", "name": "Ann", "queues": ["all"]}))
        GROUPS.create(session, GroupBody(id="night", name="Night", agents=["zoe", "ann"]))
    yield database
    database.close()


def read(database: Database) -> FloorConfigured:
    with database.transaction() as session:
        return load_config(session)


def test_rows_become_the_configuration_in_the_order_of_their_ids(database: Database) -> None:
    """Every rule of a queue, and an agent's device, queues, skills and the rest; groups."""
    assert read(database) == FloorConfigured(
        (
            QueueConfig(QueueId("all"), "Everybody"),
            QueueConfig(QueueId("vip"), "VIP", ring_s=10.0, weight=5, join_empty=()),
        ),
        (
            AgentConfig(AgentId("ann"), "Ann", DeviceId("desk-ann"), (QueueId("all"),)),
            AgentConfig(
                AgentId("zoe"),
                "Zoe",
                DeviceId("desk-zoe"),
                (QueueId("all"), QueueId("vip")),
                ("english", "wealth/3"),
                (Membership(QueueId("vip"), 2, 5),),
                branch="East",
                capacity={"chat": 3, "voice": 1},
                wrap_up_s=45.0,
                may_pull=True,
            ),
        ),
        groups=(GroupConfig("night", "Night", (AgentId("ann"), AgentId("zoe"))),),
    )


UNLIKE: dict[str, Any] = {
    "target_s": 21.0,
    "target_share": 0.9,
    "short_s": 6.0,
    "ring_s": 16.0,
    "wrap_up_s": 31.0,
    "wrap_up_open": True,
    "wrap_up_cap_s": 300.0,
    "max_wait_s": 600.0,
    "max_length": 50,
    "join_empty": ("paused", "wrap_up"),
    "leave_empty": ("signed_out", "unreachable"),
    "base_priority": 10.0,
    "age_rate": 0.1,
    "age_cap": 300.0,
    "weight": 3,
    "strategy": "round_robin",
    "busy_by": "talk",
    "busy_window_s": 1800.0,
    "ring_next_s": 7.0,
    "seed": 4,
    "channel": "chat",
    "branch": "East",
    "home_branch_s": 20.0,
    "home_branch_first": True,
    "prefer_s": 15.0,
    "resume_s": 120.0,
    "callback": CallbackRules(7200.0, ("20:00", "09:00"), 2, 600.0),
    "announce": Announcements(30.0, 60.0, False, True, True),
    "recipe": (Step((Condition("wait", ">=", 60.0),), (Operation("raise", amount=5.0),), True, 30.0),),
    "timezone": "Europe/Oslo",
}
"""Every rule of a queue with a value that is not its default."""


def test_every_rule_of_a_queue_is_kept_as_it_is_given(database: Database) -> None:
    """And each has the same default in the rows and on the floor; a rule added to the one is missed here."""
    assert list(UNLIKE) == [f.name for f in dataclasses.fields(QueueConfig) if f.name not in ("id", "name")]
    plain = QueueConfig(QueueId("q"), "Q")
    assert [name for name, value in UNLIKE.items() if getattr(plain, name) == value] == []
    sent = {
        name: write_recipe(value)
        if name == "recipe"
        else dataclasses.asdict(value)
        if dataclasses.is_dataclass(value)
        else value
        for name, value in UNLIKE.items()
    }
    assert set(QueueBody.model_fields) == {"id", "name", *UNLIKE}
    with database.transaction() as session:
        QUEUES.create(session, QueueBody(id="q", name="Q"))
        QUEUES.create(session, QueueBody.model_validate({"id": "r", "name": "R", **sent}))
    found = {queue.id: queue for queue in read(database).queues}
    assert found[QueueId("q")] == plain
    assert found[QueueId("r")] == QueueConfig(QueueId("r"), "R", **UNLIKE)


def test_the_desk_s_telephone_is_the_one_the_page_registers() -> None:
    """The same word on both sides of the wall between the rooms."""
    assert device_of("1001") == Credentials.device_of("1001")


def test_the_floor_takes_every_configuration_the_rows_allow(database: Database) -> None:
    """Extremes of each rule are no reason for the floor to refuse the whole configuration."""
    low = {
        "target_s": 0,
        "target_share": 0.01,
        "ring_s": 1,
        "wrap_up_s": 0,
        "age_cap": -1_000_000,
        "base_priority": -1_000_000,
        "ring_next_s": 1,
        "busy_window_s": 1,
        "callback": {"expires_s": 60, "quiet": ["00:00", "00:00"], "attempts": 1, "retry_s": 30},
        "announce": {"every_s": 10},
        "strategy": "of-my-own",
    }
    high = {
        "target_s": 86_400,
        "target_share": 1,
        "join_empty": list(get_args(Absence)),
        "leave_empty": list(get_args(Absence)),
        "callback": {"expires_s": 2_592_000, "quiet": ["00:00", "23:59"], "attempts": 20, "retry_s": 86_400},
        "announce": {"first_s": 86_400, "every_s": 86_400},
        "recipe": [
            {
                "when": ["time in 00:00-24:00", "wait >= 86400", "service_level <= 100"],
                "do": [
                    "relax english to 9",
                    "widen to level 9",
                    "widen to group night",
                    "allow penalty 1000",
                ],
                "every": 86_400,
            },
            {"do": ["to queue all"], "every": 0},
        ],
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
    assert sorted(floor.state.agents["zoe"].memberships) == ["all", "vip"]
    assert floor.state.queues["vip"].config.name == "Private clients"


def test_a_queue_cannot_vanish_under_an_agent(database: Database) -> None:
    """Even where two admins are at work at once the database keeps what is pointed to."""
    with pytest.raises(IntegrityError), database.transaction() as session:
        session.execute(delete(QueueRow).where(QueueRow.id == "vip"))
    assert len(read(database).queues) == 2


def test_an_agent_who_leaves_takes_their_memberships_along(database: Database) -> None:
    """Then the queue may go too; but not while a group names them."""
    with database.transaction() as session:
        with pytest.raises(Problem, match="used by groups night"):
            AGENTS.delete(session, session.get_one(AgentRow, "zoe"))
        GROUPS.update(session, session.get_one(GroupRow, "night"), GroupBody(name="Night", agents=["ann"]))
        AGENTS.delete(session, session.get_one(AgentRow, "zoe"))
        QUEUES.delete(session, session.get_one(QueueRow, "vip"))
    config = read(database)
    assert [q.id for q in config.queues] == ["all"]
    assert config.groups == (GroupConfig("night", "Night", (AgentId("ann"),)),)


def test_an_agent_is_changed_in_place(database: Database) -> None:
    """Another level, one queue less and one more, in one step."""
    with database.transaction() as session:
        QUEUES.create(session, QueueBody(id="new", name="New"))
        row = session.get_one(AgentRow, "zoe")
        queues = [{"queue": "vip", "level": 3}, {"queue": "new", "penalty": 1}]
        AGENTS.update(
            session,
            row,
            AgentBody.model_validate({"name": "Zoe", "queues": queues, "skills": ["wealth", "english/2"]}),
        )
    zoe = read(database).agents[1]
    assert zoe.queues == ("new", "vip")
    assert zoe.memberships == (Membership(QueueId("new"), 1, 1), Membership(QueueId("vip"), 3, 0))
    assert zoe.skills == ("english/2", "wealth")


def test_a_recipe_whose_target_is_gone_keeps_the_rest(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    """Where two admins were at work at once: what cannot be done is left out, and the log says so."""
    recipe = [{"do": ["raise 5", "to queue vip"]}, {"do": ["widen to group night"]}, {"do": ["to voicemail"]}]
    with database.transaction() as session:
        body = QueueBody.model_validate({"name": "Everybody", "recipe": recipe})
        QUEUES.update(session, session.get_one(QueueRow, "all"), body)
    with database.transaction() as session:
        for statement in (
            "DELETE FROM group_agents",
            "DELETE FROM agent_groups",
            "DELETE FROM agent_queues WHERE queue = 'vip'",
            "DELETE FROM queues WHERE id = 'vip'",
        ):
            session.execute(text(statement))
    config = read(database)
    assert [step.do for step in config.queues[0].recipe] == [
        (Operation("raise", amount=5.0),),
        (Operation("to_voicemail"),),
    ]
    assert "queue all: recipe step 1: 'to queue vip' names what is not there" in caplog.text
    floor = Floor()
    floor.handle(config, NOW)
    assert set(floor.state.queues) == {"all"}
