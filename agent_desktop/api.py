"""What an agent does in the page. Every route tells the floor a fact; the answer comes by the socket."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field

from agent_desktop.credentials import Credentials
from agent_desktop.hub import Hub
from agent_desktop.telling import REFUSED, Floor, name_call, not_now, read_number, refusal, tell
from calls.runner import Runner
from common.auth import Signed, require
from common.problems import Problem
from domain.desk import (
    AgentPaused,
    AgentReady,
    AgentSignedIn,
    AgentSignedOut,
    CallNoted,
    DialAsked,
    HangUpAsked,
    HoldAsked,
    OfferDeclined,
    PickUpAsked,
    ResumeAsked,
    TransferAsked,
    WrapUpEnded,
)
from domain.floor import AgentChanged
from domain.ids import AgentId, CallId, DeviceId, OfferId, QueueId

router = APIRouter(prefix="/api/desk", tags=["desk"])
DIALLING = "dialling"
"""Why an agent takes no calls between the end of their wrap-up and the call they dial."""


class Device(BaseModel):
    """How the page's telephone registers; the password is good for this session only."""

    uri: str
    password: str
    ws: str
    register_expires: int


class Pause(BaseModel):
    """Why the agent takes no calls."""

    reason: str = Field(min_length=1, max_length=64)


class OfCall(BaseModel):
    """A call the agent has."""

    call: str = Field(min_length=1, max_length=64)


class AnyCall(BaseModel):
    """A call of the floor."""

    call: str = Field(min_length=1, max_length=64)


class Dialled(BaseModel):
    """A number to dial, however it is written; ``queue`` names the work it counts for."""

    number: str = Field(min_length=1, max_length=64)
    queue: str | None = Field(default=None, min_length=1, max_length=64)


class Begun(BaseModel):
    """The call that begins."""

    call: str


class Handed(BaseModel):
    """Whom the caller is handed to: ``target`` is a queue's or an agent's id, or a number."""

    call: str = Field(min_length=1, max_length=64)
    to: Literal["queue", "agent", "number"]
    target: str = Field(min_length=1, max_length=64)


class QueueTarget(BaseModel):
    """A queue a caller can be handed to; ``estimate_s`` is the wait to be expected there."""

    id: str
    name: str
    waiting: int
    available: int
    estimate_s: float | None
    closed: bool


class AgentTarget(BaseModel):
    """A colleague at work."""

    id: str
    name: str
    state: str
    queues: list[str]


class Targets(BaseModel):
    """Whom a caller can be handed to; ``mine`` are the agent's own queues."""

    queues: list[QueueTarget]
    agents: list[AgentTarget]
    mine: list[str]


class OfOffer(BaseModel):
    """An offer made to the agent."""

    offer: str = Field(min_length=1, max_length=64)


class WrapUp(BaseModel):
    """The work after a call; ``done`` ends it."""

    call: str = Field(min_length=1, max_length=64)
    code: str = Field(default="", max_length=64)
    note: str = Field(default="", max_length=10_000)
    done: bool = False


class Chosen(BaseModel):
    """Which of several customers is calling."""

    call: str = Field(min_length=1, max_length=64)
    customer: str = Field(min_length=1, max_length=64)


Anybody = Annotated[Signed, Depends(require("agent", "supervisor", "planner", "admin"))]


def desk_agent(signed: Anybody) -> AgentId:
    """The agent behind the session. Raises a 403 Problem for a user who is no agent."""
    if signed.agent is None:
        raise Problem(403, "You take no calls", "This user is not linked to an agent; an admin can link it.")
    return AgentId(signed.agent)


Me = Annotated[AgentId, Depends(desk_agent)]


