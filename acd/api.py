"""The admin's queues, skills, agents and groups, each under ``/api/admin/`` and its name."""

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal, get_args

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator, model_validator
from sqlalchemy import select

from acd.recipes import read_recipe, references, write_recipe
from acd.store import AbleRow, AgentRow, GroupRow, MemberRow, QueueRow, SkillRow, skill_text
from common.faults import Fault
from common.hours import read_zone
from common.rows import Change, Kind, Pointer, RowBody, RowId
from common.rows_api import admin_router
from domain.config import BusyBy

Name = Annotated[str, StringConstraints(min_length=1, max_length=128, pattern=r"^[^\x00]*$")]
Text = Annotated[str, StringConstraints(max_length=128, pattern=r"^[^\x00]*$")]
Seconds = Annotated[float, Field(ge=0, le=86_400, allow_inf_nan=False)]
Points = Annotated[float, Field(ge=-1_000_000, le=1_000_000, allow_inf_nan=False)]
Channel = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,31}$")]
Level = Annotated[int, Field(ge=1, le=9)]
Absence = Literal["signed_out", "paused", "missed", "unreachable", "offered", "on_contact", "wrap_up"]
"""What an agent may be in to count as absent."""


class _Rules(BaseModel):
    """A part of a row; an emptied number takes its default."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    @model_validator(mode="before")
    @classmethod
    def _emptied(cls, raw: Any) -> Any:
        return _without_none(raw)


def _without_none(raw: Any) -> Any:
    return {key: value for key, value in raw.items() if value is not None} if isinstance(raw, dict) else raw


# ------------------------------------------------------------------ queues


class CallbackBody(_Rules):
    """How long a callback is good for, from when to when nobody is rung, and how often it is tried."""

    expires_s: float = Field(default=86_400.0, ge=60, le=2_592_000)
    quiet: list[str] = Field(default=["21:00", "08:00"], min_length=2, max_length=2)
    attempts: int = Field(default=3, ge=1, le=20)
    retry_s: float = Field(default=1800.0, ge=30, le=86_400)

    @field_validator("quiet", mode="before")
    @classmethod
    def _as_pair(cls, quiet: Any) -> Any:
        return [end.strip() for end in quiet.split("-")] if isinstance(quiet, str) else quiet

    @field_validator("quiet")
    @classmethod
    def _are_times(cls, quiet: list[str]) -> list[str]:
        for end in quiet:
            if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", end):
                raise ValueError(f"{end!r} is no time of day; write it like 21:00")
        return quiet


class AnnounceBody(_Rules):
    """What waiting callers are told, when first and how often."""

    first_s: Seconds = 0.0
    every_s: Seconds = 0.0
    position: bool = True
    wait: bool = False
    only_improved: bool = False

    @field_validator("every_s")
    @classmethod
    def _not_all_the_time(cls, every_s: float) -> float:
        if 0 < every_s < 10:
            raise ValueError("must be 0 (not again) or at least 10 seconds")
        return every_s


class StepBody(BaseModel):
    """A step of a recipe: conditions and operations as texts, see docs/queues.md."""

    model_config = ConfigDict(extra="forbid")
    when: list[str] = Field(default=[])
    do: list[str]
    repeat: bool = False
    every: float = 15.0


class QueueBody(RowBody):
    """A queue's rules, see ``QueueConfig``. Times in seconds; an emptied number takes its default.

    The recipe may also be YAML text. ``when_no_agents`` of earlier files is read: ``wait`` or ``return``.
    """

    name: Name
    target_s: Seconds = 20.0
    target_share: float = Field(default=0.8, gt=0, le=1)
    short_s: Seconds = 5.0
    ring_s: float = Field(default=15.0, ge=1, le=600)
    wrap_up_s: Seconds = 30.0
    wrap_up_open: bool = False
    wrap_up_cap_s: Seconds = 0.0
    max_wait_s: Seconds = 0.0
    max_length: int = Field(default=0, ge=0, le=1_000_000)
    join_empty: list[Absence] = Field(default=["signed_out"])
    leave_empty: list[Absence] = Field(default=["signed_out"])
    base_priority: Points = 0.0
    age_rate: float = Field(default=0.05, ge=0, le=10_000, allow_inf_nan=False)
    age_cap: Points = 200.0
    weight: int = Field(default=0, ge=-1_000_000, le=1_000_000)
    strategy: str = Field(default="least_busy", pattern=r"^[A-Za-z][\w.-]{0,63}$")
    busy_by: BusyBy = "handled"
    busy_window_s: float = Field(default=3600.0, ge=1, le=86_400)
    ring_next_s: float = Field(default=5.0, ge=1, le=600)
    seed: int = Field(default=0, ge=0, le=2_147_483_647)
    channel: Channel = "voice"
    branch: Text = ""
    home_branch_s: Seconds = 0.0
    home_branch_first: bool = False
    prefer_s: Seconds = 0.0
    resume_s: Seconds = 0.0
    callback: CallbackBody = CallbackBody()
    announce: AnnounceBody = AnnounceBody()
    recipe: list[StepBody] = Field(default=[])
    timezone: str = Field(default="Asia/Shanghai", max_length=64)

    @model_validator(mode="before")
    @classmethod
    def _emptied(cls, raw: Any) -> Any:
        raw = _without_none(raw)
        if isinstance(raw, dict) and raw.get("when_no_agents") in ("wait", "return"):
            absent = [] if raw["when_no_agents"] == "wait" else ["signed_out"]
            rest = {key: value for key, value in raw.items() if key != "when_no_agents"}
            return {"join_empty": absent, "leave_empty": absent, **rest}
        return raw

    @field_validator("join_empty", "leave_empty")
    @classmethod
    def _once(cls, absent: list[Absence]) -> list[Absence]:
        return [one for one in get_args(Absence) if one in absent]

    @field_validator("recipe", mode="before")
    @classmethod
    def _as_kept(cls, recipe: Any) -> Any:
        if isinstance(recipe, list):
            recipe = [one.model_dump() if isinstance(one, BaseModel) else one for one in recipe]
        return write_recipe(read_recipe(recipe))

    @field_validator("timezone")
    @classmethod
    def _is_zone(cls, name: str) -> str:
        read_zone(name)
        return name


def _check_queue(change: Change[QueueRow, QueueBody]) -> Iterator[Fault]:
    body = change.body
    if body.age_cap < body.base_priority:
        yield Fault(
            "age_cap",
            f"is {body.age_cap:g}, less than the {body.base_priority:g} every call here starts from; "
            "no call's priority could ever grow",
        )
    for step, text, kind, id in references(read_recipe([one.model_dump() for one in body.recipe])):
        if kind == "queues" and id == change.id:
            yield Fault("recipe", f"step {step}: {text!r}: leads to this very queue")


def _queue_points(fields: Mapping[str, Any]) -> Iterator[Pointer]:
    for step, text, kind, id in references(read_recipe(fields["recipe"])):
        yield Pointer("recipe", kind, id, f"step {step}: {text!r}")


QUEUES = Kind("queues", QueueRow, QueueBody, points=_queue_points, check=_check_queue)

# ------------------------------------------------------------------ skills


class SkillBody(RowBody):
    """A skill; flows ask for it by its id."""

    name: Name


SKILLS = Kind("skills", SkillRow, SkillBody)

# ------------------------------------------------------------------ agents


class MemberBody(_Rules):
    """An agent in a queue; the queue's id alone stands for level 1 and penalty 0."""

    queue: RowId
    level: Level = 1
    penalty: int = Field(default=0, ge=0, le=1000)

    @model_validator(mode="before")
    @classmethod
    def _plain(cls, raw: Any) -> Any:
        return {"queue": raw} if isinstance(raw, str) else raw


