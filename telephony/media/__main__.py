"""The media process itself: ``python -m telephony.media --fd N SETTINGS``, started by ``process`` only.

It reads commands from and writes facts to the socket ``N`` until the other side closes it. Log records go
to stderr as lines of JSON.
"""

import argparse
import asyncio
import contextlib
import gc
import json
import logging
import os
import signal
import socket
from pathlib import Path
from typing import Any

from domain.codec import loads
from telephony.media.engine import Engine
from telephony.media.pipe import LIMIT, line, read_all
from telephony.media.protocol import MediaReady
from telephony.media.settings import MediaSettings

log = logging.getLogger("telephony.media")

AUTOGROUP = Path("/proc/self/autogroup")


class _JsonLines(logging.Formatter):
    """One record, one line, tracebacks included."""

    def format(self, record: logging.LogRecord) -> str:
        return json.dumps([record.levelno, record.name, super().format(record)])


async def serve(sock: socket.socket, settings: MediaSettings) -> None:
    """Do what is read from ``sock`` until it ends, then close every leg."""
    reader, writer = await asyncio.open_connection(sock=sock, limit=LIMIT)
    engine = Engine(settings, lambda fact: writer.write(line(fact)))
    engine.start()
    writer.write(line(MediaReady(os.getpid())))
    # What is here now stays: the collector need not look at it again, and seldom at the rest.
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 50, 1000)
    reading = asyncio.create_task(read_all(reader, engine.do))
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, reading.cancel)
    try:
        with contextlib.suppress(asyncio.CancelledError):
            await reading
    finally:
        await engine.stop()
        # The other side may be gone already; then nobody waits for the last facts.
        with contextlib.suppress(ConnectionError):
            await writer.drain()
            writer.close()
            await writer.wait_closed()


def _come_first(nice: int) -> None:
    """Take the wished priority if we may, among sessions too where Linux shares the processor by session."""
    try:
        os.nice(nice)
        if AUTOGROUP.exists():
            AUTOGROUP.write_text(str(nice))
    except OSError as error:
        log.debug("no higher priority: %s; going on without", error)


def main() -> None:
    """Run until told to end."""
    # Ctrl-C reaches everybody at the terminal, but calls end in order: by the process that owns us.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parser = argparse.ArgumentParser(prog="telephony.media")
    parser.add_argument("--fd", type=int, required=True)
    parser.add_argument("--log-level", type=int, default=logging.INFO)
    parser.add_argument("settings")
    given = parser.parse_args()
    handler = logging.StreamHandler()
    handler.setFormatter(_JsonLines("%(message)s"))
    logging.basicConfig(level=given.log_level, handlers=[handler])
    for chatty in ("aioice", "aiortc"):
        logging.getLogger(chatty).setLevel(max(given.log_level, logging.WARNING))
    settings: Any = loads(given.settings)
    _come_first(settings.nice)
    with socket.socket(fileno=given.fd) as sock:
        asyncio.run(serve(sock, settings))


if __name__ == "__main__":
    main()
