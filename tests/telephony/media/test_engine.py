"""The engine over real sockets: what is said into one is found in what another receives."""

import asyncio
import contextlib
import socket
from itertools import pairwise
from pathlib import Path

import pytest

from domain.ids import LegId, PlayId
from telephony.media.protocol import (
    AimRtp,
    Beep,
    Clip,
    CloseLeg,
    Join,
    KeyPressed,
    MediaFailed,
    MediaFigures,
    MediaQuiet,
    MediaUp,
    OpenLocal,
    OpenRtp,
    PlayMusic,
    PlaySound,
    RtpOpened,
    ShieldKeys,
    SoundEnded,
    StopSound,
    Utter,
)
from telephony.media.rtp import FRAME, PCMA, PCMU, Packet
from telephony.media.sounds import SILENCE, beep, waiting_tone
from tests.telephony.media.far_end import FarEnd, call, engine, loudest, on_loop, samples, talking

A, B, C = LegId("a"), LegId("b"), LegId("c")


def in_order(packets: list[Packet]) -> None:
    """One SSRC, no gap in the sequence, time that never runs back."""
    assert len({p.ssrc for p in packets}) == 1
    for one, two in pairwise(packets):
        assert two.sequence == (one.sequence + 1) & 0xFFFF
        assert 0 < (two.timestamp - one.timestamp) & 0xFFFFFFFF < 0x80000000


@on_loop
async def test_a_prompt_is_heard_and_ends() -> None:
    """Two pieces are heard in order by the clock, ``SoundEnded`` tells the end, then there is silence."""
    async with engine() as (media, facts):
        far = await call(media, facts, "a")
        media.do(PlaySound(A, PlayId("p"), (Beep(440, 200), Beep(1000, 200))))
        await facts.next(SoundEnded, "a")
        await far.hears_silence()
        far.close()
        said = [p for p in far.came if samples([p]).any()]
        assert len(said) == 20
        assert abs(loudest(samples(said[:10])) - 440) < 15
        assert abs(loudest(samples(said[10:])) - 1000) < 15
        in_order(far.came)
        assert {(b.timestamp - a.timestamp) % 160 for a, b in pairwise(far.came)} == {0}
        assert next(p.marker for p in far.came if p == said[0])
        assert not any(p.marker for p in said[1:])


@on_loop
async def test_replaced_and_stopped_sounds_say_nothing(tmp_path: Path) -> None:
    """Only a natural end is told; a clip that is missing is left out and the rest is heard."""
    (tmp_path / "clip").write_bytes(beep(700, 400))
    async with engine() as (media, facts):
        far = await call(media, facts, "a")
        media.do(PlaySound(A, PlayId("1"), (Beep(440, 60_000),)))
        await far.hears_tone(440)
        media.do(PlaySound(A, PlayId("2"), (Clip(str(tmp_path / "clip")),) * 50))
        await far.hears_tone(700)
        media.do(StopSound(A))
        await far.hears_silence()
        media.do(PlaySound(A, PlayId("3"), (Clip(str(tmp_path / "missing")), Clip(str(tmp_path / "clip")))))
        assert (await facts.next(SoundEnded)).play == "3"
        await far.hears_silence()
        far.close()
        assert not facts.told(SoundEnded)
        in_order(far.came)


@pytest.mark.parametrize(("first", "second"), [(PCMU, PCMU), (PCMU, PCMA), (PCMA, PCMA)])
@on_loop
async def test_a_bridge_passes_both_ways(first: int, second: int) -> None:
    """440 Hz one way and 700 Hz the other way arrive, each in the law of its hearer."""
    async with engine() as (media, facts):
        one = await call(media, facts, "a", first)
        two = await call(media, facts, "b", second)
        media.do(PlayMusic(A))
        await one.hears(3)
        media.do(Join(A, B))
        async with talking(one.talk(440, 1000, first), two.talk(700, 1000, second)):
            await asyncio.gather(one.hears_tone(700), two.hears_tone(440))
        for far, law in ((one, first), (two, second)):
            far.close()
            assert {p.payload_type for p in far.came} == {law}
            in_order(far.came)


