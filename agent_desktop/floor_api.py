"""What supervisors do with the live floor. Every route tells the floor a fact that says who did it."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field, ValidationError

from agent_desktop.api import Pause
from agent_desktop.history_api import LATEST_MS
from agent_desktop.hub import Hub
from agent_desktop.telling import REFUSED, Floor, name_call, read_number, tell
from agent_desktop.views import candidate
from calls.runner import wall_clock
from common.auth import Signed, require
from common.db import Database
from common.faults import NamedFaults, faults_of, invalid
from common.problems import Problem
from common.rows import KINDS
from domain.desk import (
    AgentPaused,
    AgentReady,
    AgentSignedOut,
    CallAssigned,
    CallbackAsked,
    CallbackCancelled,
    CallPrioritised,
    QueueClosed,
    QueueOpened,
)
from domain.floor import Standing
from domain.ids import AgentId, CallId, QueueId
from domain.instant import Instant

router = APIRouter(prefix="/api/floor", tags=["floor"], route_class=NamedFaults)
Supervising = Annotated[Signed, Depends(require("supervisor", "admin"))]


class Abilities(BaseModel):
    """What an agent serves and is good at from now on; what is left out stays as it is."""

    queues: list[str] | None = Field(default=None, max_length=1000)
    skills: list[str] | None = Field(default=None, max_length=1000)


class To(BaseModel):
    """Who shall have the call."""

    agent: str = Field(min_length=1, max_length=64)


class Priority(BaseModel):
    """What the call's priority starts from; ageing comes on top."""

    base_priority: float = Field(ge=-1_000_000, le=1_000_000, allow_inf_nan=False)


class Closing(BaseModel):
    """What callers are told while the queue is closed; empty: they go back to their flow without a word."""

    message: str = Field(default="", max_length=500)


class Wanted(BaseModel):
    """Whom to call back; ``since`` (ms) is the place in the queue they get, now if it is left out."""

    number: str = Field(min_length=1, max_length=64)
    queue: str = Field(min_length=1, max_length=64)
    since: int | None = Field(default=None, ge=0, le=LATEST_MS)


class Kept(BaseModel):
    """The callback that is kept."""

    callback: str


class Looked(BaseModel):
    """An agent looked at for a call: ``filtered`` says why not; else the figures say how good."""

    agent: str
    name: str
    filtered: str
    handled_s: float
    idle_s: float
    missed: int
    preferred: bool
    penalty: int
    home: bool
    score: list[float]


class StandingOfCall(BaseModel):
    """Where a waiting call stands, and why nobody has it yet; ``steps_done`` of its queue's recipe."""

    call: str
    queue: str
    queue_name: str
    position: int
    priority: float
    waited_s: float
    estimate_s: float | None
    skills: list[str]
    level: int
    held_for: str | None
    held_for_name: str
    steps_done: list[int]
    candidates: list[Looked]


# ------------------------------------------------------------------ agents


@router.post("/agents/{agent}/sign-out", status_code=204, responses=REFUSED)
async def sign_out(agent: str, signed: Supervising, floor: Floor) -> None:
    """End an agent's work, after the contact under way."""
    tell(floor, AgentSignedOut(AgentId(agent), by=signed.user))


@router.post("/agents/{agent}/pause", status_code=204, responses=REFUSED)
async def pause(agent: str, body: Pause, signed: Supervising, floor: Floor) -> None:
    """Let an agent take no calls, from now or after the contact under way."""
    tell(floor, AgentPaused(AgentId(agent), body.reason, by=signed.user))


@router.post("/agents/{agent}/ready", status_code=204, responses=REFUSED)
async def ready(agent: str, signed: Supervising, floor: Floor) -> None:
    """Let an agent take calls."""
    tell(floor, AgentReady(AgentId(agent), by=signed.user))


