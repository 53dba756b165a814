"""An admin sets up a line in the pages: queue, agent, user, number; somebody works on it and is called."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.journeys.conftest import HERE, PASSWORD, make_platform, open_bank
from tests.journeys.desk import Desk
from tests.journeys.telephones import caller, last_call
from tests.running import Platform, Seat, eventually
from tests.sound import SoundPeer

pytestmark = pytest.mark.peer
KINDS = ("users", "agents", "queues", "groups", "skills", "tiers", "calendars", "entry-numbers")
NUMBER = "95599"


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """The bank, with one more flow that nothing uses yet."""
    flows = f'[flows]\nfolders = ["{HERE / "flows"}"]\n'
    platform = make_platform(tmp_path_factory.mktemp("platform"), flows)
    try:
        open_bank(platform)
        yield platform
    finally:
        assert platform.stop() == 0, platform.log()


@pytest.fixture
def admin(platform: Platform, context: BrowserContext) -> Page:
    """Root at the admin pages."""
    desk = Desk(context, f"{platform.url}/admin/queues")
    desk.sign_in("root")
    expect(desk.page.get_by_test_id("admin-list")).to_be_visible()
    return desk.page


def new_row(page: Page, kind: str, id: str, **fields: str | list[str]) -> None:
    """Make a row with the keyboard alone: text is typed, one of a list is looked up by its name."""
    page.get_by_test_id(f"admin-{kind}").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"/admin/{kind}$"))
    page.get_by_test_id("admin-add").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("field-id")).to_be_focused()
    page.keyboard.type(id)
    for name, value in fields.items():
        field = page.get_by_test_id(f"field-{name}").and_(page.locator("input, textarea"))
        field.focus()
        if isinstance(value, str):
            page.keyboard.press("Control+A")
            page.keyboard.type(value)
            continue
        for choice in value:
            page.keyboard.type(choice)
            option = page.get_by_role("option", name=choice)
            expect(option).to_be_visible()
            page.keyboard.press("ArrowDown")
            expect(option).to_have_attribute("data-combobox-selected", "true")
            page.keyboard.press("Enter")
            expect(option).to_be_hidden()
    page.get_by_test_id("row-save").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("row-form")).to_be_hidden()
    expect(page.get_by_test_id(f"row-{id}")).to_be_visible()


def test_a_new_line_from_nothing_to_the_first_call(
    platform: Platform, supervisor: Seat, admin: Page, browser: Browser, tmp_path: Path
) -> None:
    """By keyboard in the pages; then a call to the new number rings at the new agent's page."""
    new_row(admin, "queues", "savings", name="Savings")
    new_row(admin, "agents", "2001", name="Nina Park", queues=["Savings"])
    new_row(admin, "users", "nina", name="Nina Park", agent=["Nina Park"], password=PASSWORD)
    new_row(admin, "entry-numbers", NUMBER, name="Savings line", flow=["Savings line"])

    exported = yaml.safe_load(platform.run("setup", "export"))
    rows = {
        kind: {row["id"]: row for row in exported[kind]} for kind in ("queues", "agents", "entry-numbers")
    }
    assert rows["queues"]["savings"]["name"] == "Savings"
    assert rows["agents"]["2001"]["queues"] == ["savings"]
    assert rows["entry-numbers"][NUMBER]["flow"] == "savings"
    assert PASSWORD not in platform.run("setup", "export")

    with browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB") as elsewhere:
        elsewhere.set_default_timeout(10_000)
        desk = Desk(elsewhere, platform.url)
        desk.sign_in("nina")
        page = desk.page
        page.get_by_test_id("work-start").click()
        expect(page.get_by_test_id("phone")).to_have_attribute("data-registration", "registered")
        page.get_by_test_id("ready").click()
        state = page.get_by_test_id("agent-state")
        expect(state).to_have_attribute("data-state", "available")
        with SoundPeer(440.0) as sound, caller(platform, tmp_path, sound, "13800000001", NUMBER) as sipp:
            desk.phase("offered")
            expect(page.get_by_text("Ada Lovelace").first).to_be_visible()
            page.keyboard.press("a")
            desk.phase("talking")
            rename(admin, "savings", "Deposits")
            board = eventually(
                lambda: (q := supervisor.snapshot()["queues"]["savings"])["name"] == "Deposits" and q,
                what="the new name on the board",
            )
            assert board["staffed"] == 1
            desk.phase("talking")
            desk.connected()
            sipp.hang_up()
        expect(state).to_have_attribute("data-state", "wrap_up")
        page.get_by_test_id("wrap-done").click()
        expect(state).to_have_attribute("data-state", "available")

        # Nobody but an admin comes in here: the page says so, and the server keeps it.
        seat = platform.seat("nina", PASSWORD)
        for method, path in (
            ("GET", "users"),
            ("GET", "queues"),
            ("PUT", "queues/savings"),
            ("POST", "users"),
        ):
            refused = seat.http.request(method, f"/api/admin/{path}", json={})
            assert refused.status_code == 403
            assert refused.json()["title"] == "Not your role"
        seat.close()
        expect(page.get_by_test_id("nav-admin")).to_be_hidden()
        page.goto(f"{platform.url}/admin/users")
        expect(page.get_by_test_id("problem")).to_be_visible()
        expect(page.get_by_test_id("row-root")).to_be_hidden()
    call = last_call(supervisor, "13800000001")
    assert (call["outcome"], call["agent"], call["queue"], call["dialled"]) == (
        "answered",
        "2001",
        "savings",
        NUMBER,
    )


def rename(page: Page, id: str, name: str) -> None:
    """Give a queue another name, with the mouse."""
    page.get_by_test_id("admin-queues").click()
    page.get_by_test_id(f"row-{id}").click()
    page.get_by_test_id("field-name").fill(name)
    page.get_by_test_id("row-save").click()
    expect(page.get_by_test_id(f"row-{id}")).to_contain_text(name)


def test_every_page_in_both_languages(admin: Page, tmp_path: Path) -> None:
    """At 1280 x 800 nothing is cut off sideways, no word is missing, and each form opens and closes."""
    words = admin.get_by_test_id("language")
    for language in ("zh-CN", "en"):
        if admin.locator("html").get_attribute("lang") != language:
            words.click()
        expect(admin.locator("html")).to_have_attribute("lang", language)
        for kind in KINDS:
            admin.get_by_test_id(f"admin-{kind}").click()
            expect(admin.get_by_test_id("admin-list")).to_be_visible()
            expect(admin.get_by_test_id("loading")).to_be_hidden()
            look(admin, tmp_path / f"{kind}-{language}.png")
            admin.get_by_test_id("admin-add").click()
            expect(admin.get_by_test_id("field-id")).to_be_visible()
            look(admin, tmp_path / f"{kind}-{language}-form.png")
            admin.keyboard.press("Escape")
            expect(admin.get_by_test_id("field-id")).to_be_hidden()


def look(page: Page, picture: Path) -> None:
    """Keep a picture, and see what a program can see in it."""
    page.evaluate("Promise.allSettled(document.getAnimations().map((one) => one.finished))")
    page.screenshot(path=picture)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), picture.name
    # A word that has no translation shows as its key.
    assert not re.search(
        r"\b(admin|field|role|none|section|unit)\.[a-z_.]+", page.locator("body").inner_text()
    )
