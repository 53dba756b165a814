"""Agents, queues, groups and skills as tables, and the floor's configuration read from them."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Float, ForeignKey, Integer, String, Table, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from acd.recipes import kind_of, read_recipe, references
from common.db import Base
from common.rows import Row
from domain.config import (
    AgentConfig,
    Announcements,
    CallbackRules,
    FloorConfigured,
    GroupConfig,
    Membership,
    QueueConfig,
    Step,
)
from domain.ids import AgentId, DeviceId, QueueId

log = logging.getLogger(__name__)


class QueueRow(Row):
    """A queue with the rules of ``domain.config.QueueConfig``, times in seconds."""

    __tablename__ = "queues"
    name: Mapped[str] = mapped_column(String(128))
    target_s: Mapped[float] = mapped_column(Float)
    target_share: Mapped[float] = mapped_column(Float)
    short_s: Mapped[float] = mapped_column(Float)
    ring_s: Mapped[float] = mapped_column(Float)
    wrap_up_s: Mapped[float] = mapped_column(Float)
    wrap_up_open: Mapped[bool] = mapped_column(Boolean)
    wrap_up_cap_s: Mapped[float] = mapped_column(Float)
    max_wait_s: Mapped[float] = mapped_column(Float)
    max_length: Mapped[int] = mapped_column(Integer)
    join_empty: Mapped[list[str]] = mapped_column(JSON)
    leave_empty: Mapped[list[str]] = mapped_column(JSON)
    base_priority: Mapped[float] = mapped_column(Float)
    age_rate: Mapped[float] = mapped_column(Float)
    age_cap: Mapped[float] = mapped_column(Float)
    weight: Mapped[int] = mapped_column(Integer)
    strategy: Mapped[str] = mapped_column(String(64))
    busy_by: Mapped[str] = mapped_column(String(16))
    busy_window_s: Mapped[float] = mapped_column(Float)
    ring_next_s: Mapped[float] = mapped_column(Float)
    seed: Mapped[int] = mapped_column(Integer)
    channel: Mapped[str] = mapped_column(String(32))
    branch: Mapped[str] = mapped_column(String(128))
    home_branch_s: Mapped[float] = mapped_column(Float)
    home_branch_first: Mapped[bool] = mapped_column(Boolean)
    prefer_s: Mapped[float] = mapped_column(Float)
    resume_s: Mapped[float] = mapped_column(Float)
    callback: Mapped[dict[str, Any]] = mapped_column(JSON)
    announce: Mapped[dict[str, Any]] = mapped_column(JSON)
    recipe: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    timezone: Mapped[str] = mapped_column(String(64))


class SkillRow(Row):
    """Something a call may ask for; flows name it by its id."""

    __tablename__ = "skills"
    name: Mapped[str] = mapped_column(String(128))


# The database itself keeps a queue, skill or agent alive while somebody has it, whoever is faster.


class MemberRow(Base):
    """An agent in a queue."""

    __tablename__ = "agent_queues"
    agent: Mapped[str] = mapped_column(ForeignKey("agents.id", ondelete="CASCADE"), primary_key=True)
    queue: Mapped[str] = mapped_column(ForeignKey("queues.id"), primary_key=True, index=True)
    level: Mapped[int] = mapped_column(Integer, default=1)
    penalty: Mapped[int] = mapped_column(Integer, default=0)


class AbleRow(Base):
    """An agent's skill and how good they are at it."""

    __tablename__ = "agent_skills"
    agent: Mapped[str] = mapped_column(ForeignKey("agents.id", ondelete="CASCADE"), primary_key=True)
    skill: Mapped[str] = mapped_column(ForeignKey("skills.id"), primary_key=True, index=True)
    level: Mapped[int] = mapped_column(Integer, default=1)


class AgentRow(Row):
    """An agent."""

    __tablename__ = "agents"
    name: Mapped[str] = mapped_column(String(128))
    branch: Mapped[str] = mapped_column(String(128))
    capacity: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    wrap_up_s: Mapped[float | None] = mapped_column(Float)
    may_pull: Mapped[bool] = mapped_column(Boolean, default=False)
    queues: Mapped[list[MemberRow]] = relationship(
        cascade="all, delete-orphan", order_by=MemberRow.queue, lazy="selectin"
    )
    skills: Mapped[list[AbleRow]] = relationship(
        cascade="all, delete-orphan", order_by=AbleRow.skill, lazy="selectin"
    )


