"""``callfloor forecast …``: what will come, and how good such forecasts would have been."""

import argparse
import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from callfloor.forecast_tables import as_json, choice_table, print_table
from callfloor.history_commands import ZONE

if TYPE_CHECKING:
    from forecasting.calendar import DayCalendar
    from forecasting.history import History
    from forecasting.models.base import Model
    from forecasting.outlook import Outlook

WELL, PROBLEM = 0, 1
Run = Callable[[argparse.Namespace], int]


def add(forecast: argparse.ArgumentParser) -> None:
    """Give ``callfloor forecast`` its verbs, and a help that shows all of them with their options."""
    verbs = forecast.add_subparsers(metavar="WHAT", required=True)
    forecast.formatter_class = argparse.RawDescriptionHelpFormatter
    run = verbs.add_parser("run", help="forecast the days to come", description="Forecast the days to come.")
    run.set_defaults(run=_telling(_run))
    _common(run)
    run.add_argument(
        "--horizon",
        type=_horizon,
        default="28d",
        metavar="H",
        help="28d, 4w, month (the next), 2026-12, year (the next), 2027, or today (its rest); default: 28d",
    )
    run.add_argument("--model", default="auto", metavar="NAME", help="a model (default: auto, the best)")
    run.add_argument("--out", type=Path, metavar="FILE", help="CSV (default: standard output)")
    run.add_argument("--more", action="store_true", help="more columns: bands of AHT, and abandonment")
    run.add_argument("--plot", type=_picture, metavar="FILE", help="a picture, .svg or .png")

    back = verbs.add_parser(
        "backtest",
        help="compare models on this history",
        description="Compare models, and the automatic choice, on this history: forecasts from many days of "
        "the past, each knowing only what came before. Days are those that occur in the data.",
    )
    back.set_defaults(run=_telling(_backtest))
    _common(back)
    back.add_argument(
        "--horizons", type=_numbers, default=[1, 5, 20], metavar="D,…", help="days ahead (default 1,5,20)"
    )
    back.add_argument("--origins", type=_positive, default=20, metavar="N", help="how many days to begin at")
    back.add_argument("--step", type=_positive, metavar="D", help="days between (default: evenly spread)")
    back.add_argument("--from-day", type=_positive, metavar="D", help="the first begins after so many days")
    back.add_argument("--to-day", type=_positive, metavar="D", help="the last one")
    back.add_argument(
        "--model",
        action="append",
        metavar="NAME",
        help="compare this one as well (lightgbm, autoets, mstl); may be repeated",
    )
    back.add_argument("--json", action="store_true", help="print one JSON object")
    forecast.epilog = "".join(" ".join(one.format_usage().split()[1:]) + "\n" for one in (run, back))


def _common(one: argparse.ArgumentParser) -> None:
    one.add_argument("--history", type=Path, required=True, metavar="FILE", help="calls, CSV or XLSX")
    one.add_argument("--queue", metavar="NAME", help="which one, where the file has several")
    one.add_argument("--columns", metavar="MAP", default="", help="other headings: calls=Anrufe,…")
    one.add_argument(
        "--timezone", default=ZONE, metavar="ZONE", help=f"of times without one (default: {ZONE})"
    )
    one.add_argument(
        "--interval",
        type=_interval,
        metavar="I",
        help="15min, 30min, 1h, day, week, month (default: as the file's)",
    )
    one.add_argument("--country", metavar="CC", help="public holidays, as CN or US-CA (default: none)")
    one.add_argument("--calendar", type=Path, metavar="FILE", help="days, events and hours (YAML)")
    one.add_argument("--drivers", type=Path, metavar="FILE", help="known figures by day: bookings, letters")


def _telling(run: Run) -> Run:
    """``run``, whose problems with files and figures are told on standard error, a line each."""

    def told(arguments: argparse.Namespace) -> int:
        # Matrices are small: more threads would only get in each other's way. Read when NumPy is loaded.
        for library in ("OPENBLAS", "OMP", "MKL"):
            os.environ.setdefault(f"{library}_NUM_THREADS", "1")
        try:
            return run(arguments)
        except (ValueError, LookupError) as error:
            text = str(error.args[0]) if isinstance(error, KeyError) and error.args else str(error)
            for line in text.splitlines() or [type(error).__name__]:
                print(f"callfloor: {line}", file=sys.stderr)
            return PROBLEM

    return told


# ------------------------------------------------------------------ run


