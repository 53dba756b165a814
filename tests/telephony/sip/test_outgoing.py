"""Calls we make to registered devices, as transcripts."""

import pytest

from telephony.sip.events import Answered, Ended, Registered, Ringing
from telephony.sip.message import branch_of, parse, tag_of
from telephony.sip.outgoing import RING_LIMIT_S
from tests.telephony.sip.wire import ANSWER, DEVICE, OFFER, PAGE, Wire, answer_to, request


def wired(ws: bool = False) -> Wire:
    """A user agent with the device desk-wang registered."""
    wire = Wire()
    wire.register(source=PAGE if ws else DEVICE)
    assert wire.told == [Registered("desk-wang")]
    return wire


def within(wire: Wire, invite: bytes, method: str, number: int = 1, body: str = "") -> bytes:
    """A request of the device inside the dialog of our INVITE."""
    ours = parse(invite)
    return request(
        method,
        branch=f"z9hG4bK-{method}{number}",
        call_id=ours.call_id,
        number=number,
        sender=f"{ours.headers['To']};tag=there",
        to=ours.headers["From"],
        body=body,
    )


def test_a_device_rings_answers_and_hangs_up() -> None:
    """INVITE 180 200 ACK, then their BYE; the ACK goes to their Contact with the INVITE's number."""
    wire = wired()
    invite = wire.ring()
    ours = parse(invite)
    assert invite.startswith(b"INVITE sip:wang@10.0.0.9:5062 SIP/2.0\r\n")
    assert wire.raw[0].peer == DEVICE
    assert (ours.headers["X-Call"], ours.body.decode()) == ("c1", OFFER)
    assert ours.headers["From"].startswith('"13800000001" <sip:13800000001@10.0.0.1:5060>;tag=')
    assert wire.hear(answer_to(invite, 100, tag=""), DEVICE).told == []
    assert wire.hear(answer_to(invite, 180), DEVICE).told == [Ringing("out")]
    assert wire.hear(answer_to(invite, 180), DEVICE).told == []
    wire.hear(answer_to(invite, 200, body=ANSWER), DEVICE)
    assert wire.told == [Answered("out", ANSWER)]
    ack = wire.one
    assert bytes(ack).startswith(b"ACK sip:wang@10.0.0.9:5062 SIP/2.0\r\n")
    assert ack.headers["CSeq"] == "1 ACK"
    assert branch_of(ack.headers["Via"]) != branch_of(ours.headers["Via"])
    wire.hear(within(wire, invite, "BYE"), DEVICE)
    assert (wire.codes, wire.told) == ([200], [Ended("out", "hangup")])
    wire.assert_nothing_left()


def test_an_invite_nobody_hears_is_repeated_and_given_up() -> None:
    """Timers A and B: sent again after 0.5, 1.5, 3.5, 7.5, 15.5, 31.5 s; unreachable after 32 s."""
    wire = wired()
    wire.ring()
    assert wire.wait(16).methods == ["INVITE"] * 5
    wire.wait(15.9)
    assert (wire.methods, wire.told) == (["INVITE"], [])
    assert wire.wait(0.2).told == [Ended("out", "unreachable")]
    wire.assert_nothing_left()


def test_a_web_socket_needs_no_repetition() -> None:
    """Over a reliable transport nothing is sent twice, but the wait has the same end."""
    wire = wired(ws=True)
    wire.ring()
    assert wire.raw[0].peer == PAGE
    assert "SIP/2.0/WS " in wire.one.headers["Via"]
    wire.wait(31.9)
    assert (wire.raw, wire.told) == ([], [])
    assert wire.wait(0.2).told == [Ended("out", "unreachable")]


