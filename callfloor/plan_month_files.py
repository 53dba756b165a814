"""What ``callfloor plan-month`` writes and tells: tables, the roster, a picture."""

import csv
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from callfloor.plan_month import QueuePlan, needed, stamps_of, walls_of
from callfloor.roster_floor import Found, Period, on_duty
from forecasting.columns import groups
from forecasting.history import Floats, Ints
from forecasting.staffing.files import plan_csv

if TYPE_CHECKING:
    from scheduling.problem import Problem
    from scheduling.roster import Roster

HEADINGS = (
    "timestamp",
    "calls",
    "agents_needed",
    "agents_rostered",
    "agents_on_duty",
    "service_level",
    "target",
    "asa_s",
    "abandoned",
)


@dataclass(frozen=True, slots=True)
class Row:
    """An interval on average over the simulated months; ``level`` and ``asa_s`` are NaN without calls.

    Of a queue, people are those who serve it, whoever serves several in each of them. ``rostered`` less who
    is ill are ``on_duty``.
    """

    timestamp: str
    calls: float
    needed: int
    rostered: float
    on_duty: float
    level: float
    asa_s: float
    abandoned: float


@dataclass(frozen=True, slots=True)
class Simulated:
    """What a roster gave: the service level of each simulated ``month``, and means over them ``by_queue``,
    ``by_day`` (date, calls, service level) and by interval: ``rows`` of all, ``queues`` of each one.
    """

    target: float
    months: tuple[float, ...]
    by_queue: Mapping[str, float]
    by_day: tuple[tuple[str, float, float], ...]
    rows: tuple[Row, ...]
    queues: Mapping[str, tuple[Row, ...]]

    def worst(self, most: int) -> list[Row]:
        """The intervals below the target in which most callers were not served in time."""
        below = [one for one in self.rows if one.level < self.target]
        return sorted(below, key=lambda one: (one.calls * (one.level - 1), one.timestamp))[:most]


def simulated(
    plans: Sequence[QueuePlan],
    problem: "Problem",
    roster: "Roster",
    period: Period,
    target: float,
    found: Sequence[Found],
) -> Simulated:
    """The draws of a period put together."""
    sums = {
        name: np.sum([getattr(one, name) for one in found], axis=0)
        for name in ("calls", "in_target", "answered", "answer_s", "abandoned", "on_duty")
    }
    whole = {name: values.sum(axis=0) for name, values in sums.items()}
    whole["on_duty"] = np.sum([one.on_floor for one in found], axis=0)
    asked = needed(plans, period.starts)
    walls = walls_of(period.starts, problem.zone)
    every = on_duty(problem, roster, period.starts, period.interval_s)
    rows = _rows(walls, whole, asked.sum(axis=0), every, len(found))
    queues = {}
    for q, one in enumerate(plans):
        serving = frozenset(person.id for person in problem.people if person.skills.get(one.skill, 0) >= 1)
        there = on_duty(problem, roster, period.starts, period.interval_s, serving)
        of_queue = {name: values[q] for name, values in sums.items()}
        queues[one.name] = _rows(walls, of_queue, asked[q], there, len(found))
    calls, in_time = (np.bincount(period.day, whole[name]) for name in ("calls", "in_target"))
    names = [walls[int(first)][:10] for first in np.unique(period.day, return_index=True)[1]]
    by_day = zip(names, (calls / len(found)).tolist(), _share(in_time, calls).tolist(), strict=True)
    levels = _share(sums["in_target"].sum(axis=1), sums["calls"].sum(axis=1)).tolist()
    months = [float(_share(one.in_target.sum(), one.calls.sum())) for one in found]
    by_queue = {one.name: level for one, level in zip(plans, levels, strict=True)}
    return Simulated(target, tuple(months), by_queue, tuple(by_day), rows, queues)


def _rows(
    walls: Sequence[str], sums: Mapping[str, Floats], asked: Ints, rostered: Floats, runs: int
) -> tuple[Row, ...]:
    """Rows of sums (n,) over the simulated months."""
    columns = (
        sums["calls"] / runs,
        asked,
        np.round(rostered, 2),
        np.round(sums["on_duty"] / runs, 2),
        _share(sums["in_target"], sums["calls"]),
        _share(sums["answer_s"], sums["answered"]),
        sums["abandoned"] / runs,
    )
    return tuple(Row(*row) for row in zip(walls, *(column.tolist() for column in columns), strict=True))


def _share(part: Any, of: Any) -> Floats:
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.divide(part, of))


