"""An admin changes a flow in the (Chinese) pages: a draft, what is wrong with it, publishing, going back."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.journeys.conftest import make_platform, open_bank
from tests.journeys.desk import Desk
from tests.running import Platform

pytestmark = pytest.mark.peer
FLOW = """\
flow: shop
version: 1
languages: [en]
default_queue: personal
entry: hello
nodes:
  hello: {type: say, prompts: {en: Hello}, next: end}
  end: {type: hang_up}
"""


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """The bank; the shop is not there yet."""
    platform = make_platform(tmp_path_factory.mktemp("platform"))
    try:
        open_bank(platform)
        yield platform
    finally:
        assert platform.stop() == 0, platform.log()


@pytest.fixture
def admin(platform: Platform, context: BrowserContext) -> Page:
    """Root at the list of flows."""
    desk = Desk(context, f"{platform.url}/admin/flows")
    desk.sign_in("root")
    expect(desk.page.get_by_test_id("flow-bank")).to_contain_text("文件")
    return desk.page


def save(page: Page, text: str) -> None:
    page.get_by_test_id("flow-text").fill(text)
    page.get_by_test_id("flow-save").click()


def sure(page: Page) -> None:
    page.get_by_test_id("flow-sure").click()
    expect(page.get_by_test_id("flow-ask")).to_have_count(0)


def test_a_flow_is_written_mended_published_compared_and_taken_back(admin: Page) -> None:
    """What is wrong is shown by line and found in the text; only what is right can be published."""
    admin.get_by_test_id("flow-new-name").fill("shop")
    admin.get_by_test_id("flow-new").click()
    expect(admin).to_have_url(re.compile("/admin/flows/shop$"))

    save(admin, FLOW.replace("next: end", "next: nowhere"))
    findings = admin.get_by_test_id("flow-findings")
    expect(findings).to_contain_text("但没有这个节点")
    expect(admin.get_by_test_id("flow-publish")).to_be_disabled()
    findings.get_by_role("button", name="第 7 行").first.click()
    text = admin.get_by_test_id("flow-text")
    chosen = text.evaluate("area => area.value.slice(area.selectionStart, area.selectionEnd)")
    assert chosen == "  hello: {type: say, prompts: {en: Hello}, next: nowhere}"

    save(admin, FLOW)
    expect(findings).to_contain_text("没有问题")
    admin.get_by_test_id("flow-publish").click()
    sure(admin)
    first = admin.get_by_test_id("version-1")
    expect(first).to_contain_text("生效中")

    save(admin, FLOW.replace("Hello", "Good morning"))
    expect(findings).to_contain_text("没有问题")
    admin.get_by_test_id("version-2").get_by_test_id("version-compare").click()
    expect(admin.get_by_test_id("flow-diff")).to_contain_text("修改：hello。")
    admin.keyboard.press("Escape")
    admin.get_by_test_id("flow-publish").click()
    sure(admin)
    expect(admin.get_by_test_id("version-2")).to_contain_text("生效中")

    first.get_by_test_id("version-rollback").click()
    sure(admin)
    expect(first).to_contain_text("生效中")
    expect(admin.get_by_test_id("flow-history")).to_contain_text("root 回滚到版本 1")


def test_who_is_slower_is_told(admin: Page, platform: Platform, context: BrowserContext) -> None:
    """Somebody else's draft is not overwritten, and what is not saved is not left by accident."""
    admin.get_by_test_id("flow-bank").get_by_role("button").click()
    text = admin.get_by_test_id("flow-text")
    expect(text).to_have_value(re.compile("flow: bank"))
    other = context.new_page()
    other.goto(f"{platform.url}/admin/flows/bank")
    expect(other.get_by_test_id("flow-text")).to_have_value(re.compile("flow: bank"))
    save(other, "flow: bank")
    expect(other.get_by_test_id("flow-findings")).to_contain_text("问题")

    save(admin, "flow: bank # mine")
    expect(admin.get_by_test_id("problem")).to_contain_text("root has a draft of bank")
    admin.get_by_text("全部流程").click()
    expect(admin.get_by_test_id("unsaved")).to_have_count(1)
    admin.get_by_test_id("unsaved-leave").click()
    expect(admin.get_by_test_id("flow-bank")).to_contain_text("版本 2，root")

    other.get_by_test_id("flow-discard").click()
    sure(other)
    expect(other.get_by_test_id("flow-history")).to_contain_text("删除草稿 2")
