"""The page's websocket: a picture of everything first, then what changes."""

import asyncio
import contextlib
import json
import logging
import time
from typing import Any

from fastapi import APIRouter, WebSocket
from sqlalchemy.exc import SQLAlchemyError
from starlette.websockets import WebSocketDisconnect

from agent_desktop.api import PAUSE_REASONS, WRAP_UP_CODES
from agent_desktop.hub import Hub, Page
from common.auth import Signed, authenticate_websocket

log = logging.getLogger(__name__)
router = APIRouter()
PING_S = 20.0
LOOK_S = 20.0
"""How often it is looked whether the session still stands; an open page counts as use of it."""
SEND_S = 30.0
"""A page that takes nothing for so long is gone."""
NOT_SIGNED_IN = 4401


@router.websocket("/api/desk/socket")
async def desk_socket(socket: WebSocket) -> None:
    """One page. Closed with 4401 when nobody is signed in, or no longer, or with other rights."""
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
    beside = [asyncio.create_task(_read(socket, page)), asyncio.create_task(_watch(socket, page, signed))]
    try:
        await _write(socket, page)
    finally:
        hub.leave(page)
        for task in beside:
            task.cancel()
        await asyncio.gather(*beside, return_exceptions=True)


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
            async with asyncio.timeout(PING_S):
                text = await page.queue.get()
        except TimeoutError:
            text = json.dumps({"type": "ping", "now": _now_ms()})
        try:
            async with asyncio.timeout(SEND_S):
                if text is None:
                    await socket.close(page.code)
                    return
                await socket.send_text(text)
        except (WebSocketDisconnect, RuntimeError, TimeoutError):
            return  # the page went away first


async def _read(socket: WebSocket, page: Page) -> None:
    """The page says nothing here; its going away is what we listen for."""
    while (await socket.receive())["type"] != "websocket.disconnect":
        pass
    page.close()


async def _watch(socket: WebSocket, page: Page, signed: Signed) -> None:
    """Close the page when its session is over or its user is somebody else's agent or has another role."""
    while True:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LOOK_S):
                await page.doubt.wait()
        page.doubt.clear()
        try:
            now = await asyncio.to_thread(authenticate_websocket, socket)
        except SQLAlchemyError as error:
            log.warning("whether %s is still signed in cannot be read now: %s", signed.user, error)
            continue
        if now is None or (now.role, now.agent) != (signed.role, signed.agent):
            page.close(NOT_SIGNED_IN)
            return


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
