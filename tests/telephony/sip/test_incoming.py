"""Calls that come in, as transcripts: one datagram in, what goes out and what is told."""

import pytest

from domain.instant import after
from telephony.sip import sdp
from telephony.sip.dialog import routes_of
from telephony.sip.events import Arrived, Digit, Ended, LateAnswer, Peer, Reoffered
from telephony.sip.message import tag_of
from tests.telephony.sip.wire import ANSWER, CALLER, OFFER, PAGE, Wire, request


def test_a_call_rings_is_answered_acknowledged_and_hung_up_by_the_caller() -> None:
    """INVITE 180 200 ACK BYE 200, each with what the RFC asks, and nothing remembered afterwards."""
    wire = Wire()
    tag = wire.arrive()
    assert wire.told == [Arrived("s1", "13800000001", "", "95588", OFFER, CALLER)]
    assert wire.one.headers["Contact"] == "<sip:callfloor@10.0.0.1:5060>"
    assert wire.accept().codes == [200]
    ok = wire.one
    assert ok.body.decode() == ANSWER
    assert (ok.headers["CSeq"], ok.headers["Content-Type"]) == ("1 INVITE", "application/sdp")
    assert tag_of(ok.headers["To"]) == tag
    assert wire.hear(request("ACK", branch="z9hG4bK-2", to_tag=tag)).raw == []
    wire.hear(request("BYE", branch="z9hG4bK-3", to_tag=tag, number=2))
    assert wire.codes == [200]
    assert wire.told == [Ended("s1", "hangup")]
    wire.assert_nothing_left()


def test_we_hang_up() -> None:
    """Our BYE goes to their Contact with our tag as From; their 200 ends it, told once at once."""
    wire = Wire()
    tag = wire.talk()
    wire.hang_up()
    assert wire.told == [Ended("s1", "told")]
    bye = wire.one
    assert bytes(bye).startswith(b"BYE sip:13800000001@10.0.0.7:5070 SIP/2.0\r\n")
    assert (tag_of(bye.headers["From"]), tag_of(bye.headers["To"])) == (tag, "theirs")
    assert wire.hang_up().raw == []
    wire.assert_nothing_left()


def test_a_bye_is_repeated_until_answered() -> None:
    """Timers E and F: the BYE is sent again at 0.5, 1.5, 3.5, 7.5, 11.5 ... s and given up after 32 s."""
    wire = Wire()
    wire.talk()
    wire.hang_up()
    start, at = wire.now, []
    for _ in range(700):
        wire.wait(0.1)
        at += [round((wire.now - start) / 1e6, 1)] * len(wire.methods)
    assert at == [0.5, 1.5, 3.5, 7.5, 11.5, 15.5, 19.5, 23.5, 27.5, 31.5]
    assert wire.ua.census()["transactions"] == 0
    wire.assert_nothing_left()


def test_byes_that_cross_are_both_answered() -> None:
    """They hang up as we do: their BYE gets a 200, nothing is told twice."""
    wire = Wire()
    tag = wire.talk()
    wire.hang_up()
    wire.hear(request("BYE", branch="z9hG4bK-3", to_tag=tag, number=2))
    assert (wire.codes, wire.told) == ([200], [])
    wire.assert_nothing_left()


def test_a_repeated_invite_is_the_same_call() -> None:
    """Copies get the last provisional response again; after the 200 silence, for it has a timer."""
    wire = Wire()
    wire.arrive()
    for _ in range(3):
        wire.hear(request(body=OFFER))
        assert (wire.codes, wire.told) == ([180], [])
    wire.accept()
    assert wire.hear(request(body=OFFER)).raw == []
    assert len(wire.ua.sessions()) == 1


def test_the_200_is_repeated_until_its_ack() -> None:
    """Every 0.5, 1.5, 3.5, 7.5, 11.5 s while the ACK is missing; the first ACK stops it."""
    wire = Wire()
    tag = wire.arrive()
    wire.accept()
    assert wire.wait(8).codes == [200] * 4
    wire.hear(request("ACK", branch="z9hG4bK-2", to_tag=tag))
    assert wire.wait(60).codes == []
    assert wire.ua.sessions() == ("s1",)


