"""RTP as machines: packets, keys, and the numbers of what we send."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony.media.rtp import FRAME, Keys, Outgoing, Packet, pack, unpack

DIGITS = "0123456789*#ABCD"
PACKETS = st.builds(
    Packet,
    payload_type=st.integers(0, 127),
    marker=st.booleans(),
    sequence=st.integers(0, 0xFFFF),
    timestamp=st.integers(0, 0xFFFFFFFF),
    ssrc=st.integers(0, 0xFFFFFFFF),
    payload=st.binary(max_size=200),
)


@given(PACKETS)
def test_packets_come_back(packet: Packet) -> None:
    """What is packed is unpacked equal."""
    assert unpack(pack(packet)) == packet


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    """No datagram raises; what is read is version 2."""
    packet = unpack(data)
    assert packet is None or (data[0] >> 6 == 2 and len(packet.payload) <= len(data) - 12)


@given(PACKETS, st.integers(0, 15), st.none() | st.integers(0, 6), st.integers(0, 20))
def test_extensions_sources_and_padding_are_taken_off(
    packet: Packet, sources: int, words: int | None, padding: int
) -> None:
    """Contributing sources, a header extension and padding leave the payload alone."""
    plain = pack(packet)
    first = 0x80 | sources | (0x10 if words is not None else 0) | (0x20 if padding else 0)
    extension = b"" if words is None else b"\xbe\xde" + words.to_bytes(2, "big") + bytes(4 * words)
    tail = bytes(padding - 1) + bytes([padding]) if padding else b""
    data = bytes([first]) + plain[1:12] + bytes(4 * sources) + extension + packet.payload + tail
    assert unpack(data) == packet
    assert unpack(data[:10]) is None


# ------------------------------------------------------------------ keys


def press(
    digit: str, timestamp: int, sequence: int, updates: int, ends: int, ssrc: int = 7
) -> list[tuple[int, Packet]]:
    """The packets of one key, with their sequence numbers."""
    event = DIGITS.index(digit)
    packets = []
    for number in range(updates + ends):
        over = number >= updates
        duration = min(number + 1, updates + 1) * FRAME
        payload = bytes([event, 0x8A if over else 0x0A]) + duration.to_bytes(2, "big")
        at = (sequence + number) & 0xFFFF
        packets.append((at, Packet(101, number == 0, at, timestamp & 0xFFFFFFFF, ssrc, payload)))
    return packets


@given(
    digits=st.text(DIGITS, min_size=1, max_size=12),
    start=st.integers(0, 0xFFFFFFFF),
    luck=st.randoms(use_true_random=False),
    loss=st.floats(0, 0.6),
    shuffle=st.integers(0, 4),
)
def test_each_key_is_told_once(
    digits: str, start: int, luck: random.Random, loss: float, shuffle: int
) -> None:
    """Loss (even of every end packet), doubling, swapping: each key of which a packet arrives is told once.

    Packets are swapped within their own key, as far apart as ``shuffle``; keys keep their order.
    """
    keys, told, expected = Keys(), "", ""
    for index, digit in enumerate(digits):
        packets = [p for _, p in press(digit, start + index * 1600, index * 20, 5, 3)]
        packets = [p for p in packets if luck.random() >= loss for _ in range(luck.choice((1, 1, 2)))]
        packets.sort(key=lambda p: p.sequence + luck.uniform(0, shuffle))
        expected += digit if packets else ""
        told += "".join(keys.take(p) or "" for p in packets)
    assert told == expected


def test_a_late_packet_of_an_earlier_key_is_no_new_key() -> None:
    """Packets of key 1 that come after key 2 has begun say nothing."""
    keys = Keys()
    one = [p for _, p in press("1", 1000, 0, 4, 3)]
    two = [p for _, p in press("2", 2600, 10, 4, 3)]
    order = [*one[:3], *two[:2], *one[3:], *two[2:], *one]
    assert "".join(keys.take(p) or "" for p in order) == "12"


def test_a_key_held_is_one_key() -> None:
    """A key held beyond 65,535 samples goes on in segments (RFC 4733, 2.5.1.3) and is told once."""
    keys, told = Keys(), ""
    for segment in range(4):
        payload = bytes([5, 0x0A]) + (0xFFFF).to_bytes(2, "big")
        packet = Packet(101, segment == 0, segment, (100 + segment * 0xFFFF) & 0xFFFFFFFF, 7, payload)
        told += (keys.take(packet) or "") + (keys.take(packet) or "")
    assert told == "5"


def test_same_key_twice_and_a_new_stream() -> None:
    """The same key pressed again is told again, also by another source with smaller timestamps."""
    keys = Keys()
    packets = [p for _, p in press("5", 90000, 0, 3, 3) + press("5", 92000, 6, 3, 3)]
    packets += [p for _, p in press("5", 10, 100, 3, 3, ssrc=8)]
    assert "".join(keys.take(p) or "" for p in packets) == "555"


def test_no_keys() -> None:
    """Events that are no keys (16: flash) and payloads too short are passed over."""
    keys = Keys()
    assert keys.take(Packet(101, True, 1, 1, 1, bytes([16, 0, 0, 1]))) is None
    assert keys.take(Packet(101, True, 1, 2, 1, b"\x05")) is None
    assert keys.take(Packet(101, True, 1, 3, 1, bytes([5, 0, 0, 1]))) == "5"


# ------------------------------------------------------------------ what we send


def read(header: bytes | None) -> Packet:
    packet = unpack(header or b"")
    assert packet is not None
    return packet


@given(
    st.lists(
        st.tuples(st.sampled_from(["prompt", "music", "a", "b"]), st.integers(1, 30), st.integers(0, 400)),
        min_size=1,
        max_size=12,
    ),
    st.integers(0, 0xFFFF),
    st.integers(0, 0xFFFFFFFF),
)
def test_one_stream_whatever_the_source(
    turns: list[tuple[str, int, int]], sequence: int, timestamp: int
) -> None:
    """Prompt, music and passed-on packets by turns: one SSRC, no gap in the sequence, time never runs back.

    Every change of source bears the marker, and the timestamp goes on with the time that went by.
    """
    out = Outgoing(99, sequence, timestamp)
    theirs = {"a": [0xFFF0, 0xFFFFFF00, 1], "b": [5, 77, 2]}
    now, last_now, before = 0, 0, None
    came = None
    for feed, frames, wait in turns:
        now += wait
        for number in range(frames):
            if feed in theirs:
                stream = theirs[feed]
                stream[0] = (stream[0] + 1) & 0xFFFF
                stream[1] = (stream[1] + FRAME) & 0xFFFFFFFF
                came = read(out.passed_on(Packet(0, False, *stream, payload=b""), 8, now))
            else:
                came = read(out.clocked(feed, 8, now))
            assert came.ssrc == 99 and came.payload_type == 8
            if before is None:
                assert came.marker
            else:
                assert came.sequence == (before[0].sequence + 1) & 0xFFFF
                assert came.marker == (number == 0 and before[1] != feed)
                gone = (came.timestamp - before[0].timestamp) & 0xFFFFFFFF
                if number or before[1] != feed:
                    assert gone == max(FRAME, now - last_now)
            before, last_now = (came, feed), now
            now += FRAME


def test_loss_and_swaps_are_passed_on() -> None:
    """A gap stays a gap and a swapped pair stays swapped; a packet from before the beginning is left out."""
    out = Outgoing(99, 1000, 0)
    sent = []
    for sequence in (50, 51, 53, 52, 55, 49):
        header = out.passed_on(Packet(0, False, sequence, sequence * FRAME, 1, b""), 0, sequence * FRAME)
        sent.append(header and read(header).sequence - 1001)
    assert sent == [0, 1, 3, 2, 5, None]
    assert read(out.clocked("music", 0, 60 * FRAME)).sequence == 1007


def test_packets_left_out_leave_no_gap() -> None:
    """Keys a far end cannot take are left out without looking like loss."""
    out = Outgoing(99, 1000, 0)
    sent = []
    for sequence in range(10):
        packet = Packet(101 if 3 <= sequence < 7 else 0, False, sequence, sequence * FRAME, 1, b"")
        if packet.payload_type == 101:
            out.left_out(packet)
        else:
            sent.append(read(out.passed_on(packet, 0, sequence * FRAME)).sequence)
    assert sent == list(range(1001, 1007))


@pytest.mark.parametrize("jump", [30000, -400])
def test_a_restarted_stream_goes_on(jump: int) -> None:
    """A source that jumps far in its sequence under the same SSRC is another source."""
    out = Outgoing(99, 10, 0)
    out.passed_on(Packet(0, False, 1, 0, 1, b""), 0, 0)
    again = read(out.passed_on(Packet(0, False, (1 + jump) & 0xFFFF, 999999, 1, b""), 0, FRAME))
    assert (again.sequence, again.timestamp, again.marker) == (12, 2 * FRAME, True)


def test_long_streams() -> None:
    """140,000 packets of one source: sequence and timestamps wrap as they should."""
    out = Outgoing(99, 65000, 0xFFFFFF00)
    for number in range(140_000):
        packet = Packet(0, False, number & 0xFFFF, number * FRAME & 0xFFFFFFFF, 1, b"")
        sent = read(out.passed_on(packet, 0, number * FRAME))
        assert sent.sequence == (65001 + number) & 0xFFFF
