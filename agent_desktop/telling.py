"""How routes speak to the live floor: a fact goes in, its refusal comes out as a Problem."""

import base64
import re
import secrets
import time
from typing import Annotated, Any

from fastapi import Depends, Request

from calls.runner import Runner
from common.phones import normalise
from common.problems import Problem
from domain.calls import Ignored
from domain.desk import DeskFact
from domain.ids import CallId

REFUSED: dict[int | str, dict[str, Any]] = {409: {"description": "The floor cannot do this now, and why"}}
_SHORT = re.compile(r"[0-9]{3,8}")
_BETWEEN = re.compile(r"[\s().-]")


def _runner(request: Request) -> Runner:
    runner: Runner = request.app.state.runner
    if runner.failure is not None:
        raise Problem(503, "The floor has stopped", f"The journal cannot be written: {runner.failure}")
    if not runner.hears:
        raise Problem(503, "The platform stops", "Nothing is heard any more; come back in a moment.")
    return runner


Floor = Annotated[Runner, Depends(_runner)]


def tell(floor: Runner, fact: DeskFact) -> None:
    """Tell the floor. Raises a 409 Problem with its reason when the fact changes nothing."""
    why = refusal(floor, fact)
    if why:
        raise not_now(why)


def refusal(floor: Runner, fact: DeskFact) -> str:
    """Tell the floor; why it passed the fact over, empty if it did not."""
    kind = type(fact).__name__
    return next((m.why for m in floor.ask(fact) if isinstance(m, Ignored) and m.fact == kind), "")


def not_now(why: str) -> Problem:
    """The floor's reason as a 409 Problem."""
    return Problem(409, "Not now", f"{why[:1].upper()}{why[1:]}.")


def read_number(request: Request, text: str) -> str:
    """A number somebody wants dialled, as E.164; a short one (``95588``) as it is. Raises a 422 Problem."""
    region: str = request.app.state.settings.region
    number = normalise(text, region)
    if number is not None:
        return number
    bare = _BETWEEN.sub("", text)
    if _SHORT.fullmatch(bare):
        return bare
    raise Problem(422, "No telephone number", f"{text!r} is no number that can be dialled.", at="number")


def name_call() -> CallId:
    """A new call's name: when it began (UTC) and eight letters of chance; it holds no dot."""
    stamp = time.strftime("%y%m%d-%H%M%S", time.gmtime())
    tail = base64.b32encode(secrets.token_bytes(5)).decode().lower()
    return CallId(f"{stamp}-{tail}")
