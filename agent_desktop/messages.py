"""What pages are told: a thing is new or has changed, or is no longer shown; each to an audience."""

from typing import Any

BOARD = "*"
Message = dict[str, Any]
Told = tuple[str, Message]
"""(audience, message): an audience is an agent's id, or ``BOARD``."""


def put(kind: str, key: str, value: dict[str, Any]) -> Message:
    """A thing is new or has changed."""
    return {"type": "put", "kind": kind, "id": key, "value": value}


def news(what: str, **particulars: Any) -> Message:
    """Something happened that a person must be told in words; it is told once."""
    return {"type": "news", "news": what, **particulars}


def drop(kind: str, key: str) -> Message:
    """A thing is no longer shown."""
    return {"type": "drop", "kind": kind, "id": key}
