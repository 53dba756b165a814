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
from forecasting.history import Floats
from forecasting.staffing.files import plan_csv

if TYPE_CHECKING:
    from scheduling.problem import Problem
    from scheduling.roster import Roster

HEADINGS = (
    "timestamp",
    "calls",
    "agents_needed",
    "agents_on_duty",
    "service_level",
    "target",
    "asa_s",
    "abandoned",
)


@dataclass(frozen=True, slots=True)
class Row:
    """An interval on average over the simulated months; ``level`` and ``asa_s`` are NaN without calls."""

    timestamp: str
    calls: float
    needed: int
    on_duty: float
    level: float
    asa_s: float
    abandoned: float


@dataclass(frozen=True, slots=True)
class Simulated:
    """What a roster gave: the service level of each simulated ``month``, and means over them ``by_queue``,
    ``by_day`` (date, calls, service level) and by interval (``rows``).
    """

    target: float
    months: tuple[float, ...]
    by_queue: Mapping[str, float]
    by_day: tuple[tuple[str, float, float], ...]
    rows: tuple[Row, ...]

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
        for name in ("calls", "in_target", "answered", "answer_s", "abandoned")
    }
    whole = {name: values.sum(axis=0) for name, values in sums.items()}
    levels = _share(whole["in_target"], whole["calls"])
    asa_s = _share(whole["answer_s"], whole["answered"])
    asked = needed(plans, period.starts).sum(axis=0)
    there = on_duty(problem, roster, period.starts, period.interval_s)
    walls = walls_of(period.starts, problem.zone)
    rows = tuple(
        Row(walls[n], float(whole["calls"][n]) / len(found), int(asked[n]), *rest)
        for n, rest in enumerate(
            zip(
                np.round(there, 2).tolist(),
                levels.tolist(),
                asa_s.tolist(),
                (whole["abandoned"] / len(found)).tolist(),
                strict=True,
            )
        )
    )
    calls, in_time = (np.bincount(period.day, whole[name]) for name in ("calls", "in_target"))
    names = [walls[int(first)][:10] for first in np.unique(period.day, return_index=True)[1]]
    by_day = zip(names, (calls / len(found)).tolist(), _share(in_time, calls).tolist(), strict=True)
    queues = _share(sums["in_target"].sum(axis=1), sums["calls"].sum(axis=1)).tolist()
    months = [float(_share(one.in_target.sum(), one.calls.sum())) for one in found]
    by_queue = {one.name: level for one, level in zip(plans, queues, strict=True)}
    return Simulated(target, tuple(months), by_queue, tuple(by_day), rows)


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


def write_simulated(folder: Path, found: Simulated) -> None:
    """``simulated.csv`` and ``simulated.png``."""
    rows = [
        (
            one.timestamp,
            f"{one.calls:.2f}",
            one.needed,
            f"{one.on_duty:g}",
            _number(one.level, 4),
            f"{found.target:g}",
            _number(one.asa_s, 2),
            f"{one.abandoned:.2f}",
        )
        for one in found.rows
    ]
    _csv(folder / "simulated.csv", HEADINGS, rows)
    draw(folder / "simulated.png", found)


def _number(value: float, digits: int) -> str:
    return "" if math.isnan(value) else f"{value:.{digits}f}"


def _csv(path: Path, headings: Iterable[str], rows: Iterable[Sequence[Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(headings)
        writer.writerows(rows)


def draw(path: Path, found: Simulated) -> None:
    """Agents needed against those on duty, and the service level of each interval beside the target."""
    from matplotlib.figure import Figure

    at = np.array([one.timestamp for one in found.rows], dtype="datetime64[m]")
    level = np.array([one.level for one in found.rows])
    calls = np.array([one.calls for one in found.rows])
    figure = Figure(figsize=(14, 6), layout="constrained")
    above, below = figure.subplots(2, 1, sharex=True)
    there, asked = [one.on_duty for one in found.rows], [one.needed for one in found.rows]
    above.fill_between(at, there, step="post", color="#66ccee", alpha=0.6, linewidth=0, label="on duty")
    above.step(at, asked, where="post", color="#aa3377", linewidth=0.9, label="needed")
    above.set_ylabel("agents")
    above.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=2, frameon=False)
    size = 2 + 20 * calls / max(float(calls.max(initial=0)), 1e-9)
    colours = np.where(level >= found.target, "#4477aa", "#ee6677")
    below.scatter(at, 100 * level, s=size, c=colours.tolist(), linewidths=0)
    below.axhline(100 * found.target, color="#222222", linewidth=0.9)
    below.set_ylim(0, 102)
    below.set_ylabel("service level %, target as a line")
    for axes in (above, below):
        axes.margins(x=0.005)
        axes.grid(alpha=0.3)
    above.set_ylim(bottom=0)
    figure.savefig(path, dpi=110)