@on_loop
async def test_music_parts_and_join_joins_anew(tmp_path: Path) -> None:
    """Held, a leg hears music and its partner silence; joined to a third, it hears only that one."""
    (tmp_path / "music").write_bytes(beep(523, 1000))
    async with engine(music=str(tmp_path / "music")) as (media, facts):
        one, two, three = [await call(media, facts, leg) for leg in "abc"]
        media.do(Join(A, B))
        async with talking(one.talk(440), two.talk(700), three.talk(900)):
            await two.hears_tone(440)
            media.do(PlayMusic(A))
            await asyncio.gather(one.hears_tone(523), two.hears_silence())
            media.do(Join(A, C))
            await asyncio.gather(one.hears_tone(900), three.hears_tone(440), two.hears_silence())
            media.do(CloseLeg(C))
            await one.hears_silence()
        for far in (one, two, three):
            far.close()
            in_order(far.came)


@on_loop
async def test_a_prompt_over_a_bridge() -> None:
    """A leg that is played something hears its partner again afterwards, who hears it all along."""
    async with engine() as (media, facts):
        one, two = await call(media, facts, "a"), await call(media, facts, "b")
        media.do(Join(A, B))
        async with talking(one.talk(440), two.talk(700)):
            await one.hears_tone(700)
            media.do(PlaySound(A, PlayId("p"), (Beep(1200, 400),)))
            await asyncio.gather(one.hears_tone(1200), two.hears_tone(440))
            await facts.next(SoundEnded)
            await asyncio.gather(one.hears_tone(700), two.hears_tone(440))
        one.close()
        two.close()
        in_order(one.came)


@on_loop
async def test_a_local_leg_is_heard_by_the_clock() -> None:
    """Utterances follow one another and reach the partner; between them there is silence."""
    async with engine() as (media, facts):
        far = await call(media, facts, "a", PCMA)
        media.do(OpenLocal(B))
        media.do(Join(A, B))
        await far.hears_silence()
        media.do(Utter(B, Beep(440, 300)))
        media.do(Utter(B, Beep(700, 300)))
        await far.hears_tone(440)
        await far.hears_tone(700)
        await far.hears_silence()
        media.do(PlaySound(B, PlayId("p"), (Beep(440, 60),)))
        await facts.next(SoundEnded, "b")
        far.close()
        in_order(far.came)


@on_loop
async def test_a_silent_partner_does_not_silence_the_wire() -> None:
    """When a joined far end stops sending, its partner still gets packets, and time goes on."""
    async with engine() as (media, facts):
        one, two = await call(media, facts, "a"), await call(media, facts, "b")
        media.do(Join(A, B))
        await one.talk(440, 10)
        await two.hears_silence()
        async with talking(one.talk(440)):
            await two.hears_tone(440)
        one.close()
        two.close()
        in_order(two.came)


def key(digit: int, duration: int, *, over: bool = False) -> bytes:
    return bytes([digit, 0x8A if over else 0x0A]) + duration.to_bytes(2, "big")


async def press(far: FarEnd, digit: int, payload_type: int = 101) -> None:
    for number in range(3):
        far.send(key(digit, 160 * number), payload_type, marker=number == 0, step=0 if number else 1600)
    for _ in range(3):
        far.send(key(digit, 480, over=True), payload_type, step=0)


