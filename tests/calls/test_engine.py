"""The engine, as transcripts over the real floor, a short flow and the simulated switch."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calls.engine import Engine, _Alarms
from calls.machine import RECONNECT_S
from domain.calls import CallChanged, CallFinished, Ignored, WrapUpNoted
from domain.codec import dumps, loads
from domain.crm import CallerIdentified
from domain.desk import (
    CallbackAsked,
    CallbackCancelled,
    CallNoted,
    DialAsked,
    HangUpAsked,
    HoldAsked,
    PickUpAsked,
    QueueOpened,
    ResumeAsked,
    TransferAsked,
    WrapUpEnded,
)
from domain.floor import AgentChanged, Offer, QueueChanged, Rescind, WrapUpDone
from domain.flow import LookUpCustomer
from domain.ids import AgentId, CallId, DeviceId, LegId
from domain.instant import Instant, after
from domain.switch import (
    Answer,
    CallArrived,
    Cancel,
    Connect,
    DeviceDown,
    DeviceUp,
    DigitPressed,
    HangUp,
    Hold,
    LegAnswered,
    LegEnded,
    LegRinging,
    Music,
    Play,
    PlayEnded,
    Ring,
    StopPlay,
    SwitchReady,
)
from telephony.simulated import VirtualCaller
from tests.calls.agree import parts_agree
from tests.calls.facts import FACTS
from tests.calls.floor import NUMBER, SALES, START, Scene, configuration, look_up, make_engine

C, LEG, RUNG = CallId("S1"), LegId("S1"), LegId("S1.1")
LI, WU = AgentId("li"), AgentId("wu")
VIEWS = (AgentChanged, QueueChanged, CallChanged)


def heard(made: list[Any]) -> list[Any]:
    """What is not just a picture for pages."""
    return [m for m in made if not isinstance(m, VIEWS)]


def phases(made: list[Any]) -> list[str]:
    """The states pages are shown, in order."""
    return [
        f"{m.agent} {m.state}" if isinstance(m, AgentChanged) else m.phase
        for m in made
        if isinstance(m, AgentChanged | CallChanged)
    ]


# ------------------------------------------------------------------ a whole call


def test_a_call_from_ring_to_wrap_up() -> None:
    """Each fact leads to exactly these intents, with the flow, the queue and the agents in between."""
    scene = Scene(("li",))
    engine, now = scene.floor.engine, scene.floor.clock.now

    def fact(item: Any) -> list[Any]:
        nonlocal now
        now = after(now, 1)
        return heard(engine.handle(item, now))

    assert fact(CallArrived(C, LEG, "+8613800000001", NUMBER)) == [Answer(LEG)]
    assert fact(LegAnswered(LEG)) == [LookUpCustomer(C, "+8613800000001")]
    (menu,) = fact(look_up(LookUpCustomer(C, "+8613800000001")))
    assert isinstance(menu, Play) and menu.leg == LEG
    assert fact(PlayEnded(LEG, menu.play)) == []
    music, offer, ring = fact(DigitPressed(LEG, "1"))
    assert music == Music(LEG)
    assert isinstance(offer, Offer) and (offer.agent, offer.call) == (LI, C)
    assert [c.agent for c in offer.why.candidates] == [LI]
    assert ring == Ring(RUNG, DeviceId("desk-li"), C, "+8613800000001")
    assert fact(LegRinging(RUNG)) == []
    assert fact(LegAnswered(RUNG)) == [Connect(LEG, RUNG)]
    assert fact(HoldAsked(LI, C)) == [Hold(LEG)]
    assert fact(ResumeAsked(LI, C)) == [Connect(LEG, RUNG)]
    hang_up_both = fact(HangUpAsked(LI, C))
    assert hang_up_both[:2] == [HangUp(LEG), HangUp(RUNG)]
    (finished,) = hang_up_both[2:]
    record = finished.record
    assert (record.outcome, record.ended_by, record.digits) == ("answered", "agent", "1")
    assert (record.customer, record.tier, record.agent) == ("k1", "gold", "li")
    assert (record.wait_us, record.talk_us, record.hold_us) == (2_000_000, 2_000_000, 1_000_000)
    assert scene.state("li") == "wrap_up"
    assert fact(CallNoted(LI, C, "enquiry", "rate")) == [WrapUpNoted(C, LI, "enquiry", "rate")]
    assert fact(WrapUpEnded(LI)) == [WrapUpDone(offer.offer, C, LI, SALES, Instant(2_000_000))]
    assert scene.state("li") == "available"
    assert not engine.calls and not engine.sessions


def test_what_a_fact_leads_to_is_settled_before_what_came_after() -> None:
    """The floor has taken note of the pick-up before pages see the call talk, and of its end likewise."""
    scene = Scene(("li",))
    scene.queued()
    engine, now = scene.floor.engine, scene.floor.clock.now
    assert phases(engine.handle(LegAnswered(RUNG), now)) == ["li on_contact", "talking"]
    made = engine.handle(LegEnded(RUNG, "hangup"), after(now, 5))
    assert phases(made) == ["li wrap_up", "ended"]
    assert isinstance(made[-1], CallFinished)


def test_an_agent_who_gets_free_gets_the_next_call_in_the_same_step() -> None:
    """One fact, the end of a wrap-up, and the caller who waited is offered and rung."""
    scene = Scene(("li",), answers_after_s=1)
    first, second = scene.queued(), scene.queued()
    scene.run(5)
    first.hang_up()
    scene.run(1)
    assert (scene.phase(second), scene.state("li")) == ("waiting", "wrap_up")
    made = scene.floor.engine.handle(WrapUpEnded(LI), scene.floor.clock.now)
    assert [type(m) for m in heard(made)] == [WrapUpDone, Offer, Ring]


def test_a_late_answer_of_the_records_still_names_the_caller() -> None:
    """The pages of a waiting call learn the name when it comes."""
    scene = Scene(("li",))
    caller = scene.queued()
    made = scene.floor.engine.handle(CallerIdentified(C, "many"), scene.floor.clock.now)
    assert [m.match for m in made if isinstance(m, CallChanged)] == ["many"]
    assert scene.phase(caller) == "offered"


@pytest.mark.parametrize(
    "fact",
    [
        LegEnded(LegId("S9"), "hangup"),
        DigitPressed(LegId("S9.1"), "1"),
        HoldAsked(LI, CallId("S9")),
        CallerIdentified(CallId("S9"), "none"),
        CallArrived(C, LEG, "x", "y"),
        TransferAsked(LI, CallId("S9"), "queue", SALES),
        PickUpAsked(LI, CallId("S9")),
        DialAsked(LI, C, "+86138"),
        DialAsked(LI, CallId("D.1"), "+86138"),
        CallbackAsked(C, SALES, "+86138", START, "boss"),
        CallbackCancelled(C, "boss"),
        QueueOpened(SALES, "boss"),
    ],
)
def test_facts_about_nothing_are_ignored(fact: Any) -> None:
    """They are answered by one ``Ignored`` with a reason and change nothing."""
    scene = Scene(("li",))
    scene.queued()
    engine = scene.floor.engine
    before = dumps(engine.state)
    (ignored,) = engine.handle(fact, engine.now)
    assert isinstance(ignored, Ignored) and ignored.why
    assert dumps(engine.state) == before


@pytest.mark.parametrize(("call", "leg"), [("S9", "S8"), ("S9", "S9.1"), ("S.9", "S.9")])
def test_a_leg_is_named_after_its_call(call: str, leg: str) -> None:
    """An arrival that breaks the rule is hung up, as none of its facts could find their call."""
    made = make_engine().handle(CallArrived(CallId(call), LegId(leg), "x", "y"), START)
    assert made[0] == HangUp(LegId(leg))
    assert isinstance(made[1], Ignored)


# ------------------------------------------------------------------ crossings


def test_picked_up_just_as_it_was_taken_back() -> None:
    """The deadline wins: the late pick-up is hung up and the next agent has the caller."""
    scene = Scene()
    caller = scene.queued()
    slow = scene.rung()
    deadline = scene.floor.made(Offer)[-1].deadline
    late = scene.phones[slow]
    # Rings after the floor's own alarm of that instant and before the Cancel reaches the telephone.
    scene.floor.clock.call_at(deadline, lambda: scene.floor.clock.call_later(0, late.answer))
    scene.floor.clock.run_until(deadline)
    assert [m.reason for m in scene.floor.made(Rescind)] == ["timed_out"]
    scene.run(1)
    assert late.leg not in scene.floor.switch.legs
    assert scene.phase(caller) == "offered"
    assert scene.rung() != slow
    scene.phones[scene.rung()].answer()
    scene.run(1)
    assert scene.phase(caller) == "talking"
    caller.hang_up()
    scene.run(60)
    scene.is_quiet()


def test_a_stale_pick_up_never_joins_the_conversation() -> None:
    """Two telephones answer: the one whose offer stands is connected, the other is hung up."""
    scene = Scene()
    scene.queued()
    engine = scene.floor.engine
    now = after(scene.floor.clock.now, 15)
    made = engine.wake(now)
    assert [m.leg for m in made if isinstance(m, Cancel)] == [RUNG]
    assert [m.leg for m in made if isinstance(m, Ring)] == ["S1.2"]
    assert heard(engine.handle(LegAnswered(LegId("S1.2")), now)) == [Connect(LEG, LegId("S1.2"))]
    assert engine.handle(LegAnswered(RUNG), now) == [HangUp(RUNG)]


def to_menu(scene: Scene) -> VirtualCaller:
    return scene.dial()


def to_waiting(scene: Scene) -> VirtualCaller:
    for agent in scene.phones:
        scene.phones[agent].vanish()
    return scene.queued()


def to_ringing(scene: Scene) -> VirtualCaller:
    return scene.queued()


def to_talking(scene: Scene) -> VirtualCaller:
    caller = scene.queued()
    scene.phones[scene.rung()].answer()
    scene.run(1)
    return caller


def to_held(scene: Scene) -> VirtualCaller:
    caller = to_talking(scene)
    scene.tell(HoldAsked(AgentId(scene.rung()), caller.call or C))
    return caller


def to_reconnecting(scene: Scene) -> VirtualCaller:
    caller = to_talking(scene)
    scene.phones[scene.rung()].vanish()
    scene.run(1)
    return caller


def to_message(scene: Scene) -> VirtualCaller:
    caller = scene.dial()
    caller.press("2")
    scene.run(2)
    return caller


def to_dialling(scene: Scene) -> VirtualCaller:
    caller = to_talking(scene)
    scene.at_home("+861082345678")
    scene.tell(TransferAsked(AgentId(scene.rung()), caller.call or C, "number", "+861082345678"))
    return caller


def to_transferred(scene: Scene) -> VirtualCaller:
    caller = to_dialling(scene)
    scene.at_home("+861082345678").answer()
    scene.run(1)
    return caller


STEPS = {
    "ivr": to_menu,
    "waiting": to_waiting,
    "offered": to_ringing,
    "talking": to_talking,
    "held": to_held,
    "reconnecting": to_reconnecting,
    "message": to_message,
    "dialling": to_dialling,
    "transferred": to_transferred,
}


@pytest.mark.parametrize("step", STEPS)
def test_the_caller_hangs_up_at_any_step(step: str) -> None:
    """No agent is stuck, no leg is up, the call is finished once."""
    scene = Scene()
    caller = STEPS[step](scene)
    assert scene.phase(caller) == ("talking" if step == "transferred" else step)
    parts_agree(scene.floor.engine)
    caller.hang_up()
    scene.run(120)
    scene.is_quiet()
    (record,) = scene.records()
    contact = step in ("talking", "held", "reconnecting")
    own = {"message": "voicemail", "transferred": "transferred"}
    assert record.outcome == own.get(step, "answered" if contact else "abandoned")


def test_the_caller_hangs_up_while_being_connected() -> None:
    """The pick-up and the end of the caller cross: the agent's leg is taken down and their wrap-up begins."""
    scene = Scene(("li",))
    caller = scene.queued()
    scene.phones["li"].answer()
    caller.hang_up()  # before the Connect is carried out
    scene.run(0.1)
    assert scene.state("li") == "wrap_up"
    scene.run(60)
    scene.is_quiet()