@router.post("/device")
async def device(request: Request, me: Me) -> Device:
    """A telephone for this page."""
    credentials: Credentials = request.app.state.credentials
    user, password = credentials.issue(me)
    secure = "wss" if request.url.scheme == "https" else "ws"
    host = request.url.hostname or "localhost"
    return Device(
        uri=f"sip:{user}@{host}",
        password=password,
        ws=f"{secure}://{request.url.netloc}/sip",
        register_expires=120,
    )


@router.post("/sign-in", status_code=204, responses=REFUSED)
async def sign_in(me: Me, floor: Floor) -> None:
    """Begin to work: paused until ready. A session that is under way (a reload) goes on as it is."""
    device = DeviceId(Credentials.device_of(me))
    why = refusal(floor, AgentSignedIn(me, device))
    if why and not any(
        isinstance(view, AgentChanged) and (view.agent, view.device) == (me, device)
        for view in floor.engine.views()
    ):
        raise not_now(why)


@router.post("/sign-out", status_code=204, responses=REFUSED)
async def sign_out(me: Me, floor: Floor) -> None:
    """Stop working, after the contact under way. The telephone's password ends with it."""
    tell(floor, AgentSignedOut(me))


@router.post("/ready", status_code=204, responses=REFUSED)
async def ready(me: Me, floor: Floor) -> None:
    """Take calls."""
    tell(floor, AgentReady(me))


@router.post("/pause", status_code=204, responses=REFUSED)
async def pause(body: Pause, me: Me, floor: Floor) -> None:
    """Take no calls for a while."""
    tell(floor, AgentPaused(me, body.reason))


@router.post("/decline", status_code=204, responses=REFUSED)
async def decline(body: OfOffer, me: Me, floor: Floor) -> None:
    """Say no to an offer; it goes to somebody else."""
    tell(floor, OfferDeclined(me, OfferId(body.offer)))


@router.post("/hold", status_code=204, responses=REFUSED)
async def hold(body: OfCall, me: Me, floor: Floor) -> None:
    """Let the caller hear music."""
    tell(floor, HoldAsked(me, _mine(floor, me, body.call)))


@router.post("/resume", status_code=204, responses=REFUSED)
async def resume(body: OfCall, me: Me, floor: Floor) -> None:
    """Talk again."""
    tell(floor, ResumeAsked(me, _mine(floor, me, body.call)))


@router.post("/hang-up", status_code=204, responses=REFUSED)
async def hang_up(body: OfCall, me: Me, floor: Floor) -> None:
    """End the conversation."""
    tell(floor, HangUpAsked(me, _mine(floor, me, body.call)))


@router.post("/pick-up", status_code=204, responses=REFUSED)
async def pick_up(body: AnyCall, me: Me, floor: Floor) -> None:
    """Take a call that rings at a colleague, or one that waits if you may."""
    tell(floor, PickUpAsked(me, CallId(body.call)))


@router.post("/dial", responses=REFUSED)
async def dial(request: Request, body: Dialled, me: Me, floor: Floor) -> Begun:
    """Dial a number: your telephone is connected first, then the number is dialled."""
    number, call = read_number(request, body.number), name_call()
    dial = DialAsked(me, call, number, None if body.queue is None else QueueId(body.queue))
    view = _hub(request).desk.agents.get(me)
    if view is None or view["state"] != "wrap_up" or view["next_state"]:
        tell(floor, dial)
        return Begun(call=call)
    # Who dials from their wrap-up has finished it. In between they are paused, so that no call comes first;
    # no fact is heard between these, for nothing here waits.
    tell(floor, AgentPaused(me, DIALLING))
    tell(floor, WrapUpEnded(me))
    why = refusal(floor, dial)
    tell(floor, AgentReady(me))
    if why:
        raise not_now(why)
    return Begun(call=call)


