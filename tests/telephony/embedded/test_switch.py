"""The embedded switch with its real media process, and telephones on real sockets that do the unexpected."""

import asyncio
import os
import signal
import wave
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from domain.ids import CallId, PlayId, RecordingId
from domain.switch import (
    Answer,
    CallArrived,
    Cancel,
    Connect,
    DeviceUp,
    DigitPressed,
    HangUp,
    LegAnswered,
    LegEnded,
    LegRinging,
    Music,
    Play,
    PlayEnded,
    Record,
    RecordingEnded,
    Ring,
    Speak,
    StopPlay,
    Tone,
)
from telephony.embedded.local import LocalParty
from telephony.media.webrtc import prepare
from telephony.sip.message import parse
from tests.telephony.embedded.house import (
    DEVICE,
    HeldVoice,
    House,
    Page,
    Phone,
    Shared,
    fresh,
    house,
    story,
)
from tests.telephony.media.far_end import talking
from tests.telephony.media.test_webrtc import Browser

HELLO = Speak("hello", "en")


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shared]:
    """The house of this file."""
    made = Shared(tmp_path_factory.mktemp("house"))
    yield made
    made.close()


async def nothing_left(place: House, sockets: int) -> None:
    """The media process holds what it held before: no leg was left open."""
    await place.time.until(lambda: place.sockets() == sockets, f"{sockets} sockets and no more")
    assert place.switch.legs == {} and place.switch.sip.sessions() == ()


# ------------------------------------------------------------------ callers


@story
async def test_a_caller_with_alaw_talks_with_a_telephone_with_ulaw(place: House) -> None:
    """Answered in the caller's own codec, both hear each other's tone; the caller's BYE ends one leg."""
    caller, desk = await Phone.open(place), await Phone.open(place)
    await desk.register()
    leg = await place.answered(caller, body=caller.description("8 101"))
    place.do(Play(leg, PlayId("p"), (Tone(1000, 60_000),)))
    await caller.rtp.hears_tone(1000)
    other = await place.picked_up(desk)
    place.do(Connect(leg, other))
    async with talking(caller.rtp.talk(440, payload_type=8), desk.rtp.talk(700)):
        await asyncio.gather(caller.rtp.hears_tone(700), desk.rtp.hears_tone(440))
    assert {packet.payload_type for packet in caller.rtp.came} == {8}
    caller.hang_up()
    await caller.ok("BYE")
    await place.ends(leg, "hangup")
    assert not place.told(LegEnded, other) and not place.told(PlayEnded)


@story
async def test_callers_who_give_up_leave_nothing_behind(place: House) -> None:
    """Before we answer, in the same breath as we do, and refused by us: one ending, no sound left open."""
    before = place.sockets()
    for when in ("arrived", "answering", "answered late", "refused", "refused while opening"):
        phone = await Phone.open(place)
        phone.call()
        leg = await place.leg()
        if when in ("answering", "refused while opening"):
            place.do(Answer(leg))
        if when.startswith("refused"):
            place.do(HangUp(leg))
            await phone.hear(b"SIP/2.0 480")
        else:
            phone.cancel()
            await phone.hear(b"SIP/2.0 487", b"SIP/2.0 200 OK\r\nVia")
        await place.ends(leg, "told" if when.startswith("refused") else "cancelled")
        if when == "answered late":
            place.do(Answer(leg), Music(leg))
        await nothing_left(place, before)
        told = [type(fact) for fact in place.of_leg(leg)]
        assert told in ([CallArrived, LegEnded], [CallArrived, LegAnswered, LegEnded])


@story
async def test_a_call_without_an_offer(place: House) -> None:
    """Ours goes out with the 200 and theirs comes with the ACK; without it there is no call to be had."""
    phone, mute, odd = [await Phone.open(place) for _ in range(3)]
    phone.call(body="")
    leg = await place.leg()
    place.do(Answer(leg))
    await phone.acknowledge(body=phone.description("0"))
    place.do(Play(leg, PlayId("p"), (Tone(440, 60_000),)))
    await phone.rtp.hears_tone(440)
    for other, body in ((mute, ""), (odd, "v=0\r\nm=video 1 RTP/AVP 99\r\n")):
        other.call(body="")
        bad = await place.leg()
        place.do(Answer(bad))
        await other.acknowledge(body=body)
        await place.ends(bad, "failed")
        await other.hear(b"BYE")


