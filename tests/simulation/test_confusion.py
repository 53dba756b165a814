"""Hours in which everything goes wrong: telephones vanish, people change their minds, rows change."""

import random
from collections.abc import Callable

import pytest

from acd.floor import Floor
from callfloor.people import Crowd, Habits, Team
from callfloor.simulation import VirtualFloor
from calls.engine import Engine
from domain.calls import CallFinished
from domain.codec import dumps, loads
from domain.config import AgentConfig, EntryNumber, FloorConfigured, FrontDoorConfigured, QueueConfig
from domain.desk import (
    AgentPaused,
    AgentReady,
    AgentSignedIn,
    AgentSignedOut,
    HangUpAsked,
    HoldAsked,
    OfferDeclined,
    ResumeAsked,
)
from domain.ids import AgentId, CallId, DeviceId, LegId, OfferId
from domain.instant import after
from ivr.book import FlowBook
from tests.simulation.test_day import AGENTS, NUMBERS, QUEUES, START, look_up, make_engine

HABITS = Habits(
    calls_per_hour=150, talk_s=40, patience_s=60, miss_share=0.15, keys=("1", "2", "3", "0", "9", "7")
)
ZONES = ("Asia/Shanghai", "UTC", "America/New_York", "Asia/Kathmandu")


def everybody() -> FloorConfigured:
    """The configuration a day begins and ends with."""
    agents = tuple(AgentConfig(AgentId(a), a, DeviceId(f"desk-{a}"), QUEUES) for a in AGENTS)
    return FloorConfigured(tuple(QueueConfig(q, q, max_wait_s=120) for q in QUEUES), agents)


def any_rows(chance: random.Random) -> FloorConfigured:
    """Some queues, some agents, any rules."""
    pick = chance.choice
    queues = tuple(
        QueueConfig(
            queue,
            queue,
            ring_s=pick((3, 10, 20)),
            wrap_up_s=pick((0, 5, 30)),
            max_wait_s=pick((0, 20, 60)),
            max_length=pick((0, 0, 2)),
            join_empty=pick(((), ("signed_out",))),
            leave_empty=pick(((), ("signed_out",))),
            age_rate=pick((0, 0.05, 5)),
            age_cap=pick((0, 20, 200)),
            weight=pick((0, 0, 3)),
            busy_window_s=pick((60, 3600)),
            timezone=pick(ZONES),
        )
        for queue in QUEUES
        if chance.random() > 0.2
    )
    agents = tuple(
        AgentConfig(
            AgentId(agent),
            agent,
            DeviceId(f"desk-{agent}"),
            tuple(queue for queue in QUEUES if chance.random() > 0.3),
        )
        for agent in AGENTS
        if chance.random() > 0.15
    )
    return FloorConfigured(queues, agents, missed_limit=pick((1, 2, 3)))


class Confusion:
    """Every few seconds something nobody expects."""

    def __init__(self, floor: VirtualFloor, team: Team, seed: int) -> None:
        self.floor, self.team, self.chance = floor, team, random.Random(seed)
        self.over = False
        self._acts: tuple[Callable[[], None], ...] = (
            lambda: floor.tell(any_rows(self.chance)),
            self._vanish,
            lambda: floor.tell(AgentPaused(self._agent(), "lunch")),
            lambda: floor.tell(AgentReady(self._agent())),
            lambda: floor.tell(AgentSignedOut(self._agent())),
            lambda: floor.tell(AgentSignedIn(self._agent(), DeviceId(f"desk-{self._agent()}"))),
            lambda: self.team.phones[self._agent()].hang_up(),
            lambda: floor.tell(
                OfferDeclined(self._agent(), OfferId(f"o{floor.engine.floor.state.offers_made}"))
            ),
            self._hold,
            self._caller_ends,
            lambda: floor.switch.begin(floor.tell),
        )

    def go_on(self) -> None:
        """Do one thing, and plan the next."""
        if not self.over:
            self.chance.choice(self._acts)()
            self.floor.clock.call_later(self.chance.expovariate(1 / 4), self.go_on)

    def _agent(self) -> AgentId:
        return AgentId(self.chance.choice(AGENTS))

    def _call(self) -> CallId | None:
        calls = list(self.floor.engine.calls)
        return self.chance.choice(calls) if calls else None

    def _vanish(self) -> None:
        phone = self.team.phones[self._agent()]
        phone.vanish()  # type: ignore[attr-defined]
        self.floor.clock.call_later(self.chance.choice((1, 19.99, 20, 40)), phone.register)

    def _hold(self) -> None:
        call = self._call()
        agent = self.floor.engine.calls[call].state.agent if call else None
        if call and agent:
            self.floor.tell(self.chance.choice((HoldAsked, HoldAsked, ResumeAsked, HangUpAsked))(agent, call))

    def _caller_ends(self) -> None:
        call = self._call()
        if call:
            self.floor.switch.end(LegId(call), self.chance.choice(("hangup", "lost", "failed")))


def confused(seed: int, hours: float) -> VirtualFloor:
    """A day of confusion, and then quiet hours in which everything may finish."""
    floor = VirtualFloor(make_engine(), after(START, 3600 * (seed % 24)), look_up)
    floor.tell(everybody())
    floor.tell(FrontDoorConfigured((EntryNumber("95588", "bank"),), default_flow="bank"))
    chance = random.Random(seed)
    team = Team(floor.switch, floor.clock, chance, AGENTS, floor.tell, HABITS)
    floor.listeners.append(team.on_intent)
    team.start()
    crowd = Crowd(floor.switch, floor.clock, chance, NUMBERS, "95588", HABITS)
    crowd.start()
    confusion = Confusion(floor, team, seed)
    floor.clock.call_later(3, confusion.go_on)
    floor.run_for(hours * 3600)
    crowd.stop()
    confusion.over = True
    floor.tell(everybody())
    floor.run_for(4 * 3600)
    return floor


@pytest.mark.parametrize("seed", range(1, 4))
def test_confusion_leaves_nothing_behind_and_replays(seed: int) -> None:
    """Every call ends once, nobody is stuck, times add up; replayed or restored, all is the same."""
    floor = confused(seed, 0.15)
    records = [made.record for made in floor.made(CallFinished)]
    assert len(records) == len({r.call for r in records}) == floor.switch._next - 1 > 20
    for record in records:
        assert record.started <= record.ended
        assert record.talk_us + record.hold_us + record.wait_us <= record.ended - record.started
        assert all(v.entered <= v.left and (v.outcome == "answered") == bool(v.agent) for v in record.visits)
    state = floor.engine.floor.state
    assert not (floor.engine.calls or floor.switch.legs or state.calls or state.offers)
    assert not [a for a in state.agents.values() if a.state in ("offered", "on_contact", "wrap_up")]

    engine = make_engine()
    snapshots: dict[int, str] = {}
    for n, (now, fact, made) in enumerate(floor.steps):
        if n % 97 == 0:
            snapshots[n] = dumps(engine.state)
        assert dumps(engine.wake(now) if fact is None else engine.handle(fact, now)) == dumps(made)
    assert engine.hash() == floor.engine.hash()
    for n in random.Random(seed).sample(sorted(snapshots), 3):
        kept = loads(snapshots[n])
        again = Engine.restore(kept, Floor.restore(kept.floor), FlowBook())
        for now, fact, made in floor.steps[n:]:
            assert dumps(again.wake(now) if fact is None else again.handle(fact, now)) == dumps(made)
        assert again.hash() == engine.hash()
