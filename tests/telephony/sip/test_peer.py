"""SIPp, a program of other people, calls us and is called."""

import asyncio
import itertools
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from telephony.sip import sdp
from telephony.sip.events import (
    Answered,
    Arrived,
    Digit,
    Ended,
    LateAnswer,
    Registered,
    Reoffered,
    Ringing,
    Told,
)
from telephony.sip.transport import SipTransport
from tests.peers import need
from tests.running import free_port
from tests.telephony.sip.wire import PASSWORDS

pytestmark = pytest.mark.peer

PATIENCE_S = 30.0
CALLS = 20

_HEADERS = """\
      Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
      From: <sip:sipp@[local_ip]:[local_port]>;tag=[pid]t[call_number]
      To: <sip:[service]@[remote_ip]:[remote_port]>%s
      Call-ID: [call_id]
      CSeq: %s
      Contact: <sip:%s@[local_ip]:[local_port]>
      Max-Forwards: 70
"""


def _send(
    method: str, number: int = 1, *, to: str = "", user: str = "sipp", more: str = "", keep: str = ""
) -> str:
    """One message of a scenario; ``keep``: how many steps back its branch is from."""
    retrans = "" if method == "ACK" else ' retrans="500"'
    headers = _HEADERS % (to, f"{number} {method}", user)
    headers = headers.replace("[branch]", f"[branch{keep}]")
    return f"""  <send{retrans}><![CDATA[

      {method} sip:[service]@[remote_ip]:[remote_port] SIP/2.0
{headers}{more}
    ]]></send>
"""


_OFFER = """\
      Content-Type: application/sdp
      Content-Length: [len]

      v=0
      o=user1 53655765 2353687637 IN IP4 [local_ip]
      s=-
      c=IN IP4 [local_ip]
      t=0 0
      m=audio 6000 RTP/AVP 0
      a=rtpmap:0 PCMU/8000
"""
_EMPTY = "      Content-Length: 0\n"
_PEER = "[peer_tag_param]"


def _scenario(*steps: str) -> str:
    return '<?xml version="1.0" encoding="UTF-8"?>\n<scenario name="x">\n' + "".join(steps) + "</scenario>\n"


def _recv(code: int, *, more: str = "") -> str:
    return f'  <recv response="{code}"{more}/>\n'


RINGS = _send("INVITE", more=_OFFER) + '  <recv response="100" optional="true"/>\n' + _recv(180)
BUSY = _scenario(RINGS, _recv(486), _send("ACK", to=_PEER, more=_EMPTY, keep="-4"))
GIVES_UP = _scenario(
    RINGS,
    _send("CANCEL", more=_EMPTY, keep="-3"),
    _recv(200),
    _recv(487),
    _send("ACK", to=_PEER, more=_EMPTY, keep="-6"),
)
TALKS = _scenario(
    RINGS,
    _recv(200),
    _send("ACK", to=_PEER, more=_EMPTY),
    _send(
        "INFO",
        2,
        to=_PEER,
        more="      Content-Type: application/dtmf-relay\n      Content-Length: [len]\n\n"
        "      Signal=5\n      Duration=160\n",
    ),
    _recv(200),
    _send("INVITE", 3, to=_PEER, more=_OFFER.replace("rtpmap:0 PCMU/8000", "sendonly")),
    _recv(100, more=' optional="true"'),
    _recv(200),
    _send("ACK", 3, to=_PEER, more=_EMPTY),
    _send("BYE", 4, to=_PEER, more=_EMPTY),
    _recv(200),
)
SIGNS_IN = _scenario(
    _send("REGISTER", user="[service]", more="      Expires: 120\n" + _EMPTY),
    _recv(401, more=' auth="true"'),
    _send(
        "REGISTER",
        2,
        user="[service]",
        more="      Expires: 120\n      [authentication username=desk-sipp password=s3cret]\n" + _EMPTY,
    ),
    _recv(200),
)


class Answering:
    """A small switch: does with each arrived call what the test says."""

    def __init__(self, on_arrival: Callable[[SipTransport, str], None]) -> None:
        self.told: list[Told] = []
        self._news = asyncio.Event()
        self._on_arrival = on_arrival
        names = itertools.count(1)
        self.sip = SipTransport(
            host="127.0.0.1",
            port=0,
            password_of=PASSWORDS.get,
            is_entry_number=lambda dialled: dialled == "95588",
            name_session=lambda: f"s{next(names)}",
            on_event=self._on_event,
        )

    def _on_event(self, event: Told) -> None:
        self.told.append(event)
        self._news.set()
        if isinstance(event, Arrived):
            self._on_arrival(self.sip, event.session)
        elif isinstance(event, Reoffered):
            text, _ = sdp.answer(sdp.parse(event.sdp), "127.0.0.1", 20_000, 2)
            self.sip.accept_reoffer(event.session, text)

    async def __aenter__(self) -> "Answering":
        await self.sip.start()
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.sip.stop()

    async def until(self, kind: type[Told], count: int) -> None:
        """Wait until so many events of a kind were told."""
        async with asyncio.timeout(PATIENCE_S):
            while self.count(kind) < count:
                self._news.clear()
                await self._news.wait()

    def count(self, kind: type[Told]) -> int:
        """How often something was told."""
        return sum(isinstance(event, kind) for event in self.told)

    def endings(self) -> set[str]:
        """Why the calls ended."""
        return {event.reason for event in self.told if isinstance(event, Ended)}


