"""A planner at the page: a file with a mistake and without, what stands out, a forecast, people for it."""

import re
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from forecasting.history import History
from forecasting.sample import Sample, SampleQueue, generate
from tests.journeys.conftest import PASSWORD
from tests.journeys.desk import Desk
from tests.running import Platform

pytestmark = pytest.mark.peer
DAYS = 49
JOB_MS = 60_000
"""The longest a cleaning or a forecast may take on a machine that has much else to do."""


@pytest.fixture(scope="module")
def history() -> History:
    """Seven weeks of a hotline by the hour, up to yesterday, with a morning on which nothing was counted."""
    first = datetime.now(UTC).date() - timedelta(days=DAYS)
    queue = SampleQueue("hotline", 2400.0, opens=8.0, closes=20.0)
    made = generate(Sample(first, DAYS, "UTC", 3600, (queue,)), np.random.default_rng(5))["hotline"]
    calls = made.calls.copy()
    lost = np.isin(made.starts, [moment(outage(first), hour) for hour in (9, 10, 11, 12)])
    calls[lost] = 0.0
    return History(made.starts, calls, 3600, "UTC", made.measures)


def outage(first: date) -> date:
    """The day without a morning: a Wednesday of the last weeks."""
    return first + timedelta(days=28 + (2 - first.weekday()) % 7)


def moment(day: date, hour: int) -> int:
    """UTC seconds."""
    return int(datetime(day.year, day.month, day.day, hour, tzinfo=UTC).timestamp())


def file_of(history: History, wrong: dict[int, str] | None = None) -> bytes:
    """As somebody exports it; ``wrong`` is what stands for the calls in some rows."""
    rows = ["时间,呼入量,平均处理时长"]
    for n, (start, calls) in enumerate(zip(history.starts.tolist(), history.calls.tolist(), strict=True)):
        said = (wrong or {}).get(n + 2, f"{calls:.0f}")
        at = datetime.fromtimestamp(start, UTC)
        rows.append(f"{at:%Y-%m-%d %H:%M},{said},{history.measures['aht_s'][n]:.1f}")
    return "\n".join(rows).encode("gb18030")


@pytest.fixture(scope="module", autouse=True)
def planner(platform: Platform) -> None:
    """Paul may plan."""
    admin = platform.seat("root", PASSWORD)
    admin.post("/api/admin/users", id="paul", name="Paul", role="planner", password=PASSWORD, language="en")
    admin.close()


@pytest.fixture
def page(platform: Platform, context: BrowserContext) -> Page:
    """Paul, signed in; planning is where he begins."""
    desk = Desk(context, platform.url)
    desk.sign_in("paul")
    expect(desk.page.get_by_test_id("planning")).to_be_visible()
    return desk.page


def choose(page: Page, name: str, content: bytes) -> None:
    """Choose a file in the import dialog."""
    page.get_by_test_id("import-file").set_input_files(
        {"name": name, "mimeType": "text/csv", "buffer": content}
    )


def test_a_file_is_taken_in_whole_or_not_at_all(page: Page, history: History) -> None:
    """Each mistake is told by row and column, and nothing is there; mended, it is the history of a series."""
    page.get_by_test_id("import-open").click()
    choose(page, "hotline.csv", file_of(history, {7: "many", 12: "-3"}))
    mistakes = page.get_by_test_id("import-mistakes")
    expect(mistakes).to_contain_text("2 mistakes. Nothing was taken in.")
    rows = mistakes.locator("tbody tr")
    expect(rows.nth(0)).to_have_text(re.compile("7\\s*呼入量\\s*“many” is no number"))
    expect(rows.nth(1)).to_have_text(re.compile("12\\s*呼入量\\s*-3 is negative"))
    expect(page.get_by_test_id("import-take")).to_be_disabled()

    choose(page, "hotline.csv", file_of(history))
    brings = page.get_by_test_id("import-brings")
    expect(brings).to_contain_text("hotline")
    expect(brings).to_contain_text(f"{len(history):,}")
    page.get_by_test_id("import-take").click()
    expect(page.get_by_test_id("import")).to_be_hidden()
    row = page.get_by_test_id("series-hotline")
    expect(row).to_contain_text("60 min")
    row.get_by_role("link", name="hotline").click()
    expect(page).to_have_url(re.compile(r"/planning/history\?series=hotline"))
    expect(page.get_by_test_id("history-plot")).to_be_visible()


