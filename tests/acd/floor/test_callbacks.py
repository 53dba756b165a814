"""Virtual queue: a caller hangs up, keeps their place, and is called back when their turn comes."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acd.floor.callbacks import next_change, quiet
from domain.calls import CallbackChosen, CallbackFailed, CallerGone
from domain.config import CallbackRules, QueueConfig
from domain.desk import CallbackAsked, CallbackCancelled, QueueClosed
from domain.ids import AgentId, CallId, OfferId, QueueId
from domain.instant import Instant, after
from tests.acd.floor.play import T0, Play

ALWAYS = CallbackRules(expires_s=3600, quiet=("00:00", "00:00"), attempts=2, retry_s=600)


def busy(**rules: object) -> Play:
    """ann is on a call, c1 waits, then c2."""
    play = Play(wrap_up_s=0, callback=rules.pop("callback", ALWAYS), **rules)
    play.ready(0, "ann")
    play.queued(0, "busy")
    play.accept(0, "o1")
    play.queued(1, "c1", caller="+8613")
    play.queued(2, "c2")
    return play


def choose(play: Play, at: float) -> list[str]:
    return play(at, CallbackChosen(CallId("c1"), "+8613"))


def test_the_place_is_kept_and_the_customer_called_in_turn() -> None:
    """The visit ends as a callback; the callback waits on in the same place and is dialled by the agent."""
    play = busy()
    assert choose(play, 5) == ["kept c1-back +8613"]
    assert play.counters().calls == ("c1-back", "c2")
    assert (play.counters().callbacks, play.counters().returned) == (1, 1)
    assert play(6, CallerGone(CallId("c1"))) == ["ignored CallerGone"]
    assert play.end(60, "o1") == ["offer o2 c1-back to ann"]
    assert play.offers()[0].dial == "+8613"
    assert play.accept(62, "o2") == []
    assert play.end(100, "o2") == ["over c1-back reached", "offer o3 c2 to ann"]


def test_a_callback_is_no_visit() -> None:
    """Offered and answered count callers who waited on the line; the agent's figures count the contact."""
    play = busy()
    choose(play, 5)
    play.end(60, "o1")
    play.accept(62, "o2")
    play.end(100, "o2")
    counters = play.counters()
    assert (counters.offered, counters.answered, counters.returned) == (3, 1, 1)
    assert play.floor.state.agents["ann"].answered == 2


def test_not_reached_is_tried_again_then_given_up() -> None:
    """The agent is free at once; between attempts nobody is rung."""
    play = busy()
    choose(play, 5)
    play.end(60, "o1")
    play.accept(62, "o2")
    assert play(90, CallbackFailed(OfferId("o2"), AgentId("ann"))) == ["offer o3 c2 to ann"]
    play.accept(90, "o3")
    play.end(91, "o3")
    assert play.until(689) == []
    assert play.until(690) == ["690: offer o4 c1-back to ann"]
    play.accept(691, "o4")
    assert play(700, CallbackFailed(OfferId("o4"), AgentId("ann"))) == ["over c1-back gave_up"]
    assert not play.floor.state.calls


def test_a_callback_expires() -> None:
    """After its time nobody is rung any more."""
    play = busy()
    choose(play, 5)
    assert play.until(3605) == ["3605: over c1-back expired"]


def test_quiet_hours() -> None:
    """T0 is 08:00 local: the callback waits out the quiet hours, behind nobody."""
    play = busy(callback=CallbackRules(86_400, ("07:00", "09:30"), 3, 600))
    assert choose(play, 5) == ["kept c1-back +8613"]
    assert play.counters().calls == ("c2",)
    assert play.end(60, "o1") == ["offer o2 c2 to ann"]
    play.accept(60, "o2")
    play.end(61, "o2")
    assert play.until(5400) == ["5400: offer o3 c1-back to ann"]


