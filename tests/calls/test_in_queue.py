"""What the floor decides of waiting calls reaches callers and telephones, on the simulated switch."""

from typing import Any

import pytest

from domain.calls import Ignored
from domain.config import Announcements, Condition, Operation, Step
from domain.crm import CallerIdentified
from domain.desk import CallAssigned, PickUpAsked, QueueClosed, QueueOpened
from domain.floor import Announce, Offer, Overflow, Rescind
from domain.ids import AgentId, CallId, CustomerId, TierId
from domain.switch import Ring, Speak
from telephony.simulated import VirtualCaller
from tests.calls.agree import parts_agree
from tests.calls.floor import SALES, Scene

S1 = CallId("S1")


def nobody_free(*agents: str, **rules: Any) -> Scene:
    """Everybody is at work, and nobody's telephone can be rung."""
    scene = Scene(agents or ("li",), **rules)
    for phone in scene.phones.values():
        phone.vanish()
    return scene


def heard(scene: Scene, caller: VirtualCaller) -> list[str]:
    """What was said to a caller since their menu."""
    leg = scene.floor.switch.legs[caller.leg]  # type: ignore[index]
    return [p.text for p in leg.heard[1:] if isinstance(p, Speak)]


# ------------------------------------------------------------------ ring-all


def test_everybody_rings_and_one_wins() -> None:
    """Three telephones; the first to pick up has the caller, the others stop ringing in the same step."""
    scene = Scene(("li", "wu", "yu"), strategy="ring_all")
    caller = scene.queued()
    assert scene.ringing() == ["li", "wu", "yu"]
    scene.run(3)
    scene.phones["wu"].answer()
    assert [m.reason for m in scene.floor.made(Rescind)] == ["answered_elsewhere"] * 2
    scene.run(0)
    assert (scene.ringing(), caller.hears) == (["wu"], scene.phones["wu"].leg)
    assert [scene.state(a) for a in ("li", "wu", "yu")] == ["available", "on_contact", "available"]
    caller.hang_up()
    scene.run(60)
    assert [(v.agent, v.outcome) for v in scene.record("S1").visits] == [("wu", "answered")]
    scene.is_quiet()


@pytest.mark.parametrize("first", ["li", "wu", "yu"])
def test_all_pick_up_in_the_same_moment(first: str) -> None:
    """Whoever the switch heard first; the others' legs are hung up, and they are free again."""
    scene = Scene(("li", "wu", "yu"), strategy="ring_all")
    caller = scene.queued()
    order = [first, *(a for a in scene.phones if a != first)]
    for agent in order:
        scene.phones[agent].answer()
        parts_agree(scene.floor.engine)
    scene.run(0)
    assert scene.ringing() == [first]
    assert scene.floor.engine.calls[S1].state.agent == first
    caller.hang_up()
    scene.run(60)
    scene.is_quiet()


def test_those_who_say_no_leave_the_others_ringing() -> None:
    """The last no sends the caller on: to wait, or back to the flow if nobody is left."""
    scene = Scene(("li", "wu"), strategy="ring_all")
    caller = scene.queued()
    scene.phones["li"].reject()
    scene.run(0)
    assert (scene.phase(caller), scene.ringing()) == ("offered", ["wu"])
    scene.phones["wu"].reject()
    scene.run(0)
    assert scene.phase(caller) == "ivr"
    caller.hang_up()
    scene.run(60)
    assert [v.outcome for v in scene.record("S1").visits] == ["refused"]
    scene.is_quiet()


def test_one_more_rings_after_the_other() -> None:
    """Until somebody picks up."""
    scene = Scene(("li", "wu", "yu"), strategy="ring_progressively", ring_next_s=4)
    scene.queued()
    rings = []
    for _ in range(3):
        rings.append(len(scene.ringing()))
        scene.run(4)
    assert rings == [1, 2, 3]


# ------------------------------------------------------------------ out of turn


