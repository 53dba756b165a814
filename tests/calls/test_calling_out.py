"""Calls that begin with us, on the real floor and the simulated switch: callbacks, numbers agents dial."""

from typing import Any

import pytest

from domain.calls import CallChanged, CallFinished, Ignored
from domain.config import CallbackRules, Condition, Operation, Step
from domain.desk import AgentReady, CallbackAsked, CallbackCancelled, DialAsked, WrapUpEnded
from domain.floor import CallbackKept, CallbackOver, Offer, ProposeCallback
from domain.flow import LookUpCustomer
from domain.ids import AgentId, CallId
from domain.switch import CallArrived, Dial, Ring
from telephony.simulated import VirtualCaller
from tests.calls.floor import NUMBER, SALES, Scene

LI, WU = AgentId("li"), AgentId("wu")
CALLER = "+8613800000001"
BACK = CallId("S1-back")
PROPOSE = (Step((Condition("wait", ">=", 10.0),), (Operation("offer_callback"),)),)
RULES = CallbackRules(quiet=("00:00", "00:00"), attempts=2, retry_s=600.0)


def waiting_scene(**more: Any) -> tuple[Scene, VirtualCaller]:
    """One agent who talks with somebody, and one caller who has been asked whether they want a callback."""
    scene = Scene(("li",), recipe=PROPOSE, callback=RULES, wrap_up_s=5, **more)
    scene.phones["li"].vanish()
    caller = scene.queued()
    scene.run(11)
    assert [m.call for m in scene.floor.made(ProposeCallback)] == ["S1"]
    return scene, caller


def promised(scene: Scene, caller: VirtualCaller) -> None:
    caller.press("1")
    scene.run(30)
    assert scene.phase(caller) == "gone"


def to_dialling(scene: Scene) -> VirtualCaller:
    """The agent comes, picks up, and the customer's telephone rings."""
    home = scene.at_home(CALLER)
    scene.phones["li"].register()
    scene.run(1)
    assert scene.phase(BACK) == "offered"
    scene.phones["li"].answer()
    scene.run(1)
    assert scene.phase(BACK) == "dialling"
    return home


# ------------------------------------------------------------------ the promise


def test_a_caller_chooses_to_be_called_back() -> None:
    """They hear that their place is kept; the call ends as a callback and waits on without them."""
    scene, caller = waiting_scene()
    said = [p.text for p in scene.floor.switch.legs[caller.leg].heard]  # type: ignore[index, union-attr]
    assert said[-1].startswith("If you would rather not wait, press 1")
    caller.press("1")
    scene.run(0.1)
    assert scene.phase(caller) == "ivr"
    (kept,) = scene.floor.made(CallbackKept)
    assert (kept.callback, kept.call, kept.number) == (BACK, "S1", CALLER)
    said = [p.text for p in scene.floor.switch.legs[caller.leg].heard]  # type: ignore[index, union-attr]
    assert said[-1].startswith("Thank you. We will call you back")
    scene.run(30)
    record = scene.record("S1")
    assert (record.outcome, record.ended_by) == ("callback", "flow")
    assert [(v.queue, v.outcome) for v in record.visits] == [(SALES, "callback")]
    assert (scene.phase(BACK), scene.floor.switch.legs) == ("waiting", {})


def test_a_caller_who_hangs_up_before_the_good_bye_is_called_back_too() -> None:
    """The promise was given."""
    scene, caller = waiting_scene()
    caller.press("1")
    scene.run(0.1)
    caller.hang_up()
    scene.run(1)
    assert scene.record("S1").outcome == "callback"
    assert scene.phase(BACK) == "waiting"


def test_no_is_no() -> None:
    """Any other key, or nothing: they wait on, with music, and a later 1 means nothing."""
    scene, caller = waiting_scene()
    caller.press("2")
    scene.run(0.1)
    assert (scene.phase(caller), caller.hears) == ("waiting", "music")
    caller.press("1")
    scene.run(60)
    assert not scene.floor.made(CallbackKept)
    assert scene.phase(caller) == "waiting"


# ------------------------------------------------------------------ the callback


