"""Simulated days are true: the same waits as a plainer queue, call by call, and those of the formulas."""

import math
import random
import statistics
from bisect import insort
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acd.day import Caller, Day, Done, Shift
from domain.config import AgentConfig, FloorConfigured, QueueConfig
from domain.ids import AgentId, DeviceId, QueueId
from domain.instant import MICROS_PER_SECOND, Instant, after

T0 = Instant(1_767_225_600_000_000)
Q = QueueId("q")
T_99_OF_TEN_DAYS = 3.2498
"""Student's t, 9 degrees of freedom, two-sided 99 %."""


def floor(agents: int, **rules: object) -> FloorConfigured:
    """One queue, so many agents."""
    people = (AgentConfig(AgentId(f"a{n}"), "", DeviceId(f"d{n}"), (Q,)) for n in range(agents))
    return FloorConfigured((QueueConfig(Q, "", wrap_up_open=True, **rules),), tuple(people))  # type: ignore[arg-type]


def day(config: FloorConfigured, callers: list[Caller], hours: float = 1000) -> Done:
    """Everybody works all day."""
    start = after(T0, -1)
    end = after(T0, hours * 3600)
    return Day(config, callers, [Shift(a.id, start, end) for a in config.agents]).run()


# ------------------------------------------------------------------ a plainer queue


def plain_queue(callers: list[Caller], agents: int) -> list[int]:
    """Each caller's wait in microseconds: first come first served, whoever loses patience is gone."""
    free: list[int] = [callers[0].at] * agents
    waits = []
    for caller in callers:
        start = max(caller.at, free[0])
        gives_up = after(caller.at, caller.patience_s) if math.isfinite(caller.patience_s) else start + 1
        if start > gives_up:
            waits.append(gives_up - caller.at)
            continue
        waits.append(start - caller.at)
        del free[0]
        talked = after(Instant(start), caller.talk_s)
        insort(free, after(talked, caller.wrap_up_s))
    return waits


def draws(seed: int, calls: int, every_s: float, *, patience_s: float, talk_s: float) -> list[Caller]:
    """Callers of a Poisson process with exponential talk, wrap-up and patience."""
    chance, at, callers = random.Random(seed), T0, []
    for _ in range(calls):
        at = after(at, chance.expovariate(1 / every_s))
        patience = chance.expovariate(1 / patience_s) if patience_s else math.inf
        talk = chance.expovariate(1 / talk_s)
        callers.append(Caller(at, Q, talk, patience, chance.expovariate(1 / talk_s * 9)))
    return callers


@given(st.integers(0, 2**32), st.integers(1, 12), st.floats(0.5, 1.3), st.sampled_from((0, 5, 60)))
def test_the_same_draws_give_the_same_wait_for_every_call(
    seed: int, agents: int, load: float, patience_s: float
) -> None:
    """On any load, with patience or without, the machine's queue is the plain one."""
    callers = draws(seed, 120, 100 / agents / load, patience_s=patience_s, talk_s=90)
    done = day(floor(agents, age_rate=0), callers)
    assert [stay.wait_us for stay in done.stays] == plain_queue(callers, agents)


def test_a_long_day_gives_the_same_wait_for_every_call() -> None:
    """Forty agents at a load of 0.95: thousands of calls."""
    callers = draws(7, 4000, 180 / 40 / 0.95, patience_s=120, talk_s=162)
    done = day(floor(40), callers)
    assert [stay.wait_us for stay in done.stays] == plain_queue(callers, 40)
    assert done.busy_us.keys() == {f"a{n}" for n in range(40)}


# ------------------------------------------------------------------ the formulas


def erlang_a(agents: int, load: float, service_s: float, patience_s: float) -> dict[str, float]:
    """M/M/c+M in its steady state, from the birth-death balance: shares and the mean wait in seconds."""
    arrivals = load * agents / service_s
    weights, weight = [1.0], 1.0
    for n in range(1, agents + 3000):
        leaving = min(n, agents) / service_s + max(0, n - agents) / patience_s
        weight *= arrivals / leaving
        weights.append(weight)
    total = math.fsum(weights)
    queue = math.fsum(w * max(0, n - agents) for n, w in enumerate(weights)) / total
    waits = math.fsum(weights[agents:]) / total
    return {"waits": waits, "wait_s": queue / arrivals, "abandons": queue / patience_s / arrivals}