def test_a_200_never_acknowledged_ends_in_a_bye_after_32_seconds() -> None:
    """The caller vanished: told as lost, and the far end is sent a BYE all the same."""
    wire = Wire()
    wire.arrive()
    wire.accept()
    wire.wait(31.9)
    assert wire.codes == [200] * 10
    wire.wait(0.2)
    assert wire.methods == ["BYE"]
    assert wire.told == [Ended("s1", "lost")]
    wire.assert_nothing_left()


def test_hanging_up_before_the_ack_waits_for_it() -> None:
    """A callee must not send BYE before the ACK; it is told at once and sent when the ACK is there."""
    wire = Wire()
    tag = wire.arrive()
    wire.accept()
    assert wire.hang_up().raw == []
    assert wire.told == [Ended("s1", "told")]
    assert wire.wait(1).codes == [200]
    assert wire.hear(request("ACK", branch="z9hG4bK-2", to_tag=tag)).methods == ["BYE"]
    wire.assert_nothing_left()


def test_a_bye_instead_of_the_ack_we_wait_for_ends_everything() -> None:
    """We hung up, their ACK got lost, they hang up: 200, and the repeating of our 200 stops."""
    wire = Wire()
    tag = wire.arrive()
    wire.accept()
    wire.hang_up()
    assert wire.hear(request("BYE", branch="z9hG4bK-3", to_tag=tag, number=2)).codes == [200]
    assert wire.wait(40).raw == []
    wire.assert_nothing_left()


def test_refusing_is_repeated_until_acknowledged() -> None:
    """Timers G, H, I: the refusal again until its ACK or 32 s; copies of the ACK are swallowed."""
    wire = Wire()
    tag = wire.arrive()
    assert wire.hang_up(code=486).codes == [486]
    assert wire.told == [Ended("s1", "told")]
    assert wire.wait(4).codes == [486] * 3
    assert wire.hear(request(body=OFFER)).codes == [486]
    assert wire.hear(request("ACK", to_tag=tag)).raw == []
    assert wire.wait(4).raw == []
    assert wire.hear(request("ACK", to_tag=tag)).raw == []
    assert wire.hear(request(body=OFFER)).raw == []
    wire.assert_nothing_left()
    never = Wire()
    never.arrive()
    never.hang_up()
    assert never.wait(60).codes == [480] * 10
    never.assert_nothing_left()


def test_the_caller_gives_up_while_it_rings() -> None:
    """CANCEL: 200 to it and 487 to the INVITE, both with the tag of the 180."""
    wire = Wire()
    tag = wire.arrive()
    wire.hear(request("CANCEL"))
    assert wire.codes == [200, 487]
    assert [m.headers["CSeq"] for m in wire.sent] == ["1 CANCEL", "1 INVITE"]
    assert {tag_of(m.headers["To"]) for m in wire.sent} == {tag}
    assert wire.told == [Ended("s1", "cancelled")]
    assert wire.hear(request("CANCEL")).codes == [200]
    assert wire.accept().raw == []
    wire.assert_nothing_left()


def test_a_cancel_that_crosses_our_200_changes_nothing() -> None:
    """The call is up; the caller, having got the 200, says BYE."""
    wire = Wire()
    tag = wire.arrive()
    wire.accept()
    wire.hear(request("CANCEL"))
    assert (wire.codes, wire.told) == ([200], [])
    wire.hear(request("ACK", branch="z9hG4bK-2", to_tag=tag))
    wire.hear(request("BYE", branch="z9hG4bK-3", to_tag=tag, number=2))
    assert wire.told == [Ended("s1", "hangup")]


@pytest.mark.parametrize(("known", "code"), [(False, 481), (True, 200)])
def test_a_cancel_is_answered_by_whether_its_invite_is_known(known: bool, code: int) -> None:
    """481 when there is nothing to cancel; 200 when the INVITE was refused already."""
    wire = Wire()
    if known:
        wire.hear(request(uri="sip:000@10.0.0.1"))
        assert wire.codes == [404]
    assert wire.hear(request("CANCEL")).codes == [code]
    wire.assert_nothing_left()


