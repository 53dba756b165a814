"""Who is told what, and what becomes of pages that cannot keep up."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from agent_desktop.hub import MAX_QUEUED, TRY_AGAIN, Hub, Page
from agent_desktop.views import BOARD, Desk, put
from domain.ids import CustomerId
from tests.agent_desktop.test_views import LI, WANG, call, offer

Reader = Callable[[str, str | None, tuple[str, ...], str], dict[str, Any]]


def no_card(call: str, customer: str | None, candidates: tuple[str, ...], match: str) -> dict[str, Any]:
    return {"call": call, "match": match, "customer": None, "candidates": []}


def broken(call: str, customer: str | None, candidates: tuple[str, ...], match: str) -> dict[str, Any]:
    raise OSError("no database today")


def sent(page: Page) -> list[dict[str, Any] | None]:
    texts = [page.queue.get_nowait() for _ in range(page.queue.qsize())]
    return [None if text is None else json.loads(text) for text in texts]


def test_each_message_reaches_its_audience_once() -> None:
    """An agent is told of their own, the board of everything, and a supervisor who takes calls not twice."""
    hub = Hub(Desk(), no_card)
    wang, li, both = Page("wang", board=False), Page("li", board=False), Page("wang", board=True)
    for page in (wang, li, both):
        hub.join(page)
    assert hub.pages == 3
    message = put("agents", "wang", {"id": "wang"})
    hub.tell([("wang", message), (BOARD, message)])
    assert (sent(wang), sent(li), sent(both)) == ([message], [], [message])
    hub.leave(wang)
    hub.tell([("wang", message)])
    assert sent(wang) == []
    assert hub.pages == 2


def test_a_page_that_does_not_read_is_closed_and_nobody_else() -> None:
    """Memory stays bounded; the page comes back for a fresh picture."""
    hub = Hub(Desk(), no_card)
    slow, quick = Page("wang", board=False), Page("wang", board=False)
    for page in (slow, quick):
        hub.join(page)
    for n in range(MAX_QUEUED + 5):
        hub.tell([("wang", put("calls", "c", {"n": n}))])
        sent(quick)
    assert (slow.closed, quick.closed) == (True, False)
    assert (sent(slow), slow.code) == ([None], TRY_AGAIN)


def popped(read: Reader) -> list[Any]:
    async def main() -> list[Any]:
        hub = Hub(Desk(), read)
        hub.desk.reduce(call("waiting"))
        page = Page("wang", board=False)
        hub.join(page)
        hub.on_intent(offer(WANG), offer(WANG).deadline)
        await asyncio.gather(*hub._tasks)
        told = sent(page)
        await hub.stop()
        assert sent(page) == [None]
        return told

    return asyncio.run(main())


def test_an_offer_pops_the_customers_card_on_the_agents_page() -> None:
    """Call, offer, card, in this order."""
    told = popped(no_card)
    assert [m and m["kind"] for m in told] == ["calls", "offers", "cards"]


def test_records_that_cannot_be_read_leave_a_card_that_says_so() -> None:
    """The call rings all the same."""
    told = popped(broken)
    assert told[-1]["value"]["match"] == "failed"


def test_a_card_is_read_once_however_many_it_rings_at_and_again_when_the_caller_is_known() -> None:
    """Not at every change of the call, and not after it."""
    reads: list[tuple[str | None, str]] = []

    def read(call: str, customer: str | None, candidates: tuple[str, ...], match: str) -> dict[str, Any]:
        reads.append((customer, match))
        return no_card(call, customer, candidates, match)

    async def main() -> None:
        hub = Hub(Desk(), read)
        at = offer(WANG).deadline

        async def happens(*intents: object) -> None:
            for intent in intents:
                hub.on_intent(intent, at)
            await asyncio.gather(*hub._tasks)

        await happens(call("waiting"), offer(WANG), offer(LI, "o2"), call("offered"))
        assert reads == [(None, "")]
        known = replace(call("offered"), match="one", customer=CustomerId("k1"))
        await happens(known, replace(known, phase="talking"))
        assert reads[1:] == [("k1", "one")]
        await happens(replace(known, phase="held"), replace(known, phase="ended"))
        assert len(reads) == 2
        await hub.stop()

    asyncio.run(main())
