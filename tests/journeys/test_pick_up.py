"""An agent takes a call that rings at a colleague, and hands it on by keyboard alone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.journeys.conftest import PASSWORD
from tests.journeys.desk import Desk
from tests.journeys.telephones import call_of, caller, ready, register
from tests.running import Platform, Seat, eventually
from tests.sipp import Sipp
from tests.sound import SoundPeer

pytestmark = pytest.mark.peer


@pytest.fixture
def leo(platform: Platform) -> Iterator[Seat]:
    """A colleague of Grace, not at work yet."""
    seat = platform.seat("leo", PASSWORD)
    yield seat
    seat.post("/api/desk/sign-out")
    seat.close()


def test_a_call_that_rings_at_a_colleague_is_picked_up_and_handed_on(
    platform: Platform, supervisor: Seat, leo: Seat, context: BrowserContext, tmp_path: Path
) -> None:
    """One key: the colleague's telephone falls silent, this one picks up by itself."""
    desk = Desk(context, platform.url)
    desk.sign_in("grace")
    page = desk.page
    page.get_by_test_id("work-start").click()
    expect(page.get_by_text("Phone ready")).to_be_visible()
    port = register(platform, leo, tmp_path)
    ready(leo)
    phone = Sipp(tmp_path, "phone_rings", platform.sip_port, port=port)
    with phone, SoundPeer(440.0) as sound, caller(platform, tmp_path, sound, "13800000001") as sipp:
        eventually(lambda: len(sound.heard) > 25, what="the welcome")
        sound.press("1")
        call = call_of(supervisor, "13800000001", "offered")["id"]
        near = page.get_by_test_id(f"near-{call}")
        expect(near).to_contain_text("Personal banking")
        expect(near).to_contain_text("Leo Young")
        expect(page.get_by_text("Ada Lovelace")).to_be_hidden()  # who calls is not said before
        page.keyboard.press("g")
        desk.phase("talking")
        desk.connected()
        expect(page.get_by_text("Ada Lovelace").first).to_be_visible()
        phone.finish()
        expect(near).to_be_hidden()

        leo.post("/api/desk/pause", reason="break")
        page.keyboard.press("t")
        page.get_by_test_id("choose-text").fill("personal")
        expect(page.get_by_test_id("choose-queue-personal")).to_have_attribute("aria-selected", "true")
        page.keyboard.press("Enter")
        desk.phase("ended")  # for this desk: its wrap-up
        call_of(supervisor, "13800000001", "waiting")
        sipp.hang_up()
    page.get_by_test_id("wrap-done").click()
    expect(page.get_by_test_id("agent-state")).to_have_attribute("data-state", "paused")
    desk.end_work()