def test_a_bye_while_it_rings_also_answers_the_invite() -> None:
    """Legal though odd: 200 to the BYE, 487 to the INVITE."""
    wire = Wire()
    tag = wire.arrive()
    wire.hear(request("BYE", branch="z9hG4bK-3", to_tag=tag, number=2))
    assert wire.codes == [200, 487]
    assert wire.told == [Ended("s1", "hangup")]
    wire.assert_nothing_left()


def test_an_invite_without_offer_gets_ours_and_answers_in_the_ack() -> None:
    """Late offer: our 200 carries the offer, their ACK the answer, told once."""
    wire = Wire()
    tag = wire.arrive(body="")
    assert wire.only(Arrived).sdp == ""
    wire.accept()
    ack = request("ACK", branch="z9hG4bK-2", to_tag=tag, body=OFFER)
    assert wire.hear(ack).told == [LateAnswer("s1", OFFER)]
    assert wire.hear(ack).told == []


def test_a_late_offer_never_answered_is_no_call() -> None:
    """An ACK without SDP leaves us with nowhere to send sound: ended and hung up."""
    wire = Wire()
    tag = wire.arrive(body="")
    wire.accept()
    wire.hear(request("ACK", branch="z9hG4bK-2", to_tag=tag))
    assert (wire.told, wire.methods) == ([Ended("s1", "failed")], ["BYE"])
    wire.assert_nothing_left()


def test_a_reoffer_is_accepted() -> None:
    """100 at once, 200 with our answer when the switch agrees, repeated until its own ACK."""
    wire = Wire()
    tag = wire.talk()
    offer = OFFER.replace("sendrecv", "sendonly")
    again = request(branch="z9hG4bK-re", to_tag=tag, number=2, body=offer)
    wire.hear(again)
    assert wire.codes == [100]
    assert wire.told == [Reoffered("s1", offer)]
    assert wire.take(wire.ua.accept_reoffer("s1", ANSWER, wire.now)).codes == [200]
    wire.hear(request("ACK", branch="z9hG4bK-old", to_tag=tag, number=1))
    assert wire.wait(1).codes == [200], "the ACK of the first INVITE does not count"
    wire.hear(request("ACK", branch="z9hG4bK-4", to_tag=tag, number=2))
    assert wire.wait(60).raw == []
    assert wire.ua.sessions() == ("s1",)


def test_a_reoffer_is_refused_and_the_call_goes_on() -> None:
    """488, acknowledged in its own transaction; the next BYE works as ever."""
    wire = Wire()
    tag = wire.talk()
    wire.hear(request(branch="z9hG4bK-re", to_tag=tag, number=2, body=OFFER))
    assert wire.take(wire.ua.reject_reoffer("s1", wire.now)).codes == [488]
    wire.hear(request("ACK", branch="z9hG4bK-re", to_tag=tag, number=2))
    assert wire.take(wire.ua.accept_reoffer("s1", ANSWER, wire.now)).raw == []
    assert wire.ua.sessions() == ("s1",)
    wire.hear(request("BYE", branch="z9hG4bK-5", to_tag=tag, number=3))
    assert wire.told == [Ended("s1", "hangup")]
    wire.assert_nothing_left()


def test_a_reoffer_without_sdp_asks_for_ours() -> None:
    """The answer comes with the ACK, as for a late offer."""
    wire = Wire()
    tag = wire.talk()
    wire.hear(request(branch="z9hG4bK-re", to_tag=tag, number=2))
    assert wire.told == [Reoffered("s1", "")]
    wire.take(wire.ua.accept_reoffer("s1", ANSWER, wire.now))
    wire.hear(request("ACK", branch="z9hG4bK-4", to_tag=tag, number=2, body=OFFER))
    assert wire.told == [LateAnswer("s1", OFFER)]