def _run(arguments: argparse.Namespace) -> int:
    from forecasting.horizons import read_horizon
    from forecasting.models.own import OWN, model_named
    from forecasting.outlook import look_ahead
    from forecasting.table import table_of, to_csv
    from forecasting.trials.rolling import inner_origins

    models: Sequence[Model] = OWN if arguments.model == "auto" else (model_named(arguments.model),)
    history, interval = _history(arguments)
    calendar = _calendar(arguments)
    last = _last_day(history)
    horizon = read_horizon(arguments.horizon, last)
    days = len(set((history.starts // 86_400).tolist()))
    with _progress(len(models) * (1 + len(inner_origins(days))), "forecasts") as made:
        outlook = look_ahead(history, calendar, horizon, models, made)
    text = to_csv(table_of(outlook, interval), more=arguments.more)
    if arguments.out is not None:
        arguments.out.write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text)
    if arguments.plot is not None:
        from forecasting.pictures.forecast import draw

        draw(arguments.plot, history, outlook)
    said = sys.stdout if arguments.out is not None else sys.stderr
    choice_table(outlook.choice, said)
    if _is_far(outlook, history):
        print("The history is shorter than a year: how the year goes is not known from it.", file=said)
    if arguments.out is not None:
        print(f"{arguments.out}: {text.count(chr(10)) - 1} rows, {outlook.days[0]} to {outlook.days[-1]}")
    return WELL


def _is_far(outlook: "Outlook", history: "History") -> bool:
    """Whether seasons will matter that the history has not seen."""
    day_s = 86_400
    ahead_s = int(outlook.starts[-1, -1] - history.starts[-1])
    return ahead_s > 120 * day_s and int(history.starts[-1] - history.starts[0]) < 365 * day_s


# ------------------------------------------------------------------ backtest


def _backtest(arguments: argparse.Namespace) -> int:
    from forecasting.days import grid_of
    from forecasting.models.own import OWN, model_named
    from forecasting.trials.backtest import backtest, check_days, origins_between
    from forecasting.trials.rolling import Rolling, inner_origins

    own = {model.name for model in OWN} | {"auto"}
    beside = [model_named(name) for name in dict.fromkeys(arguments.model or ()) if name not in own]
    history, interval = _history(arguments)
    if interval.piece != "slot":
        raise ValueError(f"a backtest is by intervals or days, not by {interval.piece}")
    horizons = arguments.horizons
    rolling = Rolling(grid_of(history), _calendar(arguments), max(horizons))
    first, last = check_days(len(rolling), horizons, arguments.from_day, arguments.to_day)
    origins = origins_between(first, last, arguments.origins, arguments.step)
    every = {m for n in origins for m in (n, *inner_origins(n))}
    with _progress(len([*OWN, *beside]) * len(every), "forecasts") as made:
        rolling.watch = made
        found = backtest(rolling, OWN, horizons, origins, beside)
    if arguments.json:
        print(json.dumps(as_json(found)))
    else:
        print_table(found, horizons)
    return WELL


# ------------------------------------------------------------------ what is given


def _history(arguments: argparse.Namespace) -> tuple["History", Any]:
    """The history in the interval that is wanted, and that interval."""
    from forecasting.files import Columns, FileError, read_history
    from forecasting.horizons import Interval
    from forecasting.intervals import to_interval

    columns = Columns.parse(arguments.columns) if arguments.columns else None
    try:
        found = read_history(arguments.history, arguments.timezone, columns)
    except FileError:
        if arguments.interval is None:
            raise
        # A single row does not show its interval; the one wanted is then taken to be that.
        found = read_history(arguments.history, arguments.timezone, columns, arguments.interval.seconds)
    if arguments.queue is not None and arguments.queue not in found:
        raise ValueError(f"{arguments.history}: there is no queue {arguments.queue!r}; {_names(found)}")
    if arguments.queue is None and len(found) > 1:
        raise ValueError(f"{arguments.history}: which queue? {_names(found)}; say it with --queue")
    history = found[arguments.queue if arguments.queue is not None else next(iter(found))]
    interval = arguments.interval or Interval(history.interval_s)
    return to_interval(history, interval.seconds), interval


def _names(found: Mapping[str, object]) -> str:
    names = [name or "(none)" for name in found]
    return f"there are {', '.join(names[:20])}" + (" …" if len(names) > 20 else "")


def _calendar(arguments: argparse.Namespace) -> "DayCalendar":
    from dataclasses import replace

    from common.days_off import is_known
    from forecasting.calendar import DayCalendar

    calendar = DayCalendar()
    if arguments.calendar is not None:
        from forecasting.calendar_file import read_calendar

        calendar = read_calendar(arguments.calendar, arguments.timezone)
    if arguments.country is not None:
        country = arguments.country.upper()
        if country and not is_known(country):
            raise ValueError(f"--country {country}: of that no holidays are known; write it like CN or US-CA")
        calendar = replace(calendar, country=country)
    if arguments.drivers is not None:
        from forecasting.files import read_drivers

        calendar = replace(calendar, drivers={**calendar.drivers, **read_drivers(arguments.drivers)})
    return calendar


def _last_day(history: "History") -> Any:
    from forecasting.days import local

    if not len(history):
        raise ValueError("the history is empty; there is nothing to learn from")
    return local(history.starts[-1:], history.zone)[0][0]


class _progress:
    """A bar on a terminal's standard error; the value is told of so many forecasts made."""

    def __init__(self, total: int, what: str) -> None:
        self._total, self._what = total, what

    def __enter__(self) -> Callable[[int], None]:
        from tqdm import tqdm

        self._bar = tqdm(total=self._total, desc=self._what, leave=False, disable=not sys.stderr.isatty())

        def made(count: int) -> None:
            self._bar.update(count)

        return made

    def __exit__(self, *_: object) -> None:
        self._bar.close()


# ------------------------------------------------------------------ arguments


def _positive(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 100_000:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of days; it is 1 or more")
    return int(text)


def _numbers(text: str) -> list[int]:
    return sorted({_positive(part.strip()) for part in text.split(",")})


def _horizon(text: str) -> str:
    from forecasting.horizons import check_horizon

    try:
        return check_horizon(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _interval(text: str) -> Any:
    from forecasting.horizons import read_interval

    try:
        return read_interval(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _picture(text: str) -> Path:
    if Path(text).suffix.lower() not in (".svg", ".png"):
        raise argparse.ArgumentTypeError(f"{text!r} is no picture; its name ends with .svg or .png")
    return Path(text)
