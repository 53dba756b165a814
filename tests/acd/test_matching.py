"""Who is offered which call, held against the plain rules on every step of any day."""

import random
from collections.abc import Iterator
from fractions import Fraction
from typing import Any, TypeVar

from hypothesis import given
from hypothesis import strategies as st

from acd.floor import Floor
from acd.floor.state import FloorAgent, FloorCall, FloorState
from domain.calls import CallerGone, CallQueued, ContactEnded, DeviceReachable, OfferAccepted, OfferRefused
from domain.codec import dumps, loads
from domain.config import AgentConfig, FloorConfigured, QueueConfig
from domain.desk import AgentPaused, AgentReady, AgentSignedIn, AgentSignedOut, OfferDeclined, WrapUpEnded
from domain.floor import Offer
from domain.ids import AgentId, CallId, DeviceId, OfferId, QueueId
from domain.instant import Instant, after

T = TypeVar("T")
T0 = Instant(1_767_225_600_000_000)
QUEUES = QueueId("p"), QueueId("q")
AGENTS, SKILLS = ("a", "b", "c", "d"), ("x", "y")
OWN = {agent: DeviceId(f"d-{agent}") for agent in AGENTS}
STEPS = 100


def some(chance: random.Random, of: tuple[T, ...], least: int = 0) -> tuple[T, ...]:
    return tuple(chance.sample(of, chance.randint(least, len(of))))


def rows(chance: random.Random) -> FloorConfigured:
    """Any rules, most queues and most agents."""
    pick = chance.choice
    queues = tuple(
        QueueConfig(
            queue,
            queue,
            ring_s=pick((1, 15)),
            wrap_up_s=pick((0, 20)),
            max_wait_s=pick((0, 0, 300)),
            when_no_agents=pick(("wait", "return")),
            age_rate=pick((0, 0.05, 3)),
            age_cap=pick((0, 10, 200)),
            weight=pick((0, 0, 1)),
            busy_window_s=pick((10, 60, 3600)),
        )
        for queue in some(chance, QUEUES, 1)
    )
    agents = tuple(
        AgentConfig(AgentId(agent), agent, OWN[agent], some(chance, QUEUES, 1), some(chance, SKILLS))
        for agent in some(chance, AGENTS, 2)
    )
    return FloorConfigured(queues, agents)


def queued(chance: random.Random, number: int, now: Instant) -> CallQueued:
    """A call that asks for anything."""
    return CallQueued(
        CallId(f"k{number}"),
        chance.choice(QUEUES),
        after(now, -chance.choice((0, 0, 5, 100))),
        chance.choice((0.0, 5.0, 5.0, 8.0, 80.0, 300.0)),
        some(chance, SKILLS) if chance.random() < 0.4 else (),
        preferred=chance.choice((None, *map(AgentId, AGENTS))),
        at_head=chance.random() < 0.1,
    )


def fact(chance: random.Random, floor: Floor, number: int, now: Instant) -> Any:
    """Mostly what may well happen now, sometimes anything."""
    offers = list(floor.state.offers.values())
    agent = AgentId(chance.choice(AGENTS))
    dice = chance.random()
    if dice < 0.4:
        return queued(chance, number, now)
    if dice < 0.7 and offers:
        one = chance.choice(offers)
        offer, agent = OfferId(one.id), AgentId(one.agent)
        if one.state == "accepted":
            return ContactEnded(offer, agent)
        return chance.choice(
            (
                OfferAccepted(offer, agent),
                OfferAccepted(offer, agent),
                OfferAccepted(offer, agent),
                OfferRefused(offer, agent, chance.choice(("rejected", "unreachable"))),
                OfferDeclined(agent, offer),
            )
        )
    if dice < 0.75 and floor.state.calls:
        return CallerGone(CallId(chance.choice(list(floor.state.calls))))
    if dice < 0.8:
        return rows(chance)
    return chance.choice(
        (
            AgentReady(agent),
            AgentReady(agent),
            WrapUpEnded(agent),
            AgentSignedIn(agent, OWN[agent]),
            DeviceReachable(OWN[agent], True),
            DeviceReachable(OWN[agent], False),
            AgentPaused(agent, "lunch"),
            AgentSignedOut(agent),
        )
    )


def begun(chance: random.Random) -> Floor:
    """A floor on which everybody is ready."""
    floor = Floor()
    everybody = tuple(AgentConfig(AgentId(a), a, OWN[a], QUEUES, some(chance, SKILLS)) for a in AGENTS)
    floor.handle(
        FloorConfigured(tuple(QueueConfig(q, q, age_rate=1, age_cap=20) for q in QUEUES), everybody), T0
    )
    for agent, device in OWN.items():
        floor.handle(DeviceReachable(device, True), T0)
        floor.handle(AgentSignedIn(AgentId(agent), device), T0)
        floor.handle(AgentReady(AgentId(agent)), T0)
    return floor