@pytest.mark.parametrize("state", ["arrived", "accepted", "reoffered"])
def test_a_reinvite_at_a_bad_moment_is_put_off(state: str) -> None:
    """491 while our 200 is unacknowledged; 500 with Retry-After while an INVITE is unanswered (14.2)."""
    wire = Wire()
    if state == "reoffered":
        tag = wire.talk()
        wire.hear(request(branch="z9hG4bK-a", to_tag=tag, number=2, body=OFFER))
    else:
        tag = wire.arrive()
        if state == "accepted":
            wire.accept()
    wire.hear(request(branch="z9hG4bK-b", to_tag=tag, number=3, body=OFFER))
    assert wire.codes == ([491] if state == "accepted" else [500])
    assert ("Retry-After" in wire.one.headers.keys()) == (state != "accepted")  # noqa: SIM118
    assert wire.told == []


@pytest.mark.parametrize("how", ["bye", "our hang-up", "cancel"])
def test_a_reoffer_left_waiting_is_refused_in_the_end(how: str) -> None:
    """When the call ends, or they take it back, the waiting re-INVITE gets its 487."""
    wire = Wire()
    tag = wire.talk()
    wire.hear(request(branch="z9hG4bK-re", to_tag=tag, number=2, body=OFFER))
    if how == "bye":
        wire.hear(request("BYE", branch="z9hG4bK-5", to_tag=tag, number=3))
        assert wire.codes == [200, 487]
    elif how == "cancel":
        wire.hear(request("CANCEL", branch="z9hG4bK-re", to_tag=tag, number=2))
        assert wire.codes == [200, 487]
        assert wire.ua.sessions() == ("s1",)
        assert wire.take(wire.ua.accept_reoffer("s1", ANSWER, wire.now)).raw == []
        wire.hang_up()
    else:
        wire.hang_up()
        assert (wire.codes, wire.methods) == ([487], ["BYE"])
    wire.assert_nothing_left()


@pytest.mark.parametrize(
    ("content_type", "body", "digit"),
    [
        ("application/dtmf-relay", "Signal=5\r\nDuration=160\r\n", "5"),
        ("application/dtmf-relay", "Signal= #\r\nDuration= 160", "#"),
        ("application/dtmf-relay;charset=x", "signal=d\n", "D"),
        ("application/dtmf-relay", "Signal=10\r\nDuration=160\r\n", "*"),
        ("application/dtmf", "7", "7"),
        ("application/dtmf", "11\r\n", "#"),
        ("application/dtmf", "77", None),
        ("application/dtmf-relay", "Signal=x", None),
        ("application/dtmf-relay", "\n" * 5000, None),
        ("application/dtmf-relay", "", None),
    ],
)
def test_digits_in_info(content_type: str, body: str, digit: str | None) -> None:
    """Both content types give digits; a copy of the INFO is not a second key; nonsense is no key but 200."""
    wire = Wire()
    tag = wire.talk()
    info = request(
        "INFO", branch="z9hG4bK-i", to_tag=tag, number=2, body=body, content_type=content_type, contact=None
    )
    wire.hear(info)
    assert wire.codes == [200]
    assert wire.told == ([Digit("s1", digit)] if digit else [])
    wire.hear(info)
    assert (wire.codes, wire.told) == ([200], [])


def test_an_info_about_something_else_is_415() -> None:
    """And names what would be understood."""
    wire = Wire()
    tag = wire.talk()
    wire.hear(request("INFO", branch="z9hG4bK-i", to_tag=tag, number=2, body="<x/>", content_type="text/xml"))
    assert wire.codes == [415]
    assert "application/dtmf" in wire.one.headers["Accept"]


@pytest.mark.parametrize(
    ("method", "code"),
    [("OPTIONS", 200), ("SUBSCRIBE", 405), ("REFER", 405), ("PRACK", 405), ("JUMP", 501), ("BYE", 481)],
)
def test_requests_outside_a_call(method: str, code: int) -> None:
    """OPTIONS is answered, methods we do not serve are named as such, a BYE for nothing is 481."""
    wire = Wire()
    assert wire.hear(request(method)).codes == [code]
    if code != 481:
        assert "INVITE" in wire.one.headers["Allow"]
    assert wire.hear(request(method)).codes == [code], "a copy gets the same answer (timer J)"
    wire.assert_nothing_left()