def test_the_customer_is_reached() -> None:
    """Agent first, then the number; one record with their conversation, and the floor's counters agree."""
    scene, caller = waiting_scene()
    promised(scene, caller)
    home = to_dialling(scene)
    (ring,) = [m for m in scene.floor.made(Ring) if m.call == BACK]
    assert ring.caller == CALLER
    (dialled,) = scene.floor.made(Dial)
    assert (dialled.leg, dialled.number, dialled.caller) == (BACK, CALLER, NUMBER)
    scene.run(4)
    home.answer()
    scene.run(40)
    assert (scene.phase(BACK), home.hears) == ("talking", scene.phones["li"].leg)
    scene.phones["li"].hang_up()
    scene.run(60)
    record = scene.record(BACK)
    assert (record.outcome, record.direction, record.agent, record.queue) == ("answered", "out", LI, SALES)
    assert (record.caller, record.customer_name, record.tier) == (CALLER, "Wang Fang", "gold")
    assert (record.talk_us, record.visits) == (40_000_000, ())
    assert [m.reason for m in scene.floor.made(CallbackOver)] == ["reached"]
    scene.is_quiet()


def test_the_customer_is_not_reached_again_and_again() -> None:
    """Tried as often as the queue says, then given up: one record, nobody stuck."""
    scene, caller = waiting_scene()
    promised(scene, caller)
    to_dialling(scene)
    scene.run(61)
    assert (scene.phase(BACK), scene.state("li")) == ("waiting", "available")
    scene.run(500)
    assert scene.phase(BACK) == "waiting"
    scene.run(100)
    assert scene.phase(BACK) == "offered"
    scene.phones["li"].answer()
    scene.run(1)
    first, second = scene.floor.made(Dial)
    assert first.leg == BACK != second.leg
    scene.floor.switch.end(second.leg, "rejected")
    scene.run(1)
    assert [m.reason for m in scene.floor.made(CallbackOver)] == ["gave_up"]
    record = scene.record(BACK)
    assert (record.outcome, record.agent, record.answered, record.talk_us) == ("not_reached", LI, 0, 0)
    scene.run(60)
    scene.is_quiet()


def test_the_second_attempt_reaches_them() -> None:
    """The same callback, another leg."""
    scene, caller = waiting_scene()
    promised(scene, caller)
    home = to_dialling(scene)
    scene.phones["li"].hang_up()
    scene.run(601)
    scene.phones["li"].answer()
    scene.run(1)
    home.answer()
    scene.run(10)
    assert scene.phase(BACK) == "talking"
    home.hang_up()
    scene.run(60)
    assert (scene.record(BACK).outcome, scene.record(BACK).talk_us) == ("answered", 10_000_000)
    scene.is_quiet()


def test_an_agent_who_does_not_pick_up_a_callback() -> None:
    """It rings on at whoever is next; the customer notices nothing."""
    scene, caller = waiting_scene()
    promised(scene, caller)
    scene.phones["li"].register()
    scene.run(16)
    assert scene.phase(BACK) == "offered"
    assert not scene.floor.made(Dial)
    assert len([m for m in scene.floor.made(Offer) if m.call == BACK]) == 2


@pytest.mark.parametrize("lost", [False, True])
def test_a_kept_callback_outlives_a_restart(lost: bool) -> None:
    """It has no leg that could have died."""
    scene, caller = waiting_scene()
    promised(scene, caller)
    if lost:
        scene.floor.switch.legs.clear()
        scene.floor.switch.registered.clear()
    scene.restart()
    assert scene.phase(BACK) == "waiting"
    home = to_dialling(scene)
    scene.restart()
    assert scene.phase(BACK) == "dialling"
    scene.floor.switch.legs.pop(home.leg)  # type: ignore[arg-type]
    scene.restart()
    assert (scene.phase(BACK), scene.state("li")) == ("waiting", "available")


def test_somebody_of_ours_asks_for_a_callback() -> None:
    """As from the list of missed calls; who the customer is is looked up for the agent's page."""
    scene = Scene(("li",), callback=RULES)
    asked = CallbackAsked(CallId("back1"), SALES, CALLER, scene.floor.clock.now, "boss")
    scene.tell(asked)
    scene.run(1)
    assert scene.phase("back1") == "offered"
    assert LookUpCustomer(CallId("back1"), CALLER) in scene.floor.made(LookUpCustomer)
    shown = [m for m in scene.floor.made(CallChanged) if m.call == "back1"]
    assert (shown[-1].customer_name, shown[-1].direction, shown[-1].agent) == ("Wang Fang", "out", LI)
    scene.at_home(CALLER)
    scene.phones["li"].answer()
    scene.run(70)
    assert scene.phase("back1") == "waiting"
    scene.tell(CallbackCancelled(CallId("back1"), "boss"))
    assert scene.record("back1").outcome == "not_reached"
    scene.run(60)
    scene.is_quiet()


