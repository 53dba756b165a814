"""What is wrong with a request's fields, as one sentence a page can show and as a list it can place."""

from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute

from common.problems import Problem


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one field (``hours.mon``), said as the rest of a sentence that begins with it."""

    field: str
    message: str


def invalid(faults: Iterable[Fault]) -> Problem:
    """A 422 Problem whose detail names each field, with the same as ``errors``."""
    listed = list(faults)
    detail = "; ".join(f"{f.field} {f.message}" if f.field else f.message for f in listed) + "."
    errors = [{"at": f.field, "message": f.message} for f in listed]
    return Problem(422, "This cannot be saved", detail, errors=errors)


def faults_of(errors: Sequence[Mapping[str, Any]]) -> list[Fault]:
    """Pydantic's errors as faults; where FastAPI found the value (``body``) is not part of the field."""
    return [Fault(".".join(_place(error["loc"])), _words(error)) for error in errors]


class NamedFaults(APIRoute):
    """A route that answers a body that is not valid with a detail that names the fields."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The route's handler, with the errors of validation translated."""
        handle = super().get_route_handler()

        async def named(request: Request) -> Response:
            try:
                return await handle(request)
            except RequestValidationError as error:
                raise invalid(faults_of(error.errors())) from None

        return named


def _place(loc: Sequence[int | str]) -> list[str]:
    return [str(part) for part in (loc[1:] if loc and loc[0] in ("body", "path", "query") else loc)]


def _words(error: Mapping[str, Any]) -> str:
    if error["type"] == "value_error":  # ours: already a sentence
        return str(error["ctx"]["error"])
    if error["type"] == "extra_forbidden":
        return "is no field of this kind"
    if error["type"] == "missing":
        return "is missing"
    message = str(error["msg"])
    return f"is not right: {message[:1].lower()}{message[1:]}"
