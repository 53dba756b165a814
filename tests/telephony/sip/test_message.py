"""Reading what strangers send: leniently where the RFC says so, and never with an exception of ours."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony.sip import sdp
from telephony.sip.address import read_address, read_uri, split_list
from telephony.sip.digest import parse_credentials
from telephony.sip.events import Arrived, Event, Peer, Send
from telephony.sip.message import MAX_BODY_BYTES, MAX_MESSAGE_BYTES, Malformed, parse
from tests.telephony.sip.wire import CALLER, DEVICE, OFFER, PAGE, Wire, answer_to, request

INVITE = request(body=OFFER)


def compact(data: bytes) -> bytes:
    """The same message with compact header names."""
    for long, short in [
        (b"Via", b"v"),
        (b"From", b"f"),
        (b"To", b"t"),
        (b"Call-ID", b"i"),
        (b"Contact", b"M"),
    ]:
        data = data.replace(b"\r\n" + long + b":", b"\r\n" + short + b":")
    return data.replace(b"Content-Type", b"c").replace(b"Content-Length", b"l")


@pytest.mark.parametrize(
    "data",
    [
        compact(INVITE),
        INVITE.replace(b"From: ", b"from :\t"),
        INVITE.replace(b"Subject", b"s")
        .replace(b";branch", b"\r\n ;branch")
        .replace(b";tag", b" \r\n\t ; tag"),
        INVITE.replace(b"SIP/2.0/UDP", b"SIP / 2.0 / UDP"),
        INVITE.replace(b" SIP/2.0\r\n", b" sip/2.0\r\n", 1),
        b"\r\n\r\n" + INVITE,
        INVITE + b"rubbish after the body",
        INVITE.replace(b"Max-Forwards: 70\r\n", b""),
        INVITE.replace(b"Contact: <sip:13800000001@10.0.0.7:5070>\r\n", b""),
        INVITE.replace(b"Max-Forwards", b"X-Nonsense: \xe4\xbd\xa0\r\nMax-Forwards"),
    ],
)
def test_ways_to_write_the_same_call(data: bytes) -> None:
    """Compact names, folding, spaces, leading line ends, missing politeness: the call arrives."""
    arrived = Wire().hear(data).only(Arrived)
    assert (arrived.caller, arrived.sdp) == ("13800000001", OFFER)


def test_a_folded_body_is_not_unfolded() -> None:
    """Folding is a matter of headers: a body keeps its bytes."""
    body = "a\r\n b"
    assert parse(request("INFO", body=body)).body == body.encode()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\r\n\r\n",
        b"\x00" * 200,
        b"GET / HTTP/1.1\r\nHost: somewhere.example\r\n\r\n",
        INVITE[:30],
        INVITE.replace(b"Via:", b"Vla:"),
        INVITE.replace(b"Call-ID:", b"Call:"),
        INVITE.replace(b"SIP/2.0/UDP 10.0.0.7:5070", b"carrier pigeon"),
        INVITE.replace(b"CSeq: 1 INVITE", b"CSeq: one INVITE"),
        INVITE.replace(b"From: <", b"From: \x00<"),
        INVITE.replace(b"95588@", b"95588\n@", 1),
        request("ACK", content_length=99),
        b"SIP/2.0 9999 Huge\r\n" + INVITE.partition(b"\r\n")[2],
        b"SIP/2.0 abc x\r\n" + INVITE.partition(b"\r\n")[2],
        INVITE.replace(b"Max-Forwards", b"".join(b"X%d: 1\r\n" % n for n in range(200)) + b"Max-Forwards"),
        b"INVITE " + b"x" * 70_000,
    ],
)
def test_hopeless_datagrams_get_silence(data: bytes) -> None:
    """Nothing is sent and nothing told; a line for the log says what was wrong and quotes nothing."""
    wire = Wire().hear(data)
    assert (wire.raw, wire.told) == ([], [])
    assert len(wire.noted) == (1 if len(data) >= 20 else 0)
    wire.assert_nothing_left()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (INVITE.replace(b"\r\n\r\n", b"\r\n"), 400),
        (INVITE[:-40], 400),
        (request(body=OFFER, content_length=5000), 400),
        (INVITE.replace(b"Content-Length: ", b"Content-Length: -"), 400),
        (INVITE.replace(b"Content-Length: ", b"Content-Length: x"), 400),
        (request(cseq_method="BYE"), 400),
        (request(number=2**31), 400),
        (request(extra=["Call-ID: again"]), 400),
        (request(extra=["t: <sip:other@h>"]), 400),
        (request(extra=["CSeq: 2 INVITE"]), 400),
        (request(extra=["no colon here"]), 400),
        (request(extra=[": no name"]), 400),
        (INVITE.replace(b"Max-Forwards: 70", b"X: \xff\xfe"), 400),
        (request(uri="sip:a b"), 400),
        (request(uri=""), 400),
        (INVITE.replace(b" SIP/2.0\r\n", b" SIP/3.0\r\n", 1), 505),
        (request(body="x" * (MAX_BODY_BYTES + 1)), 413),
        (request(extra=["X: " + "y" * MAX_MESSAGE_BYTES]), 413),
    ],
)
def test_broken_requests_are_told_so(data: bytes, code: int) -> None:
    """Where the essential headers can be read the answer says what is wrong, and remembers nothing."""
    wire = Wire().hear(data)
    assert (wire.codes, wire.told) == ([code], [])
    assert wire.ua.census()["transactions"] == 0


@pytest.mark.parametrize(
    "value",
    [
        '"' + '\\"' * 20_000,
        "<" * 30_000,
        " " * 30_000,
        "sip:+" + "1" * 30_000 + "!",
        "tel:" + "1" * 30_000 + "!",
        '"a" ' * 9_000,
        ",;" * 20_000,
        "<sip:" + "a-" * 20_000 + ">",
    ],
)
def test_no_text_takes_long_to_read(value: str) -> None:
    """Patterns that would take quadratic time on long texts are kept from them: each is read in a blink."""
    split_list([value])
    for read in (read_address, read_uri):
        with pytest.raises(ValueError):
            read(value)
    parse_credentials("Digest " + value)
    parse_credentials("Digest " + "a" * 60_000)


def test_the_oldest_media_line_trick() -> None:
    """An SDP with an empty media line is unreadable, not an error of ours."""
    for text in ("v=0\r\nm=\r\n", "v=0\r\nm=audio\r\n", "v=0\r\nc=IN\r\n", "v=0\r\nxyz\r\n", ""):
        with pytest.raises(sdp.SdpError):
            sdp.parse(text)


SEEDS = [
    INVITE,
    compact(INVITE),
    request("ACK"),
    request("CANCEL"),
    request("BYE", to_tag="x", number=2),
    request("INFO", to_tag="x", number=2, body="Signal=5", content_type="application/dtmf-relay"),
    request("OPTIONS"),
    request(
        "REGISTER", extra=['Authorization: Digest username="desk-wang", nonce="1.2", nc=00000001, qop=auth']
    ),
    answer_to(INVITE, 200, body=OFFER),
    answer_to(INVITE, 486),
]


def steps(wire: Wire, events: list[Event]) -> None:
    """Whatever is sent can be read back by anybody strict, and goes to who asked or is known."""
    for event in events:
        if isinstance(event, Send):
            assert event.data.count(b"\r\n\r\n") >= 1
            assert event.peer in (CALLER, DEVICE, PAGE)


@given(st.binary(max_size=400), st.sampled_from([CALLER, PAGE]))
def test_any_bytes(data: bytes, source: Peer) -> None:
    """Arbitrary bytes are taken without an exception, and leave nothing behind."""
    wire = Wire()
    steps(wire, wire.ua.handle(data, source, wire.now))
    wire.assert_nothing_left()


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A good message with something cut out, put in, swapped or repeated in it."""
    data = draw(st.sampled_from(SEEDS))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(data)))
        end = min(len(data), start + draw(st.integers(0, 30)))
        piece = draw(
            st.one_of(
                st.binary(max_size=12),
                st.sampled_from(
                    [b"\r\n", b"\r\n ", b"\x00", b'"', b"<", b">", b";", b",", b"%", b"=", b"self=1", b"\xff"]
                ),
                st.just(data[start:end] * 3),
                st.sampled_from(SEEDS).map(lambda seed: seed[:80]),
            )
        )
        data = data[:start] + piece + data[end:]
    return data


@given(st.lists(st.tuples(mutated(), st.sampled_from([CALLER, PAGE, DEVICE])), min_size=1, max_size=8))
def test_mutated_messages(heard: list[tuple[bytes, Peer]]) -> None:
    """Damaged messages, in any order, in a user agent with calls up: no exception, and all runs out."""
    wire = Wire()
    tag = wire.talk()
    wire.register()
    wire.ring()
    for data, source in heard:
        steps(wire, wire.ua.handle(data, source, wire.now))
        steps(wire, wire.ua.handle(data.replace(b"tag=x", f"tag={tag}".encode()), source, wire.now))
        wire.wait(0.3)
    for name in wire.ua.sessions():
        wire.take(wire.ua.hang_up(name, wire.now))
    for user in wire.ua.registrar.users():
        assert user == "desk-wang"
    wire.assert_nothing_left()


@given(mutated())
def test_reading_gives_a_message_or_malformed(data: bytes) -> None:
    """There is no third outcome, and a reason never quotes the message."""
    why = ""
    try:
        parse(data)
    except Malformed as error:
        why = str(error)
    assert why.isascii()
    assert len(why) < 60
