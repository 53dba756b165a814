"""Who is offered which call, held against the plain rules on every step of any day."""

import random
from collections.abc import Iterator
from fractions import Fraction
from typing import Any, TypeVar

from hypothesis import given, settings
from hypothesis import strategies as st

from acd.floor import Floor
from acd.floor.state import FloorAgent, FloorCall, FloorQueue, FloorState
from acd.floor.tables import AGENT, CALL, OFFER
from domain.calls import (
    CallbackChosen,
    CallbackFailed,
    CallerGone,
    CallQueued,
    ContactEnded,
    DeviceReachable,
    Ignored,
    OfferAccepted,
    OfferRefused,
    PriorityChanged,
)
from domain.codec import dumps, loads
from domain.config import (
    AgentConfig,
    Announcements,
    CallbackRules,
    Condition,
    FloorConfigured,
    GroupConfig,
    Membership,
    Operation,
    QueueConfig,
    Step,
)
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
    OfferDeclined,
    PickUpAsked,
    QueueClosed,
    QueueOpened,
    WrapUpEnded,
)
from domain.floor import (
    AgentChanged,
    CallbackKept,
    CallbackOver,
    Offer,
    Overflow,
    QueueChanged,
    Rescind,
    ReturnToFlow,
)
from domain.ids import AgentId, CallId, DeviceId, OfferId, QueueId
from domain.instant import Instant, after