@pytest.mark.parametrize(
    ("method", "code"), [("OPTIONS", 200), ("UPDATE", 405), ("REGISTER", 405), ("JUMP", 501)]
)
def test_requests_within_a_call(method: str, code: int) -> None:
    """The call goes on whatever is asked in it."""
    wire = Wire()
    tag = wire.talk()
    assert wire.hear(request(method, branch="z9hG4bK-x", to_tag=tag, number=2)).codes == [code]
    assert wire.ua.sessions() == ("s1",)


def test_an_extension_that_is_required_is_refused_by_name() -> None:
    """420 with Unsupported; ACK and CANCEL are never judged by Require."""
    wire = Wire()
    wire.hear(request(extra=["Require: 100rel, foo"], body=OFFER))
    assert wire.codes == [420]
    assert wire.one.headers["Unsupported"] == "100rel, foo"
    assert wire.told == []


def test_a_request_of_another_dialog_is_not_ours() -> None:
    """A wrong tag on either side is 481, an old CSeq 500; the call goes on."""
    wire = Wire()
    tag = wire.talk()
    assert wire.hear(request("BYE", branch="z9hG4bK-3", to_tag="guessed", number=2)).codes == [481]
    sender = "<sip:13800000001@10.0.0.7>;tag=another"
    assert wire.hear(request("BYE", branch="z9hG4bK-4", to_tag=tag, number=2, sender=sender)).codes == [481]
    assert wire.hear(request("BYE", branch="z9hG4bK-5", to_tag=tag, number=0)).codes == [500]
    assert wire.ua.sessions() == ("s1",)


def test_routes_are_kept_for_our_requests() -> None:
    """Record-Route comes back in the answers and turns into Route, in order, for what we send."""
    wire = Wire()
    proxies = [
        'Record-Route: <sip:p2@10.0.0.3;lr>, "a,b" <sip:p1,x@10.0.0.2;lr>',
        "Record-Route: <sip:10.0.0.4;lr>",
    ]
    tag = wire.arrive(extra=proxies)
    assert wire.one.headers.getlist("Record-Route") == [line.partition(": ")[2] for line in proxies]
    routes = routes_of(wire.accept().one)
    assert routes == ["<sip:p2@10.0.0.3;lr>", '"a,b" <sip:p1,x@10.0.0.2;lr>', "<sip:10.0.0.4;lr>"]
    wire.hear(request("ACK", branch="z9hG4bK-2", to_tag=tag))
    assert wire.hang_up().one.headers.getlist("Route") == routes


def test_a_strict_router_gets_itself_as_the_target() -> None:
    """RFC 3261 12.2.1.1: without lr the first route is the target and the real one comes last."""
    wire = Wire()
    tag = wire.arrive(extra=["Record-Route: <sip:10.0.0.3>, <sip:10.0.0.2;lr>"])
    wire.accept()
    wire.hear(request("ACK", branch="z9hG4bK-2", to_tag=tag))
    bye = wire.hang_up().one
    assert bytes(bye).startswith(b"BYE sip:10.0.0.3 SIP/2.0")
    assert bye.headers.getlist("Route") == ["<sip:10.0.0.2;lr>", "<sip:13800000001@10.0.0.7:5070>"]


def test_answers_go_where_the_request_came_from() -> None:
    """rport is filled in, received added; further Vias stay as they are; nothing of it over WebSocket."""
    wire = Wire()
    via = "SIP/2.0/UDP 192.168.1.2:5060;rport;branch=z9hG4bK-1, SIP/2.0/UDP 192.168.1.9;branch=z9hG4bKx;rport"
    wire.hear(request(body=OFFER, via=via), Peer("UDP", "203.0.113.5", 6000))
    assert wire.raw[0].peer == Peer("UDP", "203.0.113.5", 6000)
    assert wire.one.headers["Via"] == (
        "SIP/2.0/UDP 192.168.1.2:5060;rport=6000;branch=z9hG4bK-1;received=203.0.113.5, "
        "SIP/2.0/UDP 192.168.1.9;branch=z9hG4bKx;rport"
    )
    wire.hear(request("OPTIONS", via="SIP/2.0/WS x.invalid;branch=z9hG4bK-9"), PAGE)
    assert wire.one.headers["Via"] == "SIP/2.0/WS x.invalid;branch=z9hG4bK-9"


