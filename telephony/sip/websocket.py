"""One SIP-over-WebSocket connection (RFC 7118): frames in, a bounded queue of frames out."""

import asyncio
from collections.abc import Awaitable, Callable

from telephony.sip.events import Peer

MOST_WAITING = 64
"""Frames a connection may have waiting; one that falls further behind is closed."""


class WebSocketLink:
    """What the owner of a web socket holds: it feeds what comes in and says when it is over.

    The owner accepts the web socket with the subprotocol ``sip``, calls ``feed`` for every frame and
    ``closed`` once at the end, however it ended.
    """

    def __init__(
        self,
        peer: Peer,
        send_text: Callable[[str], Awaitable[object]],
        close: Callable[[], Awaitable[object]],
        received: Callable[[list[tuple[bytes, Peer]]], None],
        lost: Callable[[Peer, str], None],
    ) -> None:
        self.peer = peer
        self._send_text, self._close = send_text, close
        self._received, self._lost = received, lost
        self._waiting: asyncio.Queue[str] = asyncio.Queue(MOST_WAITING)
        self._open = True
        self._closing: asyncio.Task[object] | None = None
        self._writer = asyncio.get_running_loop().create_task(self._write(), name=f"sip to {peer.host}")
        self._writer.add_done_callback(self._write_ended)

    def feed(self, data: bytes | str) -> None:
        """Take one text or binary frame from the browser."""
        if self._open:
            self._received([(data.encode() if isinstance(data, str) else data, self.peer)])

    def closed(self) -> None:
        """The web socket is gone."""
        self._end("closed")

    def send(self, data: bytes) -> None:
        """Queue one frame; a browser that does not keep up is cut off."""
        if not self._open:
            return
        try:
            self._waiting.put_nowait(data.decode())
        except asyncio.QueueFull:
            self._end("too slow")
            self.close()

    def close(self) -> None:
        """Close the web socket from our side."""
        self._end("closed by us")
        if self._closing is None:
            self._closing = asyncio.get_running_loop().create_task(self._shut(), name="sip socket close")

    async def finished(self) -> None:
        """Wait until everything this connection started has ended."""
        tasks = [task for task in (self._writer, self._closing) if task is not None]
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _write(self) -> None:
        while True:
            await self._send_text(await self._waiting.get())

    def _write_ended(self, writer: asyncio.Task[None]) -> None:
        # The socket's owner learns of the same break by its own read; whoever is first, it is told once.
        if not writer.cancelled() and (error := writer.exception()) is not None:
            self._end(f"sending failed ({type(error).__name__})")

    async def _shut(self) -> object:
        try:
            return await self._close()
        except (OSError, RuntimeError):
            return None  # already closed by the other side: what we wanted

    def _end(self, why: str) -> None:
        if self._open:
            self._open = False
            self._writer.cancel()
            self._lost(self.peer, why)