def test_the_caller_hangs_up_before_the_phone_is_picked_up() -> None:
    """The arrival and its end in one instant leave nothing behind."""
    scene = Scene()
    caller = scene.floor.switch.dial("+86", NUMBER)
    caller.hang_up()
    scene.run(60)
    scene.is_quiet()


# ------------------------------------------------------------------ a lost agent leg


@pytest.mark.parametrize("back_after_s", [0.2, 5, RECONNECT_S - 0.2])
def test_a_reloaded_page_gets_its_call_back(back_after_s: float) -> None:
    """Music meanwhile; once the device registers again it is rung, answers by itself and they talk on."""
    scene = Scene()
    caller = to_talking(scene)
    agent = scene.rung()
    scene.phones[agent].vanish()
    scene.run(0.1)
    assert (scene.phase(caller), caller.hears) == ("reconnecting", "music")
    scene.run(back_after_s - 0.1)
    scene.phones[agent].register()
    scene.run(0.1)
    assert scene.phones[agent].rung[-1].auto_answer
    assert (scene.phase(caller), scene.rung()) == ("talking", agent)
    assert caller.hears == scene.phones[agent].leg
    scene.run(30)
    assert scene.phase(caller) == "talking"
    assert len(scene.phones[agent].rung) == 2
    caller.hang_up()
    scene.run(120)
    scene.is_quiet()


