"""Whatever callers, agents, telephones and restarts do, in any order, the floor comes to rest."""

from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from domain.codec import dumps, loads
from domain.desk import (
    AgentPaused,
    AgentReady,
    AgentSignedIn,
    AgentSignedOut,
    HangUpAsked,
    HoldAsked,
    OfferDeclined,
    ResumeAsked,
    WrapUpEnded,
)
from domain.floor import Offer
from domain.ids import AgentId, CallId
from tests.calls.floor import Scene, device_of, make_engine

AGENTS = ("li", "wu")
AGENT = st.sampled_from(AGENTS)
CONTACT = ("talking", "held", "reconnecting")


class Floor(RuleBasedStateMachine):
    """People act on the virtual floor; after each act its parts agree with one another."""

    def __init__(self) -> None:
        super().__init__()
        self.scene = Scene(AGENTS)
        self.callers: list[Any] = []

    def call_of(self, agent: str) -> CallId:
        call = self.scene.floor.engine.floor.state.agents[agent].call
        return CallId(call or "S0")

    @precondition(lambda self: len(self.callers) < 6)
    @rule(keys=st.sampled_from(["", "1", "1", "2"]))
    def somebody_rings(self, keys: str) -> None:
        caller = self.scene.dial()
        self.callers.append(caller)
        caller.press(keys)

    @rule(data=st.data(), keys=st.sampled_from(["1", "2", "#", "*"]))
    def a_caller_presses(self, data: st.DataObject, keys: str) -> None:
        if self.callers:
            data.draw(st.sampled_from(self.callers)).press(keys)

    @rule(data=st.data())
    def a_caller_hangs_up(self, data: st.DataObject) -> None:
        if self.callers:
            data.draw(st.sampled_from(self.callers)).hang_up()

    @rule(agent=AGENT, act=st.sampled_from(["answer", "answer", "reject", "hang_up", "vanish", "register"]))
    def a_telephone(self, agent: str, act: str) -> None:
        phone = self.scene.phones[agent]
        getattr(phone, act)()

    @rule(
        agent=AGENT,
        act=st.sampled_from([AgentReady, AgentReady, AgentSignedOut, WrapUpEnded]),
    )
    def an_agent(self, agent: str, act: Any) -> None:
        self.scene.floor.tell(act(AgentId(agent)))

    @rule(agent=AGENT)
    def an_agent_pauses(self, agent: str) -> None:
        self.scene.floor.tell(AgentPaused(AgentId(agent), "lunch"))

    @rule(agent=AGENT)
    def an_agent_signs_in(self, agent: str) -> None:
        self.scene.floor.tell(AgentSignedIn(AgentId(agent), device_of(agent)))

    @rule(agent=AGENT, act=st.sampled_from([HoldAsked, ResumeAsked, HangUpAsked]))
    def the_page(self, agent: str, act: Any) -> None:
        self.scene.floor.tell(act(AgentId(agent), self.call_of(agent)))

    @rule(agent=AGENT)
    def an_agent_declines(self, agent: str) -> None:
        offers = [o for o in self.scene.floor.made(Offer) if o.agent == agent]
        if offers:
            self.scene.floor.tell(OfferDeclined(AgentId(agent), offers[-1].offer))

    @rule(seconds=st.sampled_from([0, 0.01, 1, 5, 15, 20, 31]))
    def time_passes(self, seconds: float) -> None:
        self.scene.run(seconds)

    @rule(lost=st.booleans())
    def a_restart(self, lost: bool) -> None:
        """The engine comes back from a snapshot; with ``lost`` no leg and no device outlived it."""
        self.scene.run(0)
        engine = self.scene.floor.engine
        restored = make_engine(loads(dumps(engine.state)))
        assert restored.hash() == engine.hash()
        self.scene.floor.engine = restored
        if lost:
            self.scene.floor.switch.legs.clear()
            self.scene.floor.switch.registered.clear()
        self.scene.restart()

    @invariant()
    def calls_and_agents_agree(self) -> None:
        state = self.scene.floor.engine.floor.state
        calls = self.scene.floor.engine.calls
        for call in calls.values():
            s = call.state
            if s.phase in CONTACT or s.phase == "offered":
                agent = state.agents[s.agent]
                assert (agent.call, agent.state) == (
                    s.id,
                    "offered" if s.phase == "offered" else "on_contact",
                )
            if s.phase in ("waiting", "offered", *CONTACT):
                expected = "answered" if s.phase in CONTACT else s.phase
                assert state.calls[s.id].state == expected
            else:
                assert s.id not in state.calls
        assert set(state.calls) <= set(calls)
        assert set(self.scene.floor.engine.sessions) == set(calls)
        for agent in state.agents.values():
            if agent.state in ("offered", "on_contact"):
                assert calls[CallId(agent.call or "")].state.agent == agent.id

    def teardown(self) -> None:
        for caller in self.callers:
            caller.hang_up()
        self.scene.run(180)
        for agent in AGENTS:
            self.scene.floor.tell(AgentSignedIn(AgentId(agent), device_of(agent)))
        self.scene.is_quiet()
        again = make_engine()
        for now, fact, made in self.scene.floor.steps:
            assert dumps(again.wake(now) if fact is None else again.handle(fact, now)) == dumps(made)
        assert again.hash() == self.scene.floor.engine.hash()


TestFloor = Floor.TestCase
TestFloor.settings = settings(stateful_step_count=30)
