"""Questions of flows, taken to whom they concern: the bank's books, other systems, the post, the complaints.

What may be asked is told by ``known_asks``. A secret may stand for a parameter only where it is not kept.
"""

import hashlib
import json
import logging
import math
import re
import time
import traceback
from collections.abc import Callable, Mapping
from typing import Any, Final, Protocol, cast
from urllib.parse import quote, urlencode

from calls.vault import REFERENCE
from common.asks import CannotAnswer
from common.fetch import Request, Response
from common.hosts import place_of, split
from common.rate import Rate
from crm_bridge.queries import QUERIES, Spec
from crm_bridge.recharge import TRANSACTIONS
from domain.flow import Answered, Ask
from domain.ids import CallId
from ivr.asks import (
    EMAIL,
    FIXED,
    HTTP_METHODS,
    SMS,
    Complaints,
    Kind,
    Known,
    Messages,
    Records,
    Transactions,
    Values,
)
from ivr.flow import Value

log = logging.getLogger(__name__)

AT_ONCE: Final = 40
PER_S: Final = 1.0
"""Questions of a call: so many at once, then so many a second."""
MOST_CALLS: Final = 10_000
"""Calls whose questions are counted; the one not heard of for longest goes first."""
LONGEST_KEY: Final = 128
LONGEST_TEXT: Final = 1_000
"""Characters of a value that comes back from another system."""
NOTHING_THERE: Final = frozenset({404, 410})
_PARTS = ("query.", "header.", "body.")
_HTTP = ("url", "body", "timeout_s", "retries", "key")


class Web(Protocol):
    """``common.fetch.Fetcher`` or its twin."""

    def fetch(self, request: Request) -> Response:
        """The answer. Raises CannotAnswer."""


def known_asks() -> tuple[Known, ...]:
    """Everything that can be asked, but for HTTP."""
    return (
        *(_known("record", one) for one in QUERIES),
        *(_known("transaction", one, "key") for one in TRANSACTIONS),
        *FIXED,
    )


def _known(kind: Kind, spec: Spec, *needs: str) -> Known:
    return Known(kind, spec.name, (*spec.needs, *needs), spec.one_of, spec.may, dict(spec.gives), spec.secret)


