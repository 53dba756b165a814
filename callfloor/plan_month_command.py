"""``callfloor plan-month``: from the calls of the past to next month's roster, and what it will give."""

import argparse
import math
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from callfloor import schedule_solve, staff_options
from callfloor.history_commands import ZONE

if TYPE_CHECKING:
    from datetime import date

    from callfloor.plan_month import QueuePlan
    from callfloor.plan_month_files import Simulated
    from forecasting.calendar import DayCalendar
    from forecasting.history import History
    from scheduling.problem import Problem
    from scheduling.verdict import Verdict

WELL, PROBLEM = 0, 1
LAW: Final = "cn-labour.toml"
MODEL: Final = "regression"
"""Seconds a queue; ``auto`` compares all models and takes minutes."""
SHRINKAGE: Final = "leave=12.5%,illness=5%,breaks=10%@present,meetings=5%@present"
"""Comes to 30 %."""
ILLNESS: Final = frozenset({"illness", "sickness", "sick", "ill", "absence", "病假", "缺勤"})
"""What the reason of shrinkage is called that no roster knows of beforehand."""
_MOST_ILL: Final = 0.5
WORST: Final = 5
EXAMPLES = """\
  callfloor plan-month --month 2026-12
  callfloor plan-month --history calls.csv --people people.csv --rules cn-labour.toml --out december
"""


