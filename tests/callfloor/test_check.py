"""What can be known before a start is said before it, with the name of the setting."""

import contextlib
import socket
from dataclasses import replace
from pathlib import Path

import pytest

from callfloor import certificate, check, setup
from callfloor.lock import folder_lock
from callfloor.settings import Acd, Flows, Settings, Sip, Speech, Web
from common.db import Database
from domain.instant import Instant
from ivr import drafts
from ivr.drafts import Author
from telephony.speech.espeak import EspeakVoice
from telephony.speech.voice import Speech as Spoken
from telephony.speech.voice import ToneVoice, VoiceError
from tests.callfloor.running import FLOW, settings_in
from tests.tables import make_tables


@pytest.fixture
def good(tmp_path: Path) -> Settings:
    return settings_in(tmp_path)


def test_good_settings_have_nothing_to_mend_and_nothing_is_made(good: Settings) -> None:
    """To look is not to start."""
    assert check.problems(good) == check.more_problems(good) == check.warnings(good) == []
    assert not good.folder.exists()


@pytest.mark.parametrize(
    ("sip", "said"),
    [
        (Sip(host="0.0.0.0", port=0), "sip.advertised: must be the address"),
        (Sip(host="0.0.0.0", port=0, advertised="0.0.0.0"), "sip.advertised: must be the address"),
        (Sip(host="::", port=0), "sip.advertised: must be the address"),
        (Sip(host="phones.example", port=0), "sip.host: must be an IP address"),
        (Sip(port=0, advertised="pbx"), "sip.advertised: must be an IP address"),
        (Sip(port=20_100), "sip.port: 20100 lies among the ports of sound"),
        (Sip(port=0, media_ports_from=500), "sip.media_ports_from and sip.media_ports_to"),
    ],
)
def test_addresses_telephones_cannot_use_are_named(good: Settings, sip: Sip, said: str) -> None:
    """Before a call has no sound."""
    [problem] = check.problems(replace(good, sip=sip))
    assert problem.startswith(said)


def test_flows_folders_and_files_are_named(good: Settings, tmp_path: Path) -> None:
    """All at once, a line each."""
    wrong = replace(
        good,
        flows=Flows(good.flows.folders, "none"),
        speech=Speech(sounds=str(tmp_path / "silence")),
        data=replace(good.data, folder=str(tmp_path / "flows" / "straight.yaml" / "data")),
    )
    flows, folder, sounds = check.problems(wrong)
    assert flows == "flows.default: there is no flow 'none'; there are bank, complaints, corporate, straight"
    assert folder.startswith("data.folder: ")
    assert sounds == f"speech.sounds: there is no folder {tmp_path / 'silence'}"


def test_published_flows_count_as_flows(good: Settings) -> None:
    """As the default and in recipes; one this program cannot read is told, with its line."""
    named = replace(good, flows=Flows(good.flows.folders, "shop"))
    assert len(check.problems(named)) == 1
    good.folder.mkdir()
    make_tables(good.database_url)
    assert len(check.problems(named)) == 1
    shop = FLOW.replace("flow: straight", "flow: shop")
    database = Database(good.database_url)
    author = Author("ann", Instant(1))
    with database.transaction() as session:
        drafts.take_in(session, "shop", drafts.written(shop), author, "")
        setup.import_text(session, "queues: [{id: a, name: A, recipe: [{do: to flow shop}]}]", "rows")
    assert check.problems(named) == check.warnings(named) == []
    with database.transaction() as session:
        drafts.take_in(session, "shop", drafts.written(shop.replace("collect", "gather")), author, "")
    (warning,) = check.warnings(good)[:1]
    assert warning.startswith(
        "callers do not get the published flow: shop version 2:9: node account: unknown"
    )
    database.close()


def test_a_certificate_and_its_key_are_tried(good: Settings, tmp_path: Path) -> None:
    """One that is not the other's is found."""
    (tmp_path / "other").mkdir()
    mine, _ = certificate.make(tmp_path, "127.0.0.1")
    _, other = certificate.make(tmp_path / "other", "127.0.0.1")
    [problem] = check.problems(replace(good, web=Web(port=0, certificate=str(mine), key=str(other))))
    assert "cannot be used" in problem


def test_the_lan_without_encryption_is_warned_of(good: Settings) -> None:
    """Browsers give no microphone then; with a certificate there is nothing to say of it."""
    everywhere = replace(good, sip=Sip(host="0.0.0.0", port=0, advertised=own_address()))
    [warning] = check.warnings(replace(everywhere, web=Web(host="0.0.0.0", port=0)))
    assert "microphone" in warning
    assert check.warnings(replace(everywhere, web=Web(host="0.0.0.0", port=0, self_signed=True))) == []
    [warning] = check.warnings(replace(good, web=Web(host="0.0.0.0", port=0, self_signed=True)))
    assert "sip.host" in warning