@pytest.mark.parametrize("name", ["S1", "a.b", ""])
def test_a_callback_has_a_name_of_its_own(name: str) -> None:
    """One that is taken, or that no leg could be named after, is refused, and nothing is kept."""
    scene = Scene(("li",))
    scene.queued()
    for fact in (
        CallbackAsked(CallId(name), SALES, CALLER, scene.floor.clock.now, "boss"),
        DialAsked(LI, CallId(name), CALLER),
    ):
        scene.tell(fact)
        assert scene.floor.made(Ignored)[-1].fact == type(fact).__name__
    assert not scene.floor.made(CallbackKept)


def test_a_call_that_arrives_under_the_name_of_a_callback_is_refused() -> None:
    """Names are chosen apart; should they meet, the promise is not lost."""
    scene, caller = waiting_scene()
    promised(scene, caller)
    scene.tell(CallArrived(BACK, BACK, "x", NUMBER))  # type: ignore[arg-type]
    assert scene.floor.made(Ignored)[-1].fact == "CallArrived"
    assert scene.phase(BACK) == "waiting"


# ------------------------------------------------------------------ an agent dials


def dialling(scene: Scene, queue: Any = None) -> VirtualCaller:
    home = scene.at_home(CALLER)
    scene.tell(DialAsked(LI, CallId("D1"), CALLER, queue))
    scene.run(1)
    assert (scene.phase("D1"), scene.state("li")) == ("dialling", "on_contact")
    return home


@pytest.mark.parametrize("queue", [None, SALES])
def test_an_agent_dials_and_talks(queue: Any) -> None:
    """Their telephone picks up by itself; the record is an outgoing call with their times."""
    scene = Scene(("li",))
    home = dialling(scene, queue)
    assert scene.phones["li"].rung[-1].auto_answer
    scene.run(3)
    home.answer()
    scene.run(20)
    assert (scene.phase("D1"), home.hears) == ("talking", scene.phones["li"].leg)
    home.hang_up()
    scene.run(60)
    record = scene.record("D1")
    assert (record.outcome, record.direction, record.caller) == ("answered", "out", CALLER)
    assert (record.agent, record.queue, record.talk_us) == (LI, queue, 20_000_000)
    assert record.customer_name == "Wang Fang"
    scene.is_quiet()


def test_nobody_picks_up_whom_an_agent_dials() -> None:
    """The call is over, the agent wraps up or is free."""
    scene = Scene(("li",))
    dialling(scene)
    scene.run(61)
    assert scene.record("D1").outcome == "not_reached"
    scene.run(60)
    scene.is_quiet()


def test_an_agent_gives_up_dialling() -> None:
    """They hang up: the number stops ringing."""
    scene = Scene(("li",))
    home = dialling(scene)
    scene.phones["li"].hang_up()
    scene.run(1)
    assert (scene.record("D1").outcome, scene.record("D1").ended_by) == ("not_reached", "agent")
    assert home.ended == "cancelled"
    scene.run(60)
    scene.is_quiet()


def test_a_telephone_that_is_away_dials_nothing() -> None:
    """The agent's own telephone could not be rung: the call is over before it began."""
    scene = Scene(("li",))
    del scene.floor.switch.registered[scene.phones["li"].device]
    scene.tell(DialAsked(LI, CallId("D1"), CALLER))
    scene.run(1)
    assert scene.record("D1").outcome == "not_reached"
    assert not scene.floor.made(Dial)
    scene.is_quiet()


def test_a_busy_agent_cannot_dial() -> None:
    """The floor says why; no call is made."""
    scene = Scene(("li",), answers_after_s=1)
    caller = scene.queued()
    scene.run(5)
    before = len(scene.floor.made(CallChanged))
    scene.tell(DialAsked(LI, CallId("D1"), CALLER))
    assert scene.floor.made(Ignored)[-1].fact == "DialAsked"
    assert len(scene.floor.made(CallChanged)) == before
    caller.hang_up()


def test_all_calls_end_once_whoever_began_them() -> None:
    """A caller, their callback and a number an agent dials, at the same floor."""
    scene, caller = waiting_scene()
    promised(scene, caller)
    home = to_dialling(scene)
    home.answer()
    scene.run(5)
    home.hang_up()
    scene.tell(WrapUpEnded(LI))
    scene.tell(AgentReady(LI))
    scene.at_home("+8613900000009")
    scene.tell(DialAsked(LI, CallId("D1"), "+8613900000009"))
    scene.run(70)
    assert [m.record.call for m in scene.floor.made(CallFinished)] == ["S1", BACK, "D1"]
    scene.run(60)
    scene.is_quiet()
