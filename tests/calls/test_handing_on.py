"""Callers are handed on, on the real floor and the simulated switch: nobody is dropped, times are right."""

import pytest

from domain.calls import Ignored
from domain.desk import HoldAsked, ResumeAsked, TransferAsked, WrapUpEnded
from domain.floor import AgentChanged, Offer, QueueChanged
from domain.ids import AgentId, CallId, LegId
from domain.switch import Ring
from telephony.simulated import VirtualCaller
from tests.calls.floor import SALES, Scene

LI, WU, YU = AgentId("li"), AgentId("wu"), AgentId("yu")
S1 = CallId("S1")
OUTSIDE = "+861082345678"


def talking(scene: Scene) -> tuple[VirtualCaller, str]:
    """A caller who talks, and with whom."""
    before = scene.ringing()
    caller = scene.queued()
    (agent,) = set(scene.ringing()) - set(before)
    scene.phones[agent].answer()
    scene.run(20)
    assert scene.phase(caller) == "talking"
    return caller, agent


def two_queues() -> Scene:
    return Scene(("li", "yu"), more={"loans": ("yu",)})


def test_to_a_queue_and_on_with_its_agent() -> None:
    """The first agent wraps up at once, the second has the caller; each visit has its own time."""
    scene = Scene(("li",), more={"loans": ()})
    caller, agent = talking(scene)
    scene.tell(HoldAsked(LI, S1))
    scene.run(5)
    scene.tell(ResumeAsked(LI, S1))
    scene.run(5)
    scene.tell(TransferAsked(LI, S1, "queue", "loans"))
    # Nobody of that queue is there: its flow offers a message.
    assert (scene.phase(caller), scene.state("li")) == ("ivr", "wrap_up")
    caller.hang_up()
    scene.run(60)
    record = scene.record("S1")
    assert [(v.queue, v.outcome, v.agent) for v in record.visits] == [
        (SALES, "answered", agent),
        ("loans", "refused", None),
    ]
    assert [(v.talk_us, v.hold_us) for v in record.visits] == [(25_000_000, 5_000_000), (0, 0)]
    scene.is_quiet()


def test_to_a_queue_whose_agent_takes_it() -> None:
    """Two answered visits; the caller hears music between, and the place of their first wait is kept."""
    scene = two_queues()
    scene.phones["yu"].vanish()  # so that li is asked first
    caller, agent = talking(scene)
    scene.phones["yu"].register()
    began = scene.floor.engine.calls[S1].state.queued_since
    assert agent == "li"
    scene.tell(TransferAsked(LI, S1, "queue", "loans"))
    assert (scene.phase(caller), caller.hears, scene.rung()) == ("offered", "music", "yu")
    assert scene.state("li") == "wrap_up"
    assert scene.floor.engine.floor.state.calls["S1"].since == began
    scene.run(3)
    scene.phones["yu"].answer()
    scene.run(30)
    assert caller.hears == scene.phones["yu"].leg
    scene.phones["yu"].hang_up()
    scene.run(60)
    record = scene.record("S1")
    assert [(v.queue, v.outcome, v.agent) for v in record.visits] == [
        (SALES, "answered", LI),
        ("loans", "answered", YU),
    ]
    assert [v.talk_us for v in record.visits] == [20_000_000, 30_000_000]
    assert (record.outcome, record.agent, record.queue) == ("answered", YU, "loans")
    assert [m.transferred for m in scene.floor.made(AgentChanged) if m.agent == LI][-1] == 1
    sales = [m for m in scene.floor.made(QueueChanged) if m.queue == SALES][-1]
    assert (sales.answered, sales.transferred) == (1, 1)
    scene.is_quiet()


def test_to_a_queue_nobody_knows() -> None:
    """The flow deals with it: the caller is asked for a message."""
    scene = Scene(("li",))
    caller, _ = talking(scene)
    scene.tell(TransferAsked(LI, S1, "queue", "nowhere"))
    scene.run(3)
    assert scene.phase(caller) == "message"
    caller.hang_up()
    scene.run(60)
    assert [v.outcome for v in scene.record("S1").visits] == ["answered", "refused"]
    scene.is_quiet()


def test_to_an_agent() -> None:
    """Through the queue: whoever is asked for is rung first, and alone."""
    scene = Scene(("li", "wu", "yu"))
    caller, agent = talking(scene)
    other = "yu" if agent != "yu" else "wu"
    before = len(scene.floor.steps)
    scene.tell(TransferAsked(AgentId(agent), S1, "agent", other))
    assert scene.rung() == other
    scene.phones[other].answer()
    scene.run(10)
    assert (scene.phase(caller), scene.floor.engine.calls[S1].state.agent) == ("talking", other)
    assert [m.agent for m in scene.since(before, Offer)] == [other]
    caller.hang_up()
    scene.run(60)
    assert [v.agent for v in scene.record("S1").visits] == [agent, other]
    scene.is_quiet()


