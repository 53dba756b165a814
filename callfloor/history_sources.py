"""Where ``callfloor history`` gets a history from: a file, or the platform's records."""

import argparse
import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from forecasting.files import FileRead, Repeated
    from forecasting.history import History
    from forecasting.reading.sheets import Row

ZONE = "Asia/Shanghai"


class HistoryError(Exception):
    """Something to say in one line or several, with exit code 1."""


def read(arguments: argparse.Namespace, *, repeats: bool = False) -> "FileRead":
    """The file, as the options say. Raises FileError, ColumnError, HistoryError, OSError."""
    from forecasting.files import read_file
    from forecasting.reading.headings import Columns

    try:
        return read_file(
            arguments.file,
            arguments.timezone or ZONE,
            Columns.parse(arguments.columns),
            interval_s(arguments),
            sheet=arguments.sheet,
            encoding=arguments.encoding,
            repeats=repeats,
            watch=_bar,
        )
    except LookupError as error:
        raise HistoryError(str(error)) from None
    except ValueError as error:
        if type(error) is ValueError:  # a zone or an interval; faults of the file are told as they are
            raise HistoryError(str(error)) from None
        raise


def interval_s(arguments: argparse.Namespace) -> int | None:
    """How long intervals are to be, None if it was not said. Ends with exit code 2 if that is no time."""
    if arguments.interval is None:
        return None
    from callfloor.staff_options import duration_s

    try:
        return int(duration_s(arguments.interval))
    except argparse.ArgumentTypeError as error:
        arguments.misuse(f"argument --interval: {error}")
        raise


def _bar(rows: "Iterable[Row]") -> "Iterator[Row]":
    from tqdm import tqdm

    yield from tqdm(rows, unit=" rows", leave=False, file=sys.stderr, disable=not sys.stderr.isatty())


def of_queue(histories: "Mapping[str, History]", queue: str | None) -> "dict[str, History]":
    """One queue of a few, or all of them. Raises HistoryError if it is not there."""
    if queue is None:
        return dict(histories)
    if queue not in histories:
        there = ", ".join(histories) or "none"
        raise HistoryError(f"there is no queue {queue!r} in it; there are {there}")
    return {queue: histories[queue]}


def _recorded(arguments: argparse.Namespace) -> "History":
    """The history of a series, a queue or a business type in the platform's records."""
    named = [one for one in (arguments.series, arguments.queue, arguments.business) if one is not None]
    if len(named) != 1:
        arguments.misuse("say a FILE, or one of --series, --queue and --business")
    from callfloor.cli import records
    from callfloor.settings import load
    from forecasting.acd_history import business_history, queue_history

    with records(load(arguments.config)) as session:
        if arguments.series is not None:
            from forecasting.acd_history import counted
            from forecasting.records.store import raw_history

            history = raw_history(session, arguments.series, counted)
        elif arguments.queue is not None:
            history = queue_history(session, arguments.queue, interval_s(arguments) or 1800)
        else:
            history = business_history(session, arguments.business, interval_s(arguments) or 1800)
    if not len(history):
        raise HistoryError(f"nothing is counted of {named[0]}")
    return history


def histories_of(
    arguments: argparse.Namespace, *, repeats: bool = False
) -> "tuple[dict[str, History], tuple[Repeated, ...]]":
    """Histories by queue, and intervals the file has more than once, if those may pass."""
    if arguments.file is None:
        history = _recorded(arguments)
        return {history.name: history}, ()
    if arguments.series is not None or arguments.business is not None:
        arguments.misuse("say a FILE, or one of --series, --queue and --business")
    found = read(arguments, repeats=repeats)
    return of_queue(found.histories, arguments.queue), found.repeated


def zone_of(arguments: argparse.Namespace) -> str:
    """The time zone of the series that is named. Raises CliError."""
    from callfloor.cli import records
    from callfloor.settings import load
    from forecasting.records.store import get_series

    with records(load(arguments.config)) as session:
        return get_series(session, arguments.series).zone
