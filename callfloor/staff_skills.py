"""``callfloor staff --skills FILE``: agents who serve several queues, found by playing days on the real
router."""

import argparse
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import yaml

from callfloor import staff_options
from common.plain_yaml import NotPlain, compose

if TYPE_CHECKING:
    from forecasting.staffing.search import Found
    from forecasting.staffing.skills import Group, Problem, Queue

WELL, PROBLEM = 0, 1
LONGEST = 1_000_000
MANY = 20_000
QUEUE_KEYS = frozenset({"forecast", "calls", "aht", "target", "definition", "asa", "abandonment", "patience"})
GROUP_KEYS = frozenset({"queues", "cost", "penalty"})


def run(arguments: argparse.Namespace) -> int:
    """Find the agents and tell them: a summary, and with ``--out`` a CSV by interval and group."""
    from callfloor.staffing_floor import RouterFloor
    from forecasting.staffing.search import Effort, search

    path = Path(arguments.skills)
    problem, stamps = read(path)
    if arguments.shrinkage.by_time:
        arguments.misuse("with --skills shrinkage is the same all day")
    if arguments.days < 4:
        arguments.misuse("--days is 4 or more")
    effort = Effort(days=arguments.days, judges=2 * arguments.days, seed=arguments.seed)
    bar = _Bar()
    # A process takes a second to start; so many calls are played in about ten.
    calls = sum(float(queue.calls.sum()) for queue in problem.queues) * effort.days
    workers = os.cpu_count() or 1 if calls > MANY else 1
    try:
        with RouterFloor(workers) as floor:
            found = search(problem, floor, effort, bar.tell)
    finally:
        bar.close()
    text = _csv(problem, stamps, found, float(arguments.shrinkage.at()))
    told = _told(problem, found)
    if arguments.out is not None:
        Path(arguments.out).write_text(text, encoding="utf-8")
    if arguments.json:
        print(json.dumps(told))
    elif arguments.out is None:
        sys.stdout.write(text)
    else:
        for name, hours in told["agent_hours"].items():
            print(f"{name:<20} {hours:g} hours")
    if not found.holds:
        print("callfloor: on other days not every target held; look at the service levels", file=sys.stderr)
        return PROBLEM
    return WELL


class _Bar:
    """How the search goes on, on standard error, where somebody looks at it."""

    def __init__(self) -> None:
        from tqdm import tqdm

        self.bar = tqdm(unit="trial", leave=False, disable=not sys.stderr.isatty())

    def tell(self, what: str, trial: int, cost: float) -> None:
        """A trial begins."""
        self.bar.set_description(f"{what}, {cost:g} agent intervals")
        self.bar.update(trial - self.bar.n)

    def close(self) -> None:
        """Leave nothing behind."""
        self.bar.close()


# ------------------------------------------------------------------ the file


def read(path: Path) -> "tuple[Problem, list[str]]":
    """The problem a file describes, and what its intervals are called. Raises ValueError, OSError.

    ::

        interval: 30min
        queues:
          sales: {forecast: sales.csv, target: 80/20, patience: 180}
          service: {calls: 90, aht: 240, target: 80/20, patience: 120}
        groups:
          sellers: [sales]
          everybody: {queues: [sales, service], cost: 1.1}
    """
    from forecasting.reading.rows import FileError
    from forecasting.staffing.skills import Problem

    try:
        text = path.read_text(encoding="utf-8")
        compose(text, LONGEST)
        found = yaml.safe_load(text)
    except NotPlain as error:
        raise ValueError(f"{path}:{error.line}: {error.reason}") from None
    except UnicodeDecodeError as error:
        raise ValueError(f"{path}: this is not UTF-8 ({error.reason} at byte {error.start})") from None
    page = _mapping(
        found, path, "the file", frozenset({"interval", "queues", "groups", "variation", "warm_up"})
    )
    try:
        interval_s = round(staff_options.duration_s(str(page.get("interval", "30min"))))
        warm_s = staff_options.duration_s(str(page["warm_up"])) if "warm_up" in page else 0.0
        stamps: list[str] = []
        queues = tuple(
            _queue(path, str(name), body, interval_s, stamps)
            for name, body in _mapping(page.get("queues"), path, "queues").items()
        )
        groups = tuple(
            _group(path, str(name), body)
            for name, body in _mapping(page.get("groups"), path, "groups").items()
        )
        variation = _number(page, "variation", 1.0)
        n = max((len(queue.calls) for queue in queues), default=0)
        return Problem(queues, groups, interval_s, variation, warm_s), stamps or [
            str(one) for one in range(n)
        ]
    except argparse.ArgumentTypeError as error:
        raise ValueError(f"{path}: {error}") from None
    except ValueError as error:
        named = isinstance(error, FileError)  # it says itself which file
        raise ValueError(str(error) if named else f"{path}: {error}") from None


