"""The messages of ``protocol`` over a byte stream: one line of JSON each."""

import asyncio
from collections.abc import Callable
from typing import Any

from domain.codec import dumps, loads

LIMIT = 1 << 20
"""No message is longer (bytes)."""


def line(message: Any) -> bytes:
    """One message as a line."""
    return dumps(message).encode() + b"\n"


async def read_all(reader: asyncio.StreamReader, tell: Callable[[Any], None]) -> None:
    """Hand every message to ``tell`` until the other side closes. Open the reader with ``limit=LIMIT``."""
    while data := await reader.readline():
        tell(loads(data.decode()))
