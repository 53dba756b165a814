"""``callfloor history …``: call history taken in, cleaned and shown."""

import argparse
import getpass
import json
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from callfloor import history_tables
from callfloor.history_sources import ZONE as ZONE
from callfloor.history_sources import HistoryError, histories_of, interval_s, of_queue, read, zone_of

if TYPE_CHECKING:
    from forecasting.calendar import DayCalendar
    from forecasting.cleaning import Decision, Finding
    from forecasting.history import History

WELL, PROBLEM = 0, 1
Run = Callable[[argparse.Namespace], int]


def add(history: argparse.ArgumentParser) -> None:
    """Give ``callfloor history`` its verbs, and a help that shows all of them with their options."""
    verbs = history.add_subparsers(metavar="WHAT", required=True)
    history.formatter_class = argparse.RawDescriptionHelpFormatter
    usages: list[str] = []

    def verb(name: str, words: str, run: Run, *options: tuple[tuple[str, ...], dict[str, Any]]) -> None:
        one = verbs.add_parser(name, help=words, description=words)
        one.set_defaults(run=_telling(run), misuse=one.error)
        for names, how in options:
            one.add_argument(*names, **how)
        usages.append(" ".join(one.format_usage().split()[1:]) + "\n")

    file = _option("file", type=Path, metavar="FILE", help="CSV or XLSX: timestamp,calls[,aht_s][,queue]…")
    maybe = _option("file", type=Path, nargs="?", metavar="FILE", help="CSV or XLSX (default: the records)")
    reading = (
        _option("--columns", default="", metavar="MAP", help="timestamp=Datum,calls=Anrufe,date_order=dmy …"),
        _option("--timezone", metavar="ZONE", help=f"of times without one (default: the series', or {ZONE})"),
        _option("--interval", metavar="TIME", help="wanted, as 30min (default: the file's)"),
        _option("--queue", metavar="NAME", help="only this queue"),
        _option("--sheet", default="", metavar="NAME", help="of a workbook (default: the first)"),
        _option("--encoding", default="", metavar="NAME", help="of a CSV (default: UTF-8 or GB 18030)"),
    )
    records = (
        _option("--series", metavar="ID", help="this series of the records"),
        _option("--business", metavar="TYPE", help="this business type, as the platform counted it"),
        _option("--config", type=Path, metavar="FILE", help="settings file (TOML)"),
    )
    days = (
        _option("--calendar", type=Path, metavar="FILE", help="days, events and hours (YAML)"),
        _option("--country", metavar="CC", help="public holidays, as CN or US-CA (default: none)"),
    )
    verb(
        "import",
        "take a file into the platform's records, or check it and write it as plain CSV",
        _import,
        file,
        *reading,
        records[0],
        _option("--out", type=Path, metavar="FILE", help="write CSV there instead"),
        _option("--dry-run", action="store_true", help="only say what it would bring"),
        records[2],
    )
    verb(
        "clean",
        "find what should not teach the future, and make a clean history",
        _clean,
        maybe,
        *reading,
        *records,
        *days,
        _option("--out", type=Path, metavar="FILE", help="write the clean history there (CSV)"),
        _option("--findings", type=Path, metavar="FILE", help="write the findings there (JSON)"),
        _option("--decisions", type=Path, metavar="FILE", help="findings (JSON) with decisions written in"),
        _option("--accept", nargs="+", default=[], metavar="ID", help="findings that are right"),
        _option("--undo", nargs="+", default=[], metavar="ID", help="findings that are none"),
        _option("--sure", type=_share, default=0.0, metavar="SHARE", help="leave what is less sure"),
        _option("--json", action="store_true", help="print the findings as JSON"),
        _option("--plot", type=Path, metavar="FILE", help="draw it (.svg or .png)"),
    )
    verb(
        "show",
        "show a history as a table or a picture",
        _show,
        maybe,
        *reading,
        *records,
        _option("--by", choices=("interval", "day", "week", "month"), default="day", help="default: day"),
        _option("--last", type=_count, default=28, metavar="N", help="lines to print (default: 28)"),
        _option("--json", action="store_true", help="print JSON"),
        _option("--plot", type=Path, metavar="FILE", help="draw it (.svg or .png)"),
    )
    verb(
        "sample",
        "make up a history to try things with",
        _sample,
        _option("--from", dest="first", type=_day, metavar="DAY", help="default: 2025-01-01"),
        _option("--days", type=_count, default=500, metavar="N", help="default: 500"),
        _option("--seed", type=int, default=1, help="of all that is left to chance (default: 1)"),
        _option("--interval", metavar="TIME", default="30min", help="default: 30min"),
        _option("--queue", metavar="NAME", help="only this one of personal, business and cards"),
        _option("--faults", action="store_true", help="with spikes, outages and level shifts"),
        _option("--out", type=Path, required=True, metavar="FILE", help="write CSV there"),
    )
    history.epilog = "".join(usages)


