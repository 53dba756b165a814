"""``http``: ask a system that speaks HTTP and JSON. Which hosts may be asked is not decided here."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar
from urllib.parse import quote

from domain.flow import Answered
from ivr.asks import HTTP_METHODS
from ivr.flow import Fields
from ivr.nodes.outside import Outside, read_outside
from ivr.templates import variables_in, whole_variable
from ivr.walk import AskKind, Walk

SLACK_S = 1.0
"""Who asks gives up first, and can say why."""

_URL = re.compile(r"https?://[^/?#{}\s]+([/?#].*)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Http(Outside):
    """Make a request, and take values out of the JSON that comes back.

    ``into`` is variable to the place in the JSON: ``data.items.0.amount``, with ``?`` if it may be missing.
    """

    method: str
    url: str
    query: dict[str, str]
    headers: dict[str, str]
    body: Any
    retries: int
    status: str

    TYPE: ClassVar[str] = "http"
    NEEDS: ClassVar[tuple[str, ...]] = ("ok",)
    MAY: ClassVar[tuple[str, ...]] = ("none",)
    OK: ClassVar[str] = "ok"
    NONE: ClassVar[str] = "none"

    @classmethod
    def read(cls, fields: Fields) -> dict[str, Any]:
        """``method``, ``url``, ``query``, ``headers``, ``body``, ``retries``, ``into``, ``status``."""
        url = fields.template("url")
        if url and not _URL.fullmatch(url):
            fields.wrong("url must begin with http:// or https:// and a host that is written out", "url")
        method = fields.text("method", "GET", among=HTTP_METHODS)
        if method in ("GET", "DELETE") and fields.has("body"):
            fields.wrong(f"{method} has no body", "body")
        return {
            "method": method,
            "url": url,
            "query": fields.pairs("query", required=False),
            "headers": fields.pairs("headers", required=False),
            "body": fields.json("body"),
            "retries": fields.whole("retries", 0, 0, 3),
            "into": fields.results("into"),
            "status": fields.variable("status", "", written=True),
            **read_outside(fields, 5.0),
        }

    def sends(self) -> Iterable[str]:
        """Headers, and the texts of a body that has nothing but texts."""
        return (*self.headers.values(), *(self.body.values() if _is_flat(self.body) else ()))

    def fills(self) -> Iterable[str]:
        """The address, and the texts of any other body."""
        return (self.url, *self.query.values(), *(() if _is_flat(self.body) else _texts(self.body)))

    def writes(self) -> frozenset[str]:
        """The results and the status."""
        return Outside.writes(self) | ({self.status} if self.status else set())

    def question(self, walk: Walk) -> tuple[AskKind, str, dict[str, str]]:
        """The request."""
        asked = {"url": walk.fill(self.url, encode=_encoded)}
        asked |= {f"query.{name}": walk.fill(text) for name, text in self.query.items()}
        asked |= {f"header.{name}": walk.parameter(text) for name, text in self.headers.items()}
        if _is_flat(self.body):
            asked |= {f"body.{name}": walk.parameter(text) for name, text in self.body.items()}
        elif self.body is not None:
            asked["body"] = json.dumps(_filled(self.body, walk), ensure_ascii=False)
        asked |= {f"result.{variable}": place for variable, place in self.into.items()}
        asked |= {"timeout_s": f"{self.timeout_s:g}", "retries": str(self.retries), "key": self._key(walk)}
        return "http", self.method, asked

    def _patience_s(self) -> float:
        return self.timeout_s + SLACK_S

    def _answered(self, walk: Walk, answer: Answered) -> str:
        if self.status:
            walk.put(self.status, answer.values.get("status", ""))
        return Outside._answered(self, walk, answer)

    def _field(self, variable: str) -> str:
        return variable


def _encoded(value: str) -> str:
    return quote(value, safe="")


def _is_flat(body: Any) -> bool:
    return isinstance(body, dict) and all(isinstance(value, str) for value in body.values())


def _texts(body: Any) -> list[str]:
    if isinstance(body, dict | list):
        return [text for part in (body.values() if isinstance(body, dict) else body) for text in _texts(part)]
    return [body] if isinstance(body, str) else []


def _filled(body: Any, walk: Walk) -> Any:
    """``body`` with its texts filled in; a variable by itself stays the number it is."""
    if isinstance(body, dict):
        return {name: _filled(part, walk) for name, part in body.items()}
    if isinstance(body, list):
        return [_filled(part, walk) for part in body]
    if not isinstance(body, str) or not variables_in(body):
        return body
    value = walk.state.variables.get(whole_variable(body), "")
    return walk.fill(body) if isinstance(value, str) else value
