"""How many facts a second does the router take on one core, and how long does it take from the fact that
makes an offer possible (a call comes, an agent is free) to the offer?

Three floors at work, each with skills with levels, tiers, priority that ages, recipes, and agents in 1 to 10
queues: 100 agents x 10 queues x 500 waiting calls, 1,000 x 100 x 5,000 and 10,000 x 500 x 50,000. Contacts
end, offers are accepted, missed and refused, callers come, give up and are ranked anew, agents pause and come
back, so that as many calls wait at the end as at the beginning. Time is virtual: contacts take 3 minutes.
Every ``Floor.handle`` and ``Floor.wake``, with the ``wake_at`` after it, is timed for itself; nothing is
polled, so this is all the time there is between enqueuing and offer.

``p50_ms``, ``p99_ms``, ``max_ms``: of facts that made an offer. ``fact_…``: of all facts. The figures are
those of the run with the median ``facts_per_s``.

    python -m bench.acd [--facts 30000] [--runs 3] [--case 1000x100x5000] [--json] [--profile]
"""

import argparse
import cProfile
import gc
import json
import pstats
import random
import statistics
from collections import deque
from collections.abc import Iterator
from time import perf_counter_ns
from typing import Any

from acd.floor import Floor
from domain.calls import (
    CallerGone,
    CallQueued,
    ContactEnded,
    DeviceReachable,
    OfferAccepted,
    OfferRefused,
    PriorityChanged,
)
from domain.config import AgentConfig, Condition, FloorConfigured, Membership, Operation, QueueConfig, Step
from domain.desk import AgentPaused, AgentReady, AgentSignedIn, WrapUpEnded
from domain.floor import Offer, ReturnToFlow
from domain.ids import AgentId, CallId, DeviceId, QueueId
from domain.instant import Instant, after

START = Instant(1_790_125_200_000_000)
CASES = {
    "100x10x500": (100, 10, 500),
    "1000x100x5000": (1000, 100, 5000),
    "10000x500x50000": (10_000, 500, 50_000),
}
COLLECTOR = (20_000, 50, 1000)
CONTACT_S = 180.0
TIERS = {"": 0.0, "silver": 20.0, "gold": 50.0, "diamond": 100.0}
SKILLS = ("english", "cantonese", "loans", "cards")
RECIPE = (
    Step((Condition("wait", ">=", 120.0),), (Operation("relax", "english", 1),)),
    Step((Condition("wait", ">=", 300.0),), (Operation("raise", amount=10),)),
)


def configuration(chance: random.Random, agents: int, queues: int) -> FloorConfigured:
    """Queues with their own rules, agents with some of them and some skills."""
    names = [QueueId(f"q{n}") for n in range(queues)]
    rules = tuple(
        QueueConfig(
            q,
            q,
            wrap_up_s=chance.choice((0.0, 20.0)),
            age_rate=0.05,
            weight=chance.choice((0, 0, 0, 1)),
            recipe=RECIPE,
        )
        for q in names
    )
    people = []
    for n in range(agents):
        own = tuple(chance.sample(names, chance.randint(1, min(10, queues))))
        skills = tuple(f"{s}/{chance.randint(1, 5)}" for s in chance.sample(SKILLS, chance.randint(1, 4)))
        few = tuple(Membership(q, 1, chance.choice((0, 0, 1))) for q in own)
        people.append(AgentConfig(AgentId(f"a{n}"), f"a{n}", DeviceId(f"d{n}"), own, skills, few))
    return FloorConfigured(rules, tuple(people), missed_limit=5)