class AgentBody(RowBody):
    """An agent; the telephone of their desk is ``desk-`` and the id.

    Skills are ``english`` or, above the first level, ``english/3``; ``queues`` may name queues by id alone.
    ``capacity`` is how many contacts at a time they take on a channel: one call if it says nothing.
    """

    name: Name
    queues: list[MemberBody] = Field(default=[], max_length=1000)
    skills: list[str] = Field(default=[], max_length=1000)
    branch: Text = ""
    capacity: dict[Channel, Annotated[int, Field(ge=0, le=100)]] = Field(default={})
    wrap_up_s: Seconds | None = None
    may_pull: bool = False

    @field_validator("queues")
    @classmethod
    def _one_of_each(cls, queues: list[MemberBody]) -> list[MemberBody]:
        found = {one.queue: one for one in queues}
        for one in queues:
            if found[one.queue] != one:
                raise ValueError(f"name {one.queue!r} twice, with different levels or penalties")
        return [found[queue] for queue in sorted(found)]

    @field_validator("skills")
    @classmethod
    def _levels(cls, skills: list[str]) -> list[str]:
        found: dict[str, int] = {}
        for text in skills:
            skill, level = _read_skill(text)
            if found.setdefault(skill, level) != level:
                raise ValueError(f"name {skill!r} twice, with different levels")
        return [skill_text(skill, found[skill]) for skill in sorted(found)]


