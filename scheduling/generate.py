"""A call center of any size, made from a seed: for benches, tests and demonstrations.

It is open around the clock, with two peaks on working days and quieter weekends; three kinds of work, people
with one or two skills, full-time and part-time, in teams of ten; flexible shifts with breaks; training and
meetings; leave, wishes and a week of history; the law of ``laws/cn-labour.toml`` and fairness. What is asked
for is about ``load`` of what the people can do, so that there are always some too few and some too many.
"""

from datetime import date
from math import exp
from random import Random
from typing import Final

from scheduling.demand import Demand, Step, Steps
from scheduling.people import Contract, History, Leave, Past, Person, Wish
from scheduling.problem import Problem
from scheduling.rules import (
    Activity,
    AverageHours,
    ConsecutiveDays,
    ConsecutiveDaysOff,
    DailyOvertime,
    Fairness,
    MonthlyOvertime,
    Rest,
    RestDays,
    Rule,
    Weekends,
    Who,
)
from scheduling.shifts import DAY, Break, Shift

INTERVAL: Final = 15
SHARES: Final = {"cards": 0.5, "loans": 0.35, "english": 0.15}
"""Kinds of work, and how much of all calls they are."""
UNDER: Final[Steps] = (Step(1, 60), Step(3, 100), Step(6, 200))
OVER: Final[Steps] = (Step(1, 4), Step(4, 8))
PART_TIME: Final = 0.2
FIRST_DAY: Final = date(2026, 11, 2)


def call_center(
    agents: int = 200, days: int = 28, seed: int = 1, load: float = 0.9, start: date = FIRST_DAY
) -> Problem:
    """The problem of ``agents`` people over ``days`` days from ``start``, the same for the same arguments."""
    chance = Random(seed)
    people = tuple(_person(place, days, start, chance) for place in range(agents))
    teams = sorted({one.team for one in people})
    return Problem(
        start,
        days,
        _shifts(),
        people,
        INTERVAL,
        _demands(people, days, start, load, chance),
        contracts=(
            Contract("full-time", week_least=2400, week_most=2640, weight=10),
            Contract("part-time", week_least=1200, week_most=1440, weight=10),
        ),
        rules=_rules(),
        activities=tuple(_activities(teams, days, start, chance)),
        zone="Asia/Shanghai",
        name=f"call center of {agents} agents, seed {seed}",
    )


# ------------------------------------------------------------------ shifts and rules


def _full(id: str, name: str, start: int, latest: int, mark: str) -> Shift:
    breaks = (
        Break("first", 15, 60, 150),
        Break("meal", 30, 180, 300, paid=False),
        Break("second", 15, 330, 435),
    )
    return Shift(id, start, 510, latest, None, 30, marks=(mark,), breaks=breaks, least_stretch=60, name=name)


def _shifts() -> tuple[Shift, ...]:
    return (
        _full("E", "early", 390, 480, "early"),
        _full("D", "day", 540, 630, "day"),
        _full("L", "late", 720, 900, "late"),
        _full("N", "night", 1350, 1350, "night"),
        Shift(
            "P",
            480,
            240,
            1080,
            None,
            60,
            marks=("part-time",),
            breaks=(Break("pause", 15, 75, 150),),
            name="part-time",
        ),
    )


def _rules() -> tuple[Rule, ...]:
    return (
        AverageHours(most_minutes_a_week=2640),
        DailyOvertime(normal_minutes=480, most_minutes=180),
        MonthlyOvertime(normal_minutes=480, most_minutes=2160),
        RestDays(days=7, least=1),
        Rest(least_minutes=660),
        ConsecutiveDays(most=6),
        ConsecutiveDays(shifts=("night",), most=4, name="nights in a row"),
        ConsecutiveDaysOff(least=2, weight=15),
        Weekends(most=3, weight=30),
        Fairness(of="weekends", tolerance=2, weight=20),
        Fairness(of="night", tolerance=4, weight=20),
    )


