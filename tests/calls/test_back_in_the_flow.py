"""Flows that hand their caller over, or have them back from the agent, on the real floor."""

import pytest

from calls.machine import DIAL_S
from domain.calls import CallbackChosen, CallChanged, Ignored
from domain.config import CallbackRules, Condition, Operation, Step
from domain.desk import HangUpAsked, TransferAsked
from domain.floor import AgentChanged
from domain.flow import Mark
from domain.ids import AgentId, CallId
from telephony.simulated import VirtualCaller
from tests.calls.floor import Scene
from tests.calls.wishes import OUTSIDE

LI, S1 = AgentId("li"), CallId("S1")


def talking(scene: Scene, keys: str = "1") -> VirtualCaller:
    """A caller of the flow of wishes with an agent."""
    caller = scene.wishes(keys)
    scene.phones[scene.rung()].answer()
    scene.run(20)
    assert scene.phase(caller) == "talking"
    return caller


# ------------------------------------------------------------------ after the agent


@pytest.mark.parametrize("by_page", [True, False], ids=["in the page", "by telephone"])
def test_the_agent_wraps_up_while_the_caller_is_asked(by_page: bool) -> None:
    """The agent's time is the conversation's; the survey is the flow's, and its answer is in the record."""
    scene = Scene(("li",), wrap_up_s=5)
    caller = talking(scene)
    scene.tell(HangUpAsked(LI, S1)) if by_page else scene.phones["li"].hang_up()
    scene.run(0.1)
    assert (scene.phase(caller), scene.state("li")) == ("survey", "wrap_up")
    assert (caller.ended, caller.hears.startswith("play:")) == (None, True)
    assert not scene.ringing()
    scene.run(10)
    assert scene.state("li") == "available"
    scene.press(caller, "69")
    record = scene.record("S1")
    assert (record.outcome, record.ended_by, record.agent) == ("answered", "flow", LI)
    assert (record.talk_us, record.marks) == (20_000_000, {"purpose": "enquiry"})
    assert [m.contact_us for m in scene.floor.made(AgentChanged) if m.agent == LI][-1] == 20_000_000
    assert [m.phase for m in scene.floor.made(CallChanged)][-2:] == ["survey", "ended"]
    scene.is_quiet()


def test_another_caller_is_served_meanwhile() -> None:
    """Who is asked how it was keeps no agent from the next."""
    scene = Scene(("li",), wrap_up_s=1)
    first = talking(scene)
    scene.phones["li"].hang_up()
    scene.run(2)
    second = talking(scene)
    assert (scene.phase(first), scene.phase(second)) == ("survey", "talking")
    second.hang_up()
    first.hang_up()
    scene.run(5)
    assert {r.outcome for r in scene.records()} == {"answered"}
    scene.is_quiet()


def test_a_caller_who_hung_up_is_not_asked() -> None:
    """There is nobody to ask."""
    scene = Scene(("li",))
    talking(scene).hang_up()
    scene.run(60)
    assert (scene.record("S1").outcome, scene.record("S1").ended_by) == ("answered", "caller")
    assert "survey" not in [m.phase for m in scene.floor.made(CallChanged)]
    scene.is_quiet()


def test_handed_on_they_are_asked_after_the_last_agent() -> None:
    """Once."""
    scene = Scene(("li", "wu"), wrap_up_s=5)
    caller = talking(scene)
    first = scene.rung()
    other = "wu" if first == "li" else "li"
    scene.tell(TransferAsked(AgentId(first), S1, "agent", other))
    assert scene.phase(caller) == "offered"
    scene.phones[other].answer()
    scene.run(5)
    scene.phones[other].hang_up()
    scene.run(1)
    assert scene.phase(caller) == "survey"
    caller.hang_up()
    scene.run(60)
    assert [m.phase for m in scene.floor.made(CallChanged)].count("survey") == 1
    assert [v.agent for v in scene.record("S1").visits] == [first, other]
    scene.is_quiet()


def test_handed_to_a_number_they_are_asked_nothing() -> None:
    """The last who had them was nobody of ours."""
    scene = Scene(("li",), wrap_up_s=5)
    home = scene.at_home(OUTSIDE)
    caller = talking(scene)
    scene.tell(TransferAsked(LI, S1, "number", OUTSIDE))
    home.answer()
    scene.run(1)
    home.hang_up()
    scene.run(60)
    assert scene.phase(caller) == "gone"
    assert scene.record("S1").outcome == "transferred"
    scene.is_quiet()