def _read_skill(text: str) -> tuple[str, int]:
    skill, slash, level = text.partition("/")
    if not skill.strip() or (slash and not re.fullmatch(r"\s*[1-9]\s*", level)):
        raise ValueError(f"has {text!r}; write a skill like english or, with a level from 1 to 9, english/3")
    return skill.strip(), int(level) if slash else 1


def _fill_agent(change: Change[AgentRow, AgentBody], row: AgentRow) -> None:
    session, body = change.session, change.body
    row.name, row.branch, row.capacity = body.name, body.branch, body.capacity
    row.wrap_up_s, row.may_pull = body.wrap_up_s, body.may_pull
    # Of a file that is wrong, what is named may not be there.
    queues = {one.queue: one for one in body.queues}
    queues = {
        id: queues[id] for id in session.scalars(select(QueueRow.id).where(QueueRow.id.in_(list(queues))))
    }
    skills = dict(_read_skill(text) for text in body.skills)
    skills = {
        id: skills[id] for id in session.scalars(select(SkillRow.id).where(SkillRow.id.in_(list(skills))))
    }
    members = {member.queue: member for member in row.queues}
    row.queues = [members.get(queue) or MemberRow(queue=queue) for queue in sorted(queues)]
    for member in row.queues:
        member.level, member.penalty = queues[member.queue].level, queues[member.queue].penalty
    able = {one.skill: one for one in row.skills}
    row.skills = [able.get(skill) or AbleRow(skill=skill) for skill in sorted(skills)]
    for one in row.skills:
        one.level = skills[one.skill]


def _show_agent(row: AgentRow) -> dict[str, Any]:
    return {
        "name": row.name,
        "queues": [_show_member(member) for member in sorted(row.queues, key=lambda m: m.queue)],
        "skills": [
            skill_text(able.skill, able.level) for able in sorted(row.skills, key=lambda one: one.skill)
        ],
        "branch": row.branch,
        "capacity": dict(sorted(row.capacity.items())),
        "wrap_up_s": row.wrap_up_s,
        "may_pull": row.may_pull,
    }


def _show_member(member: MemberRow) -> str | dict[str, Any]:
    if (member.level, member.penalty) == (1, 0):
        return member.queue
    return {"queue": member.queue, "level": member.level, "penalty": member.penalty}


def _agent_points(fields: Mapping[str, Any]) -> Iterator[Pointer]:
    for one in fields["queues"]:
        yield Pointer("queues", "queues", one if isinstance(one, str) else one["queue"])
    for text in fields["skills"]:
        yield Pointer("skills", "skills", _read_skill(text)[0])


AGENTS = Kind(
    "agents",
    AgentRow,
    AgentBody,
    refs={"queues": "queues", "skills": "skills"},
    points=_agent_points,
    fill=_fill_agent,
    show=_show_agent,
)

# ------------------------------------------------------------------ groups


class GroupBody(RowBody):
    """A named set of agents; recipes widen to it by its id."""

    name: Name
    agents: list[str] = Field(default=[], max_length=10_000)

    @field_validator("agents")
    @classmethod
    def _once(cls, ids: list[str]) -> list[str]:
        return sorted(set(ids))


def _check_group(change: Change[GroupRow, GroupBody]) -> Iterator[Fault]:
    if change.id.startswith("branch:"):
        yield Fault("id", "cannot begin with branch:, which stands for the agents of a branch")


def _fill_group(change: Change[GroupRow, GroupBody], row: GroupRow) -> None:
    row.name = change.body.name
    row.agents = list(change.session.scalars(select(AgentRow).where(AgentRow.id.in_(change.body.agents))))


def _show_group(row: GroupRow) -> dict[str, Any]:
    return {"name": row.name, "agents": sorted(agent.id for agent in row.agents)}


GROUPS = Kind(
    "groups",
    GroupRow,
    GroupBody,
    refs={"agents": "agents"},
    check=_check_group,
    fill=_fill_group,
    show=_show_group,
)

router = APIRouter()
for kind in (QUEUES, SKILLS, AGENTS, GROUPS):
    router.include_router(admin_router(kind))