group_agents = Table(
    "group_agents",
    Base.metadata,
    Column("group", ForeignKey("agent_groups.id", ondelete="CASCADE"), primary_key=True),
    Column("agent", ForeignKey("agents.id"), primary_key=True, index=True),
)


class GroupRow(Row):
    """A named set of agents a recipe may widen to."""

    __tablename__ = "agent_groups"
    name: Mapped[str] = mapped_column(String(128))
    agents: Mapped[list[AgentRow]] = relationship(
        secondary=group_agents, order_by=AgentRow.id, lazy="selectin"
    )


def device_of(agent: str) -> DeviceId:
    """The telephone that rings for an agent: their desk's."""
    return DeviceId(f"desk-{agent}")


def skill_text(skill: str, level: int) -> str:
    """A skill as it is written: ``english``, or ``english/3`` above the first level."""
    return skill if level == 1 else f"{skill}/{level}"


def load_config(session: Session) -> FloorConfigured:
    """What the rows say of the floor; queues, agents and groups are in the order of their ids."""
    queues = session.scalars(select(QueueRow).order_by(QueueRow.id)).all()
    agents = session.scalars(select(AgentRow).order_by(AgentRow.id))
    groups = session.scalars(select(GroupRow).order_by(GroupRow.id)).all()
    there = {"queues": {row.id for row in queues}, "groups": {row.id for row in groups}}
    return FloorConfigured(
        tuple(_without_dangling(_queue_config(row), there) for row in queues),
        tuple(_agent_config(row) for row in agents),
        groups=tuple(_group_config(row) for row in groups),
    )


def _without_dangling(queue: QueueConfig, there: dict[str, set[str]]) -> QueueConfig:
    """The queue without what its recipe can no longer do.

    Rows a recipe names cannot be deleted, but where two admins are at work at once the database does not
    keep them from it, and the floor refuses a configuration that names what is not there.
    """
    dangling = [one for one in references(queue.recipe) if one.id not in there.get(one.kind, (one.id,))]
    if not dangling:
        return queue
    for one in dangling:
        log.error("queue %s: recipe step %d: %r names what is not there", queue.id, one.step, one.text)
    return replace(queue, recipe=tuple(_kept(queue.recipe, {(one.kind, one.id) for one in dangling})))


def _kept(recipe: tuple[Step, ...], gone: set[tuple[str, str]]) -> Iterator[Step]:
    for step in recipe:
        do = tuple(one for one in step.do if (kind_of(one), one.name) not in gone)
        if do:
            yield replace(step, do=do)


_AS_THEY_ARE = (
    *("name", "target_s", "target_share", "short_s", "ring_s", "wrap_up_s", "wrap_up_open", "wrap_up_cap_s"),
    *("max_wait_s", "max_length", "base_priority", "age_rate", "age_cap", "weight", "strategy", "busy_by"),
    *("busy_window_s", "ring_next_s", "seed", "channel", "branch", "home_branch_s", "home_branch_first"),
    *("prefer_s", "resume_s", "timezone"),
)


def _queue_config(row: QueueRow) -> QueueConfig:
    quiet_from, quiet_to = row.callback["quiet"]
    return QueueConfig(
        QueueId(row.id),
        join_empty=tuple(row.join_empty),
        leave_empty=tuple(row.leave_empty),
        callback=CallbackRules(**{**row.callback, "quiet": (quiet_from, quiet_to)}),
        announce=Announcements(**row.announce),
        recipe=read_recipe(row.recipe),
        **{name: getattr(row, name) for name in _AS_THEY_ARE},
    )


def _agent_config(row: AgentRow) -> AgentConfig:
    return AgentConfig(
        AgentId(row.id),
        row.name,
        device_of(row.id),
        tuple(QueueId(member.queue) for member in row.queues),
        tuple(skill_text(able.skill, able.level) for able in row.skills),
        tuple(
            Membership(QueueId(member.queue), member.level, member.penalty)
            for member in row.queues
            if (member.level, member.penalty) != (1, 0)
        ),
        branch=row.branch,
        capacity=dict(sorted(row.capacity.items())),
        wrap_up_s=row.wrap_up_s,
        may_pull=row.may_pull,
    )


def _group_config(row: GroupRow) -> GroupConfig:
    return GroupConfig(row.id, row.name, tuple(AgentId(agent.id) for agent in row.agents))
