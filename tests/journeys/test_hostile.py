"""What strangers send: answered by the RFC or with silence and a log line; nothing crashes, nothing stays."""

import contextlib
import http.client
import json
import random
import re
import select
import socket
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from tests.journeys.conftest import PASSWORD
from tests.journeys.stranger import Answer, Stranger, try_to_register
from tests.journeys.telephones import (
    call_of,
    caller,
    last_call,
    metrics,
    nothing_is_up,
    ready,
    register,
    voice,
)
from tests.running import Platform, Seat, eventually
from tests.sipp import Sipp
from tests.sound import SoundPeer, share_of

pytestmark = pytest.mark.peer
SDP = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
AUDIO = SDP + "m=audio 40000 RTP/AVP 0\r\n"
FLOOD = 1000


@pytest.fixture(autouse=True)
def unharmed(platform: Platform) -> Iterator[None]:
    """After each test: healthy, no traceback in the log, nothing left up."""
    yield
    assert httpx.get(f"{platform.url}/healthz", timeout=10).status_code == 200
    assert "Traceback" not in platform.log()
    assert '"error"' not in platform.log()
    nothing_is_up(platform)


@pytest.fixture
def stranger(platform: Platform) -> Iterator[Stranger]:
    """Somebody on the network."""
    with Stranger(platform) as one:
        yield one


# ------------------------------------------------------------------ SIP


def test_malformed_requests_get_the_answer_of_the_rfc(stranger: Stranger) -> None:
    """What can be answered is told what is wrong with it."""
    video = SDP + "m=video 40000 RTP/AVP 96\r\na=rtpmap:96 VP8/90000\r\n"
    opus = SDP + "m=audio 40000 RTP/AVP 111\r\na=rtpmap:111 opus/48000/2\r\n"
    secure = SDP + "m=audio 40000 UDP/TLS/RTP/SAVPF 0\r\n"
    expected: dict[str, tuple[int, Answer]] = {
        "another version": (505, stranger.ask("OPTIONS", version="SIP/3.0")),
        "another scheme": (416, stranger.ask("INVITE", uri="mailto:95588@127.0.0.1")),
        "an unreadable target": (400, stranger.ask("INVITE", uri="sip:95588@[127.0.0.1")),
        "CSeq of another method": (400, stranger.ask("INVITE", cseq="1 BYE")),
        "CSeq beyond 2^31": (400, stranger.ask("INVITE", cseq="2147483648 INVITE")),
        "a length that is none": (400, stranger.ask("INVITE", length="many")),
        "a body cut short": (400, stranger.ask("INVITE", body=AUDIO, length=9999)),
        "two From": (400, stranger.ask("INVITE", extra=("From: <sip:other@127.0.0.1>;tag=2",))),
        "a line without a name": (400, stranger.ask("OPTIONS", extra=("nonsense",))),
        "an unreadable From": (400, stranger.ask("INVITE", sender="<sip:x@[127.0.0.1>;tag=1")),
        "an unknown method": (501, stranger.ask("DANCE")),
        "a method we do not serve": (405, stranger.ask("SUBSCRIBE")),
        "an extension we lack": (420, stranger.ask("INVITE", extra=("Require: 100rel",), body=AUDIO)),
        "a call nobody knows": (481, stranger.ask("BYE", to="<sip:95588@127.0.0.1>;tag=none")),
        "a CANCEL of nothing": (481, stranger.ask("CANCEL")),
        "an unknown number": (404, stranger.ask("INVITE", uri="sip:12345@127.0.0.1", body=AUDIO)),
        "another body": (415, stranger.ask("INVITE", body="hello", kind="text/plain")),
        "a broken description": (400, stranger.ask("INVITE", body="v=0\r\nm=audio\r\n")),
        "no description": (400, stranger.ask("INVITE", body="hello")),
        "only video": (488, stranger.ask("INVITE", body=video)),
        "only Opus": (488, stranger.ask("INVITE", body=opus)),
        "a browser's sound over UDP": (488, stranger.ask("INVITE", body=secure)),
        "a device's name of 300": (404, stranger.ask("REGISTER", to=f"<sip:{'x' * 300}@127.0.0.1>")),
        "an alive platform": (200, stranger.ask("OPTIONS")),
    }
    assert {what: answer.code for what, (_, answer) in expected.items()} == {
        what: code for what, (code, _) in expected.items()
    }
    assert expected["a method we do not serve"][1].headers["allow"]
    assert expected["an extension we lack"][1].headers["unsupported"] == "100rel"
    assert expected["another body"][1].headers["accept"] == "application/sdp"


