"""The open pages: each has a queue of messages; a page too slow to keep up is closed and joins again."""

import asyncio
import contextlib
import json
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from agent_desktop.messages import BOARD, Told
from agent_desktop.views import Desk
from domain.calls import CallChanged
from domain.floor import Offer
from domain.instant import Instant

log = logging.getLogger(__name__)
MAX_QUEUED = 2_000
GOING_AWAY, TRY_AGAIN = 1001, 1013
"""Close codes (RFC 6455): the platform stops; the page was too slow."""
GOODBYE_S = 2.0
"""How long pages may take to hear that the platform stops."""
CardReader = Callable[[str, str | None, tuple[str, ...], str], dict[str, Any]]
"""(call, customer, candidates, match) to the card of the screen-pop; runs in a worker thread."""


class Page:
    """One connected page. ``queue`` gives the next text to send; None means: close with ``code``."""

    def __init__(self, agent: str | None, *, board: bool) -> None:
        self.agent = agent
        self.board = board
        self.queue: asyncio.Queue[str | None] = asyncio.Queue()
        self.doubt = asyncio.Event()
        """Set when what its user may do has perhaps changed."""
        self.closed = False
        self.code = GOING_AWAY

    def send(self, text: str) -> None:
        """Queue one message."""
        if self.closed:
            return
        if self.queue.qsize() >= MAX_QUEUED:
            self.close(TRY_AGAIN)
            return
        self.queue.put_nowait(text)

    def close(self, code: int = GOING_AWAY) -> None:
        """Ask the socket to close at once, whatever is queued; a page that may will come back."""
        if self.closed:
            return
        self.closed = True
        self.code = code
        while not self.queue.empty():
            self.queue.get_nowait()
        self.queue.put_nowait(None)


class Hub:
    """Listens to the runner and tells the pages concerned, and no others."""

    def __init__(self, desk: Desk, read_card: CardReader) -> None:
        self.desk = desk
        self._read_card = read_card
        self._pages: defaultdict[str, set[Page]] = defaultdict(set)
        self._tasks: set[asyncio.Task[None]] = set()
        self._reading: set[str] = set()
        """Calls whose card is being read."""
        self._nobody = asyncio.Event()
        """Set when the last page has left."""

    @property
    def pages(self) -> int:
        """How many pages are open."""
        return len(self._everybody())

    def _everybody(self) -> set[Page]:
        return set().union(*self._pages.values())

    def join(self, page: Page) -> None:
        """A page opened."""
        for audience in _audiences(page):
            self._pages[audience].add(page)

    def leave(self, page: Page) -> None:
        """A page closed."""
        for audience in _audiences(page):
            self._pages[audience].discard(page)
            if not self._pages[audience]:
                del self._pages[audience]
        if not self._pages:
            self._nobody.set()

    def on_intent(self, intent: Any, at: Instant) -> None:
        """A runner listener."""
        self.tell(self.desk.reduce(intent))
        if isinstance(intent, Offer | CallChanged) and self._lacks_card(intent.call):
            self.pop(intent.call)

    def _lacks_card(self, call: str) -> bool:
        """Whether somebody is shown the call without a card, or with one from before it was looked up."""
        view, card = self.desk.calls.get(call), self.desk.cards.get(call)
        if view is None or view["phase"] == "ended" or not self.desk.is_shown(call):
            return False
        return card is None or (card["match"] == "" != view["match"])

    def recall(self, agent: str, call: CallChanged) -> None:
        """After a start: show an agent the call they are on, or still write about, with its card."""
        self.tell(self.desk.recall(agent, call))
        self.pop(call.call)

    def tell(self, told: Sequence[Told]) -> None:
        """Send each message to the pages of its audience, once each."""
        written: dict[int, str] = {}
        texts = []
        for audience, message in told:
            if not self._pages.get(audience):
                continue
            # What goes to many is one message: it is written out once.
            text = written.get(id(message))
            if text is None:
                text = written[id(message)] = json.dumps(message, ensure_ascii=False, separators=(",", ":"))
            texts.append((audience, text))
        own = {one for one in texts if one[0] != BOARD}
        for audience, text in texts:
            for page in list(self._pages[audience]):
                # A supervisor who also takes calls belongs to two audiences.
                if audience != BOARD or (page.agent, text) not in own:
                    page.send(text)

    def doubt(self) -> None:
        """Users were changed: let every page's socket look again at who it serves."""
        for page in self._everybody():
            page.doubt.set()

    def pop(self, call: str, customer: str | None = None) -> None:
        """Read the customer's card in a thread and show it (``customer``: the one an agent chose)."""
        view = self.desk.calls.get(call)
        if view is None:
            return
        if customer is None:
            if call in self._reading:
                return  # it rings at several, and whoever it rings at then is shown the card
            self._reading.add(call)
        chosen = customer or view["customer"]
        match = "one" if customer else view["match"]
        self._spawn(self._show_card(call, chosen, tuple(view.get("candidates", ())), match))

    async def _show_card(
        self, call: str, customer: str | None, candidates: tuple[str, ...], match: str
    ) -> None:
        try:
            card = await asyncio.to_thread(self._read_card, call, customer, candidates, match)
        except Exception:
            log.exception("the card of call %s cannot be read", call)
            card = {"call": call, "match": "failed", "customer": None, "candidates": []}
        finally:
            self._reading.discard(call)
        self.tell(self.desk.card(call, card))

    def _spawn(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def stop(self) -> None:
        """Close every page, and give each a moment to be told so before its connection is cut."""
        if self._pages:
            self._nobody.clear()
            for page in self._everybody():
                page.close()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(GOODBYE_S):
                    await self._nobody.wait()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


def _audiences(page: Page) -> list[str]:
    return ([page.agent] if page.agent else []) + ([BOARD] if page.board else [])