def test_a_page_that_is_back_before_its_loss_was_noticed_is_rung_at_once() -> None:
    """DeviceUp came first; the lost leg alone is enough to ring again, once."""
    scene = Scene()
    caller = to_talking(scene)
    agent = scene.rung()
    scene.tell(DeviceUp(scene.phones[agent].device))
    before = len(scene.floor.steps)
    scene.floor.switch.end(scene.phones[agent].leg or LegId(""), "lost")
    scene.run(0.1)
    assert [r.auto_answer for r in scene.since(before, Ring)] == [True]
    assert (scene.phase(caller), scene.rung()) == ("talking", agent)


def test_a_device_that_only_seems_to_be_back_is_not_rung_without_end() -> None:
    """Its leg is lost, the ring finds nobody: the floor waits for it to register instead of ringing on."""
    scene = Scene()
    caller = to_talking(scene)
    agent = scene.rung()
    phone = scene.phones[agent]
    del scene.floor.switch.registered[phone.device]  # dead, and the registrar has not noticed
    before = len(scene.floor.steps)
    scene.floor.switch.end(phone.leg or LegId(""), "lost")
    scene.run(10)
    assert len(scene.since(before, Ring)) == 1
    assert scene.phase(caller) == "reconnecting"
    phone.register()
    scene.run(0.1)
    assert scene.phase(caller) == "talking"