@story
async def test_keys(place: House) -> None:
    """Told in two ways by a telephone, a key counts once; described anew, it may tell them in another way."""
    phone = await Phone.open(place)
    phone.call()
    leg = await place.leg()
    place.do(Answer(leg))
    await phone.acknowledge()
    for digit in (1, 2):
        await phone.press(digit)
        phone.info(str(digit))
        await phone.ok("INFO")
    await place.hears(DigitPressed(leg, "2"))
    assert [fact.digit for fact in place.told(DigitPressed)] == ["1", "2"]
    phone.reinvite(phone.description("0"))
    await phone.acknowledge()
    phone.info("3")
    await place.hears(DigitPressed(leg, "3"))
    assert len(place.told(DigitPressed)) == 3


@story
async def test_hold_by_the_far_end(place: House) -> None:
    """Held in the old way, with 0.0.0.0, nothing is sent; back again, by their offer or ours, it is."""
    phone = await Phone.open(place)
    leg = await place.answered(phone)
    place.do(Play(leg, PlayId("p"), (Tone(440, 60_000),)))
    await phone.rtp.hears_tone(440)
    held = phone.description().replace("c=IN IP4 127.0.0.1", "c=IN IP4 0.0.0.0")
    phone.reinvite(held)
    answered = (await phone.acknowledge()).body.decode()
    assert "a=inactive" in answered and "o=- " in answered
    phone.rtp.came.clear()
    await place.settles()
    quiet = len(phone.rtp.came)
    await place.settles()
    assert len(phone.rtp.came) == quiet
    phone.reinvite(phone.description())
    assert "a=sendrecv" in (await phone.acknowledge()).body.decode()
    await phone.rtp.hears_tone(440)
    phone.reinvite("")
    assert "m=audio" in (await phone.ok("INVITE")).body.decode()
    assert not place.told(LegEnded)


@fresh
async def test_who_brings_no_sound_is_asked(tmp_path: Path) -> None:
    """A telephone that never sends RTP is left in peace as long as it says it has the call, and no longer."""
    async with house(tmp_path, quiet_after_s=0.2) as place:
        phone = await Phone.open(place)
        leg = await place.answered(phone)
        for code in (200, 501):
            phone.respond(code, to=await phone.hear(b"OPTIONS"))
        asked = await phone.hear(b"OPTIONS")
        assert not place.told(LegEnded)
        phone.respond(481, to=asked)
        await place.ends(leg, "lost")
        await phone.hear(b"BYE")


@fresh
async def test_no_port_is_left(tmp_path: Path) -> None:
    """The caller is told to come back later, and the next one finds the port that became free."""
    async with house(tmp_path, first_port=24_000, last_port=24_001) as place:
        first, second = await Phone.open(place), await Phone.open(place)
        leg = await place.answered(first)
        second.call()
        refused = await place.leg()
        place.do(Answer(refused))
        await second.hear(b"SIP/2.0 503")
        await place.ends(refused, "failed")
        first.hang_up()
        await place.ends(leg, "hangup")
        await place.answered(await Phone.open(place))


@fresh
async def test_ipv6(tmp_path: Path) -> None:
    """Signalling and sound over IPv6."""
    async with house(tmp_path, host="::1") as place:
        phone = await Phone.open(place)
        leg = await place.answered(phone)
        place.do(Play(leg, PlayId("p"), (Tone(440, 60_000),)))
        await phone.rtp.hears_tone(440)


@story
async def test_simulated_people_in_a_hurry(place: House) -> None:
    """Who presses keys and hangs up in the same breath as the answer is told in that order."""
    caller, leg = await place.arrival()

    def hurry(_party: LocalParty, what: str) -> None:
        if what == "answered":
            caller.press("12")
            caller.hang_up()

    caller.on_change = hurry
    place.do(Answer(leg))
    await place.ends(leg, "hangup")
    keys = [DigitPressed(leg, "1"), DigitPressed(leg, "2")]
    assert place.of_leg(leg)[1:] == [LegAnswered(leg), *keys, LegEnded(leg, "hangup")]


