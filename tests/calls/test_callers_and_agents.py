"""Whatever callers, agents, telephones and restarts do, in any order, the floor comes to rest."""

from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from domain.calls import CallFinished
from domain.codec import dumps, loads
from domain.config import Announcements, CallbackRules, Condition, Operation, Step
from domain.desk import (
    AgentPaused,
    AgentReady,
    AgentSignedIn,
    AgentSignedOut,
    CallAssigned,
    CallbackAsked,
    CallbackCancelled,
    CallPrioritised,
    DialAsked,
    HangUpAsked,
    HoldAsked,
    OfferDeclined,
    PickUpAsked,
    QueueClosed,
    QueueOpened,
    ResumeAsked,
    TransferAsked,
    WrapUpEnded,
)
from domain.floor import Offer
from domain.ids import AgentId, CallId
from domain.switch import DigitPressed
from tests.calls.agree import parts_agree
from tests.calls.floor import SALES, Scene, device_of, make_engine
from tests.calls.wishes import LENGTH, OUTSIDE

AGENTS = ("li", "wu", "yu")
AGENT = st.sampled_from(AGENTS)
CALLER = "+8613800000001"
TARGETS = st.sampled_from(
    [("queue", "loans"), ("queue", SALES), ("queue", "nowhere"), ("agent", "wu"), ("number", OUTSIDE)]
)
CALLBACKS = CallbackRules(quiet=("00:00", "00:00"), attempts=2, retry_s=20, expires_s=120)
WAITED = (Condition("wait", ">=", 5.0),)
RECIPES = st.sampled_from(
    [
        (),
        (Step((), (Operation("offer_callback"),)),),
        (Step((), (Operation("announce", "Thank you for waiting."), Operation("offer_callback"))),),
        (Step(WAITED, (Operation("to_queue", "loans"),)),),
        (Step(WAITED, (Operation("to_voicemail"),)),),
        (Step(WAITED, (Operation("to_flow", "small"),)), Step((), (Operation("offer_callback"),))),
        (Step(WAITED, (Operation("hang_up"),)), Step((), (Operation("raise", amount=5.0),), repeat=True)),
    ]
)