def test_what_is_no_sip_gets_silence(stranger: Stranger) -> None:
    """Noise, what cannot be answered and stray answers; 60 KB is too large, and said so where it can be."""
    chance = random.Random(4711)
    whole = stranger.request(body=AUDIO)
    silent = [
        b"",
        b"\r\n\r\n",
        b"\0" * 2000,
        b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        "INVITE sip:95588@127.0.0.1 SIP/2.0\r\n\r\n".encode("utf-16"),
        b"SIP/2.0 200 OK\r\n" + whole.partition(b"\r\n")[2],
        b"SIP/2.0 999 What\r\n" + whole.partition(b"\r\n")[2],
        stranger.request("ACK", body=AUDIO),
        whole.replace(b"SIP/2.0/UDP", b"HTTP/1.1"),
        whole.replace(b"Max-Forwards: 70", b"Max-Forwards: \x1b[2J"),
        b"INVITE sip:95588@127.0.0.1 SIP/2.0\r\n" + b"X: y\r\n" * 5000 + b"\r\n",
        *(stranger.request(body=AUDIO, without=name) for name in ("Via", "From", "To", "Call-ID", "CSeq")),
        *(chance.randbytes(chance.randrange(1, 1500)) for _ in range(100)),
        chance.randbytes(60_000),
    ]
    for data in silent:
        stranger.send(data)
    # What is answered after all this shows that what came before was read: UDP on loopback keeps its order.
    stranger.send(stranger.request("OPTIONS", call_id="after-the-noise"))
    heard = stranger.hear()
    assert heard is not None
    assert (heard.code, heard.headers["call-id"]) == (200, "after-the-noise")
    assert stranger.ask("INVITE", body=AUDIO + "a=x\r\n" * 11_000).code == 413
    assert stranger.ask("MESSAGE", extra=("X-Long: " + "y" * 50_000,)).code == 413


def test_half_a_message_harms_nobody(stranger: Stranger) -> None:
    """An INVITE cut at many places, and one with a byte spoiled at many places: it goes on answering."""
    chance = random.Random(95588)
    whole = stranger.request(uri="sip:1@127.0.0.1", body=AUDIO)
    for cut in range(0, len(whole), 7):
        stranger.send(whole[:cut])
    for at in range(0, len(whole), 3):
        spoiled = bytearray(whole)
        spoiled[at] = chance.randrange(256)
        stranger.send(bytes(spoiled))
    eventually(lambda: stranger.ask("OPTIONS").code == 200, what="an answer to OPTIONS")


def test_a_call_without_a_description_gets_ours(stranger: Stranger) -> None:
    """The offer is in the 200, and the answer in the ACK: welcomed like anybody; no answer ends it."""
    ok = stranger.ask("INVITE")
    assert ok.code == 200
    assert re.search(rb"m=audio \d+ RTP/AVP 0 8 101", ok.body)
    stranger.accept_and_leave(ok, AUDIO)
    assert stranger.final(ok.headers["call-id"]).code == 200

    ok = stranger.ask("INVITE")
    h = ok.headers
    words = {"uri": ok.contact, "call_id": h["call-id"], "sender": h["from"], "to": h["to"]}
    stranger.send(stranger.request("ACK", **words))
    bye = eventually(
        lambda: (a := stranger.hear()) and a.code == 0 and a, what="the BYE of a call without sound"
    )
    assert bye is not None
    assert bye.headers["cseq"].endswith("BYE")
    stranger.send(
        "\r\n".join(
            ["SIP/2.0 200 OK", *(f"{k}: {bye.headers[k]}" for k in ("via", "from", "to", "call-id", "cseq"))]
        ).encode()
        + b"\r\nContent-Length: 0\r\n\r\n"
    )