def _mapping(body: Any, path: Path, what: str, known: frozenset[str] | None = None) -> dict[str, Any]:
    if not isinstance(body, dict) or not body:
        raise ValueError(f"{path}: {what} must be names with what they mean")
    strange = sorted(str(key) for key in body if known is not None and key not in known)
    if strange:
        raise ValueError(f"{path}: {what} knows no {strange[0]}; there are {', '.join(sorted(known or ()))}")
    return body


def _queue(path: Path, name: str, body: Any, interval_s: int, stamps: list[str]) -> "Queue":
    from forecasting.erlang import Targets
    from forecasting.staffing.forecast_file import read_forecast
    from forecasting.staffing.skills import Queue

    said = _mapping(body, path, f"queue {name}", QUEUE_KEYS)
    aht_s = _number(said, "aht")
    if "forecast" in said:
        forecast = read_forecast(path.parent / str(said["forecast"]), aht_s=aht_s)
        if forecast.interval_s not in (None, interval_s):
            raise ValueError(f"queue {name}: its forecast is by {forecast.interval_s} s, not {interval_s} s")
        if stamps and stamps != list(forecast.stamps):
            raise ValueError(f"queue {name}: its forecast has other intervals than those before")
        stamps[:] = forecast.stamps
        calls, aht = forecast.calls, forecast.aht_s
    else:
        figures = said.get("calls")
        calls = np.atleast_1d(np.asarray(figures, dtype=np.float64))
        if figures is None or aht_s is None:
            raise ValueError(f"queue {name} needs calls and aht, or a forecast")
        aht = np.full(len(calls), aht_s)
    level, within_s = staff_options.target(str(said["target"])) if "target" in said else (None, 20.0)
    targets = Targets(
        service_level=level,
        within_s=within_s,
        definition=said.get("definition", "answered_in_target_of_all"),
        asa_s=_number(said, "asa"),
        abandonment=_number(said, "abandonment"),
    )
    return Queue(name, calls, aht, targets, _number(said, "patience"))


def _group(path: Path, name: str, body: Any) -> "Group":
    from forecasting.staffing.skills import Group

    said = {"queues": body} if isinstance(body, list) else _mapping(body, path, f"group {name}", GROUP_KEYS)
    queues = said.get("queues")
    if not isinstance(queues, list) or not queues:
        raise ValueError(f"group {name}: queues must be a list of names")
    return Group(
        name,
        tuple(map(str, queues)),
        _number(said, "cost", 1.0) or 0.0,
        int(_number(said, "penalty", 0) or 0),
    )


def _number(said: dict[str, Any], key: str, otherwise: Any = None) -> Any:
    if key not in said:
        return otherwise
    try:
        return float(said[key])
    except (TypeError, ValueError):
        raise ValueError(f"{key} is {said[key]!r}; it must be a number") from None


# ------------------------------------------------------------------ what is told


def _csv(problem: "Problem", stamps: list[str], found: "Found", shrinkage: float) -> str:
    """``timestamp``, agents by group, people to schedule in all, and the service level by queue."""
    from forecasting.staffing.shrinkage import scheduled

    people = scheduled(found.heads, shrinkage).sum(0)
    heads = [f"agents_{group.name}" for group in problem.groups]
    levels = [f"service_level_{queue.name}" for queue in problem.queues]
    lines = [",".join(["timestamp", *heads, "agents", "scheduled", *levels])]
    for n, stamp in enumerate(stamps):
        level = ["" if np.isnan(one) else f"{one:.4f}" for one in found.judged.level[:, n]]
        agents = found.heads[:, n].tolist()
        lines.append(",".join([stamp, *map(str, agents), str(sum(agents)), str(int(people[n])), *level]))
    return "\n".join(lines) + "\n"


def _told(problem: "Problem", found: "Found") -> dict[str, Any]:
    hours = found.heads.sum(1) * problem.interval_s / 3600
    return {
        "holds": found.holds,
        "trials": found.trials,
        "agent_hours": {group.name: float(one) for group, one in zip(problem.groups, hours, strict=True)},
        "least_service_level": {
            queue.name: None if np.isnan(level).all() else round(float(np.nanmin(level)), 4)
            for queue, level in zip(problem.queues, found.judged.level, strict=True)
        },
    }