T = TypeVar("T")
T0 = Instant(1_767_225_600_000_000)
QUEUES = QueueId("p"), QueueId("q")
AGENTS, SKILLS = ("a", "b", "c", "d"), ("x", "y")
OWN = {agent: DeviceId(f"d-{agent}") for agent in AGENTS}
STEPS = 100
HALF = settings(max_examples=settings().max_examples // 2)
"""Where the whole floor is looked at after each of the steps of a day."""
AWAY = ("signed_out", "paused", "missed")


def some(chance: random.Random, of: tuple[T, ...], least: int = 0) -> tuple[T, ...]:
    return tuple(chance.sample(of, chance.randint(least, len(of))))


def levels(chance: random.Random) -> tuple[str, ...]:
    return tuple(f"{skill}/{chance.randint(1, 3)}" for skill in some(chance, SKILLS))


def condition(chance: random.Random) -> Condition:
    figure, value = chance.choice(
        (
            ("wait", 10.0),
            ("wait", 30.0),
            ("position", 2.0),
            ("length", 3.0),
            ("estimate", 20.0),
            ("service_level", 50.0),
            ("eligible", 1.0),
            ("available", 1.0),
        )
    )
    return Condition(figure, chance.choice(("<", "<=", ">", ">=")), value)


def operation(chance: random.Random, queue: str) -> Operation:
    return chance.choice(
        (
            Operation("relax", "x", 1),
            Operation("drop", "y"),
            Operation("widen_level", amount=2),
            Operation("widen_group", "g"),
            Operation("widen_branch", "north"),
            Operation("penalty", amount=1),
            Operation("raise", amount=7),
            Operation("announce", "soon"),
            Operation("offer_callback"),
            Operation("to_voicemail"),
            Operation("to_flow", "night"),
            Operation("hang_up"),
        )
    )


def recipe(chance: random.Random, queue: str, others: tuple[QueueId, ...]) -> tuple[Step, ...]:
    steps = []
    for _ in range(chance.choice((0, 0, 1, 3))):
        when = tuple(condition(chance) for _ in range(chance.choice((0, 1, 1, 2))))
        do = [operation(chance, queue)]
        others = tuple(q for q in others if q != queue)
        if others and chance.random() < 0.3:
            do = [Operation("to_queue", others[0])]
        steps.append(Step(when, tuple(do), chance.random() < 0.3, chance.choice((0.0, 5.0, 15.0))))
    return tuple(steps)


def queue_rules(chance: random.Random, queue: QueueId, known: tuple[QueueId, ...]) -> QueueConfig:
    pick = chance.choice
    return QueueConfig(
        queue,
        queue,
        ring_s=pick((1, 15)),
        wrap_up_s=pick((0, 20)),
        wrap_up_open=pick((False, False, True)),
        wrap_up_cap_s=pick((0, 0, 10)),
        max_wait_s=pick((0, 0, 300)),
        max_length=pick((0, 0, 0, 4)),
        join_empty=pick(((), ("signed_out",), ("signed_out", "paused"))),
        leave_empty=pick(((), ("signed_out",))),
        age_rate=pick((0, 0.05, 3)),
        age_cap=pick((5, 10, 200)),
        base_priority=pick((0, 0, 5)),
        weight=pick((0, 0, 1)),
        strategy=pick(
            ("least_busy", "least_busy", "least_busy", "longest_idle", "ring_all", "ring_progressively")
        ),
        busy_window_s=pick((10, 60, 3600)),
        home_branch_first=pick((False, True)),
        home_branch_s=pick((0, 20)),
        prefer_s=pick((0, 0, 20)),
        resume_s=pick((0, 60)),
        channel=pick(("voice", "voice", "voice", "chat")),
        callback=CallbackRules(600, pick((("08:00", "08:01"), ("00:00", "00:00"))), 2, 30),
        announce=Announcements(pick((0, 5)), pick((0, 20)), pick((True, False)), True, pick((True, False))),
        recipe=recipe(chance, queue, known),
    )


def rows(chance: random.Random) -> FloorConfigured:
    """Any rules, most queues and most agents."""
    known = some(chance, QUEUES, 1)
    agents = tuple(
        AgentConfig(
            AgentId(agent),
            agent,
            OWN[agent],
            some(chance, QUEUES, 1),
            levels(chance),
            tuple(
                Membership(q, chance.choice((1, 1, 2)), chance.choice((0, 0, 2)))
                for q in some(chance, QUEUES)
            ),
            branch=chance.choice(("", "north", "south")),
            wrap_up_s=chance.choice((None, None, 3.0)),
            may_pull=chance.random() < 0.3,
            capacity=chance.choice(({}, {}, {"voice": 1, "chat": 2}, {"chat": 3})),
        )
        for agent in some(chance, AGENTS, 2)
    )
    groups = (GroupConfig("g", "G", tuple(map(AgentId, some(chance, AGENTS)))),)
    return FloorConfigured(tuple(queue_rules(chance, q, known) for q in known), agents, 2, groups)


def queued(chance: random.Random, number: int, now: Instant) -> CallQueued:
    """A call that asks for anything."""
    return CallQueued(
        CallId(f"k{number}"),
        chance.choice(QUEUES),
        after(now, -chance.choice((0, 0, 5, 100))),
        chance.choice((0.0, 5.0, 5.0, 8.0, 80.0, 300.0)),
        levels(chance) if chance.random() < 0.4 else (),
        preferred=chance.choice((None, None, *map(AgentId, AGENTS))),
        backup=chance.choice((None, None, AgentId("a"))),
        at_head=chance.random() < 0.1,
        caller=f"+86{number % 5}",
        branch=chance.choice(("", "north")),
    )


def of_offer(chance: random.Random, floor: Floor) -> Any:
    one = chance.choice(list(floor.state.offers.values()))
    offer, agent = OfferId(one.id), AgentId(one.agent)
    if one.state == "wrapping":
        return WrapUpEnded(agent)
    if one.state == "accepted":
        call = floor.state.calls[one.call]
        if call.callback and chance.random() < 0.5:
            return CallbackFailed(offer, agent)
        return ContactEnded(offer, agent, chance.random() < 0.2)
    return chance.choice(
        (
            OfferAccepted(offer, agent),
            OfferAccepted(offer, agent),
            OfferAccepted(offer, agent),
            OfferRefused(offer, agent, chance.choice(("rejected", "unreachable", "failed"))),
            OfferDeclined(agent, offer),
        )
    )


def fact(chance: random.Random, floor: Floor, number: int, now: Instant) -> Any:
    """Mostly what may well happen now, sometimes anything."""
    agent, queue = AgentId(chance.choice(AGENTS)), chance.choice(QUEUES)
    dice = chance.random()
    if dice < 0.35:
        return queued(chance, number, now)
    if dice < 0.6 and floor.state.offers:
        return of_offer(chance, floor)
    if dice < 0.72 and floor.state.calls:
        call = CallId(chance.choice(list(floor.state.calls)))
        return chance.choice(
            (
                CallerGone(call),
                CallerGone(call),
                CallbackChosen(call, "+8613"),
                PickUpAsked(agent, call),
                CallAssigned(call, agent, "sup"),
                CallPrioritised(call, chance.choice((0.0, 90.0)), "sup"),
                PriorityChanged(call, 50.0, "gold"),
                CallbackCancelled(call, "sup"),
            )
        )
    if dice < 0.77:
        return rows(chance)
    return chance.choice(
        (
            AgentReady(agent),
            AgentReady(agent),
            AgentReady(agent),
            WrapUpEnded(agent),
            AgentSignedIn(agent, OWN[agent]),
            DeviceReachable(OWN[agent], True),
            DeviceReachable(OWN[agent], False),
            AgentPaused(agent, "lunch", chance.choice(("", "sup"))),
            AgentSignedOut(agent, chance.choice(("", "sup"))),
            DialAsked(agent, CallId(f"d{number}"), "+8610", chance.choice((None, queue))),
            CallbackAsked(CallId(f"b{number}"), queue, f"+861{number % 3}", now, "sup"),
            QueueClosed(queue, "fire", "sup"),
            QueueOpened(queue, "sup"),
            QueueOpened(queue, "sup"),
        )
    )


def begun(chance: random.Random) -> Floor:
    """A floor on which everybody is ready."""
    floor = Floor()
    everybody = tuple(AgentConfig(AgentId(a), a, OWN[a], QUEUES, levels(chance)) for a in AGENTS)
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


def in_any(agent: FloorAgent, call: FloorCall, groups: dict[str, tuple[str, ...]]) -> bool:
    return any(
        agent.branch == name.partition(":")[2]
        if name.startswith("branch:")
        else agent.id in groups.get(name, ())
        for name in call.groups
    )


def is_for(agent: FloorAgent, call: FloorCall, groups: dict[str, tuple[str, ...]]) -> bool:
    """Whether the agent may have the call at all, whatever they are doing."""
    if agent.id in call.rejected:
        return False
    if call.held_for in AGENTS:
        return agent.id == call.held_for
    if call.held_for is not None and f"branch:{agent.branch}" != call.held_for:
        return False
    if any(agent.skills.get(skill, 0) < least for skill, least in call.skills.items()):
        return False
    level, penalty = agent.memberships.get(call.queue, (99, 0))
    member = level <= call.level and (call.max_penalty is None or penalty <= call.max_penalty)
    return member or in_any(agent, call, groups)


def capacity(agent: FloorAgent, channel: str) -> int:
    return agent.capacity.get(channel, 0) if agent.capacity else int(channel == "voice")


def has_room(agent: FloorAgent, state: FloorState, call: FloorCall) -> bool:
    channel = state.queues[call.queue].config.channel
    busy_with = [state.offers[key].channel for key in agent.offers]
    return (
        agent.state not in AWAY
        and not agent.next_state
        and state.devices.get(agent.device or "", False)
        and set(busy_with) <= {channel}
        and len(busy_with) < capacity(agent, channel)
    )


def rank(call: FloorCall, config: QueueConfig, now: Instant) -> tuple[Any, ...]:
    base = sum(Fraction(str(part)) for part in (call.base, config.base_priority, call.raised))
    aged = base + Fraction(str(config.age_rate)) * max(0, now - call.since) / 1_000_000
    priority = min(Fraction(str(config.age_cap)), aged)
    return (-config.weight, not call.at_head, 0 if call.at_head else -priority, call.since, call.seq)


def busy_us(agent: FloorAgent, state: FloorState, config: QueueConfig, now: Instant) -> int:
    start = now - round(config.busy_window_s * 1_000_000)
    spans = [[begin, end] for begin, _, end, _ in agent.handled]
    spans += [[state.offers[o].accepted, now] for o in agent.offers if state.offers[o].accepted]
    return sum(max(0, end - max(start, begin)) for begin, end in spans)


def waiting(state: FloorState) -> list[FloorCall]:
    return [call for call in state.calls.values() if call.state == "waiting"]


def nobody_waits_beside_a_free_agent(state: FloorState) -> None:
    """Work conservation."""
    agents = state.agents.values()
    stuck = [
        (call.id, agent.id)
        for call in waiting(state)
        for agent in agents
        if has_room(agent, state, call) and is_for(agent, call, state.groups)
    ]
    assert not stuck


def loosened(call: FloorCall, queue: FloorQueue) -> FloorCall:
    """The call as it would be if all of the recipe were done."""
    one: FloorCall = loads(dumps(call))
    one.held_for = None
    for step in queue.config.recipe:
        for op in step.do:
            if op.act in ("relax", "drop") and op.name in one.skills:
                one.skills[op.name] = min(one.skills[op.name], int(op.amount) if op.act == "relax" else 0)
            one.level = max(one.level, int(op.amount)) if op.act == "widen_level" else one.level
            one.groups += (op.name,) if op.act == "widen_group" else ()
            one.groups += (f"branch:{op.name}",) if op.act == "widen_branch" else ()
    return one


def nobody_waits_for_nobody(state: FloorState) -> None:
    for call in waiting(state):
        queue = state.queues[call.queue]
        if (
            queue.config.leave_empty
            and not call.callback
            and not any(op.act == "penalty" for step in queue.config.recipe for op in step.do)
        ):
            named = [a for a in (call.preferred, call.backup) if a in state.agents and call.held_for]
            loose = loosened(call, queue)
            assert any(
                a.state != "signed_out" and (is_for(a, loose, state.groups) or a.id in named)
                for a in state.agents.values()
            ), call


def everybody_has_a_way_on(state: FloorState) -> None:
    """No state without an exit or a deadline, no capacity exceeded, one winner, pointers both ways."""
    for agent in state.agents.values():
        assert AGENT[agent.state]
        offers = [state.offers[key] for key in agent.offers]
        assert all(o.agent == agent.id for o in offers)
        states = {o.state for o in offers}
        doing = (("accepted", "on_contact"), ("pending", "offered"), ("wrapping", "wrap_up"))
        busiest = next((state for what, state in doing if what in states), None)
        assert agent.state == busiest if busiest else agent.state not in dict(doing).values()
        if agent.state == "paused" and agent.reason == "failed":
            assert agent.until is not None
    for offer in state.offers.values():
        assert OFFER[offer.state] and offer.id in state.agents[offer.agent].offers
        if offer.state == "wrapping":
            assert offer.accepted <= offer.ended
        else:
            assert offer.id in state.calls[offer.call].offers
    for call in state.calls.values():
        assert CALL[call.state]
        live = [state.offers[key].state for key in call.offers]
        if call.state == "answered":
            assert live == ["accepted"]
        else:
            assert set(live) == ({"pending"} if call.state == "offered" else set())
        if call.state == "parked":
            assert call.turn_at is not None
        if call.callback and call.state != "answered":
            assert call.expires is not None


def the_only_offer_is_the_right_one(
    before: FloorState, after_: FloorState, offer: Offer, now: Instant
) -> None:
    """The best call of those its agent may take, and the best agent of those who were free for it."""
    config = after_.queues[offer.queue].config
    call, agent = after_.calls[offer.call], after_.agents[offer.agent]
    groups = after_.groups
    assert is_for(agent, call, groups)
    channel = config.channel

    def could_have(one: FloorCall) -> bool:
        its = after_.queues[one.queue].config.channel
        alone = len(agent.offers) == 1
        return is_for(agent, one, groups) and (its == channel or (alone and capacity(agent, its) > 0))

    others = [c for c in waiting(after_) if could_have(c)]
    assert all(rank(call, config, now) < rank(c, after_.queues[c.queue].config, now) for c in others)
    rest = [a for a in after_.agents.values() if a is not agent]
    free = [a for a in rest if has_room(a, after_, call) and is_for(a, call, groups)]

    def score(one: FloorAgent, since: Instant) -> tuple[Any, ...]:
        missed, penalty = call.missed.get(one.id, 0), one.memberships.get(call.queue, (1, 0))[1]
        away = bool(call.branch) and config.home_branch_first and one.branch != call.branch
        first = (missed, one.id != call.preferred, away, penalty)
        busy = 0 if config.strategy == "longest_idle" else busy_us(one, after_, config, now)
        return (*first, busy, since, one.id)

    was = before.agents.get(agent.id)
    since = was.idle_since if was is not None and (was.state == "available" or was.offers) else now
    assert all(score(agent, since) < score(one, one.idle_since) for one in free)


SEEDS = st.integers(0, 2**32)
OUT_OF_TURN = (PickUpAsked, CallAssigned, DialAsked, FloorConfigured)


def told(floor: Floor, what: Any, now: Instant) -> list[Any]:
    return list(floor.wake(now) if what is None else floor.handle(what, now))


@given(SEEDS)
@HALF
def test_every_offer_is_the_one_the_rules_ask_for(seed: int) -> None:
    """Nobody waits beside an agent who is free for them, nor for nobody; the offer made is the best pair."""
    for now, what, floor in day(seed):
        before: FloorState = loads(dumps(floor.state))
        said = told(floor, what, now)
        state = floor.state
        nobody_waits_beside_a_free_agent(state)
        nobody_waits_for_nobody(state)
        everybody_has_a_way_on(state)
        offers = [s for s in said if isinstance(s, Offer)]
        for offer in offers:
            agent = state.agents[offer.agent]
            channels = [state.offers[key].channel for key in agent.offers]
            assert len(set(channels)) == 1 and len(channels) <= capacity(agent, channels[0])
        if len(offers) == 1 and not isinstance(what, OUT_OF_TURN):
            config = state.queues[offers[0].queue].config
            rings_on = config.strategy == "ring_progressively" and len(state.calls[offers[0].call].offers) > 1
            if not rings_on:
                the_only_offer_is_the_right_one(before, state, offers[0], now)


@given(SEEDS)
@HALF
def test_what_is_ignored_changes_nothing(seed: int) -> None:
    """A fact that means nothing now is answered by its name and a reason, and the state is as before."""
    for now, what, floor in day(seed):
        before = dumps(floor.state)
        said = told(floor, what, now)
        if any(isinstance(s, Ignored) for s in said):
            assert len(said) == 1 and said[0].why
            assert dumps(floor.state) == before


@given(SEEDS)
def test_every_stay_ends_once_and_the_counters_say_so(seed: int) -> None:
    """Each call that joined leaves once: answered, gone, handed back, kept as a callback; or overflows on."""
    ends: dict[str, int] = {}
    joined: set[str] = set()
    kept: dict[str, int] = {}
    wins: dict[str, list[str]] = {}
    last: Floor | None = None
    for now, what, floor in day(seed):
        calls_before = set(floor.state.calls)
        said = told(floor, what, now)
        ignored = any(isinstance(s, Ignored) for s in said)
        if isinstance(what, CallQueued) and not ignored:
            joined.add(what.call)
        if isinstance(what, CallerGone) and not ignored:
            ends[what.call] = ends.get(what.call, 0) + (what.call not in wins)
        if isinstance(what, OfferAccepted) and not ignored:
            call = next(c.id for c in floor.state.calls.values() if what.offer in c.offers)
            if not floor.state.calls[call].dial:
                ends[call] = ends.get(call, 0) + 1
                wins.setdefault(call, []).append(what.offer)
        for s in said:
            if isinstance(s, ReturnToFlow):
                ends[s.call] = ends.get(s.call, 0) + 1
            elif isinstance(s, CallbackKept):
                kept[s.callback] = 0
                if s.call is not None:
                    ends[s.call] = ends.get(s.call, 0) + 1
            elif isinstance(s, CallbackOver):
                kept[s.callback] += 1
            elif isinstance(s, Overflow):
                assert floor.state.calls.get(s.call) is None or floor.state.calls[s.call].trail
        gone = calls_before - set(floor.state.calls)
        assert all(ends.get(c) == 1 or c in kept or c.startswith("d") for c in gone), gone
        last = floor
    assert last is not None
    alive = set(last.state.calls)
    waits = {c.id for c in last.state.calls.values() if c.state != "answered"}
    assert all(ends.get(call, 0) == (call not in waits) for call in joined), (ends, joined - waits)
    assert all(over == (callback not in alive) for callback, over in kept.items())
    assert all(len(offers) == 1 for offers in wins.values())
    for queue in last.state.queues.values():
        counted = queue.answered + queue.abandoned + queue.returned
        live = [c for c in last.state.calls.values() if c.queue == queue.config.id and not c.dial]
        assert counted + sum(c.state != "answered" for c in live) <= queue.offered + len(joined)


@given(SEEDS, st.integers(0, STEPS - 1))
@HALF
def test_a_floor_restored_anywhere_goes_on_alike(seed: int, at: int) -> None:
    """From its snapshot at any step: the same answers and the same state."""
    again = Floor()
    for n, (now, what, floor) in enumerate(day(seed)):
        if n == at:
            again = Floor.restore(loads(dumps(floor.state)))
        said = told(floor, what, now)
        if n >= at:
            assert dumps(told(again, what, now)) == dumps(said)
            assert again.wake_at() == floor.wake_at()
            assert dumps(again.state) == dumps(floor.state)


def picture(view: AgentChanged | QueueChanged) -> tuple[Any, ...]:
    """What of a picture does not change by time alone."""
    if isinstance(view, AgentChanged):
        return (
            view.state,
            view.since,
            view.contacts,
            view.until,
            view.next_state,
            view.offered,
            view.answered,
        )
    return (view.waiting, view.available, view.staffed, view.offered, view.answered, view.closed, view.calls)


@given(SEEDS)
def test_pictures_are_true(seed: int) -> None:
    """What pages were last told of agents and queues is what a new page would be told."""
    shown: dict[str, Any] = {}
    for now, what, floor in day(seed):
        shown = shown or {getattr(v, "agent", None) or v.queue: picture(v) for v in floor.views()}
        for said in told(floor, what, now):
            if isinstance(said, AgentChanged | QueueChanged):
                shown[getattr(said, "agent", None) or said.queue] = picture(said)
        for view in floor.views(now):
            key = getattr(view, "agent", None) or view.queue
            if isinstance(view, QueueChanged):
                # As calls reach the cap of their priority they change places without anything happening.
                assert shown[key][:-1] == picture(view)[:-1]
                assert set(shown[key][-1]) == set(view.calls)
            else:
                assert shown[key] == picture(view)


def test_facts_of_other_rooms_are_not_heard() -> None:
    """The floor hears facts, not its own intents."""
    floor = begun(random.Random(1))
    (said,) = floor.handle(Rescind(OfferId("o1"), CallId("c"), AgentId("a"), "timed_out"), T0)
    assert isinstance(said, Ignored)
