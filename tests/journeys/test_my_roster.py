"""Agents at their roster: a swap from one to the other to the supervisor, and the telephone's calendar."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from urllib.request import urlopen

import pytest
from icalendar import Calendar
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.journeys.conftest import PASSWORD
from tests.journeys.desk import Desk
from tests.running import Platform, Seat

pytestmark = pytest.mark.peer
TELEPHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def today() -> date:
    """The roster's first day."""
    return datetime.now(UTC).date()


@pytest.fixture(scope="module", autouse=True)
def roster(platform: Platform, today: date) -> None:
    """Two weeks: Grace early in two days, Leo late in four, and eleven hours of rest."""
    admin = platform.seat("root", PASSWORD)
    admin.post("/api/admin/users", id="paul", name="Paul", role="planner", password=PASSWORD, language="en")
    admin.close()
    paul = platform.seat("paul", PASSWORD)
    meal = {"name": "meal", "minutes": 30, "earliest": 180, "latest": 300, "paid": False}
    problem = {
        "start": today.isoformat(),
        "days": 14,
        "zone": "UTC",
        "shifts": [
            {"id": "E", "name": "Early", "start": 420, "length": 480, "breaks": [meal]},
            {"id": "L", "name": "Late", "start": 840, "length": 480, "breaks": [meal]},
        ],
        "people": [{"id": "1001", "name": "Grace Chen"}, {"id": "1002", "name": "Leo Young"}],
        "covers": [{"day": 2, "shift": "E", "required": 1}],
        "rules": [{"rule": "rest", "least_minutes": 660}],
    }
    made = paul.post("/api/rosters/problems", group="bank", name="Two weeks", problem=problem)
    draft = paul.post("/api/rosters/drafts", problem=made["id"], name="By hand")
    cells = [("1001", 2, "E"), ("1002", 4, "L"), ("1002", 9, "L")]
    changes = [
        {"person": person, "day": (today + timedelta(days=on)).isoformat(), "shift": shift}
        for person, on, shift in cells
    ]
    paul.post(f"/api/rosters/drafts/{draft['id']}/changes", changes=changes)
    paul.post(f"/api/rosters/drafts/{draft['id']}/publish", note="Final")
    paul.close()


@pytest.fixture
def telephone(browser: Browser) -> Iterator[BrowserContext]:
    """A browser as wide as a telephone."""
    context = browser.new_context(viewport=TELEPHONE, locale="en-GB")  # type: ignore[arg-type]
    context.set_default_timeout(10_000)
    yield context
    context.close()


def signed_in(context: BrowserContext, platform: Platform, user: str, path: str) -> Page:
    """Somebody's page."""
    desk = Desk(context, platform.url)
    desk.sign_in(user)
    expect(desk.page.get_by_test_id("me")).to_be_visible()
    desk.page.goto(platform.url + path)
    return desk.page