def day(seed: int) -> Iterator[tuple[Instant, Any, Floor]]:
    """What happens next (None: the floor is woken), when, and the floor to tell it to."""
    chance = random.Random(seed)
    floor, now = begun(chance), T0
    for number in range(STEPS):
        now = after(now, chance.choice((0, 0.5, 1, 4, 15)))
        while (due := floor.wake_at()) is not None and due <= now:
            yield due, None, floor
        yield now, fact(chance, floor, number, now), floor


# ------------------------------------------------------------------ the rules, written down once more


def may_take(agent: FloorAgent, call: FloorCall) -> bool:
    return (
        call.queue in agent.queues and set(call.skills) <= set(agent.skills) and agent.id not in call.rejected
    )


def rank(call: FloorCall, config: QueueConfig, now: Instant) -> tuple[Any, ...]:
    base, rate = Fraction(str(call.base)), Fraction(str(config.age_rate))
    aged = base + rate * max(0, now - call.since) / 1_000_000
    priority = min(max(Fraction(str(config.age_cap)), base), aged)
    return (-config.weight, not call.at_head, 0 if call.at_head else -priority, call.since, call.seq)


def busy_us(agent: FloorAgent, config: QueueConfig, now: Instant) -> int:
    start = now - round(config.busy_window_s * 1_000_000)
    spans = list(agent.handled)
    if agent.handling_since is not None:
        spans.append([agent.handling_since, now])
    return sum(max(0, end - max(start, begin)) for begin, end in spans)


def waiting(state: FloorState) -> list[FloorCall]:
    return [call for call in state.calls.values() if call.state == "waiting"]


def nobody_waits_beside_a_free_agent(state: FloorState) -> None:
    free = [agent for agent in state.agents.values() if agent.state == "available"]
    assert not [(call.id, agent.id) for call in waiting(state) for agent in free if may_take(agent, call)]


def nobody_waits_for_nobody(state: FloorState) -> None:
    for call in waiting(state):
        if state.queues[call.queue].config.when_no_agents == "return":
            assert any(a.state != "signed_out" and may_take(a, call) for a in state.agents.values())


def the_only_offer_is_the_right_one(
    before: FloorState, after_: FloorState, offer: Offer, now: Instant
) -> None:
    """The best call of those its agent may take, and the best agent of those who were free for it."""
    config = after_.queues[offer.queue].config
    call, agent = after_.calls[offer.call], after_.agents[offer.agent]
    assert may_take(agent, call)
    others = [c for c in waiting(after_) if may_take(agent, c)]
    assert all(rank(call, config, now) < rank(c, after_.queues[c.queue].config, now) for c in others)
    free = [a for a in after_.agents.values() if a.state == "available" and may_take(a, call)]

    def score(one: FloorAgent, since: Instant) -> tuple[Any, ...]:
        missed = call.missed.get(one.id, 0)
        return (missed, one.id != call.preferred, busy_us(one, config, now), since, one.id)

    was = before.agents.get(agent.id)
    since = was.since if was is not None and was.state == "available" else now
    assert all(score(agent, since) < score(one, one.since) for one in free)


SEEDS = st.integers(0, 2**32)


@given(SEEDS)
def test_every_offer_is_the_one_the_rules_ask_for(seed: int) -> None:
    """Nobody waits beside an agent who is free for them, nor for nobody; the offer made is the best pair."""
    for now, what, floor in day(seed):
        before: FloorState = loads(dumps(floor.state))
        said = floor.wake(now) if what is None else floor.handle(what, now)
        nobody_waits_beside_a_free_agent(floor.state)
        nobody_waits_for_nobody(floor.state)
        offers = [s for s in said if isinstance(s, Offer)]
        if len(offers) == 1 and not isinstance(what, FloorConfigured):
            the_only_offer_is_the_right_one(before, floor.state, offers[0], now)


@given(SEEDS, st.integers(0, STEPS - 1))
def test_a_floor_restored_anywhere_goes_on_alike(seed: int, at: int) -> None:
    """From its snapshot at any step: the same answers and the same state."""
    again = Floor()
    for n, (now, what, floor) in enumerate(day(seed)):
        if n == at:
            again = Floor.restore(loads(dumps(floor.state)))
        said = floor.wake(now) if what is None else floor.handle(what, now)
        if n >= at:
            assert dumps(again.wake(now) if what is None else again.handle(what, now)) == dumps(said)
            assert again.wake_at() == floor.wake_at()
            assert dumps(again.state) == dumps(floor.state)