def test_an_agent_who_does_not_come_back_loses_the_call_to_the_next() -> None:
    """After 20 s the caller stands at the head of the queue, before those who waited longer."""
    scene = Scene(("li",))
    first = to_talking(scene)
    second = scene.queued()
    assert scene.phase(second) == "waiting"
    scene.phones["li"].vanish()
    scene.run(RECONNECT_S - 0.1)
    assert scene.phase(first) == "reconnecting"
    scene.run(0.2)
    assert scene.phase(first) == "waiting"
    assert [m.calls for m in scene.floor.made(QueueChanged)][-1] == (first.call, second.call)
    scene.phones["li"].register()
    scene.tell(WrapUpEnded(LI))
    scene.run(0.1)
    assert (scene.phase(first), scene.phase(second)) == ("offered", "waiting")
    scene.phones["li"].answer()
    scene.run(1)
    assert scene.phase(first) == "talking"
    first.hang_up()
    second.hang_up()
    scene.run(120)
    scene.is_quiet()
    record = next(r for r in scene.records() if r.call == first.call)
    assert [v.outcome for v in record.visits] == ["answered", "answered"]
    assert record.talk_us > 0 and record.hold_us >= RECONNECT_S * 1e6


# ------------------------------------------------------------------ after a restart


def test_callers_who_are_gone_are_closed_as_lost() -> None:
    """No leg of theirs is alive: outcome ``lost``, no agent stuck, nothing offered meanwhile."""
    scene = Scene(("li", "wu"), answers_after_s=1)
    callers = [scene.queued(), scene.queued(), scene.queued(), scene.dial()]
    scene.run(3)
    assert [scene.phase(c) for c in callers] == ["talking", "talking", "waiting", "ivr"]
    scene.floor.switch.legs.clear()
    scene.floor.switch.registered.clear()
    before = len(scene.floor.steps)
    scene.restart()
    assert {r.outcome for r in scene.records()} == {"lost"}
    assert {r.ended_by for r in scene.records()} == {"platform"}
    assert not scene.since(before, Offer, Ring)
    scene.run(60)
    scene.is_quiet()
    assert {scene.state(a) for a in ("li", "wu")} == {"paused"}