def test_a_swap_and_the_calendar(
    platform: Platform,
    context: BrowserContext,
    telephone: BrowserContext,
    browser: Browser,
    supervisor: Seat,
    today: date,
) -> None:
    """Grace asks and is judged at once, Leo agrees on his telephone, Vera approves by keyboard."""
    second, fourth = (f"{today + timedelta(days=on)}" for on in (2, 4))
    grace = signed_in(context, platform, "grace", f"/roster?view=month&day={second}")
    expect(grace.get_by_test_id(f"roster-day-{second}")).to_contain_text("Early")
    grace.get_by_test_id("day-swap").click()
    dialog = grace.get_by_test_id("ask-dialog")
    dialog.get_by_test_id("ask-other").click()
    grace.get_by_role("option", name="Leo Young").click()
    expect(dialog.get_by_test_id("verdict")).to_have_attribute("data-allowed", "true")
    dialog.get_by_test_id("ask-other-day").fill(fourth)
    dialog.get_by_test_id("ask-words").fill("Dentist")
    expect(dialog.get_by_test_id("ask-other")).to_have_value(re.compile("Leo Young · Late 14:00–22:00"))
    grace.reload()
    expect(dialog.get_by_test_id("ask-words")).to_have_value("Dentist")  # nothing is lost
    expect(dialog.get_by_test_id("verdict")).to_have_attribute("data-allowed", "true")
    dialog.get_by_test_id("ask-send").click()
    expect(dialog).to_be_hidden()

    leo = signed_in(telephone, platform, "leo", "/roster/requests")
    expect(leo.get_by_test_id("nav-badge")).to_contain_text("1")
    asked = leo.get_by_test_id("asked-of-me")
    expect(asked).to_contain_text("“Dentist”")
    expect(asked).to_contain_text(
        re.compile("You give: .+, Late 14:00–22:00.*You get: .+, Early 07:00–15:00")
    )
    wide = leo.evaluate("document.documentElement.scrollWidth")
    assert wide <= TELEPHONE["width"], wide
    asked.get_by_test_id("agree").click()
    expect(leo.get_by_test_id("my-requests")).to_contain_text("waits for a decision")
    expect(leo.get_by_test_id("nav-badge")).to_be_hidden()

    watching = browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB")
    vera = signed_in(watching, platform, "vera", "/requests")
    expect(vera.get_by_test_id("nav-badge")).to_contain_text("1")
    expect(vera.get_by_test_id("request-title")).to_contain_text("Grace Chen: Swap")
    expect(vera.get_by_test_id("verdict")).to_have_attribute("data-allowed", "true")
    expect(vera.get_by_test_id("beside").locator("tbody tr")).to_have_count(2)
    expect(vera.get_by_test_id("cover")).to_contain_text("Early 1, needed 1")
    vera.get_by_test_id("request-list").focus()
    vera.keyboard.press("a")
    vera.get_by_test_id("decision-note").fill("Fine")
    vera.get_by_test_id("ask-yes").click()
    expect(vera.get_by_test_id("decision")).to_contain_text("Approved by vera")
    expect(vera.get_by_test_id("nav-badge")).to_be_hidden()
    assert supervisor.get("/api/rosters/requests")[0]["state"] == "approved"
    watching.close()

    grace.goto(f"{platform.url}/roster?day={second}")
    expect(grace.get_by_test_id("roster-day")).to_contain_text("It was: Early 07:00–15:00")
    expect(grace.get_by_test_id(f"roster-day-{second}")).to_contain_text("Free")
    leo.goto(f"{platform.url}/roster?view=month&day={second}")
    expect(leo.get_by_test_id("roster-day")).to_contain_text("Early")
    leo.get_by_test_id("feed-make").click()
    address = leo.get_by_test_id("feed-address").input_value()
    with urlopen(address) as answer:  # as a calendar program does
        events = Calendar.from_ical(answer.read()).walk("VEVENT")
    days = sorted((str(one["summary"]), one.decoded("dtstart").date()) for one in events)
    assert days == [("Early", today + timedelta(days=2)), ("Late", today + timedelta(days=9))]


def test_an_open_shift_is_bid_for_and_given(
    platform: Platform, context: BrowserContext, browser: Browser, today: date
) -> None:
    """Paul opens it, Grace bids as the judge says she may, Vera sees whose turn it is and gives it."""
    free = (today + timedelta(days=7)).isoformat()
    paul = platform.seat("paul", PASSWORD)
    version = max(paul.get("/api/rosters/versions", current=True), key=lambda one: int(one["id"]))
    opened = paul.post(
        f"/api/rosters/versions/{version['id']}/openings", day=free, shift="L", note="Campaign"
    )
    paul.close()
    grace = signed_in(context, platform, "grace", f"/roster?day={free}")
    row = grace.get_by_test_id(f"my-opening-{opened['id']}")
    expect(row).to_contain_text("Campaign")
    row.get_by_test_id("opening-bid").click()
    dialog = grace.get_by_test_id("bid-dialog")
    expect(dialog.get_by_test_id("verdict")).to_have_attribute("data-allowed", "true")
    dialog.get_by_test_id("bid-send").click()
    expect(row).to_contain_text("you bid")

    watching = browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB")
    vera = signed_in(watching, platform, "vera", "/requests?show=openings")
    bids = vera.get_by_test_id("opening-bids").locator("tbody tr")
    expect(bids).to_contain_text(re.compile("1\\s*Grace Chen"))
    bids.get_by_test_id("opening-give").click()
    vera.get_by_test_id("ask-yes").click()
    expect(vera.get_by_test_id(f"opening-{opened['id']}")).to_contain_text("1 of 1 given")
    watching.close()
    grace.reload()
    expect(grace.get_by_test_id(f"roster-day-{free}")).to_contain_text("Late")
    expect(grace.get_by_test_id("my-openings")).to_be_hidden()