# ------------------------------------------------------------------ devices


@story
async def test_ringing_that_is_taken_back_at_any_moment(place: House) -> None:
    """While its sound is opened, while it rings, as it picks up, before a word: one ending, no leak."""
    before = place.sockets()
    desk = await Phone.open(place)
    await desk.register()
    leg = place.new_leg()
    place.do(Ring(leg, DEVICE, CallId("c"), "138"), Cancel(leg))
    await place.ends(leg, "cancelled")
    await nothing_left(place, before)
    assert not [data for data in desk.waiting() if data.startswith(b"INVITE")]
    for when in ("ringing", "picked up"):
        leg = await place.rung(desk)
        desk.respond(180)
        await place.hears(LegRinging(leg))
        place.do(Cancel(leg))
        cancelled = await desk.hear(b"CANCEL")
        await place.ends(leg, "cancelled")
        desk.respond(200, to=cancelled)
        if when == "ringing":
            desk.respond(487)
            await desk.hear(b"ACK")
        else:
            desk.answer()
            desk.respond(200, to=await desk.hear(b"BYE"))
        await nothing_left(place, before)
        assert not place.told(LegAnswered, leg)
    # No sign of life yet: the CANCEL waits for it.
    leg = await place.rung(desk)
    place.do(Cancel(leg))
    await place.ends(leg, "cancelled")
    desk.respond(100)
    await desk.hear(b"CANCEL")


@story
async def test_how_devices_answer(place: House) -> None:
    """Busy, rejected, gone; with a description of nonsense; and 180 and 200 that come in one breath."""
    before = place.sockets()
    desk = await Phone.open(place)
    await desk.register()
    for code, reason in ((486, "busy"), (603, "rejected"), (404, "unreachable"), (500, "failed")):
        leg = await place.rung(desk)
        desk.respond(code)
        await place.ends(leg, reason)
    for body in ("", "nonsense", desk.description("18")):
        leg = await place.rung(desk)
        desk.answer(body)
        await place.ends(leg, "failed")
        await desk.hear(b"BYE")
        assert not place.told(LegAnswered, leg)
    await nothing_left(place, before)
    leg = await place.rung(desk)
    desk.respond(180)
    desk.respond(183)
    desk.answer()
    await place.hears(LegAnswered(leg))
    desk.respond(180)
    await place.settles()
    assert place.of_leg(leg) == [LegRinging(leg), LegAnswered(leg)]


# ------------------------------------------------------------------ pages


@story
async def test_a_page_that_calls_and_gives_up(place: House) -> None:
    """Cancelled while the media process still describes itself, nothing of the browser's leg is left."""
    prepare(("127.0.0.1",))
    before, page, browser = place.sockets(), Page(place), Browser(440)
    offer = await browser.offer()
    for answered in (True, False):
        page.dial(offer)
        leg = await place.leg()
        if answered:
            place.do(Answer(leg))
        page.cancel()
        await place.ends(leg, "cancelled")
        await nothing_left(place, before)
        place.do(Answer(leg))
    page.dial(offer.replace("m=audio", "m=video"))
    await page.hear(b"SIP/2.0 488")
    await browser.close()
    page.close()


