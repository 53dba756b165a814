"""The page's own test caller reaches an agent at another page, and both hear."""

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.journeys.conftest import HUM_HZ
from tests.journeys.desk import Desk
from tests.running import Platform, Seat, eventually

pytestmark = pytest.mark.peer


def test_a_browser_calls_a_browser(platform: Platform, supervisor: Seat, context: BrowserContext) -> None:
    """Dial in the page, press keys, the agent's page rings with nobody known, both hear each other's hum."""
    desk = Desk(context, platform.url)
    desk.sign_in("leo")
    desk.start_work()
    caller = Desk(context, f"{platform.url}/test-call")
    caller.page.get_by_test_id("test-number").fill("95588")
    caller.page.get_by_test_id("test-from").fill("13900000077")
    caller.page.get_by_test_id("test-dial").click()
    expect(caller.page.get_by_test_id("test-state")).to_have_attribute("data-stage", "up")
    # A caller nobody knows is asked for the language first.
    caller.page.wait_for_timeout(2500)
    caller.page.get_by_test_id("key-2").click()
    caller.page.wait_for_timeout(1500)
    caller.page.get_by_test_id("key-1").click()
    desk.phase("offered", 30)
    expect(desk.page.get_by_text("13900000077").first).to_be_visible()
    expect(desk.page.get_by_test_id("card-none")).to_be_visible()
    desk.page.keyboard.press("a")
    desk.phase("talking")
    desk.connected()
    for page, whose in ((caller, "the agent"), (desk, "the caller")):
        eventually(lambda page=page: abs(page.heard()[0] - HUM_HZ) < 12, what=whose)
    caller.page.get_by_test_id("test-hang-up").click()
    desk.phase("ended")
    desk.page.get_by_test_id("wrap-done").click()
    call = eventually(lambda: supervisor.get("/api/history/calls", q="13900000077"), what="the history")[0]
    assert (call["outcome"], call["ended_by"], call["agent"]) == ("answered", "caller", "1002")