@on_loop
async def test_keys_are_told_once_and_passed_on_as_keys() -> None:
    """Each key is one fact; a partner that negotiated them gets events of its own type, another nothing."""
    async with engine() as (media, facts):
        one = await call(media, facts, "a", dtmf=96)
        two = await call(media, facts, "b", dtmf=110)
        plain = await call(media, facts, "c", dtmf=None)
        media.do(Join(A, B))
        await one.talk(440, 3)
        for digit in (1, 2, 11):
            await press(one, digit, 96)
        async with talking(one.talk(440)):
            await two.hears_tone(440)
        assert [(await facts.next(KeyPressed)).digit for _ in range(3)] == ["1", "2", "#"]
        events = [p for p in two.came if p.payload_type == 110]
        assert len(events) == 18 and len({p.timestamp for p in events}) == 3
        media.do(Join(A, C))
        await one.talk(440, 3)
        await press(one, 5, 96)
        async with talking(one.talk(440)):
            await plain.hears_tone(440)
        assert (await facts.next(KeyPressed)).digit == "5"
        assert {p.payload_type for p in plain.came} == {PCMU}
        assert not facts.told(KeyPressed)
        for far in (one, two, plain):
            far.close()
        in_order(plain.came)


@on_loop
async def test_keys_behind_a_shield_are_told_and_go_no_further() -> None:
    """No event of them reaches the partner, who hears an unbroken stream; before and after they do."""
    async with engine() as (media, facts):
        one, two = await call(media, facts, "a"), await call(media, facts, "b")
        media.do(Join(A, B))
        await one.talk(440, 3)
        await press(one, 1)
        assert (await facts.next(KeyPressed)).digit == "1"
        media.do(ShieldKeys(A, True))
        for digit in (2, 3, 4):
            await press(one, digit)
        assert [(await facts.next(KeyPressed)).digit for _ in range(3)] == ["2", "3", "4"]
        # The last one is still held down when the shield goes.
        one.send(key(5, 160), 101, marker=True, step=1600)
        assert (await facts.next(KeyPressed)).digit == "5"
        media.do(ShieldKeys(A, False))
        one.send(key(5, 320), 101, step=0)
        one.send(key(5, 320, over=True), 101, step=0)
        await press(one, 6)
        assert (await facts.next(KeyPressed)).digit == "6"
        async with talking(one.talk(440)):
            await two.hears_tone(440)
        events = {p.payload[0] for p in two.came if p.payload_type == 101}
        assert events == {1, 6}
        assert not facts.told(KeyPressed)
        for far in (one, two):
            far.close()
        assert {(after.sequence - before.sequence) & 0xFFFF for before, after in pairwise(two.came)} == {1}


@on_loop
async def test_a_key_held_long_behind_a_shield_stays_there() -> None:
    """It goes on under another timestamp, and is still the same key (RFC 4733, 2.5.1.3)."""
    async with engine() as (media, facts):
        one, two = await call(media, facts, "a"), await call(media, facts, "b")
        media.do(Join(A, B))
        await one.talk(440, 3)
        media.do(ShieldKeys(A, True))
        one.send(key(5, 0xFFFF), 101, marker=True, step=1600)
        assert (await facts.next(KeyPressed)).digit == "5"
        media.do(ShieldKeys(A, False))
        one.send(key(5, 160), 101, step=0xFFFF)
        one.send(key(5, 320, over=True), 101, step=0)
        await press(one, 6)
        assert (await facts.next(KeyPressed)).digit == "6"
        async with talking(one.talk(440)):
            await two.hears_tone(440)
        assert {p.payload[0] for p in two.came if p.payload_type == 101} == {6}
        for far in (one, two):
            far.close()


@on_loop
async def test_keys_that_were_not_negotiated_are_no_keys() -> None:
    """Without telephone-event in the description such packets are dropped."""
    async with engine() as (media, facts):
        far = await call(media, facts, "a", dtmf=None)
        await press(far, 1)
        await far.talk(440, 2)
        await facts.next(MediaUp, "a")
        assert not facts.told(KeyPressed)
        far.close()