@story
async def test_a_page_that_is_loaded_again(place: House) -> None:
    """Whichever comes first, registering anew or the end of the old connection: the device is up last."""
    prepare(("127.0.0.1",))
    before = place.sockets()
    for new_comes_first in (False, True):
        old, new, browser = Page(place), Page(place), Browser(440)
        await old.register()
        leg = place.new_leg()
        place.do(Ring(leg, DEVICE, CallId("c"), "138"))
        old.respond(200, await browser.answer(parse(await old.hear(b"INVITE")).body.decode()))
        await place.hears(LegAnswered(leg))
        if new_comes_first:
            await new.register()
        old.close()
        await place.ends(leg, "lost")
        if not new_comes_first:
            await new.register()
        await place.settles()
        kinds = [type(fact) for fact in place.facts]
        assert DeviceUp in kinds[kinds.index(LegEnded) :]
        # And it is the new one that is rung.
        again = place.new_leg()
        place.do(Ring(again, DEVICE, CallId("c"), "138", auto_answer=True))
        assert parse(await new.hear(b"INVITE")).headers["X-Auto-Answer"] == "1"
        new.respond(603)
        await place.ends(again, "rejected")
        await browser.close()
        new.close()
        await nothing_left(place, before)
        del place.facts[1:]


@story
async def test_two_pages_with_one_device(place: House) -> None:
    """The one that registered last rings; the other's end is no business of the device."""
    first, second = Page(place), Page(place)
    await first.register()
    await second.register()
    first.close()
    leg = place.new_leg()
    place.do(Ring(leg, DEVICE, CallId("c"), "138"))
    await second.hear(b"INVITE")
    second.close()
    await place.ends(leg, "lost")
    leg = place.new_leg()
    place.do(Ring(leg, DEVICE, CallId("c"), "138"))
    await place.ends(leg, "unreachable")


@story
async def test_a_page_that_closes_while_its_sound_is_opened(place: House) -> None:
    """Rung, and gone before the INVITE could go out: unreachable, and nothing is left."""
    before, page = place.sockets(), Page(place)
    await page.register()
    leg = place.new_leg()
    place.do(Ring(leg, DEVICE, CallId("c"), "138"))
    page.close()
    await place.ends(leg, "unreachable")
    await nothing_left(place, before)


# ------------------------------------------------------------------ prompts and recordings


