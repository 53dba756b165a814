"""A month from its history to its roster, and what that roster will give: the steps, for Python.

Each is a function: ``forecast_queue``, ``staffed``, ``sample_people``, ``to_problem``, ``period_of``. What
lies between (solving, simulating) is ``scheduling.solver`` and ``callfloor.roster_floor``.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from callfloor.roster_floor import Period, QueueCalls, floor_of
from forecasting.cleaning import apply
from forecasting.columns import groups
from forecasting.days import local
from forecasting.history import Floats, History, Ints
from forecasting.planning import Forecast, Tell, clean_history, forecast_history, untold
from forecasting.staffing import Plan, Staffing, plan

if TYPE_CHECKING:
    from forecasting.calendar import DayCalendar
    from scheduling.assembling import Assembled
    from scheduling.formats.books import Book
    from scheduling.formats.people_csv import Listed
    from scheduling.formats.requirement_csv import Requirement
    from scheduling.problem import Problem
    from scheduling.roster import Roster

AHEAD_DAYS: Final = 10
"""The sample bank plans a month so many days before it begins."""
QUARTER: Final = 15
"""Rosters are made by the quarter of an hour, as breaks are."""
_FULL_H: Final = 40.0
_WITHIN_80 = 1.2816
"""Standard deviations from the middle to an end of an interval that holds 80 %."""


@dataclass(frozen=True, slots=True, eq=False)
class QueuePlan:
    """A queue's forecast with the number of what was strange in its history, and the staffing for it."""

    name: str
    forecast: Forecast
    strange: int
    plan: Plan

    @property
    def skill(self) -> str:
        """The queue's name as one word: what people must have to serve it."""
        return re.sub(r"[\s,;|、，；/=]+", "_", self.name.strip()) or "calls"


def sample_histories(month: date, seed: int) -> "tuple[dict[str, History], DayCalendar]":
    """The sample bank's calls of a year until ten days before a month, and its calendar."""
    from callfloor import sample_planning

    today = month - timedelta(days=AHEAD_DAYS)
    return sample_planning.histories_before(today, seed)


def forecast_queue(
    history: History, calendar: "DayCalendar", month: str, model: str, tell: Tell = untold
) -> tuple[Forecast, int]:
    """The forecast of a month (``2026-12``, ``month``: the next) from a history made clean, and how much in
    it was strange. Raises ForecastError.
    """
    findings = clean_history(history, calendar)
    return forecast_history(apply(history, findings), calendar, month, model, tell), len(findings)


def staffed(name: str, forecast: Forecast, strange: int, rules: Staffing) -> QueuePlan:
    """Agents for a forecast. Raises ValueError, where it has no handle time."""
    numbers = forecast.numbers
    try:
        made = plan(numbers.calls, numbers.interval_s, numbers.aht_s, rules)
    except ValueError as error:
        raise ValueError(f"{name or 'the history'}: {error}") from None
    return QueuePlan(name, forecast, strange, made)


def stamps_of(forecast: Forecast) -> list[str]:
    """The intervals' times on the wall, ISO 8601 without an offset."""
    return walls_of(forecast.numbers.starts, forecast.numbers.zone)


def walls_of(starts: Ints, zone: str) -> list[str]:
    """Times on the wall, ``2026-12-01 08:30``, of UTC seconds."""
    days, minutes = local(starts, zone)
    walls = days.astype("datetime64[D]").astype("datetime64[m]") + minutes.astype("timedelta64[m]")
    return [str(one).replace("T", " ") for one in walls]


def spread_of(forecast: Forecast) -> tuple[float, Floats]:
    """How far calls may be from the forecast beyond chance, as relative standard deviations: of all of it,
    and of each interval's day (n,) besides; from its 80 % intervals.
    """
    numbers = forecast.numbers

    def relative(by: Any) -> tuple[Floats, Floats, Ints]:
        of = groups(numbers.starts, numbers.zone, by).of
        calls = np.maximum(np.bincount(of, numbers.calls), 1e-9)
        wide = (forecast.sums[f"{by}_hi80"] - forecast.sums[f"{by}_lo80"]) / 2 / _WITHIN_80
        return wide / calls, 1 / calls, of

    months, chance, _ = relative("month")
    level = float(np.sqrt(np.maximum(months**2 - chance, 0.0)).max(initial=0.0))
    days, chance, of = relative("day")
    own = np.sqrt(np.clip(days**2 - chance - level**2, 0.0, 1.0))
    return min(level, 1.0), np.asarray(own[of])


# ------------------------------------------------------------------ people and problem


def requirement_of(one: QueuePlan) -> "Requirement":
    """The agents of a queue as scheduling asks for them, by quarters of an hour or what is finer."""
    from scheduling.formats.requirement_csv import read_requirement

    rows = zip(stamps_of(one.forecast), one.plan.agents.tolist(), strict=True)
    text = "timestamp,agents\n" + "".join(f"{stamp},{agents}\n" for stamp, agents in rows)
    found = read_requirement(text, one.skill)
    parts, odd = divmod(found.interval_minutes, QUARTER)
    if parts < 2 or odd:
        return found
    required = tuple(agents for agents in found.required for _ in range(parts))
    return replace(found, interval_minutes=QUARTER, required=required)


