"""SIP from browsers: ``/sip`` on the web port (RFC 7118)."""

from typing import cast
from urllib.parse import urlsplit

from fastapi import APIRouter, WebSocket
from starlette.websockets import WebSocketDisconnect

from telephony.embedded.switch import EmbeddedSwitch

router = APIRouter()
SUBPROTOCOL = "sip"
MOST_CONNECTIONS = 3000


@router.websocket("/sip")
async def sip_socket(socket: WebSocket) -> None:
    """One browser's telephone. Refused (HTTP 403) without the subprotocol ``sip`` or from another site."""
    switch: EmbeddedSwitch = socket.app.state.switch
    wanted = socket.scope.get("subprotocols", [])
    if SUBPROTOCOL not in wanted or not _same_site(socket) or switch.sip.connections >= MOST_CONNECTIONS:
        await socket.close()
        return
    await socket.accept(subprotocol=SUBPROTOCOL)
    client = socket.client
    link = switch.sip.add_websocket(
        client.host if client else "unknown", client.port if client else 0, socket.send_text, socket.close
    )
    try:
        while True:
            message = await socket.receive()
            if message["type"] == "websocket.disconnect":
                return
            link.feed(cast("str | bytes", message.get("text") or message.get("bytes") or ""))
    except WebSocketDisconnect:
        return
    finally:
        link.closed()


def _same_site(socket: WebSocket) -> bool:
    """Browsers name their page's origin: only our own pages telephone here. Other programs name none."""
    origin = socket.headers.get("origin")
    if origin is None:
        return True
    try:
        return urlsplit(origin).netloc == socket.headers.get("host")
    except ValueError:  # no address at all
        return False