def _activities(teams: list[str], days: int, start: date, chance: Random) -> list[Activity]:
    """A training of an hour for every team in some week, on a working day."""
    found = []
    for team in teams:
        monday = chance.randrange(0, max(1, days // 7)) * 7 - start.weekday()
        first, last = max(0, monday), min(days - 1, monday + 4)
        if first <= last:
            who = Who(teams=(team,))
            found.append(Activity(f"training {team}", 60, first, last, 600, 1080, 30, who, weight=25))
    return found


# ------------------------------------------------------------------ people


def _person(place: int, days: int, start: date, chance: Random) -> Person:
    part = chance.random() < PART_TIME
    first = chance.choices(list(SHARES), list(SHARES.values()))[0]
    skills = {first: chance.randint(1, 3)}
    if chance.random() < 0.4:
        skills[chance.choice([one for one in SHARES if one != first])] = chance.randint(1, 2)
    leave = chance.randrange(days) if chance.random() < 0.05 * days / 7 else None
    absent = [] if leave is None else list(range(leave, min(days, leave + chance.randint(1, 3))))
    free = chance.sample(range(days), min(days, chance.randint(1, 4)))
    credit = 240 if part else 480
    return Person(
        f"a{place + 1:03}",
        "part-time" if part else "full-time",
        skills,
        ("part-time",) if part else ("E", "D", "L", "N"),
        team=f"team-{place // 10 + 1:02}",
        branch=("Shanghai", "Chengdu")[place % 2],
        seniority=chance.randint(0, 15),
        leave=tuple(Leave(day, credit) for day in absent),
        wishes=tuple(
            Wish(day, False, weight=chance.choice((5, 10, 20))) for day in sorted(free) if day not in absent
        ),
        history=_history(part, start, chance),
    )


def _history(part: bool, start: date, chance: Random) -> History:
    """The week before: up to five days of one kind, one after another, the last ones free for some."""
    free = chance.randint(0, 2)
    span = range(-free - 5, -free)
    if part:
        worked = tuple(Past(day, "P", 540, 240, 240) for day in span)
    else:
        shift, at = chance.choice((("E", 420), ("D", 540), ("L", 780)))
        worked = tuple(Past(day, shift, at, 510, 480) for day in span)
    weekends = len({day for day in span if (start.weekday() + day) % 7 >= 5}) > 0
    return History(7, worked, {"weekends": int(weekends), "night": chance.randint(0, 2)})


# ------------------------------------------------------------------ demand


def _demands(
    people: tuple[Person, ...], days: int, start: date, load: float, chance: Random
) -> tuple[Demand, ...]:
    """Scaled so that all intervals together ask for ``load`` of the minutes there are on the telephone."""
    shape = [
        _busy((start.weekday() + interval * INTERVAL // DAY) % 7, interval * INTERVAL % DAY)
        for interval in range(days * DAY // INTERVAL)
    ]
    minutes = sum(1125 if one.contract == "part-time" else 2250 for one in people) * days / 7
    minutes -= sum(leave.minutes for one in people for leave in one.leave)
    scale = load * minutes / INTERVAL / sum(shape)
    demands = []
    for skill, share in SHARES.items():
        able = [one for one in people if skill in one.skills]
        if able:
            level = 2 if skill == "english" and any(one.skills[skill] >= 2 for one in able) else 1
            required = tuple(_near(scale * share * busy, chance) for busy in shape)
            demands.append(Demand(skill, skill, required, level, UNDER, OVER))
    return tuple(demands)


def _busy(weekday: int, minute: int) -> float:
    """How busy a time of the week is, 1 at the peaks of a working day."""
    hour = minute / 60
    morning, afternoon = exp(-(((hour - 10.5) / 2.2) ** 2)), exp(-(((hour - 15.5) / 3.0) ** 2))
    evening = 0.35 * exp(-(((hour - 20) / 2.0) ** 2))
    day = max(morning, 0.85 * afternoon) + evening
    return 0.04 + day * (1.0, 0.95, 0.92, 0.92, 0.97, 0.6, 0.5)[weekday]


def _near(value: float, chance: Random) -> int:
    """A whole number near a value, on average the value itself."""
    noisy = value * (1 + chance.uniform(-0.08, 0.08))
    return int(noisy) + (chance.random() < noisy % 1)