class Day:
    """A floor and what happens on it: an endless supply of facts that mean something when they come."""

    def __init__(self, agents: int, queues: int, waiting: int, seed: int = 1) -> None:
        self.chance = random.Random(seed)
        self.floor, self.now = Floor(), START
        self.queues, self.agents, self.target = queues, agents, waiting
        self.calls = 0
        self.ringing: deque[Offer] = deque()
        self.talking: list[Offer] = []
        self.wrapping: list[AgentId] = []
        self.waiting: list[CallId] = []
        self.tell(configuration(self.chance, agents, queues))
        for n in range(agents):
            agent, device = AgentId(f"a{n}"), DeviceId(f"d{n}")
            self.tell(DeviceReachable(device, True))
            self.tell(AgentSignedIn(agent, device))
            self.tell(AgentReady(agent))
        while len(self.floor.state.calls) - len(self.floor.state.offers) < waiting:
            self.now = after(self.now, CONTACT_S / agents)
            self.tell(None)
            self.tell(self.arrival())
            while self.ringing:
                self.tell(self.answer())

    def tell(self, fact: Any) -> list[Any]:
        """One fact (None: a wake), untimed."""
        said = self.floor.wake(self.now) if fact is None else self.floor.handle(fact, self.now)
        self.heard(said)
        return said

    def heard(self, said: list[Any]) -> None:
        """Remember what may be answered."""
        for one in said:
            if isinstance(one, Offer):
                self.ringing.append(one)

    def arrival(self) -> CallQueued:
        """A caller of any tier, who may need skills."""
        chance = self.chance
        self.calls += 1
        skills: tuple[str, ...] = ()
        if chance.random() < 0.3:
            skills = (f"{chance.choice(SKILLS)}/{chance.randint(1, 3)}",)
        tier = chance.choice(tuple(TIERS))
        call = CallId(f"c{self.calls}")
        self.waiting.append(call)
        return CallQueued(
            call, QueueId(f"q{chance.randrange(self.queues)}"), self.now, TIERS[tier], skills, tier
        )

    def answer(self) -> Any:
        """What becomes of the oldest offer: mostly it is taken."""
        offer = self.ringing.popleft()
        dice = self.chance.random()
        if dice < 0.96:
            self.talking.append(offer)
            return OfferAccepted(offer.offer, offer.agent)
        return OfferRefused(offer.offer, offer.agent, "rejected" if dice < 0.98 else "failed")

    def next(self) -> Any:
        """The next fact."""
        chance, state = self.chance, self.floor.state
        if self.ringing:
            return self.answer()
        if len(state.calls) - len(state.offers) < self.target:
            return self.arrival()
        dice = chance.random()
        if dice < 0.05 and self.waiting:
            at = chance.randrange(len(self.waiting))
            self.waiting[at], self.waiting[-1] = self.waiting[-1], self.waiting[at]
            call = self.waiting.pop()
            if call in state.calls:
                return CallerGone(call) if dice < 0.03 else PriorityChanged(call, 100.0)
        if dice < 0.08:
            agent = AgentId(f"a{chance.randrange(self.agents)}")
            paused = state.agents[agent].state == "paused"
            return AgentReady(agent) if paused else AgentPaused(agent, "break")
        wraps = [offer for offer in state.offers.values() if offer.state == "wrapping"] if dice < 0.1 else []
        if wraps:
            return WrapUpEnded(AgentId(chance.choice(wraps).agent))
        while self.talking:
            at = chance.randrange(len(self.talking))
            self.talking[at], self.talking[-1] = self.talking[-1], self.talking[at]
            offer = self.talking.pop()
            if offer.offer in state.offers and state.offers[offer.offer].state == "accepted":
                return ContactEnded(offer.offer, offer.agent)
        return self.arrival()

    def steps(self, number: int) -> Iterator[Any]:
        """So many facts, and the wakes due between them, at the pace of 3-minute contacts."""
        for _ in range(number):
            self.now = after(self.now, CONTACT_S / 3 / self.agents)
            due = self.floor.wake_at()
            if due is not None and due <= self.now:
                yield None
            yield self.next()


def measure(case: tuple[int, int, int], facts: int) -> dict[str, float]:
    """One run."""
    day = Day(*case)
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECTOR)  # as on a live platform
    every: list[int] = []
    offering: list[int] = []
    floor = day.floor
    for fact in day.steps(facts):
        began = perf_counter_ns()
        said = floor.wake(day.now) if fact is None else floor.handle(fact, day.now)
        floor.wake_at()
        took = perf_counter_ns() - began
        every.append(took)
        if any(type(one) is Offer for one in said):
            offering.append(took)
        if any(type(one) is ReturnToFlow for one in said):
            raise AssertionError("a call was given back: the floor measured is not the one described")
        day.heard(said)
    gc.unfreeze()
    return {
        "facts_per_s": round(len(every) / (sum(every) / 1e9)),
        **_tail("", offering),
        **_tail("fact_", every),
        "offers": len(offering),
        "waiting": sum(c.state == "waiting" for c in floor.state.calls.values()),
    }


def _tail(name: str, times_ns: list[int]) -> dict[str, float]:
    ordered = sorted(times_ns)
    return {
        f"{name}p50_ms": round(statistics.median(ordered) / 1e6, 4),
        f"{name}p99_ms": round(ordered[int(len(ordered) * 0.99)] / 1e6, 4),
        f"{name}max_ms": round(ordered[-1] / 1e6, 3),
    }


def median_run(runs: list[dict[str, float]]) -> dict[str, float]:
    """The run in the middle by facts per second."""
    return sorted(runs, key=lambda run: run["facts_per_s"])[len(runs) // 2]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0])
    parser.add_argument("--facts", type=int, default=30_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--case", choices=CASES, action="append", help="only this one")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--profile", action="store_true", help="show where the time of a fact goes")
    arguments = parser.parse_args()
    found: dict[str, dict[str, float]] = {}
    for name in arguments.case or CASES:
        if arguments.profile:
            day = Day(*CASES[name])
            with cProfile.Profile() as profile:
                for fact in day.steps(arguments.facts):
                    day.tell(fact)
                    day.floor.wake_at()
            pstats.Stats(profile).sort_stats("tottime").print_stats(30)
            continue
        found[name] = median_run([measure(CASES[name], arguments.facts) for _ in range(arguments.runs)])
        if not arguments.json:
            print(f"{name}:", ", ".join(f"{key} {value:g}" for key, value in found[name].items()), flush=True)
    if arguments.json:
        print(json.dumps({"cases": found}))


if __name__ == "__main__":
    main()