def test_what_stands_out_is_found_and_decided_by_keyboard(
    page: Page, platform: Platform, history: History
) -> None:
    """The lost morning is found, undone with a note, and stays so after a reload at the same place."""
    day = outage(datetime.fromtimestamp(int(history.starts[0]), UTC).date())
    page.goto(f"{platform.url}/planning/history?series=hotline")
    page.get_by_test_id("clean").click()
    expect(page.get_by_test_id("job-clean")).to_be_visible()
    listed = page.get_by_test_id("finding-list").get_by_role("option")
    found = listed.filter(has_text="Outage")
    expect(found).to_contain_text(f"{day:%b} {day.day}", timeout=JOB_MS)

    page.get_by_test_id("finding-list").focus()
    option = page.locator(".finding[aria-selected=true]")
    for n in range(listed.count()):
        page.keyboard.press("ArrowDown")
        expect(listed.nth(n)).to_have_attribute("aria-selected", "true")
        if "Outage" in option.inner_text():
            break
    expect(option).to_contain_text("Outage")
    expect(page.get_by_test_id("decide")).to_contain_text("09:00")
    page.get_by_test_id("finding-note").fill("a holiday of the branch")
    page.get_by_test_id("finding-undo").click()
    expect(option).to_contain_text("undone")
    expect(page.get_by_test_id("finding-trail")).to_contain_text("a holiday of the branch")
    expect(page).to_have_url(re.compile("finding=.*view=|view=.*finding="))
    address = page.url
    page.reload()
    expect(page.get_by_test_id("decide")).to_contain_text("09:00")
    expect(page.get_by_test_id("finding-trail")).to_contain_text("paul: undone")
    assert page.url == address

    plot = page.get_by_test_id("history-plot")
    plot.focus()
    page.keyboard.press("Home")
    first = plot.get_attribute("aria-valuetext")
    page.keyboard.press("ArrowRight")
    expect(plot).not_to_have_attribute("aria-valuetext", first or "")
    expect(plot).to_have_attribute("aria-valuetext", re.compile(r"^\w+, \w+ \d+, \d{4}.*: [\d,]+"))


def test_a_forecast_is_made_overridden_and_staffed(page: Page, platform: Platform) -> None:
    """From a click to people: the override is seen before it is kept, and counts in what is required."""
    page.goto(f"{platform.url}/planning/forecast?series=hotline")
    expect(page.get_by_text("No forecast yet")).to_be_visible()
    page.get_by_test_id("run-weeks").fill("1")
    page.get_by_test_id("run").click()
    expect(page.get_by_test_id("forecast-plot")).to_be_visible(timeout=JOB_MS)
    expect(page).to_have_url(re.compile("forecast=[0-9]+"))
    machine = figure(page.get_by_test_id("human-calls").inner_text())
    assert 6_000 < machine < 30_000

    page.get_by_test_id("override-value").fill("20")
    preview = page.get_by_test_id("override-preview")
    expect(preview).to_contain_text("→")
    before, after = (figure(part) for part in preview.inner_text().split("→"))
    assert after == pytest.approx(before * 1.2, rel=0.01)
    page.get_by_test_id("override-save").click()
    expect(page.get_by_text("Say why")).to_be_visible()
    page.get_by_test_id("override-reason").fill("letters go out")
    page.get_by_test_id("override-save").click()
    trail = page.get_by_test_id("override-1")
    expect(trail).to_contain_text("+20.0% calls")
    expect(trail).to_contain_text("letters go out")
    expect(trail).to_contain_text("paul")
    expect(page.get_by_test_id("human-calls")).not_to_contain_text(f"{machine:,.0f}")

    page.get_by_test_id("plan-staffing").click()
    page.get_by_test_id("shrinkage-add").click()
    page.get_by_test_id("shrinkage-reason-0").fill("leave")
    page.get_by_test_id("shrinkage-percent-0").fill("20")
    page.get_by_test_id("require").click()
    peak = page.get_by_test_id("peak")
    expect(peak).to_be_visible()
    agents, scheduled = (int(figure(part)) for part in peak.inner_text().split("/"))
    assert agents > 0
    assert scheduled == pytest.approx(agents / 0.8, abs=1)
    around = page.get_by_test_id("curve-around")
    expect(around.locator("th.chosen")).to_have_text(str(agents))
    page.get_by_test_id("required-12:00").click()
    expect(page.get_by_test_id("curve-of")).to_contain_text("12:00")
    shown = page.get_by_test_id("required-day").inner_text()

    page.reload()
    expect(page.get_by_test_id("curve-of")).to_contain_text("12:00")
    expect(page.get_by_test_id("required-day")).to_have_text(shown)
    expect(page.get_by_test_id("required-12:00")).to_have_attribute("aria-selected", "true")
    expect(page.get_by_test_id("asked-service_level")).to_have_value("80 %")
    expect(page.get_by_test_id("shrinkage-reason-0")).to_have_value("leave")


def figure(text: str) -> float:
    """The last number of a text."""
    return float(re.findall(r"[\d,.]*\d", text)[-1].replace(",", ""))


def test_whom_it_is_not_for(platform: Platform, context: BrowserContext) -> None:
    """An agent has no way there and sees nothing at the address; a supervisor reads and changes nothing."""
    agent = Desk(context, f"{platform.url}/planning/forecast?series=hotline")
    agent.sign_in("grace")
    expect(agent.page.get_by_test_id("forbidden")).to_be_visible()
    expect(agent.page.get_by_test_id("nav-planning")).to_have_count(0)
    seat = platform.seat("grace", PASSWORD)
    assert seat.http.get("/api/planning/series").status_code == 403
    seat.close()

    context.clear_cookies()
    supervisor = Desk(context, f"{platform.url}/planning/history?series=hotline")
    supervisor.sign_in("vera")
    expect(supervisor.page.get_by_test_id("history-plot")).to_be_visible()
    for button in ("clean", "import-open", "finding-accept"):
        expect(supervisor.page.get_by_test_id(button)).to_have_count(0)