def test_an_old_telephone_without_the_magic_branch() -> None:
    """RFC 2543: copies and the ACK are matched by Call-ID, CSeq and From tag."""
    wire = Wire()
    via = "SIP/2.0/UDP 10.0.0.7:5070"
    wire.hear(request(body=OFFER, via=via))
    assert wire.codes == [180]
    assert wire.hear(request(body=OFFER, via=via)).codes == [180]
    wire.hang_up()
    tag = tag_of(wire.one.headers["To"])
    assert wire.hear(request("ACK", via=via, to_tag=tag)).raw == []
    assert wire.wait(10).raw == []
    wire.assert_nothing_left()


def test_the_same_invite_over_two_paths_is_merged() -> None:
    """482 for the second; a later INVITE of the same Call-ID with a new number is a new call."""
    wire = Wire()
    wire.arrive()
    wire.hear(request(body=OFFER, branch="z9hG4bK-other"))
    assert (wire.codes, wire.told) == ([482], [])
    wire.hang_up()
    wire.hear(request(body=OFFER, branch="z9hG4bK-new", number=2))
    assert wire.codes == [180]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"uri": "sip:000@10.0.0.1"}, 404),
        ({"uri": "sip:10.0.0.1"}, 404),
        ({"uri": "sip:desk-wang@10.0.0.1"}, 404),
        ({"uri": "http://10.0.0.1/"}, 416),
        ({"uri": "mailto:a@b"}, 416),
        ({"uri": "sip:95588@10.0.0.1;self=1"}, 400),
        ({"uri": "sip:@@@"}, 400),
        ({"sender": "<nonsense>;tag=1"}, 400),
        ({"body": "v=0", "content_type": "text/plain"}, 415),
        ({"body": "hello"}, 400),
        ({"body": b"\xff\xfe\x00"}, 400),
        ({"body": OFFER.replace("RTP/AVP 0 8 101", "RTP/AVP 18")}, 488),
        ({"body": OFFER.replace("RTP/AVP", "RTP/SAVP")}, 488),
        ({"body": OFFER.replace("m=audio", "m=video")}, 488),
        ({"body": OFFER.replace("IN IP4 10.0.0.7", "IN IP4 somewhere.example")}, 400),
    ],
)
def test_calls_that_cannot_be(changes: dict[str, str], code: int) -> None:
    """Unknown numbers, unreadable addresses and sound we cannot talk are refused by their codes."""
    wire = Wire()
    wire.hear(request(**{"body": OFFER, **changes}))  # type: ignore[arg-type]
    assert wire.codes == [code]
    assert wire.told == []
    assert wire.ua.sessions() == ()


@pytest.mark.parametrize(
    "uri",
    ["SIP:95588@10.0.0.1", "sip:95588;phone-context=x@10.0.0.1", "tel:955-88", "sips:95588@10.0.0.1:5061"],
)
def test_ways_to_dial_an_entry_number(uri: str) -> None:
    """The scheme's case, number parameters and a tel URI's separators do not matter."""
    assert Wire().hear(request(uri=uri, body=OFFER)).told[0].dialled == "95588"  # type: ignore[union-attr]


def test_the_callers_name() -> None:
    """Quoted, escaped and Chinese names come through; a number that is withheld is none."""
    for sender, number, name in [
        ('"Li \\"Lily\\" Na" <sip:+8613800000001@h>;tag=1', "+8613800000001", 'Li "Lily" Na'),
        ("王小明 <sip:1@h>;tag=1", "1", "王小明"),
        ("sip:2@h;tag=1", "2", ""),
        ('"A <b>, c" <sip:h>;tag=1', "", "A <b>, c"),
        ('"Anonymous" <sip:anonymous@anonymous.invalid>;tag=1', "", "Anonymous"),
        ("<sip:Anonymous@10.0.0.1>;tag=1", "", ""),
        ("<sip:+8613800000001@anonymous.invalid>;tag=1", "", ""),
        ("<sip:unavailable@unknown.invalid>;tag=1", "", ""),
        ("<sip:anonymous.fan@h>;tag=1", "anonymous.fan", ""),
        ("<tel:+86-138-0000>;tag=1", "+861380000", ""),
    ]:
        arrived = Wire().hear(request(sender=sender, body=OFFER)).only(Arrived)
        assert (arrived.caller, arrived.display_name) == (number, name)