def test_to_an_agent_who_is_busy_waits_for_them_a_while() -> None:
    """Then anybody may take the call."""
    scene = Scene(("li", "wu", "yu"), wrap_up_s=1)
    first, one = talking(scene)
    second, two = talking(scene)
    scene.tell(TransferAsked(AgentId(two), CallId("S2"), "agent", one))
    scene.run(30)
    assert scene.phase(second) == "waiting"
    scene.run(40)
    assert scene.phase(second) == "offered"
    first.hang_up()
    second.hang_up()
    scene.run(60)
    scene.is_quiet()


def test_to_a_number_that_answers() -> None:
    """Music, then the outside party; the agent is free long before the call is over."""
    scene = Scene(("li",))
    home = scene.at_home(OUTSIDE)
    caller, _ = talking(scene)
    scene.tell(TransferAsked(LI, S1, "number", OUTSIDE))
    assert (scene.phase(caller), caller.hears, scene.state("li")) == ("dialling", "music", "wrap_up")
    scene.run(6)
    home.answer()
    scene.run(100)
    assert (scene.phase(caller), caller.hears, scene.state("li")) == ("talking", home.leg, "available")
    home.hang_up()
    scene.run(60)
    record = scene.record("S1")
    assert (record.outcome, record.transferred_to, record.ended_by) == ("transferred", OUTSIDE, "outside")
    assert record.talk_us == record.visits[0].talk_us == 20_000_000
    scene.is_quiet()


@pytest.mark.parametrize("how", ["nobody knows it", "it is rejected", "it rings and rings"])
def test_to_a_number_that_does_not_answer(how: str) -> None:
    """The caller is first in the queue they came from, before those who waited longer."""
    scene = Scene(("li",), wrap_up_s=100)
    caller, _ = talking(scene)
    waits = scene.queued()
    if how != "nobody knows it":
        scene.at_home(OUTSIDE)
    scene.tell(TransferAsked(LI, S1, "number", OUTSIDE))
    scene.run(2)
    if how == "it is rejected":
        scene.floor.switch.end(scene.at_home(OUTSIDE).leg or LegId(""), "rejected")
    scene.run(60)
    assert (scene.phase(caller), scene.phase(waits), caller.hears) == ("waiting", "waiting", "music")
    scene.tell(WrapUpEnded(LI))
    assert (scene.phase(caller), scene.phase(waits)) == ("offered", "waiting")
    scene.phones["li"].answer()
    scene.run(1)
    assert (scene.phase(caller), scene.phase(waits)) == ("talking", "waiting")
    caller.hang_up()
    waits.hang_up()
    scene.run(120)
    assert scene.record("S1").transferred_to == ""
    scene.is_quiet()


def test_only_who_has_the_caller_hands_them_on() -> None:
    """Another's wish is told why it means nothing."""
    scene = Scene()
    _, agent = talking(scene)
    other = "wu" if agent == "li" else "li"
    scene.tell(TransferAsked(AgentId(other), S1, "queue", SALES))
    scene.tell(TransferAsked(AgentId(agent), CallId("S9"), "queue", SALES))
    assert [m.fact for m in scene.floor.made(Ignored)] == ["TransferAsked", "TransferAsked"]
    assert scene.rung() == agent


def test_a_caller_who_is_handed_on_and_on() -> None:
    """From one to the other and back: every stay is a visit, every agent wraps up, one record."""
    scene = Scene(("li", "wu"), wrap_up_s=5)
    caller, agent = talking(scene)
    agents = [agent]
    for _ in range(3):
        other = "wu" if agents[-1] == "li" else "li"
        scene.run(6)
        scene.tell(TransferAsked(AgentId(agents[-1]), S1, "agent", other))
        scene.run(1)
        scene.phones[other].answer()
        scene.run(1)
        agents.append(other)
    caller.hang_up()
    scene.run(60)
    record = scene.record("S1")
    assert [v.agent for v in record.visits] == agents
    assert sum(v.talk_us for v in record.visits) == record.talk_us
    assert len(scene.floor.made(Ring)) == 4
    scene.is_quiet()


def test_an_agent_may_end_their_wrap_up_and_have_the_caller_again() -> None:
    """Who handed the caller to their own queue is a member of it like any other."""
    scene = Scene(("li",))
    caller, _ = talking(scene)
    scene.tell(TransferAsked(LI, S1, "queue", SALES))
    assert scene.phase(caller) == "waiting"
    scene.tell(WrapUpEnded(LI))
    assert (scene.phase(caller), scene.rung()) == ("offered", "li")
    caller.hang_up()
    scene.run(60)
    assert scene.record("S1").outcome == "abandoned"
    scene.is_quiet()