def sample_people(plans: Sequence[QueuePlan], seed: int) -> str:
    """People enough for the requirement, as CSV: the hours to be paid, shrinkage included, at 40 h a week
    (about a fifth work 20 h), with the skill of each queue by its share and a second one for every other.
    """
    chance = np.random.default_rng([seed, 7])
    starts = plans[0].forecast.numbers.starts
    zone = plans[0].forecast.numbers.zone
    days = np.unique(local(starts, zone)[0]).astype("datetime64[D]")
    hours = np.array([one.plan.scheduled_hours for one in plans])
    whole = hours.sum() / (_FULL_H * len(days) / 7)
    full, part = max(1, round(0.88 * whole)), round(0.24 * whole)
    heads = full + part
    # The next one goes where most is missing by the shares.
    given = np.zeros(len(plans))
    lines = ["id,contract,skills,team,seniority,leave,off"]
    for n in range(heads):
        first = int(np.argmax(hours / hours.sum() * (n + 1) - given)) if hours.sum() > 0 else 0
        given[first] += 1
        skills = [plans[first].skill]
        if len(plans) > 1 and n % 2:
            skills.append(plans[(first + 1 + int(chance.integers(len(plans) - 1))) % len(plans)].skill)
        is_part = n * part // heads != (n + 1) * part // heads
        contract = "part-time" if is_part else "full-time"
        leave = ""
        if chance.random() < 0.25:
            begin = int(chance.integers(len(days)))
            leave = f"{days[begin]}..{days[min(begin + int(chance.integers(1, 3)), len(days) - 1)]}"
        wished = chance.choice(len(days), min(2, len(days)), replace=False)
        off = " ".join(str(days[int(at)]) for at in wished)
        team, years = f"team-{n // 12 + 1:02}", int(chance.integers(0, 16))
        lines.append(f"a{n + 1:03},{contract},{' '.join(skills)},{team},{years},{leave},{off}")
    return "\n".join(lines) + "\n"


def to_problem(
    plans: Sequence[QueuePlan], people: "Sequence[Listed]", book: "Book", holidays: Sequence[date] = ()
) -> "Assembled":
    """The rostering problem of a month. Raises AssemblyError, ProblemError."""
    from scheduling.assembling import assemble
    from scheduling.formats.books import STANDARD, find_book

    requirements: Mapping[str, Requirement] = {one.skill: requirement_of(one) for one in plans}
    if len(requirements) < len(plans):
        raise ValueError("two queues have the same name but for blanks and signs; give them others")
    zone = plans[0].forecast.numbers.zone
    return assemble(requirements, people, book, find_book(STANDARD), zone, holidays)


def with_night_before(problem: "Problem") -> "Problem":
    """Somebody of each skill has worked the night into the first day, as many as its first hours ask for."""
    from scheduling.problem import History as Before
    from scheduling.problem import Past

    nights = [one for one in problem.shifts if "night" in one.marks and not one.reserve]
    if not nights:
        return problem
    night = nights[0]
    until = (night.start + night.length - 1440) // problem.interval_minutes
    past = Past(-1, night.id, night.start, night.length, night.worked(night.length))
    chosen: set[str] = set()
    for demand in problem.demands:
        able = [one for one in problem.people if next(iter(one.skills)) == demand.skill]
        able = [one for one in able if not one.shifts or {night.id, *night.marks} & set(one.shifts)]
        chosen |= {one.id for one in able[: max(demand.required[: max(until, 0)], default=0)]}
    return replace(
        problem,
        people=tuple(
            replace(one, history=Before(1, (past,))) if one.id in chosen else one for one in problem.people
        ),
    )


# ------------------------------------------------------------------ the floor


def period_of(
    plans: Sequence[QueuePlan],
    problem: "Problem",
    roster: "Roster",
    within_s: float,
    patience_s: float | None,
    *,
    certain: bool = False,
    absence: float = 0.0,
) -> Period:
    """What is simulated; ``certain``: calls come as forecast, but for chance. ``absence`` is the share of
    rostered days on which people are ill. Queues have the same intervals' length; where one is closed it has
    no calls.
    """
    starts = np.unique(np.concatenate([one.forecast.numbers.starts for one in plans]))
    queues = []
    for one in plans:
        numbers = one.forecast.numbers
        at = np.searchsorted(starts, numbers.starts)
        level, days = (0.0, np.zeros(len(at))) if certain else spread_of(one.forecast)
        calls, aht_s, day_sd = np.zeros(len(starts)), np.ones(len(starts)), np.zeros(len(starts))
        calls[at], aht_s[at], day_sd[at] = numbers.calls, one.plan.aht_s, days
        queues.append(QueueCalls(one.name, one.skill, calls, aht_s, patience_s, within_s, level, day_sd))
    zone = plans[0].forecast.numbers.zone
    _, day = np.unique(local(starts, zone)[0], return_inverse=True)
    floor = floor_of(problem, roster, queues)
    return Period(starts, plans[0].forecast.numbers.interval_s, day, tuple(queues), *floor, absence)


def needed(plans: Sequence[QueuePlan], starts: Ints) -> Ints:
    """(q, n) the agents each queue asks for, in the intervals of the period."""
    found = np.zeros((len(plans), len(starts)), dtype=np.int64)
    for q, one in enumerate(plans):
        found[q, np.searchsorted(starts, one.forecast.numbers.starts)] = one.plan.agents
    return found


def month_of(text: str | None, now_s: float) -> date:
    """The first day of ``2026-12``, or of the month after now. Raises ValueError."""
    if text is None:
        today = datetime.fromtimestamp(now_s, UTC).date()
        return (today.replace(day=1) + timedelta(days=32)).replace(day=1)
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        raise ValueError(f"--month {text}: is no month; write it like 2026-12") from None