class Floor(RuleBasedStateMachine):
    """People act on the virtual floor; after each act its parts agree with one another."""

    def __init__(self) -> None:
        super().__init__()
        self.scene = Scene(AGENTS)
        self.callers: list[Any] = []
        self.dialled = self.asked = 0

    @initialize(
        strategy=st.sampled_from(["least_busy", "ring_all", "ring_progressively"]),
        recipe=RECIPES,
        announce=st.sampled_from([Announcements(), Announcements(3, 6, wait=True)]),
        max_wait_s=st.sampled_from([0, 25]),
    )
    def the_queue_has_rules(self, strategy: str, recipe: Any, announce: Any, max_wait_s: float) -> None:
        self.scene = Scene(
            AGENTS,
            more={"loans": ("yu",)},
            pullers=("wu",),
            strategy=strategy,
            recipe=recipe,
            announce=announce,
            max_wait_s=max_wait_s,
            callback=CALLBACKS,
        )
        self.homes = [self.scene.at_home(number) for number in (CALLER, OUTSIDE)]

    def any_call(self, data: st.DataObject) -> CallId:
        return data.draw(st.sampled_from([*self.scene.floor.engine.calls, CallId("S0")]))

    @property
    def live(self) -> list[Any]:
        """Callers who are on the line."""
        return [caller for caller in self.callers if caller.leg in self.scene.floor.switch.legs]

    @property
    def concealing(self) -> list[Any]:
        """Callers whose digits nobody may see, and who have typed none or too few."""
        conceals = self.scene.floor.engine.conceals
        return [
            caller
            for caller in self.live
            if conceals(caller.leg) and not self.scene.floor.vault._kept[caller.call]["card"]
        ]

    def in_phase(self, *phases: str) -> list[CallId]:
        """Calls in one of these phases."""
        states = [call.state for call in self.scene.floor.engine.calls.values()]
        return [s.id for s in states if s.phase in phases]

    def any_contact(self, data: st.DataObject) -> tuple[AgentId, CallId]:
        """An agent and the call they have."""
        self.scene.run(0)
        states = [call.state for call in self.scene.floor.engine.calls.values()]
        contacts = [(s.agent, s.id) for s in states if s.agent is not None]
        return data.draw(st.sampled_from(contacts or [(AgentId("li"), CallId("S0"))]))

    # ------------------------------------------------------------ callers

    @precondition(lambda self: len(self.callers) < 6)
    @rule(keys=st.sampled_from(["", "1", "1", "1", "1", "2"]))
    def somebody_rings(self, keys: str) -> None:
        caller = self.scene.dial()
        self.callers.append(caller)
        caller.press(keys)

    @precondition(lambda self: len(self.callers) < 6)
    @rule()
    def a_conversation_begins(self) -> None:
        self.callers.append(self.scene.queued())
        for agent in self.scene.ringing():
            self.scene.phones[agent].answer()

    @precondition(lambda self: len(self.callers) < 6)
    @rule(keys=st.sampled_from(["", "1", "1", "3", "4", "2"]))
    def somebody_with_wishes_rings(self, keys: str) -> None:
        self.callers.append(self.scene.wishes(keys))

    @precondition(lambda self: len(self.callers) < 6)
    @rule(by_page=st.booleans(), then=st.sampled_from(["", "", "1", "2", "3", "4", "9"]))
    def an_agent_is_done_with_a_caller_who_stays(self, by_page: bool, then: str) -> None:
        caller = self.scene.wishes("1")
        self.callers.append(caller)
        for agent in self.scene.ringing():
            self.scene.phones[agent].answer()
        self.scene.run(0)
        call = self.scene.floor.engine.calls.get(caller.call)
        if call is not None and call.state.agent is not None:
            agent = call.state.agent
            self.scene.tell(HangUpAsked(agent, call.state.id)) if by_page else self.scene.phones[
                agent
            ].hang_up()
        self.scene.press(caller, then)

    @precondition(lambda self: self.live)
    @rule(data=st.data(), key=st.sampled_from("1123334455690##"))
    def a_wish(self, data: st.DataObject, key: str) -> None:
        data.draw(st.sampled_from(self.live)).press(key)

    @precondition(lambda self: self.concealing)
    @rule(data=st.data(), count=st.sampled_from([1, LENGTH, LENGTH]))
    def a_card_number_is_typed(self, data: st.DataObject, count: int) -> None:
        before = len(self.scene.floor.steps)
        data.draw(st.sampled_from(self.concealing)).press("867530"[:count])
        assert not any(isinstance(fact, DigitPressed) for _, fact, _ in self.scene.floor.steps[before:])

    @precondition(lambda self: self.live)
    @rule(data=st.data(), act=st.sampled_from(["1", "1", "1", "2", "#", "hangs up"]))
    def a_caller(self, data: st.DataObject, act: str) -> None:
        caller = data.draw(st.sampled_from(self.live))
        caller.hang_up() if act == "hangs up" else caller.press(act)

    @precondition(lambda self: self.in_phase("dialling", "talking"))
    @rule(data=st.data(), act=st.sampled_from(["answer", "answer", "answer", "hang_up"]))
    def somebody_at_home(self, data: st.DataObject, act: str) -> None:
        self.scene.run(0)
        getattr(data.draw(st.sampled_from(self.homes)), act)()

    # ------------------------------------------------------------ agents

    @precondition(lambda self: self.in_phase("offered"))
    @rule(everybody=st.booleans())
    def telephones_that_ring_are_answered(self, everybody: bool) -> None:
        self.scene.run(0)
        for agent in self.scene.ringing()[: None if everybody else 1]:
            self.scene.phones[agent].answer()

    @rule(agent=AGENT, act=st.sampled_from(["reject", "hang_up", "vanish", "register", "register", "fail"]))
    def a_telephone(self, agent: str, act: str) -> None:
        phone = self.scene.phones[agent]
        if act != "fail":
            getattr(phone, act)()
        elif phone.leg is not None:
            self.scene.floor.switch.end(phone.leg, "failed")

    @rule(agent=AGENT, act=st.sampled_from(["ready", "ready", "ready", "wrapped up", "pause", "out", "in"]))
    def an_agent(self, agent: str, act: str) -> None:
        one = AgentId(agent)
        self.scene.floor.tell(
            {
                "ready": AgentReady(one),
                "wrapped up": WrapUpEnded(one),
                "pause": AgentPaused(one, "lunch"),
                "out": AgentSignedOut(one),
                "in": AgentSignedIn(one, device_of(agent)),
            }[act]
        )

    @precondition(lambda self: self.in_phase("talking", "held", "dialling", "reconnecting"))
    @rule(data=st.data(), act=st.sampled_from([HoldAsked, ResumeAsked, HangUpAsked]))
    def the_page(self, data: st.DataObject, act: Any) -> None:
        self.scene.floor.tell(act(*self.any_contact(data)))

    @precondition(lambda self: self.in_phase("talking", "held"))
    @rule(data=st.data(), whither=TARGETS)
    def a_caller_is_handed_on(self, data: st.DataObject, whither: Any) -> None:
        self.scene.floor.tell(TransferAsked(*self.any_contact(data), *whither))

    @precondition(lambda self: self.in_phase("waiting", "offered"))
    @rule(agent=AGENT, data=st.data(), act=st.sampled_from([PickUpAsked, CallAssigned]))
    def a_call_goes_out_of_turn(self, agent: str, data: st.DataObject, act: Any) -> None:
        call = self.any_call(data)
        asked = act(AgentId(agent), call) if act is PickUpAsked else act(call, AgentId(agent), "boss")
        self.scene.floor.tell(asked)

    @precondition(lambda self: self.dialled < 4)
    @rule(agent=AGENT, number=st.sampled_from([CALLER, OUTSIDE, "000"]), queue=st.sampled_from([None, SALES]))
    def an_agent_dials(self, agent: str, number: str, queue: Any) -> None:
        self.dialled += 1
        self.scene.floor.tell(DialAsked(AgentId(agent), CallId(f"D{self.dialled}"), number, queue))

    @precondition(lambda self: self.in_phase("offered"))
    @rule(agent=AGENT)
    def an_agent_declines(self, agent: str) -> None:
        offers = [o for o in self.scene.floor.made(Offer) if o.agent == agent]
        if offers:
            self.scene.floor.tell(OfferDeclined(AgentId(agent), offers[-1].offer))

    # ------------------------------------------------------------ supervisors

    @rule(data=st.data(), act=st.sampled_from(["ask", "cancel", "prioritise", "close", "open"]))
    def a_supervisor(self, data: st.DataObject, act: str) -> None:
        call, now = self.any_call(data), self.scene.floor.clock.now
        self.asked += act == "ask"
        self.scene.floor.tell(
            {
                "ask": CallbackAsked(CallId(f"B{self.asked}"), SALES, OUTSIDE, now, "boss"),
                "cancel": CallbackCancelled(call, "boss"),
                "prioritise": CallPrioritised(call, 50.0, "boss"),
                "close": QueueClosed(SALES, "We are closed.", "boss"),
                "open": QueueOpened(SALES, "boss"),
            }[act]
        )
        if act == "close":
            self.scene.floor.tell(QueueOpened(SALES, "boss"))

    # ------------------------------------------------------------ time and restarts

    @rule(seconds=st.sampled_from([0, 0.01, 1, 5, 15, 20, 31, 61]))
    def time_passes(self, seconds: float) -> None:
        self.scene.run(seconds)

    @rule(lost=st.sampled_from([False, False, True]))
    def a_restart(self, lost: bool) -> None:
        """The engine comes back from a snapshot; with ``lost`` no leg and no device outlived it."""
        self.scene.run(0)
        engine = self.scene.floor.engine
        assert make_engine(loads(dumps(engine.state))).hash() == engine.hash()
        if lost:
            self.scene.floor.switch.legs.clear()
            self.scene.floor.switch.registered.clear()
        self.scene.restart(crash=True)
        if lost:
            for phone in self.scene.phones.values():
                phone.register()

    # ------------------------------------------------------------ what holds

    @invariant()
    def calls_and_floor_agree(self) -> None:
        parts_agree(self.scene.floor.engine)

    @invariant()
    def every_leg_belongs_to_a_call(self) -> None:
        self.scene.run(0)
        known = {leg for call in self.scene.floor.engine.calls.values() for leg in call.state.legs}
        assert set(self.scene.floor.switch.legs) <= known

    def teardown(self) -> None:
        for caller in self.callers:
            caller.hang_up()
        self.scene.run(400)
        for leg in list(self.scene.floor.switch.legs):
            self.scene.floor.switch.end(leg, "hangup")
        self.scene.run(400)
        for agent in AGENTS:
            self.scene.floor.tell(AgentSignedIn(AgentId(agent), device_of(agent)))
        self.scene.is_quiet()
        assert not self.scene.floor.vault._kept
        for record in (m.record for m in self.scene.floor.made(CallFinished)):
            assert [v.number for v in record.visits] == list(range(1, len(record.visits) + 1))
            assert record.talk_us + record.hold_us + record.wait_us <= record.ended - record.started
            visited = sum(v.talk_us for v in record.visits)
            assert visited == record.talk_us if record.direction == "in" else visited <= record.talk_us
        again = make_engine()
        for now, fact, made in self.scene.floor.steps:
            assert dumps(again.wake(now) if fact is None else again.handle(fact, now)) == dumps(made)
        assert again.hash() == self.scene.floor.engine.hash()


TestFloor = Floor.TestCase
TestFloor.settings = settings(stateful_step_count=30)