def test_wrong_passwords_are_slowed_down(platform: Platform, stranger: Stranger) -> None:
    """A few are refused at once, then one has to wait, even with the right password; others do not."""
    leo, ray = platform.seat("leo", PASSWORD), platform.seat("ray", PASSWORD)
    devices = {}
    for seat in (leo, ray):
        device = seat.post("/api/desk/device")
        devices[seat.me["agent"]] = (device["uri"].removeprefix("sip:").partition("@")[0], device["password"])
        seat.close()
    user, password = devices["1002"]
    tries = [try_to_register(stranger, user, f"guess {n}") for n in range(4)]
    assert {answer.code for answer in tries} == {403}
    assert "retry-after" not in tries[0].headers
    assert int(tries[-1].headers["retry-after"]) >= 1
    # Looked at or not, the next is refused, and an unknown device's is no different.
    right = try_to_register(stranger, user, password)
    assert right.code == 403
    assert int(right.headers["retry-after"]) >= 1
    assert try_to_register(stranger, "desk-nobody", "guess").code == 403
    assert try_to_register(stranger, *devices["1004"]).code == 200


def test_the_newest_registration_wins(
    platform: Platform, supervisor: Seat, stranger: Stranger, tmp_path: Path
) -> None:
    """A device registers from one place, then from another: only the second rings."""
    mina = platform.seat("mina", PASSWORD)
    device = mina.post("/api/desk/device")
    user = device["uri"].removeprefix("sip:").partition("@")[0]
    assert try_to_register(stranger, user, device["password"]).code == 200
    port = register(platform, mina, tmp_path)
    ready(mina)
    phone = Sipp(voice(tmp_path, 660.0), "agent", platform.sip_port, port=port)
    with phone, SoundPeer() as sound, caller(platform, tmp_path, sound, "13800000001") as sipp:
        eventually(lambda: len(sound.heard) > 25, what="the welcome")
        sound.press("3")
        call_of(supervisor, "13800000001", "talking")
        eventually(lambda: share_of(sound.last(0.5), 660.0) > 0.5, what="the agent's voice")
        sipp.hang_up()
        phone.finish()
    assert stranger.hear(0.0) is None
    mina.post("/api/desk/sign-out")
    mina.close()


def test_a_thousand_calls_in_a_second(platform: Platform) -> None:
    """Each is answered, refused with 503 and a time to come back, or not heard; those taken end well."""
    before = metrics(platform)
    strangers = [Stranger(platform) for _ in range(10)]
    calls = {f"flood-{n}": strangers[n % len(strangers)] for n in range(FLOOD)}
    answers: dict[str, Answer] = {}
    ended: set[str] = set()

    def take(seconds: float) -> bool:
        """Read what has come; whether there was anything."""
        by_socket = {one.socket: one for one in strangers}
        readable = select.select(list(by_socket), [], [], seconds)[0]
        for one in readable:
            answer = by_socket[one].hear(0)
            if answer is None or answer.code < 200:
                continue
            call_id = answer.headers["call-id"]
            if answer.headers["cseq"].endswith("BYE"):
                ended.add(call_id)
            elif answer.code == 200 and call_id not in answers:
                by_socket[one].accept_and_leave(answer)
            answers.setdefault(call_id, answer)
        return bool(readable)

    began = time.monotonic()
    for call_id, one in calls.items():
        one.send(one.request(call_id=call_id, body=AUDIO))
    assert time.monotonic() - began < 1.0
    while take(2.0):
        pass
    codes = Counter(answer.code for answer in answers.values())
    assert set(codes) <= {200, 503}, codes
    assert codes[200] >= 100
    assert codes[503] >= 100
    assert all(int(a.headers["retry-after"]) > 0 for a in answers.values() if a.code == 503)
    assert ended == {call_id for call_id, answer in answers.items() if answer.code == 200}
    for one in strangers:
        one.socket.close()
    nothing_is_up(platform)
    after = metrics(platform)
    finished = after["callfloor_calls_finished_total"] - before["callfloor_calls_finished_total"]
    assert finished == codes[200]