def test_a_page_without_an_offer_is_refused() -> None:
    """A browser's offer cannot come late: 488."""
    wire = Wire()
    wire.hear(request(via="SIP/2.0/WS x.invalid;branch=z9hG4bK-1"), PAGE)
    assert wire.codes == [488]


def test_the_limit_of_sessions() -> None:
    """503 with Retry-After when full; when a call ends there is room again."""
    wire = Wire(most_sessions=1)
    wire.arrive()
    wire.hear(request(body=OFFER, branch="z9hG4bK-2", call_id="call-2"))
    assert wire.codes == [503]
    assert int(wire.one.headers["Retry-After"]) > 0
    assert wire.noted[0].kind == "SIP overload"
    wire.hang_up()
    wire.arrive(branch="z9hG4bK-3", call_id="call-3")


def test_too_many_new_calls_at_once() -> None:
    """Beyond the rate: a cheap 503, then silence; copies, re-INVITEs and hang-ups of calls we have go on."""
    wire = Wire(most_new_per_s=20)
    tag = wire.talk()
    ringing = [
        wire.hear(request(body=OFFER, branch=f"z9hG4bK-n{n}", call_id=f"n{n}")).codes for n in range(100)
    ]
    assert ringing.count([180]) == 9
    assert ringing.count([503]) == 40
    assert ringing.count([]) == 51
    assert wire.hear(request(body=OFFER, branch="z9hG4bK-n3", call_id="n3")).codes == [180]
    assert wire.hear(request(branch="z9hG4bK-re", to_tag=tag, number=2, body=OFFER)).codes == [100]
    assert wire.hear(request("BYE", branch="z9hG4bK-b", to_tag=tag, number=3)).codes[0] == 200
    assert wire.hear(request("ACK", branch="z9hG4bK-n40", call_id="n40")).raw == []
    wire.now = after(wire.now, 1)
    assert wire.hear(request(body=OFFER, branch="z9hG4bK-z", call_id="z")).codes == [180]


def test_an_early_refusal_is_a_proper_answer() -> None:
    """It carries all Vias, the From, a tag that is the same for every copy, and when to come again."""
    wire = Wire(most_new_per_s=2)
    wire.arrive()
    late = request(
        body=OFFER, branch="z9hG4bK-2", call_id="c2", extra=["v: SIP/2.0/UDP 10.0.0.99;branch=z9hG4bKq"]
    )
    first, second = wire.hear(late).one, wire.hear(late).one
    assert bytes(first) == bytes(second)
    assert wire.codes == [503]
    assert first.headers.getlist("Via") == [
        "SIP/2.0/UDP 10.0.0.7:5070;branch=z9hG4bK-2;rport=5070;received=10.0.0.7",
        "SIP/2.0/UDP 10.0.0.99;branch=z9hG4bKq",
    ]
    assert tag_of(first.headers["To"])
    assert first.headers["Retry-After"] == "10"


def test_a_lost_connection_ends_its_calls() -> None:
    """The page's web socket breaks: its session is lost, told once, and nothing is sent any more."""
    wire = Wire()
    wire.hear(request(body=OFFER, via="SIP/2.0/WS x.invalid;branch=z9hG4bK-1"), PAGE)
    wire.accept()
    assert wire.take(wire.ua.peer_lost(PAGE, wire.now)).told == [Ended("s1", "lost")]
    assert wire.wait(60).raw == []
    wire.assert_nothing_left()


def test_the_advertised_address_may_be_ipv6() -> None:
    """It stands in brackets wherever a port may follow."""
    wire = Wire(host="2001:db8::1")
    wire.arrive()
    assert wire.one.headers["Contact"] == "<sip:callfloor@[2001:db8::1]:5060>"


def test_an_offer_with_other_media_is_heard() -> None:
    """Video beside audio does not hinder a call."""
    wire = Wire()
    wire.arrive(body=OFFER + "m=video 5000 RTP/AVP 99\r\n")
    assert sdp.parse(wire.only(Arrived).sdp).audio_index == 0