def test_an_agent_leg_that_is_gone_reconnects() -> None:
    """The caller is still there and hears music; the device was up all along and is rung, once."""
    scene = Scene()
    caller = to_talking(scene)
    agent = scene.rung()
    scene.floor.switch.legs.pop(scene.phones[agent].leg or LegId(""))
    before = len(scene.floor.steps)
    scene.restart()
    scene.run(0.1)
    assert len(scene.since(before, Ring)) == 1
    assert (scene.phase(caller), scene.rung()) == ("talking", agent)


def test_a_ringing_leg_that_is_gone_is_offered_on() -> None:
    """The agent could not be rung; the caller keeps their place and the other agent is asked."""
    scene = Scene()
    caller = scene.queued()
    asked = scene.rung()
    scene.floor.switch.legs.pop(scene.phones[asked].leg or LegId(""))
    scene.restart()
    scene.run(0.1)
    assert scene.phase(caller) == "offered"
    assert scene.rung() != asked


def test_legs_nobody_knows_are_hung_up() -> None:
    """Legs that are alive in the switch but belong to no call here."""
    scene = Scene()
    caller = to_talking(scene)
    known = tuple(scene.floor.switch.legs)
    made = scene.floor.engine.handle(
        SwitchReady((*known, LegId("old"), LegId("S1.7")), tuple(scene.floor.switch.registered)),
        scene.floor.clock.now,
    )
    assert [m for m in made if isinstance(m, HangUp)] == [HangUp(LegId("old")), HangUp(LegId("S1.7"))]
    assert scene.phase(caller) == "talking"


def test_the_switch_is_believed_about_devices() -> None:
    """Who was up and is not listed is down, and the other way round; the agents follow."""
    scene = Scene()
    engine, now = scene.floor.engine, scene.floor.clock.now
    engine.handle(SwitchReady((), (DeviceId("desk-wu"), DeviceId("desk-new"))), now)
    assert engine.devices == {"desk-li": False, "desk-wu": True, "desk-new": True}
    assert (scene.state("li"), scene.state("wu")) == ("paused", "available")
    engine.handle(SwitchReady((), (DeviceId("desk-li"),)), now)
    assert (scene.state("li"), scene.state("wu")) == ("available", "paused")


# ------------------------------------------------------------------ time


def test_wakes_come_in_order_of_floor_calls_and_flows() -> None:
    """A late wake deals with everything that is due: deadlines of the floor, then of calls, then of flows."""
    scene = Scene()
    reconnecting = to_reconnecting(scene)
    offered = scene.queued()
    scene.floor._look_up = None  # the records do not answer
    asking = scene.dial()
    assert [scene.phase(c) for c in (reconnecting, offered, asking)] == ["reconnecting", "offered", "ivr"]
    engine, late = scene.floor.engine, after(scene.floor.clock.now, 3600)
    made = engine.wake(late)
    order = [
        ("floor", made.index(next(m for m in made if isinstance(m, Rescind)))),
        ("call", made.index(next(m for m in made if isinstance(m, Music) and m.leg == reconnecting.leg))),
        ("flow", made.index(next(m for m in made if isinstance(m, Play) and m.leg == asking.leg))),
    ]
    assert order == sorted(order, key=lambda pair: pair[1])
    assert (engine.wake_at() or late) > late
    assert engine.wake(late) == []