class Asker:
    """Answers questions; several threads may ask at once. It never raises, and repeats no parameter."""

    def __init__(
        self,
        records: Records,
        transactions: Transactions,
        complaints: Complaints,
        messages: Messages,
        web: Web,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        """``steady`` gives seconds that go on evenly, by which questions are counted."""
        self._records, self._transactions = records, transactions
        self._complaints, self._messages, self._web = complaints, messages, web
        self._rate: Rate[CallId] = Rate(AT_ONCE, PER_S, MOST_CALLS, steady)
        self._known = {(one.kind, one.name): one for one in known_asks()}

    def __call__(self, ask: Ask, parameters: Mapping[str, str]) -> Answered:
        """The answer to ``ask``, whose ``parameters`` come beside it, secrets in clear among them."""
        try:
            if not self._rate.passes(ask.call):
                raise CannotAnswer("the flow asks too much in too short a time")
            self._keep_secrets(ask)
            return self._answer(ask, parameters)
        except CannotAnswer as error:
            return _failed(ask, str(error))
        except Exception as error:  # noqa: BLE001 - whatever it is, the call goes on
            # Its words may repeat what was asked; where it came from does not.
            last = traceback.extract_tb(error.__traceback__)[-1]
            kind = type(error).__name__
            log.error("%s %r failed: %s at %s:%s", ask.kind, ask.name, kind, last.filename, last.lineno)
            return _failed(ask, f"{ask.kind} failed: {kind}")

    def _answer(self, ask: Ask, parameters: Mapping[str, str]) -> Answered:
        match ask.kind:
            case "record":
                values = self._records.query(ask.name, parameters)
                return _told(ask, values is not None, values or {}, "there is no such thing")
            case "transaction":
                given = {name: value for name, value in parameters.items() if name != "key"}
                done, values = self._transactions.do(ask.name, _key(ask, parameters), ask.call, given)
                return _told(ask, done, values, f"refused: {values.get('reason', '')}")
            case "complaint":
                given = {name: value for name, value in parameters.items() if name != "key"}
                return _told(ask, True, self._complaints.take(_key(ask, parameters), ask.call, given))
            case "message":
                return self._send(ask, parameters)
            case "http":
                return self._fetch(ask, parameters)
            case _:
                raise CannotAnswer(f"nobody here answers a question of the kind {ask.kind}")

    def _keep_secrets(self, ask: Ask) -> None:
        """Raises CannotAnswer if a secret stands where it would be kept or read by people."""
        known = self._known.get((ask.kind, ask.name))
        for name, value in ask.parameters.items():
            if not value.startswith(REFERENCE):
                continue
            may = name == "body" or name.startswith(_PARTS) if ask.kind == "http" else False
            if not may and (known is None or name not in known.secret):
                raise CannotAnswer(f"a secret must not be the parameter {name} of {ask.kind} {ask.name}")

    # ------------------------------------------------------------ messages

    def _send(self, ask: Ask, parameters: Mapping[str, str]) -> Answered:
        known = next((one for one in (SMS, EMAIL) if one.name == ask.name), None)
        if known is None:
            raise CannotAnswer(f"there are messages by sms and by email, not by {ask.name!r}")
        strange = sorted(set(parameters) - set(known.parameters))
        if strange:
            raise CannotAnswer(f"a message by {ask.name} has no parameter {', '.join(strange)}")
        to, text, subject = (parameters.get(name, "") for name in ("to", "text", "subject"))
        state, why = self._messages.send(ask.name, to, text, subject, _key(ask, parameters))
        if state == "failed":
            return _failed(ask, why)
        return _told(ask, state != "refused", {"state": state}, why)

    # ------------------------------------------------------------ HTTP

    def _fetch(self, ask: Ask, parameters: Mapping[str, str]) -> Answered:
        request = _request(ask, parameters)
        answer = self._web.fetch(request)
        values: Values = {"status": answer.status}
        why = f"{place_of(split(request.url)).name} answered {answer.status}"
        if answer.status in NOTHING_THERE:
            return _told(ask, False, values, why)
        if not 200 <= answer.status < 300:
            return Answered(ask.call, ask.ask, "failed", values, why)
        return _told(ask, True, values | _results(answer, parameters))


def _request(ask: Ask, parameters: Mapping[str, str]) -> Request:
    """What is asked. Raises CannotAnswer."""
    if ask.name not in HTTP_METHODS:
        raise CannotAnswer(f"the method must be one of {', '.join(HTTP_METHODS)}")
    parts: dict[str, dict[str, str]] = {part: {} for part in (*_PARTS, "result.")}
    for name, value in parameters.items():
        part = next((one for one in parts if name.startswith(one)), None)
        if part is not None:
            parts[part][name.removeprefix(part)] = value
        elif name not in _HTTP:
            raise CannotAnswer(f"http has no parameter {name}")
    url, headers = parameters.get("url", ""), dict(parts["header."])
    if parts["query."]:
        url += ("&" if "?" in url else "?") + urlencode(parts["query."], quote_via=quote)
    body = parameters.get("body", "")
    if parts["body."]:
        if body:
            raise CannotAnswer("http has body or body.NAME, not both")
        body = json.dumps(parts["body."], ensure_ascii=False)
    if body:
        if ask.name in ("GET", "DELETE"):
            raise CannotAnswer(f"{ask.name} has no body")
        headers.setdefault("Content-Type", "application/json")
    timeout_s, retries = _number(parameters, "timeout_s", 5.0), int(_number(parameters, "retries", 0.0))
    # As 32 letters and digits: names of nodes may be of any script, headers not.
    key = hashlib.sha256(parameters["key"].encode()).hexdigest()[:32] if parameters.get("key") else ""
    return Request(ask.name, url, headers, body.encode("utf-8", "replace"), timeout_s, retries, key)


def _number(parameters: Mapping[str, str], name: str, default: float) -> float:
    text = parameters.get(name, "")
    try:
        number = float(text) if text else default
    except ValueError:
        number = math.nan
    if not 0 <= number < math.inf:
        raise CannotAnswer(f"http: {name} must be a number")
    return number


def _results(answer: Response, parameters: Mapping[str, str]) -> Values:
    """The values that were asked for. Raises CannotAnswer for one that is not there and must be."""
    wanted = {name: path for name, path in parameters.items() if name.startswith("result.")}
    if not wanted:
        return {}
    nothing = not answer.body and all(path.endswith("?") for path in wanted.values())
    document = None if nothing else answer.json()
    return {name.removeprefix("result."): _value(document, path) for name, path in wanted.items()}


def _value(document: Any, path: str) -> Value:
    """What stands at ``data.items.0.amount``; "" if it may be missing and is."""
    found = document
    for step in path.removesuffix("?").split("."):
        if isinstance(found, dict):
            found = found.get(step)
        elif isinstance(found, list) and re.fullmatch("[0-9]{1,6}", step) and int(step) < len(found):
            found = found[int(step)]
        else:
            found = None
    if found is None:
        if path.endswith("?"):
            return ""
        raise CannotAnswer(f"the answer has no {path}")
    if isinstance(found, dict | list):
        raise CannotAnswer(f"{path} of the answer is no text and no number")
    if isinstance(found, str) and len(found) > LONGEST_TEXT:
        raise CannotAnswer(f"{path} of the answer is longer than {LONGEST_TEXT} characters")
    if isinstance(found, int) and not isinstance(found, bool) and abs(found) > 2**53:
        raise CannotAnswer(f"{path} of the answer is too large a number")
    return cast(Value, found)


# ------------------------------------------------------------------ answers


def _told(ask: Ask, there: bool, values: Mapping[str, Value], why: str = "") -> Answered:
    return Answered(ask.call, ask.ask, "ok" if there else "none", dict(values), "" if there else why)


def _failed(ask: Ask, why: str) -> Answered:
    return Answered(ask.call, ask.ask, "failed", why=why)


def _key(ask: Ask, parameters: Mapping[str, str]) -> str:
    """What names the question for ever: as the flow says, else the call and the question's own name."""
    key = parameters.get("key") or f"{ask.call}/{ask.ask}"
    return key if len(key) <= LONGEST_KEY else hashlib.sha256(key.encode()).hexdigest()