# ------------------------------------------------------------------ HTTP and web sockets


def test_malformed_http(platform: Platform) -> None:
    """400s, 404s and 413s, as problems where HTTP was spoken at all."""
    address = ("127.0.0.1", platform.web_port)
    for noise in (
        b"\0\1\2\3\r\n\r\n",
        b"GET\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01",
        b"BREW / HTCPCP/1.0\r\n\r\n",
    ):
        with socket.create_connection(address, timeout=5) as one:
            one.sendall(noise)
            one.shutdown(socket.SHUT_WR)
            answer = one.recv(4096)
            assert answer == b"" or answer.startswith(b"HTTP/1.1 4"), answer
    with contextlib.closing(http.client.HTTPConnection(*address, timeout=10)) as client:
        for path, code in (
            ("/api/nothing", 404),
            ("/..%2f..%2f..%2fetc%2fpasswd", 200),
            ("/assets/../../../../etc/passwd", 404),
            ("/api/history/recordings/..%2f..%2fcallfloor.db", 404),
            ("/%00", 404),
        ):
            client.request("GET", path)
            answer = client.getresponse()
            body = answer.read()
            assert answer.status == code, (path, body)
            assert b"root:" not in body
    with httpx.Client(base_url=platform.url, timeout=10) as anybody:
        large = anybody.post("/api/session", content=b"x" * 2_000_000)
        assert large.status_code == 413
        for body in (b"", b"{", b"[]", b"\xff\xfe", b'{"user": 1}', b'{"user": "\\ud800", "password": "x"}'):
            answer = anybody.post("/api/session", content=body, headers={"Content-Type": "application/json"})
            assert answer.status_code in (400, 401, 422), (body, answer.text)
            assert answer.headers["content-type"] == "application/problem+json"


def sip_socket(platform: Platform, **options: Any) -> ClientConnection:
    """A browser's telephone line."""
    words: dict[str, Any] = {"subprotocols": [Subprotocol("sip")], **options}
    return connect(f"ws://127.0.0.1:{platform.web_port}/sip", **words)


def close_code(line: ClientConnection) -> int:
    """How the far end closes the socket, after whatever it still says."""
    with contextlib.suppress(ConnectionClosed):
        for _ in line:
            pass
    assert line.close_code is not None
    return line.close_code


@pytest.mark.parametrize(
    "options",
    [
        {"subprotocols": None},
        {"subprotocols": [Subprotocol("chat")]},
        {"origin": Origin("http://evil.example")},
        {"origin": Origin("http://[")},
        {"origin": Origin("null")},
    ],
)
def test_a_telephone_line_is_for_our_own_pages(platform: Platform, options: dict[str, object]) -> None:
    """Another subprotocol or another site's page is turned away at the door."""
    with pytest.raises(InvalidStatus) as refused, sip_socket(platform, **options):
        pass
    assert refused.value.response.status_code == 403