def test_a_provisional_answer_stops_the_repetition() -> None:
    """From then on only the ringing limit counts: CANCEL, and no answer is told."""
    wire = wired()
    invite = wire.ring()
    wire.hear(answer_to(invite, 180), DEVICE)
    assert wire.wait(RING_LIMIT_S - 1).raw == []
    wire.wait(1.1)
    assert (wire.methods, wire.told) == (["CANCEL"], [Ended("out", "no_answer")])
    wire.assert_nothing_left()


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (486, "busy"), (600, "busy"), (603, "rejected"), (480, "rejected"), (403, "rejected"),
        (404, "unreachable"), (503, "unreachable"), (408, "no_answer"), (487, "cancelled"),
        (302, "failed"), (401, "failed"), (488, "failed"), (500, "failed"),
    ],
)  # fmt: skip
def test_a_device_that_refuses(code: int, reason: str) -> None:
    """The code becomes a reason; the ACK has the INVITE's branch, and goes again for every copy (D)."""
    wire = wired()
    invite = wire.ring()
    wire.hear(answer_to(invite, code), DEVICE)
    assert wire.told == [Ended("out", reason)]  # type: ignore[arg-type]
    assert wire.methods == ["ACK"]
    assert wire.one.headers["Via"] == parse(invite).headers["Via"]
    assert tag_of(wire.one.headers["To"]) == "there"
    wire.hear(answer_to(invite, code), DEVICE)
    assert (wire.methods, wire.told) == (["ACK"], [])
    assert wire.hear(answer_to(invite, 200), DEVICE).raw == []
    wire.assert_nothing_left()


def test_taking_a_ringing_back() -> None:
    """CANCEL with the INVITE's branch; its 487 is acknowledged and nothing is told twice."""
    wire = wired()
    invite = wire.ring()
    wire.hear(answer_to(invite, 180), DEVICE)
    wire.hang_up("out")
    assert (wire.methods, wire.told) == (["CANCEL"], [Ended("out", "cancelled")])
    cancel = wire.raw[0].data
    assert wire.one.headers["Via"] == parse(invite).headers["Via"]
    assert wire.one.headers["CSeq"] == "1 CANCEL"
    assert wire.hear(answer_to(cancel, 200), DEVICE).raw == []
    wire.hear(answer_to(invite, 487), DEVICE)
    assert (wire.methods, wire.told) == (["ACK"], [])
    wire.assert_nothing_left()


def test_taking_back_before_the_first_sign_of_life() -> None:
    """A CANCEL must not overtake its INVITE: it waits for the first provisional answer, and goes once."""
    wire = wired()
    invite = wire.ring()
    assert wire.hang_up("out").raw == []
    assert wire.told == [Ended("out", "cancelled")]
    assert wire.wait(0.6).methods == ["INVITE"]
    assert wire.hear(answer_to(invite, 100, tag=""), DEVICE).methods == ["CANCEL"]
    assert wire.hear(answer_to(invite, 180), DEVICE).raw == []
    wire.assert_nothing_left()


def test_a_cancel_that_is_never_followed_by_an_end() -> None:
    """A device that ignores our CANCEL is forgotten after 32 s: nothing may hang on it."""
    wire = wired()
    invite = wire.ring()
    wire.hear(answer_to(invite, 180), DEVICE)
    wire.hang_up("out")
    wire.wait(33)
    assert wire.ua.census()["invites"] == 0
    wire.assert_nothing_left()


@pytest.mark.parametrize("provisional", [True, False])
def test_a_cancel_that_crosses_the_answer(provisional: bool) -> None:
    """They picked up just then: ACK, and a BYE at once; the switch hears of one ending only."""
    wire = wired()
    invite = wire.ring()
    if provisional:
        wire.hear(answer_to(invite, 180), DEVICE)
    wire.hang_up("out")
    wire.hear(answer_to(invite, 200, body=ANSWER), DEVICE)
    assert (wire.methods, wire.told) == (["ACK", "BYE"], [])
    assert wire.sent[1].headers["CSeq"] == "2 BYE"
    wire.hear(answer_to(invite, 200, body=ANSWER), DEVICE)
    assert wire.methods == ["ACK"], "a copy of the 200 only wants its ACK again"
    wire.assert_nothing_left()


