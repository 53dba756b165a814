"""Messages as files in a folder, for somebody or something that fetches them.

A file is one JSON object with ``at`` (ISO time), ``channel``, ``to``, ``subject`` and ``text``. It is whole
as soon as its name ends in ``.json``; only the owner of the process can read it. Whoever has taken a message
deletes the file.
"""

import contextlib
import json
import os
import secrets
import time
from datetime import UTC, datetime
from pathlib import Path

from common.messages.message import Delivery, Message


class SpoolSender:
    """The folder is made with the first message. The same key again is the same file while it is there."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, message: Message) -> Delivery:
        """Write it, on disk before this returns."""
        file = self._folder / f"{message.channel}-{message.token or secrets.token_hex(16)}.json"
        if file.exists():
            return Delivery("kept")
        part = file.with_suffix(f".{secrets.token_hex(4)}.part")
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            _write(part, message)
            part.replace(file)
        except OSError as error:
            with contextlib.suppress(OSError):
                part.unlink()
            return Delivery("failed", f"the outbox cannot be written: {error.strerror}")
        return Delivery("kept")


def _write(file: Path, message: Message) -> None:
    content = {
        "at": datetime.fromtimestamp(time.time(), UTC).isoformat(timespec="seconds"),
        "channel": message.channel,
        "to": message.to,
        "subject": message.subject,
        "text": message.text,
    }
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "w", encoding="utf-8") as opened:
        json.dump(content, opened, ensure_ascii=False)
        opened.flush()
        os.fsync(opened.fileno())