def add(parser: argparse.ArgumentParser) -> None:
    """Give ``callfloor plan-month`` its options and its work."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = EXAMPLES
    option = parser.add_argument
    option("--month", metavar="M", help="2026-12 (default: the next; with --history the one after its end)")
    option("--history", type=Path, metavar="FILE", help="calls, CSV or XLSX (default: the sample bank's)")
    option("--timezone", default=ZONE, metavar="ZONE", help=f"of its times (default: {ZONE})")
    option("--country", metavar="CC", help="public holidays, like CN")
    option("--model", default=MODEL, metavar="NAME", help=f"or auto, the best (default: {MODEL}, quick)")
    option("--people", type=Path, metavar="FILE", help="as CSV (default: made up, enough for the calls)")
    option("--rules", action="append", metavar="FILE", help=f"may be repeated (default: {LAW})")
    target: Any = {"type": staff_options.target, "default": (0.8, 20.0), "metavar": "P/S"}
    option("--target", help="service level (default: 80/20)", **target)
    patience: Any = {"type": staff_options.number(0, above=True), "default": 180.0, "metavar": "S"}
    option("--patience", help="mean patience of callers (default: 180)", **patience)
    shrinkage: Any = {"type": staff_options.away, "default": SHRINKAGE, "metavar": "P"}
    # argparse takes a % for a placeholder.
    words = f"share of the paid who take no calls (default: {SHRINKAGE})".replace("%", "%%")
    option("--shrinkage", help=words, **shrinkage)
    absence: Any = {"type": _absence, "metavar": "P"}
    option(
        "--absence", help="share of rostered days people are ill (default: illness of shrinkage)", **absence
    )
    positive = staff_options.number(0, 1e9, above=True)
    option("--seconds", type=positive, help="solve for so long (default: 60, with --work: for ever)")
    option("--work", type=positive, help="solve with so much work; the same again gives the same files")
    option("--seed", type=staff_options.whole, default=1, help="of all that is left to chance (default: 1)")
    option("--runs", type=_runs, default=5, metavar="N", help="how many months to simulate (default: 5)")
    option("--certain", action="store_true", help="calls come as forecast, but for chance")
    option("--out", type=Path, metavar="DIR", help="folder for the files (default: plan-MONTH)")
    parser.set_defaults(run=_telling, workers=8)


def _runs(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) <= 1000:
        raise argparse.ArgumentTypeError(f"{text!r} is wrong; it must be a whole number from 1 to 1000")
    return int(text)


def _absence(text: str) -> float:
    share = staff_options.share(text)
    if share > _MOST_ILL:
        raise argparse.ArgumentTypeError(f"{text!r}: at most {100 * _MOST_ILL:g}% of the days are lost")
    return share


def _telling(arguments: argparse.Namespace) -> int:
    """Do it; problems with files and figures are told on standard error, a line each."""
    # Matrices are small: more threads would only get in each other's way. Read when NumPy is loaded.
    for library in ("OPENBLAS", "OMP", "MKL"):
        os.environ.setdefault(f"{library}_NUM_THREADS", "1")
    from scheduling.formats import FormatError

    try:
        return _plan_month(arguments)
    except (ValueError, LookupError, FormatError, schedule_solve.SolveError) as error:
        text = str(error.args[0]) if isinstance(error, KeyError) and error.args else str(error)
        for line in text.splitlines() or [type(error).__name__]:
            print(f"callfloor: {line}", file=sys.stderr)
        return PROBLEM


def _plan_month(arguments: argparse.Namespace) -> int:
    from callfloor import plan_month, plan_month_files

    histories, calendar, month = _given(arguments)
    plans = _forecast(arguments, histories, calendar, month)
    for line in plan_month_files.told_of_plans(plans, arguments.target):
        print(line)
    folder = arguments.out or Path(f"plan-{plan_month.stamps_of(plans[0].forecast)[0][:7]}")
    folder.mkdir(parents=True, exist_ok=True)
    plan_month_files.write_plans(folder, plans)
    problem = _problem(arguments, plans, folder)
    _say("making the roster")
    solution, roster, verdict = schedule_solve.made(problem, arguments)
    print(f"roster: {schedule_solve.summary(solution, verdict)}")
    print(_short(problem, verdict))
    plan_month_files.write_roster(folder, problem, roster, verdict.cost)
    absence = _ill(arguments)
    period = plan_month.period_of(
        plans,
        problem,
        roster,
        arguments.target[1],
        arguments.patience,
        certain=arguments.certain,
        absence=absence,
    )
    found = plan_month_files.simulated(
        plans, problem, roster, period, arguments.target[0], _simulate(arguments, period)
    )
    for line in _told(found):
        print(line)
    plan_month_files.write_simulated(folder, found, {one.name: one.skill for one in plans})
    print(f"{folder}: {', '.join(sorted(one.name for one in folder.iterdir()))}")
    return WELL


# ------------------------------------------------------------------ the steps


def _given(arguments: argparse.Namespace) -> "tuple[dict[str, History], DayCalendar, str]":
    """Histories by queue, their calendar, and the month as a horizon."""
    from callfloor.plan_month import month_of, sample_histories
    from common.days_off import is_known
    from forecasting.calendar import DayCalendar
    from forecasting.files import read_history

    country = arguments.country and arguments.country.upper()
    if country and not is_known(country):
        raise ValueError(f"--country {country}: of that no holidays are known; write it like CN or US-CA")
    if arguments.month is not None:
        month_of(arguments.month, 0.0)
    if arguments.history is not None:
        found = read_history(arguments.history, arguments.timezone)
        lengths = {one.interval_s for one in found.values()}
        if len(lengths) != 1:
            raise ValueError(f"{arguments.history}: its queues have not all the same interval")
        return found, DayCalendar(country or ""), arguments.month or "month"
    month = month_of(arguments.month, time.time())
    _say("the sample bank's calls of a year")
    arguments.country = "CN"
    found, calendar = sample_histories(month, arguments.seed)
    return found, calendar, f"{month:%Y-%m}"


def _forecast(
    arguments: argparse.Namespace, histories: "dict[str, History]", calendar: "DayCalendar", month: str
) -> "list[QueuePlan]":
    from callfloor.plan_month import forecast_queue, staffed
    from forecasting.days import local
    from forecasting.erlang import Targets
    from forecasting.staffing import Staffing

    level, within_s = arguments.target
    plans = []
    for name, history in histories.items():
        with _bar(f"forecast of {name or 'the calls'}", 100) as bar:

            def tell(share: float, stage: str, bar: Any = bar) -> None:
                bar.set_postfix_str(stage, refresh=False)
                bar.update(round(100 * share) - bar.n)

            made, strange = forecast_queue(history, calendar, month, arguments.model, tell)
        _, minutes = local(made.numbers.starts, made.numbers.zone)
        away = arguments.shrinkage.at(minutes)
        rules = Staffing(Targets(service_level=level, within_s=within_s), arguments.patience, away)
        plans.append(staffed(name, made, strange, rules))
    return plans


def _problem(arguments: argparse.Namespace, plans: "list[QueuePlan]", folder: Path) -> "Problem":
    from callfloor.plan_month import sample_people, to_problem, with_night_before
    from callfloor.schedule_show import text_of
    from scheduling.formats.books import Book, find_book
    from scheduling.formats.documents import write_problem
    from scheduling.formats.people_csv import read_people

    if arguments.people is not None:
        text, name = text_of(arguments.people), str(arguments.people)
    else:
        text, name = sample_people(plans, arguments.seed), "people.csv"
        (folder / name).write_text(text, encoding="utf-8")
    people = read_people(text, name)
    book = sum((find_book(name) for name in arguments.rules or [LAW]), Book())
    made = to_problem(plans, people, book, _holidays(arguments.country, plans))
    for note in made.notes:
        _say(note)
    problem = made.problem if arguments.people is not None else with_night_before(made.problem)
    (folder / "problem.json").write_text(write_problem(problem), encoding="utf-8")
    print(
        f"people: {len(problem.people)}, {problem.days} days from {problem.start}, {len(problem.rules)} rules"
    )
    return problem


def _holidays(country: str | None, plans: "list[QueuePlan]") -> "list[date]":
    from callfloor.plan_month import stamps_of
    from common.days_off import holidays_of

    if country is None:
        return []
    stamps = stamps_of(plans[0].forecast)
    years = {int(stamps[0][:4]), int(stamps[-1][:4])}
    return holidays_of(country.upper(), years)


def _simulate(arguments: argparse.Namespace, period: Any) -> Any:
    from callfloor.roster_floor import simulate

    seeds = [1_000 * arguments.seed + run for run in range(arguments.runs)]
    workers = min(os.cpu_count() or 1, 8) if period.starts.size * len(seeds) > 2_000 else 1
    with _bar("simulated months", len(seeds)) as bar:
        return simulate(period, seeds, workers, lambda: bar.update(1))


def _ill(arguments: argparse.Namespace) -> float:
    """The share of rostered days on which people are ill, told with where it is from."""
    if arguments.absence is not None:
        print(f"absence: {100 * arguments.absence:g} % of the rostered days are lost")
        return float(arguments.absence)
    reasons = [one for one in arguments.shrinkage.reasons if one[0].casefold() in ILLNESS]
    share = sum(amount for _, amount, of, window in reasons if of == "paid" and window is None)
    if share:
        names = " and ".join(dict.fromkeys(name for name, *_ in reasons))
        print(f"absence: {100 * share:g} % of the rostered days are lost, the {names} of --shrinkage")
    else:
        print("absence: nobody falls ill, as --shrinkage names no illness; see --absence")
    return min(float(share), _MOST_ILL)


# ------------------------------------------------------------------ told


def _short(problem: "Problem", verdict: "Verdict") -> str:
    missing = [one for one in verdict.findings if one.rule == "demand" and (one.amount or 0) < 0]
    asked = sum(sum(1 for people in one.required if people) for one in problem.demands)
    people = -sum(one.amount or 0 for one in missing)
    hours = people * problem.interval_minutes / 60
    whole = sum(sum(one.required) for one in problem.demands) * problem.interval_minutes / 60
    share = f"{hours:.1f} of {whole:.0f} hours of agents are missing"
    return f"  {len(missing)} of {asked} intervals with work have too few people; {share}"


def _told(found: "Simulated") -> Iterator[str]:
    """The month, its queues, its days and its worst intervals, beside the target."""

    def percent(value: float) -> str:
        return "     –" if math.isnan(value) else f"{100 * value:5.1f}%"

    low, high = min(found.months), max(found.months)
    mean = sum(found.months) / len(found.months)
    yield (
        f"simulated {len(found.months)} times: service level {percent(mean).strip()}, "
        f"from {percent(low).strip()} to {percent(high).strip()}; target {percent(found.target).strip()}"
    )
    for name, level in found.by_queue.items():
        yield f"  {name or 'calls':<16} {percent(level)}"
    yield "day         calls  level  target"
    for day, calls, level in found.by_day:
        mark = "" if math.isnan(level) or level >= found.target else "  below"
        yield f"{day} {calls:6.0f} {percent(level)} {percent(found.target)}{mark}"
    yield "worst intervals (by callers not served in time)"
    for row in found.worst(WORST):
        yield (
            f"{row.timestamp}  {row.calls:.1f} calls, {row.needed} agents needed, {row.on_duty:g} on duty: "
            f"{percent(row.level).strip()}, {row.abandoned:.1f} gave up"
        )


def _say(words: str) -> None:
    print(f"callfloor: {words}", file=sys.stderr)


@contextmanager
def _bar(words: str, total: int | None) -> Iterator[Any]:
    """A line on standard error for a step, with a bar where somebody looks at it."""
    from tqdm import tqdm

    _say(words)
    with tqdm(total=total, desc=words, leave=False, disable=not sys.stderr.isatty()) as bar:
        yield bar
