"""What a supervisor does from the pages: close a queue, ask why, give a call away, call somebody back."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.journeys.conftest import PASSWORD
from tests.journeys.desk import Desk
from tests.journeys.telephones import call_of, caller, register, voice
from tests.running import Platform, Seat, eventually
from tests.sipp import Sipp
from tests.sound import SoundPeer

pytestmark = pytest.mark.peer
MESSAGE = "We are sorry. Because of a technical fault nobody can take your call now. Please call again later."


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


def waits(supervisor: Seat, sound: SoundPeer, number: str) -> str:
    """Let the caller choose business banking; the call, once it waits there."""
    eventually(lambda: len(sound.heard) > 25, what="the welcome")
    call_of(supervisor, number, "ivr")
    sound.press("3")
    return str(call_of(supervisor, number, "waiting")["id"])


def returned(supervisor: Seat, call: str) -> dict[str, Any]:
    """Why a queue gave the call back, once it has."""

    def look() -> dict[str, Any] | None:
        story = supervisor.get(f"/api/history/calls/{call}/why")["story"]
        return next((dict(line["params"]) for line in story if line["kind"] == "returned"), None)

    found = eventually(look, 20, "the way back to the flow")
    assert found is not None
    return found


def test_a_queue_is_closed_in_an_emergency_and_opened_again(
    platform: Platform, supervisor: Seat, board: Page, tmp_path: Path
) -> None:
    """Who waits is told and goes back to the flow; who comes is not let in; then it is as before."""
    row = board.get_by_test_id("queue-business")
    with SoundPeer() as sound, caller(platform, tmp_path, sound, "13800000002") as sipp:
        call = waits(supervisor, sound, "13800000002")
        row.get_by_role("button").focus()
        board.keyboard.press("Enter")
        expect(board.get_by_test_id("queue-close")).to_be_focused()
        board.keyboard.press("Enter")
        dialog = board.get_by_test_id("closing")
        expect(dialog.get_by_test_id("closing-message")).to_have_value(MESSAGE)
        dialog.get_by_test_id("closing-go").click()
        expect(row).to_have_attribute("data-closed", "yes")
        expect(row.get_by_test_id("queue-waiting")).to_have_text("0")
        told = returned(supervisor, call)
        assert (told["queue"], told["reason"], told["message"]) == ("business", "closed", MESSAGE)
        call_of(supervisor, "13800000002", "ivr")
        sipp.hang_up()
    with SoundPeer() as sound, caller(platform, tmp_path, sound, "13800000002") as sipp:
        eventually(lambda: len(sound.heard) > 25, what="the welcome")
        call = str(call_of(supervisor, "13800000002", "ivr")["id"])
        sound.press("3")
        assert returned(supervisor, call)["reason"] == "closed"
        sipp.hang_up()

    board.reload()
    expect(row).to_have_attribute("data-closed", "yes")
    row.get_by_role("button").click()
    board.get_by_test_id("queue-open").click()
    expect(row).to_have_attribute("data-closed", "no")
    with SoundPeer() as sound, caller(platform, tmp_path, sound, "13800000002") as sipp:
        waits(supervisor, sound, "13800000002")
        sipp.hang_up()


def test_the_board_says_why_nobody_takes_a_call_and_gives_it_to_somebody(
    platform: Platform, supervisor: Seat, mina: Seat, board: Page, tmp_path: Path
) -> None:
    """Each agent of the queue with what rules them out; the paused one gets it all the same, and talks."""
    port = register(platform, mina, tmp_path)
    mina.post("/api/desk/sign-in")
    phone = Sipp(voice(tmp_path, 660.0), "agent", platform.sip_port, port=port)
    with phone, SoundPeer() as sound, caller(platform, tmp_path, sound, "13800000002") as sipp:
        call = waits(supervisor, sound, "13800000002")
        row = board.get_by_test_id(f"call-{call}")
        row.get_by_role("button").click()
        board.get_by_test_id("call-standing").click()
        standing = board.get_by_test_id("standing")
        expect(standing.get_by_test_id("standing-says")).to_be_visible()
        expect(standing.get_by_test_id("candidate-1003")).to_contain_text("Paused")
        expect(standing.get_by_test_id("candidate-1004")).to_contain_text("Signed out")
        standing.get_by_test_id("candidate-1003").get_by_role("button").click()
        expect(standing.get_by_test_id("standing-says")).to_be_hidden()
        expect(row).to_have_attribute("data-phase", re.compile("offered|talking"))
        call_of(supervisor, "13800000002", "talking")
        sipp.hang_up()
        phone.finish()
    mina.post("/api/desk/sign-out")


def test_a_missed_caller_is_called_back_with_one_click(
    platform: Platform, supervisor: Seat, board: Page, tmp_path: Path
) -> None:
    """Who gave up stands in the list with their name; one click keeps their place, another lets it go."""
    with SoundPeer() as sound, caller(platform, tmp_path, sound, "13800000001") as sipp:
        call = waits(supervisor, sound, "13800000001")
        sipp.hang_up()
    eventually(lambda: supervisor.get("/api/history/calls", q="13800000001"), what="the history")
    board.get_by_test_id("nav-missed").click()
    row = board.get_by_test_id(f"missed-{call}")
    expect(row).to_contain_text("Ada Lovelace")
    expect(row).to_contain_text("Business banking")
    row.get_by_test_id("call-back").click()
    expect(row).to_contain_text("Will be called back")
    kept = board.get_by_test_id("callbacks")
    expect(kept).to_contain_text("+8613800000001")
    board.get_by_test_id("nav-board").click()
    callbacks = board.get_by_test_id("queue-business").get_by_test_id("queue-callbacks")
    expect(callbacks).to_have_text(re.compile("[01]"))  # at night it waits for the morning
    board.get_by_test_id("nav-missed").click()
    board.reload()
    expect(kept).to_contain_text("+8613800000001")
    kept.get_by_test_id("callback-forget").click()
    expect(kept).to_be_hidden()
    expect(row.get_by_test_id("call-back")).to_be_visible()