def test_time_never_runs_backwards() -> None:
    """An earlier ``now`` counts as the last one known."""
    engine = make_engine()
    engine.handle(DeviceUp(DeviceId("d")), Instant(1_000))
    engine.handle(DeviceDown(DeviceId("d")), Instant(10))
    assert engine.now == 1_000


KEYS = st.tuples(st.integers(0, 1), st.sampled_from([CallId("a"), CallId("b"), CallId("c")]))
AT = st.integers(1, 50).map(Instant)


@given(st.lists(st.tuples(KEYS, st.none() | AT) | AT, max_size=40))
def test_alarms_ring_as_a_plain_table_would(acts: list[Any]) -> None:
    """However they are moved: the earliest is known, and those due are taken once, calls before flows."""
    alarms, table = _Alarms(), {}
    for act in acts:
        if isinstance(act, int):
            due = sorted(k for k, at in table.items() if at <= act)
            assert alarms.take_due(Instant(act)) == due
            for key in due:
                del table[key]
        else:
            key, at = act
            alarms.set(key, at)
            table.pop(key, None)
            if at is not None:
                table[key] = at
        assert alarms.next() == min(table.values(), default=None)


# ------------------------------------------------------------------ any facts at all


def play(engine: Engine, fact: Any, now: Instant) -> str:
    """One fact, after every wake that was due, as text; the answer names nothing that is not JSON."""
    made: list[Any] = []
    for _ in range(3):
        due = engine.wake_at()
        if due is None or due > now:
            break
        made += engine.wake(now)
    return dumps([*made, *engine.handle(fact, now)])


@given(st.lists(st.tuples(FACTS, st.sampled_from([0, 0, 1, 5, 16, 31, 4_000, -5])), max_size=60), st.data())
def test_nothing_that_comes_in_breaks_it_and_it_goes_on_from_any_snapshot(
    steps: list[tuple[Any, float]], data: st.DataObject
) -> None:
    """Nonsense included: no fact raises, and an engine restored on the way answers just the same."""
    engine, again, now = make_engine(), make_engine(), START
    for fact in configuration(("li", "wu")):
        play(engine, fact, now)
        play(again, fact, now)
    snapshot = data.draw(st.integers(0, max(0, len(steps) - 1)), label="restored before step")
    for n, (fact, seconds) in enumerate(steps):
        if n == snapshot:
            again = make_engine(loads(dumps(again.state)))
            assert again.hash() == engine.hash()
        now = after(now, seconds)
        assert play(again, fact, now) == play(engine, fact, now)
        assert again.wake_at() == engine.wake_at()
        parts_agree(engine)
    assert again.hash() == engine.hash()


def test_flows_are_told_how_queues_of_the_live_floor_stand() -> None:
    """Also by an engine that was restored, from the floor it was restored with."""
    scene = Scene(("li", "wu"))
    scene.queued()
    scene.queued()
    scene.queued()
    engine = scene.floor.engine
    assert engine.book.queues.figures(SALES) == (1, None, 0, 2)
    restored = make_engine(loads(dumps(engine.state)))
    assert restored.book.queues.figures(SALES) == (1, None, 0, 2)
    assert restored.book.queues.figures("gone") is None


def test_stop_play_is_for_barge_in_only() -> None:
    """A key while the menu speaks hushes it before anything else."""
    scene = Scene(("li",))
    caller = scene.dial()
    before = len(scene.floor.steps)
    caller.press("1")
    scene.run(0.1)
    assert isinstance(scene.since(before, StopPlay, Music)[0], StopPlay)
