"""The admin's queues, skills and agents: ``/api/admin/queues``, ``…/skills``, ``…/agents``."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter
from pydantic import Field, StringConstraints, field_validator, model_validator
from sqlalchemy import select

from acd.store import AgentRow, QueueRow, SkillRow
from common.hours import read_zone
from common.rows import Change, Kind, RowBody
from common.rows_api import admin_router

Name = Annotated[str, StringConstraints(min_length=1, max_length=128, pattern=r"^[^\x00]*$")]
Text = Annotated[str, StringConstraints(max_length=128, pattern=r"^[^\x00]*$")]
Seconds = Annotated[float, Field(ge=0, le=86_400, allow_inf_nan=False)]

# ------------------------------------------------------------------ queues


class QueueBody(RowBody):
    """A queue's rules, see ``QueueConfig``. Times in seconds; an emptied number takes its default."""

    name: Name
    target_s: Seconds = 20.0
    target_share: float = Field(default=0.8, gt=0, le=1)
    ring_s: float = Field(default=15.0, ge=1, le=600)
    wrap_up_s: Seconds = 30.0
    max_wait_s: Seconds = 0.0
    max_length: int = Field(default=0, ge=0, le=1_000_000)
    when_no_agents: Literal["wait", "return"] = "return"
    age_rate: float = Field(default=0.05, ge=0, le=10_000, allow_inf_nan=False)
    age_cap: float = Field(default=200.0, ge=0, le=1_000_000, allow_inf_nan=False)
    weight: int = Field(default=0, ge=-1_000_000, le=1_000_000)
    busy_window_s: float = Field(default=3600.0, ge=1, le=86_400)
    timezone: str = Field(default="Asia/Shanghai", max_length=64)

    @model_validator(mode="before")
    @classmethod
    def _emptied(cls, raw: Any) -> Any:
        return {k: v for k, v in raw.items() if v is not None} if isinstance(raw, dict) else raw

    @field_validator("timezone")
    @classmethod
    def _is_zone(cls, name: str) -> str:
        read_zone(name)
        return name


QUEUES = Kind("queues", QueueRow, QueueBody)

# ------------------------------------------------------------------ skills


class SkillBody(RowBody):
    """A skill; flows ask for it by its id."""

    name: Name


SKILLS = Kind("skills", SkillRow, SkillBody)

# ------------------------------------------------------------------ agents


class AgentBody(RowBody):
    """An agent; the telephone of their desk is ``desk-`` and the id."""

    name: Name
    queues: list[str] = Field(default=[], max_length=1000)
    skills: list[str] = Field(default=[], max_length=1000)
    branch: Text = ""

    @field_validator("queues", "skills")
    @classmethod
    def _once(cls, ids: list[str]) -> list[str]:
        return sorted(set(ids))


def _fill_agent(change: Change[AgentRow, AgentBody], row: AgentRow) -> None:
    session, body = change.session, change.body
    row.name, row.branch = body.name, body.branch
    row.queues = list(session.scalars(select(QueueRow).where(QueueRow.id.in_(body.queues))))
    row.skills = list(session.scalars(select(SkillRow).where(SkillRow.id.in_(body.skills))))


def _show_agent(row: AgentRow) -> dict[str, Any]:
    return {
        "name": row.name,
        "queues": sorted(queue.id for queue in row.queues),
        "skills": sorted(skill.id for skill in row.skills),
        "branch": row.branch,
    }


AGENTS = Kind(
    "agents",
    AgentRow,
    AgentBody,
    refs={"queues": "queues", "skills": "skills"},
    fill=_fill_agent,
    show=_show_agent,
)

router = APIRouter()
for kind in (QUEUES, SKILLS, AGENTS):
    router.include_router(admin_router(kind))
