"""Many open pages as a process of its own: web sockets of signed-in users, who note when they are told what.

Reads one line of JSON (``url``, ``ring_s``, ``agents`` and ``boards``: cookies), prints ``ready`` when all
are open and have their first picture; the end of the input asks for the figures, printed as one JSON object.
"""

import asyncio
import json
import sys
import time
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

from bench.shared import percentile

AT_ONCE = 20


class Pages:
    """The pages and what they noted, in milliseconds since the floor decided upon the offer.

    The page is told the offer's deadline, which the floor set to the moment of its decision (wall clock of
    this same machine, cut to a millisecond) plus the queue's ring time.
    """

    def __init__(self, url: str, ring_s: float) -> None:
        self._url = url.replace("http", "ws", 1) + "/api/desk/socket"
        self._ring_ms = ring_s * 1000
        self._opening = asyncio.Semaphore(AT_ONCE)
        self._offered: dict[str, float] = {}
        """Call to the moment of its offer, in ms of the wall clock."""
        self._cards: list[tuple[str, float]] = []
        self.offers: list[float] = []
        self.board_offers: list[float] = []
        self.messages = 0

    async def open(self, cookie: str) -> ClientConnection:
        """Connect and take the first picture."""
        async with self._opening:
            socket = await connect(
                self._url,
                additional_headers={"Cookie": f"callfloor={cookie}"},
                max_size=None,
                open_timeout=60,
            )
            picture = json.loads(await socket.recv())
            assert picture["type"] == "snapshot", picture
            return socket

    async def watch(self, socket: ClientConnection, *, board: bool) -> None:
        """Note what comes until the socket is closed."""
        async for text in socket:
            now_ms = time.time_ns() / 1e6
            self.messages += 1
            message = json.loads(text)
            if message["type"] != "put":
                continue
            if message["kind"] == "offers":
                self._note_offer(message["value"], now_ms, board=board)
            elif message["kind"] == "cards" and not board:
                self._cards.append((message["id"], now_ms))

    def _note_offer(self, offer: dict[str, Any], now_ms: float, *, board: bool) -> None:
        at_ms = offer["deadline"] - self._ring_ms
        if board:
            self.board_offers.append(now_ms - at_ms)
        else:
            self.offers.append(now_ms - at_ms)
            self._offered[offer["call"]] = at_ms

    def figures(self) -> dict[str, float]:
        """All of it."""
        cards = [now_ms - self._offered[call] for call, now_ms in self._cards if call in self._offered]
        named = {"offer": self.offers, "card": cards, "board_offer": self.board_offers}
        report: dict[str, float] = {"messages": self.messages}
        for name, values in named.items():
            values.sort()
            report[f"{name}s_seen"] = len(values)
            for percent in (50, 99):
                report[f"{name}_p{percent}_ms"] = percentile(values, percent)
            report[f"{name}_max_ms"] = percentile(values, 100)
        return report


async def run() -> None:
    """Open, watch, tell."""
    told = json.loads(sys.stdin.readline())
    pages = Pages(told["url"], told["ring_s"])
    agents = await asyncio.gather(*(pages.open(cookie) for cookie in told["agents"]))
    boards = await asyncio.gather(*(pages.open(cookie) for cookie in told["boards"]))
    watching = [asyncio.create_task(pages.watch(s, board=s in boards)) for s in (*agents, *boards)]
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.read)
    lost = sum(task.done() for task in watching)
    for task in watching:
        task.cancel()
    await asyncio.gather(*watching, return_exceptions=True)
    print(json.dumps({**pages.figures(), "pages_lost": lost}), flush=True)
    await asyncio.gather(*(socket.close() for socket in (*agents, *boards)))


if __name__ == "__main__":
    asyncio.run(run())