def test_a_call_that_rings_at_a_colleague_is_picked_up() -> None:
    """抢接: the colleague's telephone stops, one's own picks up by itself, and they talk."""
    scene = Scene(("li", "wu"))
    caller = scene.queued()
    asked = scene.rung()
    other = "wu" if asked == "li" else "li"
    scene.tell(PickUpAsked(AgentId(other), S1))
    scene.run(0)
    assert [m.reason for m in scene.floor.made(Rescind)] == ["picked_up"]
    assert scene.floor.made(Ring)[-1].auto_answer
    assert (scene.phase(caller), scene.rung()) == ("talking", other)
    assert scene.state(asked) == "available"
    caller.hang_up()
    scene.run(60)
    scene.is_quiet()


def test_a_waiting_call_is_given_to_an_agent() -> None:
    """By a supervisor: it rings there, to be answered by hand."""
    scene = nobody_free("li", "wu")
    caller = scene.queued()
    scene.phones["wu"].register()
    scene.run(20)
    assert scene.state("wu") == "offered"
    scene.phones["li"].register()
    scene.tell(CallAssigned(S1, AgentId("li"), "boss"))
    scene.run(0)
    assert (scene.phase(caller), scene.rung()) == ("offered", "li")
    assert not scene.floor.made(Ring)[-1].auto_answer


def test_a_call_that_talks_is_nobodys_to_take() -> None:
    """The floor says why."""
    scene = Scene(("li", "wu"), answers_after_s=1)
    scene.queued()
    scene.run(5)
    scene.tell(PickUpAsked(AgentId("wu"), S1))
    assert scene.floor.made(Ignored)[-1].fact == "PickUpAsked"


# ------------------------------------------------------------------ words over the music


def test_callers_hear_their_place_and_when_it_gets_better() -> None:
    """At first and then periodically; between the words, music."""
    scene = nobody_free(announce=Announcements(5, 20))
    first, second = scene.queued(), scene.queued()
    scene.run(6)
    assert heard(scene, second) == ["You are number 2 in line."]
    assert second.hears.startswith("play:")
    scene.run(5)
    assert second.hears == "music"
    first.hang_up()
    scene.run(20)
    assert heard(scene, second) == ["You are number 2 in line.", "You are next in line."]
    assert len(scene.floor.made(Announce)) == 3


def test_an_agent_who_picks_up_cuts_the_words_short() -> None:
    """They talk; nothing is said over the conversation, and the place is no longer announced."""
    scene = nobody_free(announce=Announcements(5, 10))
    caller = scene.queued()
    scene.run(5)
    scene.phones["li"].register()
    scene.run(0)
    assert (scene.phase(caller), caller.hears[:5]) == ("offered", "play:")
    scene.phones["li"].answer()
    scene.run(0)
    assert caller.hears == scene.phones["li"].leg
    scene.run(60)
    assert caller.hears == scene.phones["li"].leg
    assert len(heard(scene, caller)) == 1


def test_words_are_in_the_callers_language() -> None:
    """As their flow set it."""
    scene = nobody_free(announce=Announcements(5, 0))
    caller = scene.queued()
    scene.floor.engine.sessions[S1].state.variables["language"] = "en"
    scene.run(6)
    leg = scene.floor.switch.legs[caller.leg]  # type: ignore[index]
    assert isinstance(leg.heard[-1], Speak) and leg.heard[-1].language == "en"


# ------------------------------------------------------------------ on and back


TO_LOANS = (Step((Condition("wait", ">=", 8.0),), (Operation("to_queue", "loans"),)),)