def test_quiet_hours_begin_while_it_waits() -> None:
    """A callback that has not had its turn by then is parked until the morning."""
    play = busy(callback=CallbackRules(172_800, ("08:10", "08:00"), 3, 600), max_wait_s=0)
    choose(play, 5)
    assert play.counters().calls == ("c1-back", "c2")
    play.until(600)
    assert play.counters().calls == ("c2",)
    assert play.call("c1-back").state == "parked"
    play(700, CallerGone(CallId("c2")))
    play.end(701, "o1")
    assert play.until(86_400) == ["86400: offer o2 c1-back to ann"]


def test_asked_for_from_a_list() -> None:
    """Somebody of ours asks for it: the place is that of the missed call; never twice for a number."""
    play = busy()
    ask = CallbackAsked(CallId("b1"), QueueId("q"), "+8699", after(T0, -60), "sup")
    assert play(5, ask) == ["kept b1 +8699"]
    assert play.counters().calls == ("b1", "c1", "c2")
    again = CallbackAsked(CallId("b2"), QueueId("q"), "+8699", T0, "sup")
    assert play(6, again) == ["ignored CallbackAsked"]
    assert play(7, CallbackCancelled(CallId("b1"), "sup")) == ["over b1 cancelled"]
    assert play(8, CallbackCancelled(CallId("c1"), "sup")) == ["ignored CallbackCancelled"]


def test_a_queue_that_is_gone_ends_its_callbacks() -> None:
    """They are told so, as callers are."""
    play = busy()
    choose(play, 5)
    play.queue = QueueConfig(QueueId("other"), "Other")
    assert play(6, play.rows()) == ["over c1-back unknown_queue", "return c2 unknown_queue"]


def test_closing_a_queue_keeps_callbacks() -> None:
    """Callers are sent away; those who were promised a call keep it."""
    play = busy()
    choose(play, 5)
    assert play(6, QueueClosed(QueueId("q"), "fire", "sup")) == ["return c2 closed"]
    assert play.end(7, "o1") == ["offer o2 c1-back to ann"]


def test_who_presses_the_key_as_an_agent_is_rung() -> None:
    """The offer is taken back, and comes again as a callback."""
    play = Play(callback=ALWAYS)
    play.ready(0, "ann")
    assert play.queued(0, "c1") == ["offer o1 c1 to ann"]
    assert choose(play, 1) == ["rescind o1 caller_gone", "kept c1-back +8613", "offer o2 c1-back to ann"]


@pytest.mark.parametrize("call", ["busy", "nobody"])
def test_only_who_waits_may_choose(call: str) -> None:
    """A caller who talks, or a call that is not there, has no place to keep."""
    play = busy()
    assert play(5, CallbackChosen(CallId(call), "+8613")) == ["ignored CallbackChosen"]
    assert play(5, CallbackChosen(CallId("c1"), "")) == ["ignored CallbackChosen"]


CLOCKS = st.integers(0, 24 * 60 - 1).map(lambda m: f"{m // 60:02}:{m % 60:02}")


@given(CLOCKS, CLOCKS, st.integers(0, 400 * 86_400), st.sampled_from(("Asia/Shanghai", "Europe/Berlin")))
def test_quiet_hours_change_when_they_say(start: str, end: str, seconds: int, zone: str) -> None:
    """The next change lies ahead, and on its two sides it is quiet and not; clocks may be put forward."""
    rules, now = CallbackRules(quiet=(start, end)), after(T0, seconds)
    at = next_change(rules, zone, now)
    if start == end:
        assert at is None and not quiet(rules, zone, now)
        return
    assert at is not None and at > now
    minutes = [quiet(rules, zone, Instant(t)) for t in range(now, at, 600_000_000)]
    clock = datetime.fromtimestamp(at / 1e6, ZoneInfo(zone))
    if f"{clock:%H:%M}" in (start, end):  # not one that the clock leaves out
        assert len(set(minutes)) == 1
        assert quiet(rules, zone, at) != minutes[0] or f"{clock:%H:%M}" == start == end
