"""Another host on the LAN: its browser gets a microphone and a telephone, its SIP caller is heard."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Playwright, expect

from tests.journeys.conftest import HUM_HZ, PASSWORD, browser_flags, make_platform, open_bank
from tests.journeys.desk import Desk
from tests.journeys.lan import Lan
from tests.journeys.telephones import last_call, rate
from tests.peers import need
from tests.running import Platform, eventually
from tests.sipp import Sipp
from tests.sound import SoundPeer, share_of

pytestmark = pytest.mark.peer
CALLER_HZ = 440.0


@pytest.fixture(scope="module")
def lan() -> Iterator[Lan]:
    """Two hosts and a cable."""
    with Lan() as lan:
        yield lan


@pytest.fixture(scope="module")
def platform(lan: Lan, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """The bank on this host, for the other: web.host and sip.advertised are this end of the cable."""
    platform = make_platform(tmp_path_factory.mktemp("platform"), lan=lan.here)
    try:
        open_bank(platform)
        yield platform
    finally:
        assert platform.stop() == 0, platform.log()


@pytest.fixture
def context(playwright: Playwright, microphone: Path, lan: Lan, tmp_path: Path) -> Iterator[BrowserContext]:
    """A browser on the other host, without any help for loopback; its user waves the certificate through."""
    browser = playwright.chromium.launch(
        executable_path=lan.program(tmp_path, need("chromium")), args=browser_flags(microphone)
    )
    context = browser.new_context(
        viewport={"width": 1280, "height": 800}, locale="en-GB", ignore_https_errors=True
    )
    context.set_default_timeout(20_000)
    yield context
    browser.close()


def test_browser_and_telephone_of_another_host(
    platform: Platform, lan: Lan, context: BrowserContext, tmp_path: Path
) -> None:
    """HTTPS, a microphone, SIP over wss, a call over the cable, both hear one another."""
    desk = Desk(context, platform.url)
    assert desk.page.evaluate("window.isSecureContext")
    desk.sign_in("grace")
    desk.start_work()
    assert [cookie["name"] for cookie in context.cookies()] == ["__Host-callfloor"]
    number = "13800000001"
    with lan.over_there():
        sound = SoundPeer(CALLER_HZ, host=lan.there)
    keys = {"number": number, "rtp_port": sound.port}
    there = {"host": lan.there, "to": lan.here, "before": lan.command}
    with (
        sound,
        Sipp(tmp_path, "caller", platform.sip_port, "-s", "95588", keys=keys, **there) as sipp,
    ):
        eventually(lambda: len(sound.heard) > 50, what="the welcome")
        assert sound.target is not None
        assert sound.target[0] == lan.here
        sound.press("1")
        desk.phase("offered")
        expect(desk.page.get_by_text("Ada Lovelace").first).to_be_visible()
        desk.page.keyboard.press("a")
        desk.phase("talking")
        desk.connected()
        eventually(lambda: share_of(sound.last(0.5), HUM_HZ) > 0.5, what="the agent at the caller's ear")
        eventually(lambda: abs(desk.heard()[0] - CALLER_HZ) < 12, what="the caller at the agent's ear")
        desk.page.get_by_role("button", name="Hang up").click()
        desk.phase("ended")
        supervisor = platform.seat("vera", PASSWORD)
        rate(supervisor, sound, number)
        sipp.finish()
    call = last_call(supervisor, number)
    assert (call["outcome"], call["ended_by"], call["agent"]) == ("answered", "flow", "1001")
    supervisor.close()