def test_a_callback_has_no_flow_to_come_back_to() -> None:
    """Nobody is left in silence after the agent has hung up."""
    proposes = (Step((Condition("wait", ">=", 5.0),), (Operation("offer_callback"),)),)
    callback = CallbackRules(quiet=("00:00", "00:00"))
    scene = Scene(("li",), wrap_up_s=1, recipe=proposes, callback=callback)
    first = scene.queued()
    scene.phones["li"].answer()
    home = scene.at_home("+8613800000001")
    waits = scene.wishes("1")
    scene.run(6)
    scene.tell(CallbackChosen(waits.call or S1, "+8613800000001"))
    waits.hang_up()
    first.hang_up()
    scene.run(3)
    scene.phones["li"].answer()
    scene.run(1)
    home.answer()
    scene.run(20)
    scene.phones["li"].hang_up()
    scene.run(60)
    back = [r for r in scene.records() if r.direction == "out"]
    assert [(r.outcome, r.ended_by) for r in back] == [("answered", "agent")]
    assert "survey" not in [m.phase for m in scene.floor.made(CallChanged)]
    scene.is_quiet()


def test_a_flow_with_nothing_to_say_leaves_nobody_in_silence() -> None:
    """The call ends, answered as it was."""
    scene = Scene(("li",), wrap_up_s=1)
    caller = talking(scene)
    scene.floor.engine.sessions[S1].handle = lambda fact, now: []  # type: ignore[method-assign]
    scene.phones["li"].hang_up()
    scene.run(1)
    assert (scene.phase(caller), caller.ended) == ("gone", "told")
    assert scene.record("S1").outcome == "answered"
    scene.run(60)
    scene.is_quiet()


# ------------------------------------------------------------------ to a number


def test_a_flow_hands_its_caller_to_a_number() -> None:
    """Music, then the outside party; no agent and no queue had to do with it."""
    scene = Scene(("li",))
    home = scene.at_home(OUTSIDE)
    caller = scene.wishes("4")
    assert (scene.phase(caller), caller.hears) == ("dialling", "music")
    scene.run(5)
    home.answer()
    scene.run(30)
    assert (scene.phase(caller), caller.hears) == ("talking", home.leg)
    home.hang_up()
    scene.run(1)
    record = scene.record("S1")
    assert (record.outcome, record.transferred_to, record.ended_by) == ("transferred", OUTSIDE, "outside")
    assert (record.agent, record.visits) == (None, ())
    scene.is_quiet()


@pytest.mark.parametrize("how", ["nobody knows it", "it rings and rings"])
def test_a_flow_goes_on_when_its_number_is_not_reached(how: str) -> None:
    """The caller hears the flow again, and may wish something else."""
    scene = Scene(("li",))
    if how == "it rings and rings":
        scene.at_home(OUTSIDE)
    caller = scene.wishes("0" if how == "nobody knows it" else "4")
    scene.run(DIAL_S + 1 if how == "it rings and rings" else 1)
    assert scene.phase(caller) == "ivr"
    scene.press(caller, "69")
    record = scene.record("S1")
    assert (record.outcome, record.transferred_to) == ("self_served", "")
    assert record.marks == {"purpose": "enquiry"}
    scene.is_quiet()


def test_a_restart_while_the_number_rings() -> None:
    """The leg that was dialled is gone, the caller is still there: the flow goes on."""
    scene = Scene(("li",))
    home = scene.at_home(OUTSIDE)
    caller = scene.wishes("4")
    scene.run(1)
    del scene.floor.switch.legs[home.leg]  # type: ignore[arg-type]
    scene.restart(crash=True)
    assert scene.phase(caller) == "ivr"
    caller.hang_up()
    scene.run(1)
    scene.is_quiet()


def test_a_restart_in_the_survey() -> None:
    """Whose caller is there goes on; whose caller is gone was answered."""
    scene = Scene(("li", "wu"), wrap_up_s=1)
    one = talking(scene)
    scene.phones[scene.rung()].hang_up()
    scene.run(5)
    two = talking(scene)
    scene.phones[scene.rung()].hang_up()
    scene.run(1)
    assert (scene.phase(one), scene.phase(two)) == ("survey", "survey")
    del scene.floor.switch.legs[two.leg]  # type: ignore[arg-type]
    scene.restart(crash=True)
    assert (scene.phase(one), scene.phase(two)) == ("survey", "gone")
    assert (scene.record("S2").outcome, scene.record("S2").ended_by) == ("answered", "platform")
    scene.press(one, "69")
    assert scene.record("S1").marks == {"purpose": "enquiry"}
    scene.run(60)
    scene.is_quiet()


def test_a_mark_that_is_too_much_is_not_told_as_one() -> None:
    """It is ignored with the reason, and the story does not say otherwise."""
    scene = Scene(("li",))
    caller = scene.wishes("6")
    state = scene.floor.engine.calls[S1].state
    state.marks.update({f"tag {n}": "x" for n in range(31)})
    del state.marks["purpose"]
    state.marks["tag 31"] = "x"
    before = len(scene.floor.steps)
    scene.press(caller, "6")
    assert not scene.since(before, Mark)
    assert [m.fact for m in scene.since(before, Ignored)] == ["Mark"]