@fresh
async def test_words_that_are_still_being_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They are not heard by who was connected or silenced meanwhile, nor waited for without end."""
    voice = HeldVoice()
    async with house(tmp_path, voice) as place:
        caller, desk = await Phone.open(place), await Phone.open(place)
        await desk.register()
        leg = await place.answered(caller)
        other = await place.picked_up(desk)
        place.do(Play(leg, PlayId("overtaken"), (HELLO,)))
        place.do(Connect(leg, other))
        place.do(Play(other, PlayId("stopped"), (HELLO,)), StopPlay(other))
        async with talking(desk.rtp.talk(700)):
            await caller.rtp.hears_tone(700)
            voice.let.set()
            await place.time.until(lambda: place.switch.prompts.known((HELLO,)), "the words")
            await caller.rtp.hears_tone(700)
        await place.settles()
        assert not place.told(PlayEnded)
        voice.let.clear()
        monkeypatch.setattr("telephony.embedded.hearing.MADE_WITHIN_S", 0.1)
        place.do(Play(leg, PlayId("late"), (Speak("something else", "en"),)))
        await place.hears(PlayEnded(leg, PlayId("late")))
        voice.let.set()


@story
async def test_a_stopped_play_says_nothing_even_if_it_just_ended(place: House) -> None:
    """Stopped at any moment around its natural end, a play ends before it was stopped or not at all."""
    _, leg = await place.caller()
    for number in range(30):
        play = PlayId(f"p{number}")
        place.do(Play(leg, play, (Tone(440, 20),)))
        await asyncio.sleep(0.02 + number * 0.001)
        place.do(StopPlay(leg))
        await asyncio.sleep(0)  # what was being told at this moment is told
        told = len(place.told(PlayEnded))
        await asyncio.sleep(0.01)
        assert len(place.told(PlayEnded)) == told


@story
async def test_a_recording_is_complete_when_its_caller_leaves(place: House) -> None:
    """The caller hangs up in the middle of a message: it is told as complete, and what was said is in it."""
    phone = await Phone.open(place)
    leg = await place.answered(phone)
    place.do(Record(leg, RecordingId("r")))
    await phone.rtp.talk(440, 30)
    phone.hang_up()
    closed = await place.time.until(lambda: place.told(RecordingEnded), "the end of the recording")
    with wave.open(str(place.folder / "recordings" / "r.wav")) as file:
        assert file.getnframes() // 8 == closed[0].duration_ms
    assert closed[0].duration_ms >= 500
    assert place.of_leg(leg)[-2:] == [LegEnded(leg, "hangup"), closed[0]]


# ------------------------------------------------------------------ the media process dies, the switch stops


@story
async def test_the_media_process_is_killed(place: House) -> None:
    """Who talks is lost and who rings is not; who is answered meanwhile waits, and then has sound."""
    talker, ringer, late, desk = [await Phone.open(place) for _ in range(4)]
    await desk.register()
    leg = await place.answered(talker)
    somebody, local = await place.caller()
    place.do(Record(local, RecordingId("cut")))
    cut = place.folder / "recordings" / "cut.wav.part"
    await place.time.until(lambda: cut.exists() and cut.stat().st_size > 10_000, "a second of it")
    ringer.call()
    ringing = await place.leg()
    pid = place.switch.media.pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    await asyncio.gather(place.ends(leg, "lost"), place.ends(local, "lost"))
    await talker.hear(b"BYE")
    assert somebody.ended == "lost" and not place.told(LegEnded, ringing)
    late.call()
    place.do(Answer(ringing))
    given_up, out = await place.leg(), place.new_leg()
    place.do(Answer(given_up), Ring(out, DEVICE, CallId("c"), "138"))
    _, simulated = await place.arrival()
    place.do(Answer(simulated))
    late.cancel()
    await place.ends(given_up, "cancelled")
    await ringer.acknowledge()
    await desk.hear(b"INVITE")
    await place.hears(LegAnswered(simulated))
    assert place.switch.media.pid != pid
    for each in (ringing, simulated):
        place.do(Play(each, PlayId("p"), (Tone(440, 200),)))
        await place.hears(PlayEnded(each, PlayId("p")))
    assert not place.told(LegAnswered, given_up)
    with wave.open(str(place.folder / "recordings" / "cut.wav")) as file:
        assert file.getnframes() >= 8000


@fresh
async def test_the_media_process_does_not_come_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Callers are refused and devices not rung as long as it cannot be started; then all is well again."""
    monkeypatch.setattr("telephony.embedded.switch.REVIVE_S", 0.1)
    async with house(tmp_path) as place:
        media = place.switch.media
        good, media.settings = media.settings, replace(media.settings, music=str(tmp_path / "nothing"))
        assert media.pid is not None
        phone, again = await Phone.open(place), await Phone.open(place)
        phone.call()
        leg = await place.leg()
        os.kill(media.pid, signal.SIGKILL)
        await place.time.until(lambda: not media.running, "its end")
        place.do(Answer(leg))
        await phone.hear(b"SIP/2.0 503")
        # Lost with the process, or failed to be answered: whichever is noticed first.
        await place.ends(leg, "failed", "lost")
        media.settings = good
        await place.answered(again)


@fresh
async def test_stop_with_calls_up(tmp_path: Path) -> None:
    """Everybody is told in the way their state asks for, recordings are complete, new callers are refused."""
    async with house(tmp_path) as place:
        caller, ringer, desk, late = [await Phone.open(place) for _ in range(4)]
        await desk.register()
        leg = await place.answered(caller)
        place.do(Record(leg, RecordingId("r")))
        out = await place.rung(desk)
        desk.respond(180)
        await place.hears(LegRinging(out))
        ringer.call()
        ringing = await place.leg()
        stopping = asyncio.create_task(place.switch.stop())
        bye = await caller.hear(b"BYE")
        late.call()
        await late.hear(b"SIP/2.0 503")
        caller.respond(200, to=bye)
        await ringer.hear(b"SIP/2.0 480")
        desk.respond(200, to=await desk.hear(b"CANCEL"))
        desk.respond(487)
        await stopping
        assert [len(place.told(LegEnded, each)) for each in (leg, out, ringing)] == [1, 1, 1]
        assert len(place.told(CallArrived)) == 2
        assert place.told(RecordingEnded) and (tmp_path / "recordings" / "r.wav").exists()