def test_garbage_on_a_telephone_line(platform: Platform) -> None:
    """Noise as text and as bytes gets silence, SIP after it an answer; a frame too large ends the line."""
    chance = random.Random(7118)
    options = (
        "OPTIONS sip:x@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/WS x.invalid;branch=z9hG4bK-ws\r\n"
        "From: <sip:x@x.invalid>;tag=1\r\nTo: <sip:x@127.0.0.1>\r\nCall-ID: ws\r\nCSeq: 1 OPTIONS\r\n"
        "Content-Length: 0\r\n\r\n"
    )
    with sip_socket(platform) as line:
        for _ in range(50):
            line.send(chance.randbytes(chance.randrange(1, 3000)))
            line.send(chance.randbytes(200).decode("latin-1"))
        line.send("")
        line.send(options)
        answer = line.recv(timeout=5)
        assert isinstance(answer, str)
        assert answer.startswith("SIP/2.0 200 ")
        with contextlib.suppress(ConnectionClosed):  # before all of it is sent
            line.send("x" * 300_000)
        assert close_code(line) == 1009


def test_a_browser_that_vanishes_takes_its_call_along(platform: Platform) -> None:
    """The connection breaks in the middle of a frame: no call, no leg stays."""
    with socket.create_connection(("127.0.0.1", platform.web_port), timeout=5) as raw:
        raw.sendall(
            b"GET /sip HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
            b"Sec-WebSocket-Protocol: sip\r\n\r\n"
        )
        assert raw.recv(4096).startswith(b"HTTP/1.1 101")
        raw.sendall(b"\x81\xfe\x10\x00\0\0\0\0INVITE")


def desk_socket(platform: Platform, seat: Seat, origin: str | None = None) -> ClientConnection:
    """The socket of a page."""
    cookie = "; ".join(f"{k}={v}" for k, v in seat.http.cookies.items())
    return connect(
        f"ws://127.0.0.1:{platform.web_port}/api/desk/socket",
        additional_headers={"Cookie": cookie},
        origin=Origin(origin) if origin else None,
    )


def test_garbage_on_a_page_socket(platform: Platform, supervisor: Seat) -> None:
    """What a page says is passed over; a frame too large ends it, and others go on."""
    chance = random.Random(1)
    with desk_socket(platform, supervisor) as other:
        json.loads(other.recv(timeout=5))
        with desk_socket(platform, supervisor) as page:
            assert json.loads(page.recv(timeout=5))["type"] == "snapshot"
            for text in ("", "{", "null", '{"type": "snapshot"}', "\0", "x" * 200_000):
                page.send(text)
            page.send(chance.randbytes(10_000))
            page.ping().wait(5)
            with contextlib.suppress(ConnectionClosed):
                page.send("x" * 300_000)
            assert close_code(page) == 1009
        assert other.ping().wait(5)


def test_a_page_socket_is_for_our_own_pages(platform: Platform, supervisor: Seat) -> None:
    """Another site's page and somebody who is not signed in get no picture."""
    for origin in ("http://evil.example", "http://[", "null"):
        with desk_socket(platform, supervisor, origin) as page:
            assert close_code(page) == 4401
    with connect(f"ws://127.0.0.1:{platform.web_port}/api/desk/socket") as page:
        assert close_code(page) == 4401


# ------------------------------------------------------------------ after it all


def test_a_call_afterwards_works_and_the_log_is_short(
    platform: Platform, supervisor: Seat, tmp_path: Path
) -> None:
    """The platform is as it was; of each kind of trouble a line was written, not one for each datagram."""
    with SoundPeer() as sound, caller(platform, tmp_path, sound, "13900000123") as sipp:
        eventually(lambda: len(sound.heard) > 25, what="the welcome")
        sipp.hang_up()
    assert last_call(supervisor, "13900000123")["outcome"] == "abandoned"
    lines = [json.loads(line) for line in platform.log().splitlines() if line.startswith("{")]
    said = Counter(line["said"].partition(":")[0] for line in lines if line["level"] == "warning")
    for kind in ("unreadable SIP", "SIP overload", "SIP password refused"):
        assert 1 <= said[kind] <= 30, said
    # No stranger writes into our log: control characters and passwords stay out.
    assert not re.search(r"\\u00[01]|guess", platform.log())
