"""Agents, queues and skills as tables, and the floor's configuration read from them."""

from sqlalchemy import Column, Float, ForeignKey, Integer, String, Table, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from common.db import Base
from common.rows import Row
from domain.config import AgentConfig, FloorConfigured, QueueConfig
from domain.ids import AgentId, DeviceId, QueueId

# The database itself keeps a queue or skill alive while somebody has it, whoever is faster.
agent_queues = Table(
    "agent_queues",
    Base.metadata,
    Column("agent", ForeignKey("agents.id", ondelete="CASCADE"), primary_key=True),
    Column("queue", ForeignKey("queues.id"), primary_key=True, index=True),
)
agent_skills = Table(
    "agent_skills",
    Base.metadata,
    Column("agent", ForeignKey("agents.id", ondelete="CASCADE"), primary_key=True),
    Column("skill", ForeignKey("skills.id"), primary_key=True, index=True),
)


class QueueRow(Row):
    """A queue with the rules of ``domain.config.QueueConfig``, times in seconds."""

    __tablename__ = "queues"
    name: Mapped[str] = mapped_column(String(128))
    target_s: Mapped[float] = mapped_column(Float)
    target_share: Mapped[float] = mapped_column(Float)
    ring_s: Mapped[float] = mapped_column(Float)
    wrap_up_s: Mapped[float] = mapped_column(Float)
    max_wait_s: Mapped[float] = mapped_column(Float)
    max_length: Mapped[int] = mapped_column(Integer)
    when_no_agents: Mapped[str] = mapped_column(String(8))
    age_rate: Mapped[float] = mapped_column(Float)
    age_cap: Mapped[float] = mapped_column(Float)
    weight: Mapped[int] = mapped_column(Integer)
    busy_window_s: Mapped[float] = mapped_column(Float)
    timezone: Mapped[str] = mapped_column(String(64))


class SkillRow(Row):
    """Something a call may ask for; flows name it by its id."""

    __tablename__ = "skills"
    name: Mapped[str] = mapped_column(String(128))


class AgentRow(Row):
    """An agent."""

    __tablename__ = "agents"
    name: Mapped[str] = mapped_column(String(128))
    branch: Mapped[str] = mapped_column(String(128))
    queues: Mapped[list[QueueRow]] = relationship(
        secondary=agent_queues, order_by=QueueRow.id, lazy="selectin"
    )
    skills: Mapped[list[SkillRow]] = relationship(
        secondary=agent_skills, order_by=SkillRow.id, lazy="selectin"
    )


def device_of(agent: str) -> DeviceId:
    """The telephone that rings for an agent: their desk's."""
    return DeviceId(f"desk-{agent}")


def load_config(session: Session) -> FloorConfigured:
    """The whole configuration of the floor; queues and agents are in the order of their ids."""
    queues = session.scalars(select(QueueRow).order_by(QueueRow.id))
    agents = session.scalars(select(AgentRow).order_by(AgentRow.id))
    return FloorConfigured(
        tuple(_queue_config(row) for row in queues), tuple(_agent_config(row) for row in agents)
    )


def _queue_config(row: QueueRow) -> QueueConfig:
    return QueueConfig(
        QueueId(row.id),
        row.name,
        target_s=row.target_s,
        target_share=row.target_share,
        ring_s=row.ring_s,
        wrap_up_s=row.wrap_up_s,
        max_wait_s=row.max_wait_s,
        max_length=row.max_length,
        when_no_agents="wait" if row.when_no_agents == "wait" else "return",
        age_rate=row.age_rate,
        age_cap=row.age_cap,
        weight=row.weight,
        busy_window_s=row.busy_window_s,
        timezone=row.timezone,
    )


def _agent_config(row: AgentRow) -> AgentConfig:
    return AgentConfig(
        AgentId(row.id),
        row.name,
        device_of(row.id),
        tuple(QueueId(queue.id) for queue in row.queues),
        tuple(skill.id for skill in row.skills),
    )