WARM_S = 1500.0


def measured(seed: int, service_s: float, patience_s: float) -> dict[str, float]:
    """One seeded day of fifteen agents at a load of 0.95, the first minutes left out."""
    chance, at, callers = random.Random(seed), T0, []
    end = after(T0, WARM_S + 9000)
    while at < end:
        at = after(at, chance.expovariate(0.95 * 15 / service_s))
        callers.append(Caller(at, Q, chance.expovariate(1 / service_s), chance.expovariate(1 / patience_s)))
    stays = [s for s in day(floor(15), callers).stays if s.caller.at >= after(T0, WARM_S)]
    return {
        "waits": statistics.fmean(s.wait_us > 0 for s in stays),
        "wait_s": statistics.fmean(s.wait_us for s in stays) / MICROS_PER_SECOND,
        "abandons": statistics.fmean(s.outcome == "abandoned" for s in stays),
    }


@pytest.fixture(scope="module")
def ten_days() -> list[dict[str, float]]:
    return [measured(seed, 120, 150) for seed in range(1, 11)]


@pytest.mark.parametrize("figure", ["waits", "wait_s", "abandons"])
def test_erlang_a_lies_in_what_ten_days_say(ten_days: list[dict[str, float]], figure: str) -> None:
    """The exact value lies in the 99 % interval of ten seeded days."""
    exact = erlang_a(15, 0.95, 120, 150)[figure]
    found = [one[figure] for one in ten_days]
    half = T_99_OF_TEN_DAYS * statistics.stdev(found) / math.sqrt(10)
    assert abs(statistics.fmean(found) - exact) < half
    assert half < 0.25 * exact  # and says something


def test_the_formula_is_the_textbooks() -> None:
    """Without patience worth the name, M/M/c+M is Erlang C: 0.5 erlang on one agent waits half the time."""
    assert erlang_a(1, 0.5, 60, 1e12)["waits"] == pytest.approx(0.5, abs=1e-6)
    assert erlang_a(1, 0.5, 60, 1e12)["wait_s"] == pytest.approx(60, rel=1e-6)


# ------------------------------------------------------------------ rosters and rules


def waits_of(done: Done, which: Callable[[Caller], bool]) -> list[float]:
    return [s.wait_us / 1e6 for s in done.stays if which(s.caller) and s.outcome == "answered"]


def test_shifts_tiers_and_skills_take_part() -> None:
    """Who comes later serves later, gold waits less than the rest, a skill is waited for."""
    chance = random.Random(3)
    people = tuple(
        AgentConfig(AgentId(f"a{n}"), "", DeviceId(f"d{n}"), (Q,), ("english",) if n < 2 else ())
        for n in range(10)
    )
    config = FloorConfigured((QueueConfig(Q, "", wrap_up_s=10, leave_empty=(), join_empty=()),), people)
    callers, at = [], T0
    for n in range(800):
        at = after(at, chance.expovariate(1 / 11))
        gold = n % 4 == 0
        skills = ("english",) if n % 8 == 1 else ()
        callers.append(
            Caller(
                at, Q, chance.expovariate(1 / 90), 600, 0, 50 if gold else 0, skills, "gold" if gold else ""
            )
        )
    start = after(T0, 600)
    shifts = [Shift(a.id, T0 if n < 5 else start, after(T0, 40_000)) for n, a in enumerate(people)]
    done = Day(config, callers, shifts).run()
    assert all(s.outcome in ("answered", "abandoned") for s in done.stays)
    early = {s.agent for s in done.stays if s.left is not None and s.left < start and s.agent}
    assert early <= {f"a{n}" for n in range(5)}
    gold = statistics.fmean(waits_of(done, lambda c: c.tier == "gold"))
    rest = statistics.fmean(waits_of(done, lambda c: c.tier == "" and not c.skills))
    assert gold < rest
    assert {s.agent for s in done.stays if s.caller.skills and s.agent} <= {"a0", "a1"}


def test_a_day_is_its_draws() -> None:
    """Run again it is the same, fact for fact."""
    callers = draws(5, 500, 5, patience_s=60, talk_s=100)
    one, two = day(floor(20), callers), day(floor(20), callers)
    assert one == two
