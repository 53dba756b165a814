"""A planner at the rosters: a problem, the solver, a draft judged at every change, what agents then see."""

import json
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.journeys.conftest import PASSWORD
from tests.journeys.desk import Desk
from tests.running import Platform, Seat

pytestmark = pytest.mark.peer
DAYS = 4
SOLVE_MS = 90_000
"""The longest the solver's process may take to begin and end on a machine that has much else to do."""


def monday() -> date:
    """The one after the next."""
    today = datetime.now(UTC).date()
    return today + timedelta(days=14 - today.weekday())


def on(day: int) -> str:
    """A day of the period, as it is written."""
    return (monday() + timedelta(days=day)).isoformat()


def problem() -> dict[str, Any]:
    """Four days of four people: one early, one late, and eleven hours of rest."""
    shifts = [{"id": "E", "start": 420, "length": 480}, {"id": "L", "start": 900, "length": 480}]
    required = [1 if 7 <= hour < 23 else 0 for _ in range(DAYS) for hour in range(24)]
    return {
        "start": on(0),
        "days": DAYS,
        "zone": "UTC",
        "interval_minutes": 60,
        "shifts": shifts,
        "people": [{"id": str(id), "skills": {"calls": 1}} for id in range(1001, 1005)],
        "demands": [{"name": "calls", "skill": "calls", "required": required}],
        "rules": [{"rule": "rest", "least_minutes": 660}],
    }


@pytest.fixture(scope="module", autouse=True)
def planners(platform: Platform) -> None:
    """Paul and Petra may plan."""
    admin = platform.seat("root", PASSWORD)
    for id in ("paul", "petra"):
        admin.post(
            "/api/admin/users", id=id, name=id.title(), role="planner", password=PASSWORD, language="en"
        )
    admin.close()


@pytest.fixture
def page(platform: Platform, context: BrowserContext) -> Page:
    """Paul, signed in."""
    desk = Desk(context, platform.url)
    desk.sign_in("paul")
    expect(desk.page.get_by_test_id("planning")).to_be_visible(timeout=20_000)
    return desk.page


def cell(page: Page, person: str, day: int) -> Locator:
    """A person's day in the grid."""
    return page.get_by_test_id(f"cell-{person}-{on(day)}")


def drag(page: Page, source: Locator, target: Locator) -> None:
    """By mouse, from the middle of one to the middle of the other."""
    boxes = [one.bounding_box() for one in (source, target)]
    (x, y), (to_x, to_y) = (
        (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2) for box in boxes if box
    )
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 8, y + 4, steps=2)
    page.mouse.move(to_x, to_y, steps=4)
    page.mouse.up()


