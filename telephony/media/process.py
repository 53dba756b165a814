"""Starting the media process and talking to it. Knows nothing of sound, and does not import it."""

import asyncio
import contextlib
import json
import logging
import socket
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Callable

from domain.codec import dumps
from telephony.media.pipe import LIMIT, line, read_all
from telephony.media.protocol import MediaCommand, MediaFact, MediaReady
from telephony.media.settings import MediaSettings

log = logging.getLogger(__name__)

START_S = 30.0
STOP_S = 10.0
SILENT_S = 20.0
"""The process tells its figures every few seconds; one that is silent for so long hangs and is killed."""
_LOOK_S = 1.0
"""How often that is looked at. What counts is how often in a row: were we ourselves stopped for a while, what
the process told meanwhile is still to be read."""


class MediaDied(Exception):
    """The media process could not be started, or ended before it was ready."""


class MediaProcess:
    """The media process, seen from its owner.

    ``died(why)`` is called on the event loop, once for each ``start``, when the process ends without being
    told to; every leg is gone then, and no fact follows. After that ``start`` may be called again.
    """

    def __init__(self, settings: MediaSettings, died: Callable[[str], None]) -> None:
        self.settings = settings
        self._died = died
        self._process: Process | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._watching: asyncio.Task[None] | None = None
        self._stopping = False

    @property
    def running(self) -> bool:
        """Whether commands reach a process."""
        return self._writer is not None

    @property
    def pid(self) -> int | None:
        """The process's number while it runs."""
        return self._process.pid if self._process is not None else None

    async def start(self, tell: Callable[[MediaFact], None]) -> None:
        """Start the process and wait until it is up; ``tell`` gets ``MediaReady`` first. Raises MediaDied."""
        assert self._watching is None or self._watching.done()
        self._stopping = False
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                # A session of its own: the terminal's Ctrl-C is our business, not its, and Linux gives it
                # its own share of the processor.
                self._process = process = await asyncio.create_subprocess_exec(
                    *(sys.executable, "-m", "telephony.media", "--fd", str(theirs.fileno())),
                    *("--log-level", str(log.getEffectiveLevel()), dumps(self.settings)),
                    pass_fds=(theirs.fileno(),),
                    stdin=DEVNULL,
                    stdout=DEVNULL,
                    stderr=PIPE,
                    limit=LIMIT,
                    start_new_session=True,
                )
            except BaseException:
                ours.close()
                raise
        reader, self._writer = await asyncio.open_connection(sock=ours, limit=LIMIT)
        ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._watching = asyncio.create_task(self._watch(process, reader, self._writer, tell, ready))
        try:
            async with asyncio.timeout(START_S):
                await asyncio.shield(ready)
        except TimeoutError:
            await self._abandon(process, self._watching)
            raise MediaDied(f"the media process was not ready after {START_S:g} s") from None
        except asyncio.CancelledError:
            await self._abandon(process, self._watching)
            raise

    def do(self, command: MediaCommand) -> None:
        """Send a command; without a process it is passed over (``died`` has been or will be called)."""
        if self._writer is not None:
            self._writer.write(line(command))

    async def stop(self) -> None:
        """End the process: legs are closed and recordings completed, whose facts are still told."""
        if self._watching is None or self._process is None:
            return
        self._stopping = True
        if self._writer is not None:
            with contextlib.suppress(OSError):
                # It may be dying at this moment; then there is nothing to tell it.
                self._writer.write_eof()
        try:
            async with asyncio.timeout(STOP_S):
                await asyncio.shield(self._watching)
        except TimeoutError:
            log.error("the media process did not end in %g s and is killed", STOP_S)
            self._process.kill()
            await self._watching

    async def _abandon(self, process: Process, watching: asyncio.Task[None]) -> None:
        self._stopping = True
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await watching

    async def _watch(
        self,
        process: Process,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        tell: Callable[[MediaFact], None],
        ready: asyncio.Future[None],
    ) -> None:
        """Hand on facts and log records until the process has ended."""
        loop = asyncio.get_running_loop()
        silent = 0

        def told(fact: MediaFact) -> None:
            nonlocal silent
            silent = 0
            try:
                tell(fact)
            except Exception:
                log.exception("%s was not taken", type(fact).__name__)
            if isinstance(fact, MediaReady) and not ready.done():
                ready.set_result(None)

        watchdog: asyncio.TimerHandle

        def look() -> None:
            nonlocal watchdog, silent
            silent += 1
            if silent > SILENT_S / _LOOK_S:
                log.error("the media process says nothing and is killed")
                process.kill()
            else:
                watchdog = loop.call_later(_LOOK_S, look)

        watchdog = loop.call_later(_LOOK_S, look)
        assert process.stderr is not None
        logging_it = asyncio.create_task(_log_all(process.stderr))
        try:
            await read_all(reader, told)
        except ConnectionError as error:
            log.debug("the media process went away: %s", error)
        except ValueError:
            log.exception("the media process talks nonsense and is killed")
            process.kill()
        finally:
            watchdog.cancel()
            self._writer = None
            writer.close()
        code = await process.wait()
        await logging_it
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()
        why = (
            f"the media process ended with {code}"
            if code >= 0
            else f"the media process was killed by {-code}"
        )
        if not ready.done():
            if not self._stopping:
                ready.set_exception(MediaDied(why))
        elif not self._stopping:
            log.error("%s", why)
            self._died(why)


async def _log_all(stderr: asyncio.StreamReader) -> None:
    """Log the process's records as our own; whatever else it prints is a warning."""
    while data := await stderr.readline():
        text = data.decode(errors="replace").rstrip()
        try:
            level, name, message = json.loads(text)
        except ValueError:
            level, name, message = logging.WARNING, log.name, text
        logging.getLogger(name).log(level, "%s", message)