def told_of_plans(plans: Sequence[QueuePlan], target: tuple[float, float]) -> Iterator[str]:
    """What forecast and requirement came to, a few lines a queue."""
    for one in plans:
        numbers, choice = one.forecast.numbers, one.forecast.choice
        times = stamps_of(one.forecast)
        name = one.name or "calls"
        yield f"forecast of {name}, {times[0][:10]} to {times[-1][:10]}:"
        months = groups(numbers.starts, numbers.zone, "month").of
        calls = np.bincount(months, numbers.calls)
        ends = (one.forecast.sums["month_lo80"], one.forecast.sums["month_hi80"])
        for total, low, high in zip(calls, *ends, strict=True):
            yield f"  {total:.0f} calls, four times in five {low:.0f} to {high:.0f}"
        errors = [choice.errors[model] for model in choice.weights if not math.isnan(choice.errors[model])]
        how = "not tried on the past, for want of history"
        if choice.origins and errors:
            said = ", ".join(f"{error:.1f} %" for error in errors)
            how = f"off by {said} of the calls of an interval in {choice.origins} forecasts as of the past"
        yield f"  model {choice.name}: {how}"
        if one.strange:
            yield f"  {one.strange} stretches of its history were strange and are taken out"
        plan = one.plan
        kept = f"{100 * target[0]:g} % within {target[1]:g} s"
        yield (
            f"  requirement for {kept}: {plan.agent_hours:.0f} hours of agents, "
            f"at most {plan.agents.max()} at once; {plan.scheduled_hours:.0f} hours to be paid"
        )


# ------------------------------------------------------------------ files


def write_plans(folder: Path, plans: Sequence[QueuePlan]) -> None:
    """``forecast.csv``, and ``requirement.csv`` or, of several queues, one for each."""
    rows = []
    for one in plans:
        numbers = one.forecast.numbers
        columns = (numbers.calls, numbers.bands["lo80"], numbers.bands["hi80"], one.plan.aht_s)
        for stamp, *values in zip(stamps_of(one.forecast), *(c.tolist() for c in columns), strict=True):
            rows.append((stamp, one.name, *(f"{value:.2f}" for value in values)))
        name = "requirement.csv" if len(plans) == 1 else f"requirement-{one.skill}.csv"
        text = plan_csv(stamps_of(one.forecast), one.plan, one.plan.measures)
        (folder / name).write_text(text, encoding="utf-8")
    _csv(folder / "forecast.csv", ("timestamp", "queue", "calls", "lo80", "hi80", "aht_s"), rows)


def write_roster(folder: Path, problem: "Problem", roster: "Roster", cost: int) -> None:
    """``roster.json``, which names its problem."""
    from scheduling.formats import documents

    text = documents.write_roster(roster, cost, "problem.json")
    (folder / "roster.json").write_text(text, encoding="utf-8")


def write_simulated(folder: Path, found: Simulated, skills: Mapping[str, str]) -> None:
    """``simulated.csv`` and ``simulated.png``, and of several queues the same of each by its skill."""
    tables = {"simulated": ("", found.rows)}
    if len(found.queues) > 1:
        tables |= {f"simulated-{skills[name]}": (name, rows) for name, rows in found.queues.items()}
    for file, (name, table) in tables.items():
        rows = [
            (
                one.timestamp,
                f"{one.calls:.2f}",
                one.needed,
                f"{one.rostered:g}",
                f"{one.on_duty:g}",
                _number(one.level, 4),
                f"{found.target:g}",
                _number(one.asa_s, 2),
                f"{one.abandoned:.2f}",
            )
            for one in table
        ]
        _csv(folder / f"{file}.csv", HEADINGS, rows)
        draw(folder / f"{file}.png", table, found.target, name)


def _number(value: float, digits: int) -> str:
    return "" if math.isnan(value) else f"{value:.{digits}f}"


def _csv(path: Path, headings: Iterable[str], rows: Iterable[Sequence[Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(headings)
        writer.writerows(rows)


def draw(path: Path, rows: Sequence[Row], target: float, name: str = "") -> None:
    """Agents needed against those on duty, and the service level of each interval beside the target."""
    from matplotlib.figure import Figure

    at = np.array([one.timestamp for one in rows], dtype="datetime64[m]")
    level = np.array([one.level for one in rows])
    calls = np.array([one.calls for one in rows])
    figure = Figure(figsize=(14, 6), layout="constrained")
    above, below = figure.subplots(2, 1, sharex=True)
    there, asked = [one.on_duty for one in rows], [one.needed for one in rows]
    rostered = [one.rostered for one in rows]
    above.fill_between(at, there, step="post", color="#66ccee", alpha=0.6, linewidth=0, label="on duty")
    if rostered != there:
        above.step(at, rostered, where="post", color="#4477aa", linewidth=0.6, label="rostered")
    above.step(at, asked, where="post", color="#aa3377", linewidth=0.9, label="needed")
    above.set_ylabel("agents")
    above.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=3, frameon=False)
    if name.isascii():  # fonts without Chinese would draw boxes; the file's name says it too
        above.set_title(name, parse_math=False)
    size = 2 + 20 * calls / max(float(calls.max(initial=0)), 1e-9)
    colours = np.where(level >= target, "#4477aa", "#ee6677")
    below.scatter(at, 100 * level, s=size, c=colours.tolist(), linewidths=0)
    below.axhline(100 * target, color="#222222", linewidth=0.9)
    below.set_ylim(0, 102)
    below.set_ylabel("service level %, target as a line")
    for axes in (above, below):
        axes.margins(x=0.005)
        axes.grid(alpha=0.3)
    above.set_ylim(bottom=0)
    figure.savefig(path, dpi=110)