def test_from_a_problem_to_what_agents_see(page: Page, platform: Platform) -> None:
    """Solved, looked at, changed by mouse and keyboard under the judge's eyes, undone, and published."""
    page.goto(f"{platform.url}/planning/rosters")
    page.get_by_test_id("new-problem-open").click()
    page.get_by_text("A problem file").click()
    page.get_by_test_id("new-name").fill("A week")
    page.get_by_test_id("new-group").fill("bank")
    content = json.dumps(problem()).encode()
    page.locator("input[type=file]").set_input_files(
        {"name": "week.json", "mimeType": "application/json", "buffer": content}
    )
    page.get_by_test_id("new-go").click()
    page.get_by_test_id("solve-seconds").fill("60")  # it ends when nothing is better
    page.get_by_test_id("solve-go").click()
    page.get_by_test_id("solve-open").click(timeout=SOLVE_MS)
    expect(page.get_by_test_id("gantt")).to_be_visible()
    planner = platform.seat("petra", PASSWORD)
    (draft,) = planner.get("/api/rosters/drafts")
    before = shifts_of(planner, draft["id"])
    violations = page.get_by_test_id("strip-violations")
    expect(violations).to_have_attribute("data-count", "0")

    # Whoever is late has the early shift of the day after: no eleven hours of rest.
    late = next(person for (person, day), shift in before.items() if (day, shift) == (0, "L"))
    early = next(person for (person, day), shift in before.items() if (day, shift) == (1, "E"))
    drag(page, cell(page, early, 1), cell(page, late, 1))
    pending = page.get_by_test_id("pending")
    expect(pending).to_contain_text(f"{late} rests 8 h before E")
    assert shifts_of(planner, draft["id"]) == before  # nothing is kept yet
    broken = pending.get_by_test_id("difference").get_attribute("data-broken") or ""
    page.get_by_test_id("pending-keep").click()
    expect(violations).to_have_attribute("data-count", broken)
    expect(cell(page, late, 1)).to_have_attribute("data-bad", "true")

    cell(page, late, 1).click()
    page.keyboard.press("Control+z")
    expect(violations).to_have_attribute("data-count", "0")
    expect(cell(page, early, 1)).to_have_attribute("data-shift", "E")
    assert shifts_of(planner, draft["id"]) == before

    # By keyboard: taken up, carried to another day, given up; then taken away.
    cell(page, early, 1).click()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_test_id("carrying")).to_contain_text("E of")
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("carrying")).to_be_hidden()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Delete")
    expect(cell(page, early, 1)).to_have_attribute("data-shift", "")

    # Now somebody is missing: who could be there, and why the others cannot.
    page.get_by_test_id("views").get_by_text("Cover").click()
    gap = page.get_by_test_id("gap")
    expect(gap).to_contain_text("07:00–15:00")
    gap.click()
    expect(page.get_by_test_id(f"helper-{late}")).to_contain_text("rests 8 h before E")
    able = page.get_by_test_id(f"helper-{early}")
    expect(able).to_have_attribute("data-could", "true")
    able.get_by_test_id("put").click()
    expect(page.get_by_test_id("short-none")).to_be_visible()

    page.reload()  # the address has the draft and the view
    expect(page.get_by_test_id("short-none")).to_be_visible()
    page.get_by_test_id("publish").click()
    expect(page.get_by_test_id("publish-changes")).to_contain_text(f"{2 * DAYS} days of")
    page.get_by_test_id("publish-note").fill("Final")
    page.get_by_test_id("publish-go").click()
    expect(page).to_have_url(re.compile(r"version=\d+"))
    expect(page.get_by_text("in force")).to_be_visible()
    (version,) = planner.get("/api/rosters/versions")
    assert (version["by"], version["note"], version["shifts"]) == ("paul", "Final", 2 * DAYS)
    planner.close()


def test_somebody_else_was_faster(page: Page, platform: Platform) -> None:
    """The change is not lost: it is shown upon theirs, and kept if it is still meant."""
    planner = platform.seat("petra", PASSWORD)
    made = planner.post("/api/rosters/problems", group="two", name="Two at once", problem=problem())
    draft = planner.post("/api/rosters/drafts", problem=made["id"], name="Two at once")["id"]
    page.goto(f"{platform.url}/planning/rosters?draft={draft}")
    expect(page.get_by_test_id("gantt")).to_be_visible()
    theirs = {"person": "1001", "day": on(0), "shift": "E"}
    planner.post(f"/api/rosters/drafts/{draft}/changes", changes=[theirs])

    cell(page, "1002", 0).dblclick()
    page.get_by_test_id("cell-shift").click()
    page.get_by_role("option", name=re.compile("^L ")).click()
    page.get_by_test_id("cell-save").click()
    expect(page.get_by_test_id("pending")).to_contain_text("Somebody else was faster")
    page.get_by_test_id("pending-keep").click()
    expect(cell(page, "1002", 0)).to_have_attribute("data-shift", "L")
    expect(cell(page, "1001", 0)).to_have_attribute("data-shift", "E")
    assert shifts_of(planner, draft) == {("1001", 0): "E", ("1002", 0): "L"}
    page.get_by_test_id("views").get_by_text("Changes").click()
    trail = page.get_by_test_id("trail")
    expect(trail).to_contain_text("paul")
    expect(trail).to_contain_text("petra")
    planner.close()


def shifts_of(planner: Seat, draft: int) -> dict[tuple[str, int], str]:
    """What the server has of a draft: (person, day of the period) to shift."""
    roster = planner.get(f"/api/rosters/drafts/{draft}")["roster"]
    days = {on(day): day for day in range(DAYS)}
    return {(one["person"], days[one["day"]]): one["shift"] for one in roster}
