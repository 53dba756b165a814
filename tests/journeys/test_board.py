"""The supervisor's live board: what happens on the floor is on it within a second."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.journeys.conftest import PASSWORD
from tests.journeys.desk import Desk
from tests.journeys.telephones import caller, last_call, register, voice
from tests.running import Platform, Seat, eventually
from tests.sipp import Sipp
from tests.sound import SoundPeer

pytestmark = pytest.mark.peer
NUMBER = "13800000002"
SOON_MS = 1000
"""By when the board shows what has happened."""


@pytest.fixture
def board(platform: Platform, context: BrowserContext) -> Page:
    """The board of a supervisor who signed in at it."""
    desk = Desk(context, f"{platform.url}/board")
    desk.sign_in("vera")
    expect(desk.page.get_by_test_id("board")).to_be_visible()
    return desk.page


@pytest.fixture
def mina(platform: Platform) -> Iterator[Seat]:
    """An agent of business banking, not at work yet."""
    seat = platform.seat("mina", PASSWORD)
    yield seat
    seat.close()


def happened(supervisor: Seat, call: str, phase: str) -> None:
    """Wait until the floor says so, over HTTP and apart from the board."""
    eventually(lambda: supervisor.snapshot()["calls"].get(call, {}).get("phase") == phase, what=phase)


def tile(page: Page, name: str) -> Locator:
    """One of the figures at the top."""
    return page.get_by_test_id(f"tile-{name}").locator(".num")


def test_the_board_follows_a_call(
    platform: Platform, supervisor: Seat, mina: Seat, board: Page, tmp_path: Path
) -> None:
    """Queue, agent and call move through the phases; after it the service level stands; on the wall too."""
    queue, agent = board.get_by_test_id("queue-business"), board.get_by_test_id("agent-1003")
    waiting = queue.get_by_test_id("queue-waiting")
    expect(queue).to_be_visible()
    expect(agent).to_be_hidden()  # signed out
    expect(waiting).to_have_text("0")

    port = register(platform, mina, tmp_path)
    mina.post("/api/desk/sign-in")
    expect(agent).to_have_attribute("data-state", "paused", timeout=SOON_MS)
    phone = Sipp(voice(tmp_path, 660.0), "agent", platform.sip_port, port=port)
    with phone, SoundPeer() as sound, caller(platform, tmp_path, sound, NUMBER) as sipp:
        eventually(lambda: len(sound.heard) > 25, what="the welcome")
        (call,) = supervisor.snapshot()["calls"]
        row = board.get_by_test_id(f"call-{call}")
        expect(row).to_have_attribute("data-phase", "ivr", timeout=SOON_MS)
        expect(row).to_contain_text("Charles Babbage")
        expect(row).to_contain_text("Private")
        sound.press("3")
        happened(supervisor, call, "waiting")
        expect(row).to_have_attribute("data-phase", "waiting", timeout=SOON_MS)
        expect(row).to_contain_text("Business banking")
        expect(waiting).to_have_text("1", timeout=SOON_MS)
        expect(tile(board, "waiting")).to_have_text("1", timeout=SOON_MS)
        mina.post("/api/desk/ready")
        expect(row).to_have_attribute("data-phase", re.compile("offered|talking"), timeout=SOON_MS)
        expect(agent).to_have_attribute("data-state", re.compile("offered|on_contact"), timeout=SOON_MS)
        happened(supervisor, call, "talking")
        expect(row).to_have_attribute("data-phase", "talking", timeout=SOON_MS)
        expect(row).to_contain_text("Mina Hart")
        expect(agent).to_have_attribute("data-state", "on_contact", timeout=SOON_MS)
        expect(waiting).to_have_text("0", timeout=SOON_MS)
        expect(tile(board, "talking")).to_have_text("1", timeout=SOON_MS)
        mina.post("/api/desk/hold", call=call)
        expect(row).to_have_attribute("data-phase", "held", timeout=SOON_MS)
        sipp.hang_up()
        expect(row).to_be_hidden(timeout=SOON_MS)
        phone.finish()
    expect(agent).to_have_attribute("data-state", "available", timeout=SOON_MS)
    # Answered within the target of 20 s: all of them so far.
    expect(queue.get_by_test_id("queue-service")).to_have_text("100%", timeout=SOON_MS)
    expect(tile(board, "service")).to_have_text("100%", timeout=SOON_MS)
    expect(tile(board, "available")).to_have_text("1", timeout=SOON_MS)
    assert last_call(supervisor, NUMBER)["queue"] == "business"

    board.get_by_test_id("wall").click()
    expect(board).to_have_url(f"{platform.url}/board/wall")
    expect(board.get_by_role("banner")).to_be_hidden()
    expect(tile(board, "service")).to_have_text("100%")
    expect(queue).to_be_visible()
    # Everything a room needs to see is on the screen without scrolling.
    assert board.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    mina.post("/api/desk/sign-out")
    expect(agent).to_be_hidden(timeout=SOON_MS)
    board.get_by_test_id("wall").click()
    expect(board.get_by_role("banner")).to_be_visible()


def test_an_abandoned_call_is_counted(
    platform: Platform, supervisor: Seat, board: Page, tmp_path: Path
) -> None:
    """Who hangs up in the queue is gone from the board and stands among the abandoned."""
    before = int(tile(board, "abandoned").inner_text())
    with SoundPeer() as sound, caller(platform, tmp_path, sound, NUMBER) as sipp:
        eventually(lambda: len(sound.heard) > 25, what="the welcome")
        (call,) = supervisor.snapshot()["calls"]
        sound.press("3")
        happened(supervisor, call, "waiting")
        expect(board.get_by_test_id(f"call-{call}")).to_have_attribute("data-phase", "waiting")
        sipp.hang_up()
        expect(board.get_by_test_id(f"call-{call}")).to_be_hidden(timeout=SOON_MS)
        expect(tile(board, "abandoned")).to_have_text(str(before + 1), timeout=SOON_MS)