def test_a_second_telephone_that_picks_up_is_hung_up() -> None:
    """Forked 2xx: the first keeps the call, every other gets ACK and BYE, its copies only the ACK."""
    wire = wired()
    invite = wire.ring()
    wire.hear(answer_to(invite, 200, tag="one", body=ANSWER), DEVICE)
    assert wire.told == [Answered("out", ANSWER)]
    wire.hear(answer_to(invite, 200, tag="two", body=ANSWER), DEVICE)
    assert (wire.methods, wire.told) == (["ACK", "BYE"], [])
    assert {tag_of(m.headers["To"]) for m in wire.sent} == {"two"}
    assert wire.hear(answer_to(invite, 200, tag="two", body=ANSWER), DEVICE).methods == ["ACK"]
    assert wire.ua.sessions() == ("out",)
    wire.hang_up("out")
    assert tag_of(wire.one.headers["To"]) == "one"
    wire.assert_nothing_left()


def test_a_lost_ack_is_sent_again_even_after_a_reoffer() -> None:
    """Copies of the 200 get the very same ACK, whatever we have answered to them since."""
    wire = wired()
    invite = wire.ring()
    wire.hear(answer_to(invite, 200, body=ANSWER), DEVICE)
    ack = wire.raw[0].data
    wire.hear(within(wire, invite, "INVITE", 1, OFFER), DEVICE)
    assert wire.take(wire.ua.accept_reoffer("out", ANSWER, wire.now)).codes == [200]
    wire.hear(answer_to(invite, 200, body=ANSWER), DEVICE)
    assert [sent.data for sent in wire.raw] == [ack]


def test_routes_of_the_answer_are_reversed() -> None:
    """A caller takes the Record-Route of the 200 from the far end's side."""
    wire = wired()
    invite = wire.ring()
    wire.hear(answer_to(invite, 200, body=ANSWER, extra=["Record-Route: <sip:a;lr>, <sip:b;lr>"]), DEVICE)
    assert wire.one.headers.getlist("Route") == ["<sip:b;lr>", "<sip:a;lr>"]


def test_a_device_that_is_not_there() -> None:
    """Unregistered is unreachable at once, and nothing is sent."""
    wire = Wire()
    wire.take(wire.ua.invite("out", "desk-li", "1", OFFER, [], wire.now))
    assert (wire.raw, wire.told) == ([], [Ended("out", "unreachable")])


def test_nothing_can_be_smuggled_into_headers() -> None:
    """Line breaks and quotes in a caller's number or a header of ours do not make new headers."""
    wire = wired()
    wire.take(
        wire.ua.invite("out", "desk-wang", '1"\r\nX-Evil: 1', OFFER, [("X-Call", "a\r\nX-Evil: 1")], wire.now)
    )
    assert "X-Evil" not in wire.one.headers.keys()  # noqa: SIM118


def test_an_answer_without_a_question_is_silence() -> None:
    """Responses to nothing of ours, and responses with somebody else's Via above, are dropped."""
    wire = wired()
    invite = wire.ring()
    assert wire.hear(answer_to(invite.replace(b"z9hG4bK", b"z9hG4bKx"), 200), DEVICE).raw == []
    assert (
        wire.hear(answer_to(invite, 200, extra=["Via: SIP/2.0/UDP other;branch=z9hG4bKo"]), DEVICE).raw == []
    )
    assert wire.told == []


def test_a_lost_connection_while_it_rings() -> None:
    """The page's socket breaks: the ringing is lost and the device gone, in this order, once."""
    wire = wired(ws=True)
    wire.ring()
    told = wire.take(wire.ua.peer_lost(PAGE, wire.now)).told
    assert [type(event).__name__ for event in told] == ["Ended", "Unregistered"]
    wire.assert_nothing_left()