async def _sipp(port: int, folder: Path, *arguments: str) -> None:
    """Run SIPp against us to its end; AssertionError with its errors when a call of it failed."""
    sipp = await asyncio.create_subprocess_exec(
        need("sipp"), f"127.0.0.1:{port}", "-i", "127.0.0.1", "-nostdin", "-timeout", "25", "-timeout_error",
        "-trace_err", *arguments,
        cwd=folder, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    output, _ = await asyncio.wait_for(sipp.communicate(), PATIENCE_S)
    errors = "".join(path.read_text(errors="replace") for path in folder.glob("*_errors.log"))
    assert sipp.returncode == 0, f"{errors}\n{output.decode(errors='replace')[-3000:]}"


async def _listens(port: int) -> None:
    """Wait until somebody has bound a UDP port (looked up, not tried: trying would take it away)."""
    async with asyncio.timeout(PATIENCE_S):
        while f":{port:04X} " not in Path("/proc/net/udp").read_text():
            await asyncio.sleep(0.02)


def _play(scenario: str, folder: Path) -> tuple[str, ...]:
    path = folder / "scenario.xml"
    path.write_text(scenario)
    return "-sf", str(path)


def _answer(sip: SipTransport, session: str) -> None:
    sip.accept(session, sdp.offer("127.0.0.1", 20_000))


def _calls(
    tmp_path: Path, what: tuple[str, ...], on_arrival: Callable[[SipTransport, str], None]
) -> Answering:
    """SIPp makes calls of one kind; gives what we were told."""

    async def go() -> Answering:
        async with Answering(on_arrival) as switch:
            await _sipp(switch.sip.port, tmp_path, *what, "-s", "95588", "-m", str(CALLS), "-r", "40")
            await switch.until(Ended, CALLS)
            assert switch.sip.sessions() == ()
            return switch

    return asyncio.run(go())


def test_sipps_own_caller_is_answered(tmp_path: Path) -> None:
    """The built-in scenario ``uac``: INVITE, ACK, a pause, BYE; every call whole, every ending theirs."""
    switch = _calls(tmp_path, ("-sn", "uac", "-d", "100"), _answer)
    assert (switch.count(Arrived), switch.count(Ended), switch.endings()) == (CALLS, CALLS, {"hangup"})


def test_a_busy_number(tmp_path: Path) -> None:
    """SIPp gets its 486 and acknowledges it."""
    switch = _calls(
        tmp_path, _play(BUSY, tmp_path), lambda sip, session: sip.hang_up(session, reject_code=486)
    )
    assert switch.endings() == {"told"}


def test_a_caller_who_gives_up(tmp_path: Path) -> None:
    """SIPp sends CANCEL and gets 200 and 487."""
    switch = _calls(tmp_path, _play(GIVES_UP, tmp_path), lambda sip, session: None)
    assert switch.endings() == {"cancelled"}


def test_keys_and_a_reoffer(tmp_path: Path) -> None:
    """A key as INFO and a re-INVITE in mid-call, then BYE."""
    switch = _calls(tmp_path, _play(TALKS, tmp_path), _answer)
    assert switch.count(Digit) == switch.count(Reoffered) == CALLS
    assert {event.digit for event in switch.told if isinstance(event, Digit)} == {"5"}
    assert switch.count(LateAnswer) == 0


def test_a_device_signs_in_and_is_rung(tmp_path: Path) -> None:
    """SIPp answers our challenge, then its built-in ``uas`` is rung, picks up and is hung up."""

    async def go() -> None:
        async with Answering(_answer) as switch:
            port = str(free_port(socket.SOCK_DGRAM))
            scenario = _play(SIGNS_IN, tmp_path)
            await _sipp(switch.sip.port, tmp_path, *scenario, "-s", "desk-sipp", "-m", "1", "-p", port)
            assert switch.told == [Registered("desk-sipp")]
            picking_up = asyncio.create_task(
                _sipp(switch.sip.port, tmp_path, "-sn", "uas", "-m", "1", "-p", port)
            )
            await _listens(int(port))
            switch.sip.invite("out", "desk-sipp", "13800000001", sdp.offer("127.0.0.1", 20_000))
            await switch.until(Answered, 1)
            switch.sip.hang_up("out")
            await picking_up
            assert [type(event) for event in switch.told[1:]] == [Ringing, Answered, Ended]

    asyncio.run(go())