@on_loop
async def test_sound_goes_where_it_comes_from() -> None:
    """Symmetric RTP: behind a NAT the first source counts, not what the description said."""
    async with engine() as (media, facts):
        far, nowhere = await call(media, facts, "a"), await FarEnd.open()
        media.do(AimRtp(A, nowhere.host, nowhere.port, PCMU))
        await nowhere.hears(2)
        far.send(b"\xff" * FRAME)
        await far.hears(2)
        before = len(nowhere.came)
        await far.hears(5)
        assert len(nowhere.came) == before
        far.close()
        nowhere.close()


@on_loop
async def test_a_stranger_cannot_take_the_stream() -> None:
    """Another source is not heard and gets nothing, unless the known one has been silent for a while."""
    async with engine(relatch_after_s=0.3) as (media, facts):
        far, stranger, partner = (
            await call(media, facts, "a"),
            await FarEnd.open(),
            await call(media, facts, "b"),
        )
        stranger.to = far.to
        media.do(Join(A, B))
        async with talking(stranger.talk(700)):
            async with talking(far.talk(440)):
                await partner.hears_tone(440)
                assert not stranger.came
            # The known one is silent now; the described one comes first when it is back.
            await asyncio.gather(partner.hears_tone(700), stranger.hears(1))
            async with talking(far.talk(440)):
                await asyncio.gather(partner.hears_tone(440), far.hears(1))
        for each in (far, stranger, partner):
            each.close()


@on_loop
async def test_what_is_no_rtp_is_dropped() -> None:
    """Garbage, RTCP and unknown payload types neither come up nor latch nor disturb."""
    async with engine() as (media, facts):
        far, stranger = await call(media, facts, "a"), await FarEnd.open()
        stranger.to = far.to
        for data in (
            b"",
            b"x",
            b"hello there, this is no RTP",
            b"\x80\xc8" + bytes(26),
            b"\x80\x60" + bytes(170),
        ):
            stranger.send_raw(data)
        await far.hears(5)
        assert not facts.told(MediaUp) and not stranger.came
        far.send(b"\xff" * FRAME)
        await facts.next(MediaUp, "a")
        far.close()
        stranger.close()


@on_loop
async def test_quiet_rtp_is_told_again_and_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """A leg that fell silent or was never heard of is told as quiet every so often; who talks is not."""
    monkeypatch.setattr("telephony.media.engine.SWEEP_S", 0.1)
    async with engine(quiet_after_s=0.3) as (media, facts):
        media.do(OpenRtp(LegId("not aimed yet")))
        far, talker, never = [await call(media, facts, leg) for leg in "abc"]
        await far.talk(440, 3)
        async with talking(talker.talk(440)):
            for _ in range(2):
                assert {(await facts.next(MediaQuiet)).leg, (await facts.next(MediaQuiet)).leg} == {A, C}
        for each in (far, talker, never):
            each.close()


@on_loop
async def test_music_goes_on_when_it_is_asked_for_again() -> None:
    """Told to play music to one who hears it already, nothing is heard of that: no jump, no marker."""
    async with engine() as (media, facts):
        far = await call(media, facts, "a")
        media.do(PlayMusic(A))
        await far.hears(5)
        before = len(far.came)
        media.do(PlayMusic(A))
        packets = await far.hears(10)
        assert not any(packet.marker for packet in packets)
        assert len(far.came) > before
        heard = b"".join(packet.payload for packet in far.came).lstrip(SILENCE)
        assert waiting_tone().lstrip(SILENCE).startswith(heard)
        far.close()


@on_loop
async def test_no_port_left_is_told_and_closing_gives_it_back() -> None:
    """The range gives its even ports, then MediaFailed says why; a closed leg's port is free again."""
    async with engine() as (media, facts):
        first, last = media.settings.first_port, media.settings.last_port
        opened = 0
        while not facts.told(MediaFailed):
            media.do(OpenRtp(LegId(str(opened))))
            opened += 1
        ports = {fact.port for fact in facts.told(RtpOpened)}
        # Somebody else on the machine may have some of them.
        assert opened > 80 and len(ports) == opened - 1
        assert all(first <= port <= last and port % 2 == 0 for port in ports)
        assert f"no RTP port is free between {first} and {last}" in (await facts.next(MediaFailed)).why
        for number in range(opened):
            media.do(CloseLeg(LegId(str(number))))
        facts.clear()
        media.do(OpenRtp(C))
        assert await facts.next(RtpOpened, "c")


