"""A caller dials, the right agent's browser rings with the customer's card, and they talk."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from tests.journeys.conftest import HUM_HZ, PASSWORD
from tests.journeys.desk import Desk
from tests.journeys.telephones import rate
from tests.running import Platform, Seat, eventually
from tests.sipp import Sipp
from tests.sound import SoundPeer, loud, share_of

pytestmark = pytest.mark.peer
CALLER_HZ = 440.0


def caller(platform: Platform, folder: Path, sound: SoundPeer, number: str = "13800000001") -> Sipp:
    """A SIPp caller whose sound is ours."""
    keys = {"number": number, "rtp_port": sound.port}
    return Sipp(folder, "caller", platform.sip_port, "-s", "95588", keys=keys)


def test_the_agents_browser_rings_with_the_card_and_they_talk(
    platform: Platform, supervisor: Seat, context: BrowserContext, tmp_path: Path
) -> None:
    """Offer, screen-pop, answer, sound both ways, hold, resume, reload, hang-up, survey, wrap-up, history."""
    desk = Desk(context, platform.url)
    desk.sign_in("grace")
    desk.start_work()
    with SoundPeer(CALLER_HZ) as sound, caller(platform, tmp_path, sound) as sipp:
        eventually(lambda: len(sound.heard) > 50, what="the welcome")
        sound.press("1")
        desk.phase("offered")
        page = desk.page
        expect(page.get_by_text("Ada Lovelace").first).to_be_visible()
        expect(page.get_by_text("Affluent").first).to_be_visible()
        expect(page.get_by_text("Prefers to be called in the morning")).to_be_visible()
        page.get_by_role("button", name="Answer").click()
        desk.phase("talking")
        desk.connected()
        eventually(
            lambda: share_of(sound.last(0.5), HUM_HZ) > 0.5, what="the agent's voice at the caller's ear"
        )
        hz, _ = eventually(
            lambda: (h := desk.heard()) and abs(h[0] - CALLER_HZ) < 12 and h, what="the caller's voice"
        )
        assert abs(hz - CALLER_HZ) < 12

        page.get_by_role("button", name="Hold").click()
        desk.phase("held")
        eventually(lambda: share_of(sound.last(0.5), HUM_HZ) < 0.1, what="music instead of the agent")
        page.get_by_role("button", name="Resume").click()
        desk.phase("talking")
        eventually(lambda: share_of(sound.last(0.5), HUM_HZ) > 0.5, what="the agent after the hold")

        page.reload()
        desk.phase("talking", 20)
        desk.connected(20)
        eventually(lambda: share_of(sound.last(0.5), HUM_HZ) > 0.5, what="the agent after the reload")

        page.get_by_role("button", name="Hang up").click()
        desk.phase("ended")
        rate(supervisor, sound, "13800000001")
        sipp.finish()
    page.get_by_test_id("wrap-note").fill("Asked for the balance")
    page.get_by_test_id("wrap-code").click()
    page.get_by_role("option", name="Enquiry").click()
    page.get_by_test_id("wrap-done").click()
    expect(page.get_by_text("You are ready. The next call rings here.")).to_be_visible()
    desk.end_work()

    call = eventually(
        # The note is a line of its own and may be written a moment after the call.
        lambda: next((c for c in supervisor.get("/api/history/calls", q="13800000001") if c["code"]), None),
        what="the history, with the note",
    )
    assert call["outcome"] == "answered"
    assert call["ended_by"] == "flow"
    assert call["marks"] == {"survey": "5"}
    assert call["agent"] == "1001"
    assert call["queue"] == "personal"
    assert call["tier"] == "retail-affluent"
    assert call["customer_name"] == "Ada Lovelace"
    assert call["digits"] == "15"
    assert call["code"] == "enquiry"
    assert call["note"] == "Asked for the balance"
    assert call["started"] <= call["answered"] < call["ended"]
    assert call["hold_s"] > 0
    story = [line["what"] for line in supervisor.get(f"/api/history/calls/{call['id']}/why")["story"]]
    assert "offered" in story


def test_an_agent_who_does_not_come_back_loses_the_call_to_the_next(
    platform: Platform, supervisor: Seat, browser: Browser, context: BrowserContext, tmp_path: Path
) -> None:
    """The page is closed in the call: music for 20 s, then the head of the queue, and the next agent."""
    grace = Desk(context, platform.url)
    grace.sign_in("grace")
    grace.start_work()
    with SoundPeer(CALLER_HZ) as sound, caller(platform, tmp_path, sound) as sipp:
        eventually(lambda: len(sound.heard) > 50, what="the welcome")
        sound.press("1")
        grace.phase("offered")
        grace.page.get_by_role("button", name="Answer").click()
        grace.phase("talking")
        eventually(lambda: share_of(sound.last(0.5), HUM_HZ) > 0.5, what="the agent's voice")
        grace.page.close()
        eventually(lambda: share_of(sound.last(0.5), HUM_HZ) < 0.1, what="music instead of the agent")
        eventually(lambda: loud(sound.last(2)), what="music that can be heard")
        other = browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB")
        leo = Desk(other, platform.url)
        leo.sign_in("leo")
        leo.start_work()
        leo.phase("offered", 40)
        expect(leo.page.get_by_text("Ada Lovelace").first).to_be_visible()
        leo.page.get_by_role("button", name="Answer").click()
        leo.phase("talking")
        leo.connected()
        eventually(lambda: share_of(sound.last(0.5), HUM_HZ) > 0.5, what="the next agent")
        leo.page.get_by_role("button", name="Hang up").click()
        rate(supervisor, sound, "13800000001")
        sipp.finish()
        leo.page.get_by_test_id("wrap-done").click()
        leo.end_work()
        other.close()
    gone = platform.seat("grace", PASSWORD)
    gone.post("/api/desk/sign-out")
    gone.close()
    calls = eventually(lambda: len(c := supervisor.get("/api/history/calls", q="13800000001")) == 2 and c)
    assert (calls[0]["outcome"], calls[0]["agent"]) == ("answered", "1002")
    visits = supervisor.get(f"/api/history/calls/{calls[0]['id']}")["visits"]
    assert [(v["outcome"], v["agent"]) for v in visits] == [("answered", "1001"), ("answered", "1002")]
    assert calls[0]["hold_s"] >= 20
