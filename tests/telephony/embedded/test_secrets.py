"""A card number typed at a real platform, by both ways of telephones, is nowhere to be found afterwards."""

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from calls.journal import read_entries_of_call
from domain.switch import DigitPressed, SecretPressed
from tests.running import Platform, Seat, eventually
from tests.telephony.embedded.house import Phone

PASSWORD = "a-long-password"
CARD, PIN = "6222021234567894", "8035172649"
"""Long enough to stand nowhere by chance."""
FLOW = """\
flow: card
version: 1
languages: [en]
default_queue: personal
entry: card
nodes:
  card:
    type: collect
    into: card
    min: 16
    max: 19
    luhn: true
    sensitive: true
    timeout_s: 20
    prompts: {en: Please type the number of your card and the hash key.}
    exits: {done: pin, no_input: bye, no_match: bye}
  pin:
    type: collect
    into: pin
    min: 4
    max: 12
    pattern: "\\\\d{4,12}"
    sensitive: true
    timeout_s: 20
    prompts: {en: And your PIN.}
    exits: {done: code, no_input: bye, no_match: bye}
  code:
    type: collect
    into: code
    min: 3
    max: 3
    timeout_s: 20
    prompts: {en: And the code of your branch.}
    exits: {done: bye, no_input: bye, no_match: bye}
  bye: {type: hang_up, outcome: self_served}
"""
SETUP = """\
format: 1
queues:
- {id: personal, name: Personal banking}
entry-numbers:
- {id: "95588", name: Hotline, flow: card, source: hotline}
"""


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """A platform that writes down as much as it ever does."""
    folder = tmp_path_factory.mktemp("platform")
    (folder / "flows").mkdir()
    (folder / "flows" / "card.yaml").write_text(FLOW, encoding="utf-8")
    flows = f'[flows]\nfolders = ["{folder / "flows"}"]\n'
    made = Platform(folder, SETUP, [("vera", "supervisor", "", PASSWORD)], flows)
    made.config.write_text(
        'log_level = "debug"\n' + made.config.read_text(encoding="utf-8"), encoding="utf-8"
    )
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("PYTHONASYNCIODEBUG", "1")
        made.start()
    try:
        yield made
    finally:
        made.stop()


async def types(phone: Phone, keys: str, *, by_info: bool) -> None:
    """Press keys, one after the other, as a person would."""
    for key in keys:
        if by_info:
            phone.info(key)
            await phone.ok("INFO")
        else:
            await phone.press("0123456789*#".index(key))
            await asyncio.sleep(0.06)


async def a_call(platform: Platform, *, by_info: bool) -> None:
    """Somebody dials, types a wrong number, then card, PIN and the code that anybody may see."""
    where: Any = SimpleNamespace(
        host="127.0.0.1", switch=SimpleNamespace(sip=SimpleNamespace(port=platform.sip_port))
    )
    phone = await Phone.open(where)
    async with asyncio.timeout(60):
        phone.call()
        await phone.acknowledge()
        await asyncio.sleep(0.3)
        await types(phone, f"{CARD[:-1]}3#", by_info=by_info)
        await asyncio.sleep(0.5)
        await types(phone, f"{CARD}#", by_info=by_info)
        await asyncio.sleep(0.5)
        await types(phone, f"{PIN}#", by_info=by_info)
        await asyncio.sleep(0.5)
        await types(phone, "417", by_info=by_info)
        bye = await phone.hear(b"BYE")
        phone.respond(200, to=bye)
    Phone.unplug_all()


def everywhere(platform: Platform) -> Iterator[tuple[Path, bytes]]:
    """Every file the platform has written, its log and databases included."""
    for path in platform.folder.rglob("*"):
        if path.is_file():
            yield path, path.read_bytes()


@pytest.mark.parametrize("by_info", [False, True], ids=["RFC 4733", "INFO"])
def test_sensitive_digits_appear_nowhere(platform: Platform, by_info: bool) -> None:
    """Not in journal, records, recordings, log or pages, not one after the other either; others do."""
    asyncio.run(a_call(platform, by_info=by_info))
    seat = platform.seat("vera", PASSWORD)
    calls = eventually(lambda: _finished(seat, 1 + by_info), 20, "the call in the history")
    call = calls[0]
    assert (call["outcome"], call["digits"][-3:]) == ("self_served", "417")
    assert set(call["digits"][:-3]) == {"*"}
    story = seat.get(f"/api/history/calls/{call['id']}/why")
    shown = f"{calls} {story} {seat.snapshot()}"
    journal = platform.folder / "data" / "journal.db"
    facts = [entry.fact for entry in read_entries_of_call(journal, call["id"])]
    typed = [fact.digit for fact in facts if isinstance(fact, DigitPressed)]
    assert "".join(typed).replace("#", "") == "417"
    counts = [fact.count for fact in facts if isinstance(fact, SecretPressed)]
    assert len(counts) == 2 * len(CARD) + len(PIN)
    for secret in (CARD, CARD[:-1] + "3", PIN):
        assert secret not in shown
        for path, content in everywhere(platform):
            assert secret.encode() not in content, path
    log = platform.log()
    assert not re.search(r"DigitPressed|KeyPressed|Signal=|digit='", log), log[-2000:]
    seat.close()


def _finished(seat: Seat, count: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = seat.get("/api/history/calls")
    return found if len(found) >= count else []