def own_address() -> str:
    """An address of this machine that others on its network see, else another one of loopback."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe, contextlib.suppress(OSError):
        probe.connect(("192.0.2.1", 9))  # sends nothing
        return str(probe.getsockname()[0])
    return "127.0.0.2"


def test_an_advertised_address_that_is_not_ours_is_warned_of(good: Settings) -> None:
    """As after the router gave this machine another one."""
    [warning] = check.warnings(replace(good, sip=Sip(host="0.0.0.0", port=0, advertised="192.0.2.1")))
    assert warning.startswith("sip.advertised is 192.0.2.1, which is no address of this machine")
    assert check.warnings(replace(good, sip=Sip(host="0.0.0.0", port=0, advertised=own_address()))) == []


def test_what_queues_ask_for_and_nobody_has_is_warned_of(good: Settings) -> None:
    """A strategy the settings do not name, a flow that is not loaded, a tier above the cap; no more."""
    good.folder.mkdir()
    make_tables(good.database_url)
    rows = """
    queues:
      - {id: a, name: A, strategy: mine, age_cap: 50, base_priority: 10}
      - {id: b, name: B, recipe: [{do: raise 1}, {do: to flow straight}, {do: to flow nowhere}]}
    tiers:
      - {id: gold, name: Gold, low: 10, high: null, priority: 60}
      - {id: silver, name: Silver, low: 0, high: 10, priority: 20}
    """
    database = Database(good.database_url)
    with database.transaction() as session:
        setup.import_text(session, rows, "rows")
    database.close()
    strategy, tier, flow = check.warnings(good)
    assert strategy.startswith(
        "queue a: there is no strategy 'mine', so it takes least_busy; known are best_"
    )
    assert tier.startswith("queue a: calls of tier gold start from 70, above the queue's age_cap of 50")
    assert flow == "queue b: recipe step 3: there is no flow 'nowhere'"
    named = replace(good, acd=Acd(strategies={"mine": "math:sqrt"}))
    assert check.warnings(named) == [tier, flow]


def test_a_strategy_that_is_not_there_is_a_problem(good: Settings) -> None:
    """Before calls are given out otherwise than meant."""
    wrong = replace(good, acd=Acd(strategies={"mine": "math:no_such_thing"}))
    [problem] = check.problems(wrong)
    assert problem.startswith("acd.strategies: mine: math:no_such_thing is not there: ")


def test_a_missing_voice_is_told_in_one_line(good: Settings) -> None:
    """With what to install; a voice that lacks a language of the flows is told too; a good one is not."""
    [line] = check.voice_trouble(good, EspeakVoice("espeak-of-nowhere"))
    assert line.startswith("callers hear beeps instead of words") and "apt install espeak-ng" in line
    assert check.voice_trouble(good, ToneVoice()) == []

    class Monoglot(ToneVoice):
        def speak(self, text: str, language: str) -> Spoken:
            if language != "en":
                raise VoiceError(f"no voice for {language}")
            return super().speak(text, language)

    [line] = check.voice_trouble(good, Monoglot())
    assert line.endswith("no voice for zh-CN")


def test_a_database_that_is_none_is_said(good: Settings) -> None:
    """In the migration's words."""
    good.folder.mkdir()
    (good.folder / "callfloor.db").write_text("no database " * 100)
    [problem] = check.more_problems(good)
    assert "not a database" in problem


def test_taken_ports_are_said_unless_the_platform_itself_has_them(good: Settings) -> None:
    """``config check`` beside a running platform finds no fault with it."""
    with socket.socket() as web, socket.socket(type=socket.SOCK_DGRAM) as sip:
        for taken in (web, sip):
            taken.bind(("127.0.0.1", 0))
        web.listen()
        busy = replace(
            good,
            web=Web(port=web.getsockname()[1]),
            sip=Sip(port=sip.getsockname()[1], media_ports_from=1024),
        )
        busy = replace(busy, sip=replace(busy.sip, media_ports_from=1024, media_ports_to=1200))
        said = check.more_problems(busy)
        assert [line.split(" port ")[0] for line in said] == ["the web", "the SIP"]
        with folder_lock(good.folder):
            assert check.more_problems(busy) == []


def test_an_address_that_is_not_this_machines_is_said(good: Settings) -> None:
    """With the setting to mend."""
    [problem] = check.more_problems(replace(good, web=Web(host="192.0.2.1", port=0)))
    assert problem.endswith("no interface of this machine has this address; mend web.host")
