"""How good are forecasts on real call-center data, beside what others would use, and how long does one take?

Forecasts from 40 days of the past, each knowing only what came before. ``bank``: calls of a North American
bank (5-minute counts summed to 30 minutes, working days), from after day 90 to after day 144, the next 1, 5
and 20 days, no calendar given. ``ferry``: calls per day of a travel company with its known drivers
(reservations, school breaks) and the holidays of its country. ``august``: the calls that reached the queue of
a bank in August 1999, per 30 minutes: two weeks of past and more.

The data are not part of the project: they are looked for in ``../shared/data``, or where ``--data`` says, and
what is not there is left out. LightGBM and statsforecast are compared if they are installed (``pip install
'callfloor[compare]'``). ``seconds_per_fit`` is CPU time of one forecast; that of ``auto`` is all the work of
the choice, shared among the origins. One thread of linear algebra.

    python -m bench.forecast [--set bank] [--origins 40] [--data DIR] [--own] [--json]
"""

import argparse
import csv
import gzip
import json
import os
import sys
import warnings
from datetime import date, datetime
from pathlib import Path

for library in ("OPENBLAS", "OMP", "MKL"):  # before NumPy is loaded
    os.environ.setdefault(f"{library}_NUM_THREADS", "1")

import numpy as np  # noqa: E402

from callfloor.forecast_tables import as_json, print_table  # noqa: E402
from forecasting.calendar import DayCalendar  # noqa: E402
from forecasting.days import DayGrid, grid_of  # noqa: E402
from forecasting.files import Columns, read_drivers, read_history  # noqa: E402
from forecasting.intervals import to_interval  # noqa: E402
from forecasting.models.base import Model, NotInstalled  # noqa: E402
from forecasting.models.own import OTHERS, OWN, model_named  # noqa: E402
from forecasting.trials.backtest import Backtest, backtest, origins_between  # noqa: E402
from forecasting.trials.rolling import Rolling  # noqa: E402

DATA = Path(__file__).parents[2] / "shared" / "data"
HORIZONS = {"bank": (1, 5, 20), "ferry": (1, 7, 28), "august": (1, 5)}


def bank(folder: Path) -> tuple[DayGrid, DayCalendar, int, int]:
    """The grid, what is known of its days, and after how many days the first and the last origin come."""
    (history,) = read_history(folder / "bank_calls_5min.csv", "UTC").values()
    return grid_of(to_interval(history, 1800)), DayCalendar(), 90, 144


def ferry(folder: Path) -> tuple[DayGrid, DayCalendar, int, int]:
    """Daily, with drivers from 2014 on."""
    (history,) = read_history(folder / "ferry_callcenter_daily_2013_2016.csv", "UTC").values()
    known = read_drivers(folder / "ferry_reservations_events.csv", Columns({"timestamp": "date"}, "dmy"))
    grid = grid_of(history)
    return grid, DayCalendar("NL", drivers=known), 500, len(grid.days) - 28


def august(folder: Path) -> tuple[DayGrid, DayCalendar, int, int]:
    """Calls that waited for an agent or were put through to one, by when they came to the queue."""
    counts: dict[date, np.ndarray] = {}
    with gzip.open(folder / "anonymous_bank_1999_08_calls.csv.gz", "rt", newline="") as file:
        for row in csv.DictReader(file):
            if row["outcome"] not in ("AGENT", "HANG") or row["q_start"] == "0:00:00" == row["ser_start"]:
                continue
            at = datetime.strptime(
                row["q_start"] if row["q_start"] != "0:00:00" else row["ser_start"], "%H:%M:%S"
            )
            day = date.fromisoformat(row["date"])
            counts.setdefault(day, np.zeros(48))[at.hour * 2 + at.minute // 30] += 1
    days = sorted(counts)
    values = np.stack([counts[day] for day in days])
    slots = np.arange(48) * 30
    return DayGrid(np.array(days, dtype="datetime64[D]"), slots, values, 1800, "UTC"), DayCalendar(), 14, 26


SETS = {"bank": bank, "ferry": ferry, "august": august}


def others() -> list[Model]:
    """The models of other libraries that are installed."""
    found = []
    for name in OTHERS:
        try:
            found.append(model_named(name))
        except NotInstalled as error:
            print(error, file=sys.stderr)
    return found


def measure(name: str, folder: Path, origins: int, beside: list[Model]) -> Backtest:
    """The backtest of one set."""
    grid, calendar, first, last = SETS[name](folder)
    horizons = HORIZONS[name]
    rolling = Rolling(grid, calendar, max(horizons))
    slots = grid.values.shape[1]
    fit = [model for model in beside if slots > 1 or model.name != "mstl"]
    return backtest(rolling, OWN, horizons, origins_between(first, last, origins), fit)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0])
    parser.add_argument("--set", choices=SETS, action="append", help="only this one")
    parser.add_argument("--origins", type=int, default=40)
    parser.add_argument("--data", type=Path, default=DATA, metavar="DIR")
    parser.add_argument("--own", action="store_true", help="without other libraries")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")  # of other libraries
    beside = [] if arguments.own else others()
    found: dict[str, object] = {}
    for name in arguments.set or SETS:
        try:
            made = measure(name, arguments.data, arguments.origins, beside)
        except FileNotFoundError as error:
            print(f"{name}: {error.filename} is not there, left out", file=sys.stderr)
            continue
        found[name] = as_json(made)
        if not arguments.json:
            print(name)
            print_table(made, HORIZONS[name])
    if arguments.json:
        print(json.dumps({"sets": found, "load_average": os.getloadavg()[0]}))


if __name__ == "__main__":
    main()