def test_a_call_overflows_to_another_queue_and_its_agent() -> None:
    """Two visits, one wait; the music never stops, and the place is that of the first queue."""
    scene = nobody_free("li", "yu", more={"loans": ("yu",)}, recipe=TO_LOANS)
    caller = scene.queued()
    began = scene.floor.clock.now
    scene.run(9)
    assert [(m.queue, m.target) for m in scene.floor.made(Overflow)] == [(SALES, "loans")]
    assert (scene.phase(caller), caller.hears) == ("waiting", "music")
    assert scene.floor.engine.floor.state.calls["S1"].since <= began
    scene.phones["yu"].register()
    scene.run(1)
    (offer,) = scene.floor.made(Offer)
    assert (offer.queue, offer.agent, offer.why.waited_s) == ("loans", "yu", pytest.approx(9.1, abs=0.2))
    scene.phones["yu"].answer()
    scene.run(5)
    caller.hang_up()
    scene.run(60)
    record = scene.record("S1")
    assert [(v.queue, v.outcome) for v in record.visits] == [(SALES, "overflowed"), ("loans", "answered")]
    assert record.wait_us == sum(v.left - v.entered for v in record.visits)
    scene.is_quiet()


def test_a_call_that_rings_is_not_moved() -> None:
    """It overflows if nobody takes it."""
    scene = Scene(("li",), more={"loans": ("li",)}, recipe=TO_LOANS)
    scene.queued()
    scene.run(12)
    assert scene.state("li") == "offered"
    assert not scene.floor.made(Overflow)


def test_a_queue_is_closed_in_an_emergency() -> None:
    """Waiting callers are told why and the call ends; who talks is left alone; new callers are told too."""
    scene = Scene(("li",), answers_after_s=1)
    talks = scene.queued()
    scene.run(3)
    waits = scene.queued()
    scene.tell(QueueClosed(SALES, "There was a fire alarm.", "boss"))
    assert heard(scene, waits) == ["There was a fire alarm."]
    assert (scene.phase(talks), scene.phase(waits)) == ("talking", "ivr")
    scene.run(5)
    assert scene.record("S2").outcome == "closed"
    assert [v.outcome for v in scene.record("S2").visits] == ["refused"]
    later = scene.queued()
    assert heard(scene, later) == ["There was a fire alarm."]
    scene.tell(QueueOpened(SALES, "boss"))
    scene.run(5)
    assert scene.phase(scene.queued()) == "waiting"


@pytest.mark.parametrize(
    ("act", "outcome", "visit"),
    [("to_voicemail", "voicemail", "voicemail"), ("hang_up", "closed", "overflowed")],
)
def test_a_recipe_ends_the_wait(act: Any, outcome: str, visit: str) -> None:
    """With a message, or a good-bye."""
    scene = nobody_free(recipe=(Step((Condition("wait", ">=", 3.0),), (Operation(act),)),))
    caller = scene.queued()
    scene.run(30)
    caller.hang_up()
    scene.run(1)
    assert scene.record("S1").outcome == outcome
    assert [v.outcome for v in scene.record("S1").visits] == [visit]
    scene.is_quiet()


def test_a_recipe_sends_the_call_to_a_flow() -> None:
    """Here back to the first node of its own: it asks again."""
    scene = nobody_free(recipe=(Step((Condition("wait", ">=", 3.0),), (Operation("to_flow", "small"),)),))
    caller = scene.queued()
    scene.run(4)
    assert scene.phase(caller) == "ivr"
    assert heard(scene, caller) == ["For sales press one or leave a message with two."]
    caller.press("1")
    scene.run(1)
    assert scene.phase(caller) == "waiting"


# ------------------------------------------------------------------ priority


def test_a_caller_who_is_named_late_goes_before_those_who_are_worth_less() -> None:
    """The records answer while the call waits; the order changes at once."""
    scene = nobody_free()
    scene.floor._look_up = lambda question: CallerIdentified(question.call, "failed")
    first, second = scene.queued(), scene.queued()
    gold = CallerIdentified(CallId("S2"), "one", CustomerId("k"), "Wu", TierId("gold"), 50.0)
    scene.tell(gold)
    assert scene.floor.engine.floor.state.calls["S2"].base == 50.0
    scene.phones["li"].register()
    scene.run(0)
    assert (scene.phase(first), scene.phase(second)) == ("waiting", "offered")
    assert scene.floor.made(Offer)[-1].why.priority >= 50.0
