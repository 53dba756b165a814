"""What an agent does in the page. Every route tells the floor a fact; the answer comes by the socket."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field

from agent_desktop.credentials import Credentials
from agent_desktop.hub import Hub
from calls.runner import Runner
from common.auth import Signed, require
from common.problems import Problem
from domain.calls import Ignored
from domain.desk import (
    AgentPaused,
    AgentReady,
    AgentSignedIn,
    AgentSignedOut,
    CallNoted,
    DeskFact,
    HangUpAsked,
    HoldAsked,
    OfferDeclined,
    ResumeAsked,
    WrapUpEnded,
)
from domain.floor import AgentChanged
from domain.ids import AgentId, CallId, DeviceId, OfferId

router = APIRouter(prefix="/api/desk", tags=["desk"])
REFUSED: dict[int | str, dict[str, Any]] = {409: {"description": "The floor cannot do this now, and why"}}


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


def _runner(request: Request) -> Runner:
    runner: Runner = request.app.state.runner
    if runner.failure is not None:
        raise Problem(503, "The floor has stopped", f"The journal cannot be written: {runner.failure}")
    if not runner.hears:
        raise Problem(503, "The platform stops", "Nothing is heard any more; come back in a moment.")
    return runner


Floor = Annotated[Runner, Depends(_runner)]


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
    why = _refusal(floor, AgentSignedIn(me, device))
    if why and not any(
        isinstance(view, AgentChanged) and (view.agent, view.device) == (me, device)
        for view in floor.engine.views()
    ):
        raise _not_now(why)


@router.post("/sign-out", status_code=204, responses=REFUSED)
async def sign_out(me: Me, floor: Floor) -> None:
    """Stop working, after the contact under way. The telephone's password ends with it."""
    _tell(floor, AgentSignedOut(me))


@router.post("/ready", status_code=204, responses=REFUSED)
async def ready(me: Me, floor: Floor) -> None:
    """Take calls."""
    _tell(floor, AgentReady(me))


@router.post("/pause", status_code=204, responses=REFUSED)
async def pause(body: Pause, me: Me, floor: Floor) -> None:
    """Take no calls for a while."""
    _tell(floor, AgentPaused(me, body.reason))


@router.post("/decline", status_code=204, responses=REFUSED)
async def decline(body: OfOffer, me: Me, floor: Floor) -> None:
    """Say no to an offer; it goes to somebody else."""
    _tell(floor, OfferDeclined(me, OfferId(body.offer)))


@router.post("/hold", status_code=204, responses=REFUSED)
async def hold(body: OfCall, me: Me, floor: Floor) -> None:
    """Let the caller hear music."""
    _tell(floor, HoldAsked(me, _mine(floor, me, body.call)))


@router.post("/resume", status_code=204, responses=REFUSED)
async def resume(body: OfCall, me: Me, floor: Floor) -> None:
    """Talk again."""
    _tell(floor, ResumeAsked(me, _mine(floor, me, body.call)))


@router.post("/hang-up", status_code=204, responses=REFUSED)
async def hang_up(body: OfCall, me: Me, floor: Floor) -> None:
    """End the conversation."""
    _tell(floor, HangUpAsked(me, _mine(floor, me, body.call)))


@router.post("/wrap-up", status_code=204, responses=REFUSED)
async def wrap_up(request: Request, body: WrapUp, me: Me, floor: Floor) -> None:
    """Save code and note of a call; ``done`` makes the agent available again."""
    _on_my_desk(request, me, body.call)
    _tell(floor, CallNoted(me, CallId(body.call), body.code, body.note))
    if body.done:
        _tell(floor, WrapUpEnded(me))


@router.post("/card", status_code=204)
async def card(request: Request, body: Chosen, me: Me) -> None:
    """Choose who is calling when several customers share the number."""
    hub = _on_my_desk(request, me, body.call)
    if body.customer not in hub.desk.calls[body.call]["candidates"]:
        raise Problem(422, "Not one of the candidates", f"{body.customer} does not share this number.")
    hub.pop(body.call, body.customer)


def _tell(floor: Runner, fact: DeskFact) -> None:
    """Tell the floor. Raises a 409 Problem with its reason when the fact changes nothing."""
    why = _refusal(floor, fact)
    if why:
        raise _not_now(why)


def _refusal(floor: Runner, fact: DeskFact) -> str:
    """Tell the floor; why it passed the fact over, empty if it did not."""
    kind = type(fact).__name__
    return next((m.why for m in floor.ask(fact) if isinstance(m, Ignored) and m.fact == kind), "")


def _not_now(why: str) -> Problem:
    return Problem(409, "Not now", f"{why[:1].upper()}{why[1:]}.")


def _on_my_desk(request: Request, me: AgentId, call: str) -> Hub:
    hub: Hub = request.app.state.hub
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