def _telling(run: Run) -> Run:
    """``run``, whose problems are told on standard error, each with file, row and column."""

    def told(arguments: argparse.Namespace) -> int:
        from forecasting.calendar_file import CalendarFileError
        from forecasting.files import FileError
        from forecasting.reading.headings import ColumnError

        try:
            return run(arguments)
        except (HistoryError, FileError, ColumnError, CalendarFileError) as error:
            for line in str(error).splitlines():
                print(f"callfloor: {line}", file=sys.stderr)
            return PROBLEM

    return told


def _option(*names: str, **how: Any) -> tuple[tuple[str, ...], dict[str, Any]]:
    return names, how


def _share(text: str) -> float:
    try:
        share = float(text)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no share; it is a number from 0 to 1")
    return share


def _day(text: str) -> date:
    from common.hours import parse_date

    try:
        return parse_date(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number, 1 or more")
    return int(text)


# ------------------------------------------------------------------ import


def _import(arguments: argparse.Namespace) -> int:
    if arguments.series is not None and arguments.timezone is None:
        arguments.timezone = zone_of(arguments)
    found = read(arguments)
    histories = of_queue(found.histories, arguments.queue)
    for line in history_tables.summary(found, histories):
        print(line)
    if arguments.out is not None:
        from forecasting.files import to_csv

        if not arguments.dry_run:
            arguments.out.write_text(to_csv(histories), encoding="utf-8")
            print(f"written to {arguments.out}")
        return WELL
    _into_records(arguments, histories)
    return WELL


def _into_records(arguments: argparse.Namespace, histories: "Mapping[str, History]") -> None:
    """Hand the file to the records as plain CSV: all of it or nothing."""
    from callfloor.cli import records
    from callfloor.settings import load
    from calls.runner import wall_clock
    from forecasting.files import to_csv
    from forecasting.records.importing import Sending, take_in
    from forecasting.records.store import Author

    for history in histories.values():
        if len(history) < 2:
            raise HistoryError(f"{history.name or arguments.file}: one interval alone is no history yet")
    author = Author(f"{getpass.getuser()} (command line)"[:64], wall_clock())
    with tempfile.TemporaryDirectory(prefix="callfloor-") as folder, records(load(arguments.config)) as rows:
        for history in histories.values():
            plain = Path(folder) / "plain.csv"
            plain.write_text(to_csv({history.name: history}), encoding="utf-8")
            sent = Sending(arguments.file.name, arguments.series, None, history.zone)
            for kept in take_in(rows, plain, sent, author):
                news = f"{kept.intervals} intervals, {kept.replaced} of them known before"
                print(f"{'would bring' if arguments.dry_run else 'taken into'} {kept.series}: {news}")
        if arguments.dry_run:
            rows.rollback()


# ------------------------------------------------------------------ clean


def _clean(arguments: argparse.Namespace) -> int:
    from forecasting.cleaning import apply, clean
    from forecasting.files import to_csv

    histories, repeated = histories_of(arguments, repeats=True)
    zone = next(iter(histories.values())).zone
    calendar = _calendar(arguments, zone)
    if not calendar.country and arguments.country is None:
        print(
            "callfloor: no country is named, so holidays are taken for faults; see --country", file=sys.stderr
        )
    findings: list[Finding] = []
    try:
        for name, history in _each(histories):
            findings += clean(history, calendar, [one for one in repeated if one.queue == name])
    except LookupError as error:
        raise HistoryError(str(error)) from None
    decisions = _decisions(arguments, findings)
    cleaned = {
        name: apply(history, findings, decisions, arguments.sure) for name, history in histories.items()
    }
    told = history_tables.as_plain(findings, decisions, zone)
    if arguments.json:
        print(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        for line in history_tables.findings(findings, decisions, zone, arguments.sure):
            print(line)
    if arguments.findings is not None:
        text = json.dumps(told, ensure_ascii=False, indent=2) + "\n"
        arguments.findings.write_text(text, encoding="utf-8")
    if arguments.out is not None:
        arguments.out.write_text(to_csv(cleaned), encoding="utf-8")
    if arguments.plot is not None:
        _plot(arguments, histories, cleaned, findings, decisions)
    return WELL


def _each(histories: "Mapping[str, History]") -> "Iterator[tuple[str, History]]":
    from tqdm import tqdm

    hide = len(histories) < 2 or not sys.stderr.isatty()
    yield from tqdm(histories.items(), unit=" queues", leave=False, file=sys.stderr, disable=hide)


def _calendar(arguments: argparse.Namespace, zone: str) -> "DayCalendar":
    from dataclasses import replace

    from forecasting.calendar import DayCalendar
    from forecasting.calendar_file import read_calendar

    calendar = DayCalendar() if arguments.calendar is None else read_calendar(arguments.calendar, zone)
    return calendar if arguments.country is None else replace(calendar, country=arguments.country.upper())


def _decisions(arguments: argparse.Namespace, findings: "list[Finding]") -> "list[Decision]":
    from forecasting.cleaning import Decision

    made: list[Decision] = []
    if arguments.decisions is not None:
        made += history_tables.decisions_in(arguments.decisions, findings)
    made += [Decision(name, "accept") for name in arguments.accept]
    made += [Decision(name, "undo") for name in arguments.undo]
    there = {finding.id for finding in findings}
    for decision in made:
        if decision.finding not in there:
            raise HistoryError(
                f"there is no finding {decision.finding}; without --undo all of them are shown"
            )
    return made


# ------------------------------------------------------------------ show


def _show(arguments: argparse.Namespace) -> int:
    histories, _ = histories_of(arguments)
    told = {
        name: history_tables.lines_of(history, arguments.by, arguments.last)
        for name, history in histories.items()
    }
    if arguments.json:
        print(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        for name, lines in told.items():
            for line in history_tables.table(name, lines):
                print(line)
    if arguments.plot is not None:
        _plot(arguments, histories)
    return WELL


# ------------------------------------------------------------------ sample


def _sample(arguments: argparse.Namespace) -> int:
    import numpy as np

    from forecasting.calendar import DayCalendar
    from forecasting.files import to_csv
    from forecasting.sample import Sample, campaigns, generate
    from forecasting.sample_faults import inject

    rng = np.random.default_rng(arguments.seed)
    first, days = arguments.first or date(2025, 1, 1), arguments.days
    calendar = DayCalendar("CN", events=campaigns(first, days, rng))
    step_s = interval_s(arguments) or 1800
    if 86_400 % step_s or step_s % 60:
        raise HistoryError(f"an interval of {step_s} s is no whole minutes that divide a day")
    made = generate(Sample(first, days, interval_s=step_s, calendar=calendar), rng)
    histories = of_queue(made, arguments.queue)
    if arguments.faults:
        many = max(1, days // 60)
        try:
            histories = {
                name: inject(history, rng, spikes=many, outages=many, shifts=days // 180)[0]
                for name, history in histories.items()
            }
        except ValueError as error:
            raise HistoryError(f"{error}; say more --days") from None
    arguments.out.write_text(to_csv(histories), encoding="utf-8")
    return WELL


# ------------------------------------------------------------------ pictures


def _plot(
    arguments: argparse.Namespace,
    histories: "Mapping[str, History]",
    cleaned: "Mapping[str, History] | None" = None,
    findings: "list[Finding] | None" = None,
    decisions: "list[Decision] | None" = None,
) -> None:
    from forecasting.cleaning import decided
    from forecasting.pictures.history import history_picture

    if len(histories) > 1:
        raise HistoryError(f"a picture is of one queue; choose with --queue: {', '.join(histories)}")
    ((name, history),) = histories.items()
    done = [
        one for one in decided(findings or [], decisions or []) if one.sure >= getattr(arguments, "sure", 0.0)
    ]
    try:
        history_picture(
            history, arguments.plot, cleaned=None if cleaned is None else cleaned[name], findings=done
        )
    except ValueError as error:
        raise HistoryError(str(error)) from None