@router.post("/agents/{agent}/skills", status_code=204)
def change_abilities(agent: str, body: Abilities, request: Request, _signed: Supervising) -> None:
    """Change an agent's queues and skills for good: their row is written, and the floor hears of it."""
    kind, database = KINDS["agents"], _database(request)
    with database.transaction() as session:
        row = kind.get(session, agent)
        fields = kind.show(row)
        if body.skills is not None:
            fields["skills"] = body.skills
        if body.queues is not None:
            # Level and penalty in a queue that stays are an administrator's word, and stay too.
            before = {one["queue"]: one for one in fields["queues"] if isinstance(one, dict)}
            fields["queues"] = [before.get(queue, queue) for queue in body.queues]
        try:
            new = kind.body.model_validate(fields)
        except ValidationError as error:
            raise invalid(faults_of(error.errors())) from None
        kind.update(session, row, new)
    request.app.state.rows_changed(kind.name)


# ------------------------------------------------------------------ calls


@router.post("/calls/{call}/assign", status_code=204, responses=REFUSED)
async def assign(call: str, body: To, signed: Supervising, floor: Floor) -> None:
    """Give a waiting call to an agent, out of turn."""
    tell(floor, CallAssigned(CallId(call), AgentId(body.agent), signed.user))


@router.post("/calls/{call}/priority", status_code=204, responses=REFUSED)
async def prioritise(call: str, body: Priority, signed: Supervising, floor: Floor) -> None:
    """Set what a waiting call's priority starts from."""
    tell(floor, CallPrioritised(CallId(call), body.base_priority, signed.user))


@router.get("/calls/{call}/standing")
async def standing(call: str, request: Request, _signed: Supervising, floor: Floor) -> StandingOfCall:
    """Where a waiting call stands now, with every agent of its queue and what filters each one out."""
    machine: Any = floor.engine.floor
    found: Standing | None = machine.standing(CallId(call), wall_clock())
    if found is None:
        raise Problem(404, "This call does not wait", f"Call {call} waits in no queue, or no longer.")
    names = _hub(request).desk.names
    return StandingOfCall(
        call=found.call,
        queue=found.queue,
        queue_name=names.queues.get(found.queue, found.queue),
        position=found.position,
        priority=round(found.priority, 2),
        waited_s=round(found.waited_s, 1),
        estimate_s=None if found.estimate_s is None else round(found.estimate_s, 1),
        skills=list(found.skills),
        level=found.level,
        held_for=found.held_for,
        held_for_name=names.agents.get(found.held_for or "", found.held_for or ""),
        steps_done=list(found.steps_done),
        candidates=[Looked(**candidate(one, names)) for one in found.candidates],
    )


# ------------------------------------------------------------------ queues


@router.post("/queues/{queue}/close", status_code=204, responses=REFUSED)
async def close(queue: str, body: Closing, signed: Supervising, floor: Floor) -> None:
    """Close a queue in an emergency: who waits and who comes hears the message and goes back to the flow."""
    tell(floor, QueueClosed(QueueId(queue), body.message.strip(), signed.user))


@router.post("/queues/{queue}/open", status_code=204, responses=REFUSED)
async def open_queue(queue: str, signed: Supervising, floor: Floor) -> None:
    """Let a closed queue take calls again."""
    tell(floor, QueueOpened(QueueId(queue), signed.user))


# ------------------------------------------------------------------ callbacks


@router.post("/callbacks", status_code=201, responses=REFUSED)
async def ask_callback(request: Request, body: Wanted, signed: Supervising, floor: Floor) -> Kept:
    """Have a customer called back: they wait in the queue, without being on the line."""
    number = read_number(request, body.number)
    now = wall_clock()
    since = now if body.since is None else Instant(min(body.since * 1000, now))
    callback = name_call()
    tell(floor, CallbackAsked(callback, QueueId(body.queue), number, since, signed.user))
    return Kept(callback=callback)


@router.delete("/callbacks/{callback}", status_code=204, responses=REFUSED)
async def cancel_callback(callback: str, signed: Supervising, floor: Floor) -> None:
    """Forget a callback; the customer is not called."""
    tell(floor, CallbackCancelled(CallId(callback), signed.user))


def _hub(request: Request) -> Hub:
    hub: Hub = request.app.state.hub
    return hub


def _database(request: Request) -> Database:
    database: Database = request.app.state.database
    return database
