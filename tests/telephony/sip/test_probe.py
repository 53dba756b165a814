"""Asking a silent far end whether it is still there, as transcripts."""

import pytest

from telephony.sip.events import Ended
from telephony.sip.outgoing import PROBE_S
from tests.telephony.sip.wire import CALLER, Wire, answer_to, request


def asked() -> tuple[Wire, bytes]:
    """A call that is up and was asked for a sign of life; the OPTIONS."""
    wire = Wire()
    wire.talk()
    wire.take(wire.ua.probe("s1", wire.now))
    assert wire.methods == ["OPTIONS"] and wire.told == []
    return wire, wire.raw[0].data


@pytest.mark.parametrize("code", [200, 405, 500, 503])
def test_any_answer_is_a_sign_of_life(code: int) -> None:
    """Whatever the far end thinks of the question, the session goes on, and it may be asked again."""
    wire, options = asked()
    wire.hear(answer_to(options, code), CALLER)
    assert wire.sent == [] and wire.told == []
    assert wire.wait(60).told == []
    wire.take(wire.ua.probe("s1", wire.now))
    assert wire.methods == ["OPTIONS"]


def test_a_hundred_is_no_answer_yet() -> None:
    """A proxy that says Trying knows nothing of the far end."""
    wire, options = asked()
    wire.hear(answer_to(options, 100, tag=""), CALLER)
    assert wire.wait(PROBE_S + 1).told == [Ended("s1", "lost")]


@pytest.mark.parametrize("code", [408, 481])
def test_a_session_that_is_unknown_there_is_lost(code: int) -> None:
    """RFC 3261 12.2.1.2: the dialog is over, and a BYE says so."""
    wire, options = asked()
    wire.hear(answer_to(options, code), CALLER)
    assert (wire.methods, wire.told) == (["BYE"], [Ended("s1", "lost")])
    wire.hear(answer_to(wire.raw[0].data, 481), CALLER)
    wire.assert_nothing_left()


def test_silence_is_no_life() -> None:
    """Asked again and again for ten seconds; then the session is lost, once, and nothing is left of it."""
    wire, _ = asked()
    wire.wait(PROBE_S - 0.1)
    assert wire.methods == ["OPTIONS"] * 4 and wire.told == []
    wire.wait(0.2)
    assert wire.methods == ["BYE"] and wire.told == [Ended("s1", "lost")]
    wire.assert_nothing_left()


def test_one_question_at_a_time() -> None:
    """Asked twice in a row the far end hears one question; a session that is not up hears none."""
    wire, _ = asked()
    assert wire.take(wire.ua.probe("s1", wire.now)).sent == []
    assert wire.take(wire.ua.probe("nobody", wire.now)).sent == []
    wire.arrive(call_id="call-2", branch="z9hG4bK-2")
    assert wire.take(wire.ua.probe("s2", wire.now)).sent == []


def test_a_call_that_ends_while_it_is_asked_ends_once() -> None:
    """Their BYE or ours: the question is forgotten, and its late answer means nothing."""
    for who in ("they", "we"):
        wire = Wire()
        tag = wire.talk()
        wire.take(wire.ua.probe("s1", wire.now))
        options = wire.raw[0].data
        if who == "they":
            wire.hear(request("BYE", branch="z9hG4bK-bye", to_tag=tag, number=2))
            assert wire.told == [Ended("s1", "hangup")]
        else:
            assert wire.hang_up().told == [Ended("s1", "told")]
            wire.hear(answer_to(wire.raw[0].data, 200), CALLER)
        assert wire.hear(answer_to(options, 481), CALLER).told == []
        assert wire.wait(60).told == []
        wire.assert_nothing_left()