@router.post("/transfer", status_code=204, responses=REFUSED)
async def transfer(request: Request, body: Handed, me: Me, floor: Floor) -> None:
    """Hand your caller on. Until somebody else has them, they wait in their place."""
    call = _mine(floor, me, body.call)
    desk = _hub(request).desk
    target = body.target
    if body.to == "number":
        target = read_number(request, target)
    elif target not in (desk.queues if body.to == "queue" else desk.agents):
        raise Problem(404, f"No such {body.to}", f"There is no {body.to} {target}.")
    elif body.to == "queue" and desk.queues[target]["closed"] is not None:
        # They would hear that it is closed, and be alone with the menu.
        raise not_now(f"queue {target} is closed")
    tell(floor, TransferAsked(me, call, body.to, target))


@router.get("/targets")
async def targets(request: Request, me: Me) -> Targets:
    """Queues, and colleagues at work: all a caller can be handed to."""
    desk = _hub(request).desk
    return Targets(
        queues=[
            QueueTarget(
                id=view["id"],
                name=view["name"],
                waiting=view["waiting"],
                available=view["available"],
                estimate_s=view["estimate_s"],
                closed=view["closed"] is not None,
            )
            for view in desk.queues.values()
        ],
        agents=[
            AgentTarget(
                id=view["id"],
                name=view["name"],
                state=view["state"],
                queues=sorted(desk.serves.get(view["id"], ())),
            )
            for view in desk.agents.values()
            if view["state"] != "signed_out" and view["id"] != me
        ],
        mine=sorted(desk.serves.get(me, ())),
    )


@router.post("/wrap-up", status_code=204, responses=REFUSED)
async def wrap_up(request: Request, body: WrapUp, me: Me, floor: Floor) -> None:
    """Save code and note of a call; ``done`` makes the agent available again."""
    _on_my_desk(request, me, body.call)
    tell(floor, CallNoted(me, CallId(body.call), body.code, body.note))
    if body.done:
        tell(floor, WrapUpEnded(me))


@router.post("/card", status_code=204)
async def card(request: Request, body: Chosen, me: Me) -> None:
    """Choose who is calling when several customers share the number."""
    hub = _on_my_desk(request, me, body.call)
    if body.customer not in hub.desk.calls[body.call]["candidates"]:
        raise Problem(422, "Not one of the candidates", f"{body.customer} does not share this number.")
    hub.pop(body.call, body.customer)


def _hub(request: Request) -> Hub:
    hub: Hub = request.app.state.hub
    return hub


def _on_my_desk(request: Request, me: AgentId, call: str) -> Hub:
    hub = _hub(request)
    if call not in hub.desk.calls or call not in hub.desk.shown.get(me, ()):
        raise Problem(404, "This call is not yours", f"Call {call} is not, or no longer, on your desk.")
    return hub


def _mine(floor: Runner, me: AgentId, call: str) -> CallId:
    machine = floor.engine.calls.get(CallId(call))
    if machine is None or machine.state.agent != me:
        raise Problem(404, "This call is not yours", f"Call {call} is not, or no longer, with you.")
    return CallId(call)


class Choice(BaseModel):
    """Something to choose from, in both languages."""

    id: str
    zh: str
    en: str


PAUSE_REASONS: list[dict[str, Any]] = [
    {"id": "break", "zh": "小休", "en": "Break"},
    {"id": "lunch", "zh": "用餐", "en": "Lunch"},
    {"id": "training", "zh": "培训", "en": "Training"},
    {"id": "meeting", "zh": "会议", "en": "Meeting"},
    {"id": "back_office", "zh": "后台处理", "en": "Back office"},
]
WRAP_UP_CODES: list[dict[str, Any]] = [
    {"id": "enquiry", "zh": "咨询", "en": "Enquiry"},
    {"id": "complaint", "zh": "投诉", "en": "Complaint"},
    {"id": "suggestion", "zh": "建议", "en": "Suggestion"},
    {"id": "confirmation", "zh": "服务确认", "en": "Service confirmation"},
    {"id": "survey", "zh": "满意度调查", "en": "Satisfaction survey"},
    {"id": "follow_up", "zh": "回访", "en": "Follow-up"},
]
