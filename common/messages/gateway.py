"""SMS over a provider's HTTP interface: one POST of a JSON body per message.

The body is a template: JSON in whose texts ``{to}``, ``{text}`` and ``{key}`` are filled in, such as
``{"phone": "{to}", "content": {"body": "{text}"}, "ref": "{key}"}``. Any status from 200 to 299 means the
provider has it; 400, 404 and 422 that it will never take it.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from common.asks import CannotAnswer
from common.fetch import Request, Response
from common.messages.message import Delivery, Message

TIMEOUT_S = 10.0
_NEVER = frozenset({400, 404, 422})
_FIELD = re.compile(r"\{(to|text|key)\}")


class Fetches(Protocol):
    """``common.fetch.Fetcher`` or its twin."""

    def fetch(self, request: Request) -> Response:
        """The answer. Raises CannotAnswer."""


@dataclass(frozen=True, slots=True)
class GatewaySender:
    """``headers`` hold what the provider knows us by."""

    fetcher: Fetches
    url: str
    template: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)

    def send(self, message: Message) -> Delivery:
        """Ask the provider, once: not every provider knows a message again that comes twice."""
        fields = {"to": message.to, "text": message.text, "key": message.token}
        body = json.dumps(_filled(json.loads(self.template), fields), ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json", **self.headers}
        try:
            answer = self.fetcher.fetch(
                Request("POST", self.url, headers, body, TIMEOUT_S, key=message.token)
            )
        except CannotAnswer as error:
            return Delivery("failed", str(error))
        if 200 <= answer.status < 300:
            return Delivery("sent")
        state = "refused" if answer.status in _NEVER else "failed"
        return Delivery(state, f"the provider answered {answer.status}")  # type: ignore[arg-type]


def check_template(template: str) -> None:
    """Raises ValueError with what is wrong with a template."""
    try:
        document = json.loads(template)
    except ValueError as error:
        raise ValueError(f"is no JSON: {error}") from None
    seen = {name for text in _texts(document) for name in _FIELD.findall(text)}
    missing = [f"{{{name}}}" for name in ("to", "text") if name not in seen]
    if missing:
        raise ValueError(f"has no {' and no '.join(missing)} in any text")


def _filled(document: Any, fields: Mapping[str, str]) -> Any:
    if isinstance(document, dict):
        return {key: _filled(value, fields) for key, value in document.items()}
    if isinstance(document, list):
        return [_filled(value, fields) for value in document]
    return _FIELD.sub(lambda found: fields[found[1]], document) if isinstance(document, str) else document


def _texts(document: Any) -> list[str]:
    if isinstance(document, dict):
        return [text for value in document.values() for text in _texts(value)]
    if isinstance(document, list):
        return [text for value in document for text in _texts(value)]
    return [document] if isinstance(document, str) else []
