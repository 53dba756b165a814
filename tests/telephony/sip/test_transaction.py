"""How long the transactions of RFC 3261 17 and RFC 6026 remember; a reliable transport needs less."""

import pytest

from domain.instant import Instant
from telephony.sip.events import Peer
from telephony.sip.timers import Timers
from tests.telephony.sip.wire import ANSWER, CALLER, DEVICE, OFFER, PAGE, Wire, answer_to, request

WS_VIA = "SIP/2.0/WS x.invalid;branch=z9hG4bK-1"


def lives(wire: Wire) -> float:
    """Seconds until the last transaction is forgotten, to a tenth."""
    spent = 0
    while wire.ua.census()["transactions"]:
        wire.wait(0.1)
        spent += 1
        assert spent < 1000
    return spent / 10


def heard(wire: Wire, source: Peer, method: str) -> Wire:
    """A request over UDP or WebSocket."""
    body = OFFER if method == "INVITE" else ""
    return wire.hear(request(method, via=None if source == CALLER else WS_VIA, body=body), source)


@pytest.mark.parametrize(("source", "seconds"), [(CALLER, 32.0), (PAGE, 0.0)])
def test_timer_j(source: Peer, seconds: float) -> None:
    """An answered request swallows its copies for 32 s over UDP."""
    assert lives(heard(Wire(), source, "OPTIONS")) == seconds


@pytest.mark.parametrize(("source", "seconds"), [(CALLER, 5.0), (PAGE, 0.0)])
def test_timer_i(source: Peer, seconds: float) -> None:
    """A refused and acknowledged INVITE swallows copies of the ACK for 5 s over UDP."""
    wire = heard(Wire(), source, "INVITE")
    wire.hang_up()
    heard(wire, source, "ACK")
    assert lives(wire) == seconds


@pytest.mark.parametrize("source", [CALLER, PAGE])
def test_timer_h(source: Peer) -> None:
    """A refusal never acknowledged is given up after 32 s; it is sent again over UDP only."""
    wire = heard(Wire(), source, "INVITE")
    wire.hang_up()
    assert lives(wire) == 32.0
    assert wire.ua.sessions() == ()


@pytest.mark.parametrize("source", [CALLER, PAGE])
def test_timer_l(source: Peer) -> None:
    """An accepted INVITE swallows its copies for 32 s."""
    wire = heard(Wire(), source, "INVITE")
    wire.accept()
    tag = wire.one.headers["To"].rpartition("tag=")[2]
    wire.hear(request("ACK", branch="z9hG4bK-ack", to_tag=tag), source)
    assert lives(wire) == 32.0
    assert wire.ua.sessions() == ("s1",)


def ringing(source: Peer) -> tuple[Wire, bytes]:
    """A device is rung, and earlier transactions are forgotten."""
    wire = Wire()
    wire.register(source=source)
    wire.wait(40)
    return wire, wire.ring()


@pytest.mark.parametrize(("source", "seconds"), [(DEVICE, 32.0), (PAGE, 0.0)])
def test_timer_d(source: Peer, seconds: float) -> None:
    """A refusal of ours to hear is acknowledged again for 32 s over UDP."""
    wire, invite = ringing(source)
    wire.hear(answer_to(invite, 486), source)
    assert lives(wire) == seconds


@pytest.mark.parametrize("source", [DEVICE, PAGE])
def test_timer_m(source: Peer) -> None:
    """After the first 2xx others are looked after for 32 s, later ones are silence."""
    wire, invite = ringing(source)
    wire.hear(answer_to(invite, 200, body=ANSWER), source)
    assert lives(wire) == 32.0
    assert wire.hear(answer_to(invite, 200, tag="late", body=ANSWER), source).raw == []


@pytest.mark.parametrize(("source", "seconds"), [(DEVICE, 5.0), (PAGE, 0.0)])
def test_timer_k(source: Peer, seconds: float) -> None:
    """Our answered BYE swallows copies of its answer for 5 s over UDP."""
    wire, invite = ringing(source)
    wire.hear(answer_to(invite, 200, body=ANSWER), source)
    wire.wait(40)
    wire.hang_up("out")
    bye = wire.raw[0].data
    assert wire.ua.unanswered() == 1
    assert wire.hear(answer_to(bye, 200), source).raw == []
    assert wire.ua.unanswered() == 0
    assert lives(wire) == seconds
    assert wire.ua.census()["dialogs"] == 0


def test_alarms_move_and_are_forgotten() -> None:
    """Setting an alarm again moves it; a cancelled one never rings; each rings once."""
    timers: Timers[str] = Timers()
    timers.set("a", Instant(5))
    timers.set("b", Instant(7))
    timers.set("a", Instant(9))
    timers.set("c", Instant(6))
    timers.cancel("c")
    timers.cancel("never set")
    assert timers.wake_at() == 7
    assert timers.pop_due(Instant(6)) is None
    assert [timers.pop_due(Instant(20)) for _ in range(3)] == ["b", "a", None]
    assert (len(timers), timers.wake_at()) == (0, None)
