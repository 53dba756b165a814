"""The page's websocket: a picture of everything first, then what changes."""

import asyncio
import json
import time
from typing import Any

from fastapi import APIRouter, WebSocket
from starlette.websockets import WebSocketDisconnect

from agent_desktop.api import PAUSE_REASONS, WRAP_UP_CODES
from agent_desktop.hub import Hub, Page
from common.auth import Signed, authenticate_websocket

router = APIRouter()
PING_S = 20.0
NOT_SIGNED_IN = 4401


@router.websocket("/api/desk/socket")
async def desk_socket(socket: WebSocket) -> None:
    """One page. Closed with 4401 when nobody is signed in."""
    signed = await asyncio.to_thread(authenticate_websocket, socket)
    await socket.accept()
    if signed is None:
        await socket.close(NOT_SIGNED_IN)
        return
    hub: Hub = socket.app.state.hub
    page = Page(signed.agent, board=signed.role in ("supervisor", "planner", "admin"))
    # Joined before the picture is taken, with no await between: nothing is missed or told twice.
    hub.join(page)
    page.send(json.dumps(_snapshot(hub, page, signed), ensure_ascii=False, separators=(",", ":")))
    reader = asyncio.create_task(_read(socket, page))
    try:
        await _write(socket, page)
    finally:
        hub.leave(page)
        reader.cancel()
        await asyncio.gather(reader, return_exceptions=True)


def _snapshot(hub: Hub, page: Page, signed: Signed) -> dict[str, Any]:
    return {
        "type": "snapshot",
        "now": _now_ms(),
        "me": {
            "user": signed.user,
            "name": signed.name,
            "role": signed.role,
            "agent": signed.agent,
            "csrf": signed.csrf,
            "language": signed.language,
        },
        **hub.desk.snapshot(page.agent, board=page.board),
        "pause_reasons": PAUSE_REASONS,
        "wrap_up_codes": WRAP_UP_CODES,
    }


async def _write(socket: WebSocket, page: Page) -> None:
    """Send what is queued until the page is closed from either side."""
    while True:
        try:
            text = await asyncio.wait_for(page.queue.get(), PING_S)
        except TimeoutError:
            text = json.dumps({"type": "ping", "now": _now_ms()})
        try:
            if text is None:
                await socket.close()
                return
            await socket.send_text(text)
        except (WebSocketDisconnect, RuntimeError):
            return  # the page went away first


async def _read(socket: WebSocket, page: Page) -> None:
    """The page says nothing here; its going away is what we listen for."""
    try:
        while True:
            await socket.receive_text()
    except WebSocketDisconnect:
        page.close()


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