@on_loop
async def test_a_port_somebody_else_has_is_passed_over() -> None:
    """A port in use outside is not given, and nothing is told about it."""
    with contextlib.ExitStack() as stack:
        taken = 1
        while taken % 2:
            other = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
            other.bind(("127.0.0.1", 0))
            taken = other.getsockname()[1]
        async with engine(first_port=taken, last_port=taken + 40) as (media, facts):
            media.do(OpenRtp(A))
            assert (await facts.next(RtpOpened)).port != taken


@on_loop
async def test_commands_for_legs_that_are_gone_are_passed_over() -> None:
    """Nothing happens, nothing is told; a leg opened twice is a mistake that is told."""
    async with engine() as (media, facts):
        for command in (
            *(AimRtp(A, "127.0.0.1", 9, 0), PlaySound(A, PlayId("p"), ()), StopSound(A), PlayMusic(A)),
            *(Join(A, B), Utter(A, Beep(0, 20)), CloseLeg(A)),
        ):
            media.do(command)
        assert not facts
        media.do(OpenLocal(A))
        media.do(OpenLocal(A))
        assert "open already" in (await facts.next(MediaFailed, "a")).why


@on_loop
async def test_unreachable_and_unspecified_addresses() -> None:
    """An address of the other family fails the leg; ``0.0.0.0`` (held) is sent nothing."""
    async with engine() as (media, facts):
        far = await call(media, facts, "a")
        await far.hears(3)
        media.do(AimRtp(A, "0.0.0.0", 9, PCMU))
        before = len(far.came)
        media.do(PlaySound(A, PlayId("p"), (Beep(440, 100),)))
        await facts.next(SoundEnded, "a")
        assert len(far.came) <= before + 1
        media.do(AimRtp(A, "::1", 9, PCMU))
        assert "IPv6" in (await facts.next(MediaFailed, "a")).why
        far.close()


@on_loop
async def test_ipv6() -> None:
    """A bridge between two legs over IPv6."""
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        pytest.skip("no IPv6 on this machine")
    async with engine(host="::1") as (media, facts):
        one, two = [await call(media, facts, leg, host="::1") for leg in "ab"]
        media.do(Join(A, B))
        async with talking(one.talk(440), two.talk(700)):
            await asyncio.gather(one.hears_tone(700), two.hears_tone(440))


@on_loop
async def test_the_clock_neither_drifts_nor_bursts() -> None:
    """After a stall the missed frames are left out: timestamps are those of the wall, and nothing bunches."""
    async with engine() as (media, facts):
        far = await call(media, facts, "a")
        await far.hears(5)
        loop = asyncio.get_running_loop()
        loop.slow_callback_duration = 10
        stalled = loop.time() + 0.21
        while loop.time() < stalled:
            pass
        before = far.came[-1]
        after = await far.hears(12)
        far.close()
        steps = [
            ((two.timestamp - one.timestamp) & 0xFFFFFFFF) // FRAME for one, two in pairwise([before, *after])
        ]
        assert max(steps) >= 8
        in_order(far.came)


@on_loop
async def test_figures_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Legs, packets and lateness are told every now and then."""
    monkeypatch.setattr("telephony.media.engine.FIGURES_S", 0.2)
    async with engine() as (media, facts):
        far = await call(media, facts, "a")
        await far.talk(440, 5)
        figures = await facts.next(MediaFigures)
        far.close()
        assert figures.legs == 1 and figures.packets_out > 0 and figures.cpu_s > 0
