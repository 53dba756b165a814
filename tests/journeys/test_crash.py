"""``kill -9`` with calls up, and a start again."""

from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.journeys.conftest import PASSWORD, make_platform, open_bank
from tests.journeys.desk import Desk
from tests.journeys.telephones import rate
from tests.running import eventually
from tests.sipp import Sipp
from tests.sound import SoundPeer

pytestmark = pytest.mark.peer


def test_kill_and_start_again(context: BrowserContext, tmp_path: Path) -> None:
    """The calls that died are closed as lost, pages come back by themselves, the journal replays alike."""
    platform = make_platform(tmp_path)
    try:
        open_bank(platform)
        desk = Desk(context, platform.url)
        desk.sign_in("grace")
        desk.start_work()
        with SoundPeer() as one, SoundPeer() as two:
            known = {"number": "13800000001", "rtp_port": one.port}
            stranger = {"number": "13900000009", "rtp_port": two.port}
            with (
                Sipp(tmp_path, "caller", platform.sip_port, "-s", "95588", keys=known),
                Sipp(tmp_path, "caller", platform.sip_port, "-s", "95588", keys=stranger),
            ):
                eventually(lambda: len(one.heard) > 50, what="the welcome")
                one.press("1")
                desk.phase("offered")
                desk.page.get_by_role("button", name="Answer").click()
                desk.phase("talking")
                desk.connected()
                platform.kill()
        expect(desk.page.get_by_test_id("reconnecting")).to_be_visible()
        platform.start()
        expect(desk.page.get_by_test_id("reconnecting")).to_be_hidden(timeout=30_000)
        expect(desk.page.get_by_text("Phone ready")).to_be_visible(timeout=30_000)

        vera = platform.seat("vera", PASSWORD)
        calls = eventually(lambda: len(c := vera.get("/api/history/calls")) == 2 and c, what="both calls")
        assert {(c["outcome"], c["ended_by"]) for c in calls} == {("lost", "platform")}
        assert not vera.snapshot()["calls"]
        talked = next(c for c in calls if c["caller"] == "13800000001")
        assert talked["agent"] == "1001"
        eventually(
            lambda: vera.snapshot()["agents"]["1001"]["state"] == "wrap_up", what="wrap-up of the lost call"
        )
        desk.page.get_by_test_id("wrap-done").click()
        expect(desk.page.get_by_text("You are ready. The next call rings here.")).to_be_visible()

        with SoundPeer() as sound:
            again = {"number": "13800000001", "rtp_port": sound.port}
            with Sipp(tmp_path, "caller", platform.sip_port, "-s", "95588", keys=again) as sipp:
                eventually(lambda: len(sound.heard) > 50, what="the welcome")
                sound.press("1")
                desk.phase("offered")
                desk.page.get_by_role("button", name="Answer").click()
                desk.phase("talking")
                desk.page.get_by_role("button", name="Hang up").click()
                rate(vera, sound, "13800000001")
                sipp.finish()
        vera.close()
        assert platform.stop() == 0, platform.log()
        assert "0 decided otherwise" in platform.run("replay")
    finally:
        if platform.process is not None and platform.process.poll() is None:
            platform.kill()
