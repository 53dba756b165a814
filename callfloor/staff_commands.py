"""``callfloor staff``: how many people, for a forecast, for one case, for several skills, and what one more
buys."""

import argparse
import json
import math
import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from callfloor import staff_options

if TYPE_CHECKING:
    from forecasting.erlang import Measures, Targets
    from forecasting.staffing import Plan
    from forecasting.staffing.backlog import Followed
    from forecasting.staffing.curve import Curve, Prices
    from forecasting.staffing.files import Forecast

WELL, PROBLEM = 0, 1
FIGURES = (
    "service_level",
    "probability_of_wait",
    "asa_s",
    "occupancy",
    "abandonment",
    "mean_wait_s",
    "p90_wait_s",
    "queue_length",
)
EXAMPLES = """\
  callfloor staff --forecast G.csv --target 80/20 --patience 180 --shrinkage 0.3 --out R.csv
  callfloor staff --calls 100 --per 30min --aht 180 --agents 14 --within 20 --patience 120
  callfloor staff --calls 100 --per 30min --aht 180 --target 80/20 --shrinkage 0.3
  callfloor staff --lines 30 --erlangs 21.9
"""


def add(staff: argparse.ArgumentParser) -> None:
    """Give ``callfloor staff`` its options and its work."""
    staff.formatter_class = argparse.RawDescriptionHelpFormatter
    staff.epilog = EXAMPLES
    staff_options.add(staff)
    staff.set_defaults(run=_staff, misuse=staff.error)


def _staff(arguments: argparse.Namespace) -> int:
    from forecasting.reading import FileError

    try:
        if arguments.lines is not None or arguments.blocking is not None:
            return _lines(arguments)
        if arguments.skills is not None:
            from callfloor import staff_skills

            return staff_skills.run(arguments)
        if arguments.forecast is not None:
            return _forecast(arguments)
        return _case(arguments)
    except (FileError, ValueError) as error:
        for line in str(error).splitlines():
            print(f"callfloor: {line}", file=sys.stderr)
        return PROBLEM


def targets_of(arguments: argparse.Namespace) -> "Targets | None":
    """The targets that are named, None if there is none."""
    from forecasting.erlang import Targets

    level, within = arguments.target or (None, None)
    if level is not None and arguments.within is not None and arguments.within != within:
        arguments.misuse(f"--target says within {within:g} s, --within {arguments.within:g} s")
    others = (arguments.answered, arguments.asa, arguments.abandonment, arguments.occupancy)
    if level is None and all(one is None for one in others):
        return None
    return Targets(
        service_level=level,
        within_s=_within_s(arguments),
        definition=arguments.definition,
        short_s=arguments.short,
        answered=arguments.answered,
        asa_s=arguments.asa,
        abandonment=arguments.abandonment,
        occupancy=arguments.occupancy,
    )


def _within_s(arguments: argparse.Namespace) -> float:
    if arguments.target is not None:
        return float(arguments.target[1])
    return 20.0 if arguments.within is None else float(arguments.within)


def _patience_s(arguments: argparse.Namespace) -> float | None:
    if arguments.model == "A" and arguments.patience is None:
        arguments.misuse("--model A needs --patience")
    return None if arguments.model == "C" else arguments.patience


# ------------------------------------------------------------------ lines


def _lines(arguments: argparse.Namespace) -> int:
    from forecasting.erlang import blocking, lines_for

    if arguments.erlangs is None:
        arguments.misuse("--lines and --blocking need --erlangs")
    if arguments.lines is not None and arguments.blocking is not None:
        arguments.misuse("say --lines (how much is lost?) or --blocking (how many lines?), not both")
    if arguments.lines is not None:
        return _tell(arguments, {"blocking": float(blocking(arguments.lines, arguments.erlangs))})
    return _tell(arguments, {"lines": int(lines_for(arguments.erlangs, arguments.blocking))})


# ------------------------------------------------------------------ one case


def _case(arguments: argparse.Namespace) -> int:
    from forecasting.erlang import measures
    from forecasting.staffing import plan

    calls, per_s, aht_s = _one(arguments)
    targets, patience_s = targets_of(arguments), _patience_s(arguments)
    if (targets is None) == (arguments.agents is None) and not (arguments.plot or arguments.curve):
        arguments.misuse("say --agents (what callers find) or a target such as --target 80/20 (how many)")
    told: dict[str, Any] = {}
    found = None
    if arguments.agents is not None:
        found = measures(
            arguments.agents,
            calls / per_s * aht_s,
            aht_s,
            patience_s,
            within_s=_within_s(arguments),
            definition=arguments.definition,
            short_s=arguments.short,
        )
    elif targets is not None:
        made = plan([calls], max(1, round(per_s)), aht_s, _rules(arguments, targets))
        told = {"agents": int(made.agents[0]), "scheduled": int(made.scheduled[0])}
        found = made.measures
    if arguments.plot or arguments.curve:
        from forecasting.staffing.curve import cost_curve

        curve = cost_curve(
            calls,
            per_s,
            aht_s,
            patience_s,
            within_s=_within_s(arguments),
            definition=arguments.definition,
            prices=_prices(arguments),
        )
        _show_curve(arguments, curve, f"{calls:g} calls in {per_s / 60:g} min, {aht_s:g} s each")
        if arguments.curve:
            return WELL
    return _tell(arguments, told | (_figures(found) if found is not None else {}))


def _one(arguments: argparse.Namespace) -> tuple[float, float, float]:
    """(calls, seconds, AHT) of the case."""
    if arguments.aht is None:
        arguments.misuse("one case needs --aht, or a --forecast")
    if arguments.erlangs is not None:
        if arguments.calls is not None:
            arguments.misuse("say --calls or --erlangs, not both")
        per_s = arguments.per or 3600.0
        return arguments.erlangs * per_s / arguments.aht, per_s, arguments.aht
    if arguments.calls is None or arguments.per is None:
        arguments.misuse("one case needs --calls and --per, or --erlangs")
    return arguments.calls, arguments.per, arguments.aht


def _figures(found: "Measures") -> dict[str, Any]:
    """The figures of one case; null where there is none, and where the wait is without end."""
    told: dict[str, Any] = {}
    for name in FIGURES:
        value = float(getattr(found, name).ravel()[0])
        told[name] = value if math.isfinite(value) else None
    if bool(found.overloaded.any()):
        told["overloaded"] = True
        print(
            "callfloor: overloaded: more work than agents, so the queue and the wait grow without end; "
            "with --patience callers who give up make an end to it",
            file=sys.stderr,
        )
    return told


def _tell(arguments: argparse.Namespace, told: dict[str, Any]) -> int:
    if arguments.json:
        print(json.dumps(told))
        return WELL
    for name, value in told.items():
        shown = "none" if value is None else f"{value:.4f}" if isinstance(value, float) else str(value)
        print(f"{name:<20} {shown}")
    return WELL


# ------------------------------------------------------------------ a forecast


def _forecast(arguments: argparse.Namespace) -> int:
    from forecasting.staffing import plan
    from forecasting.staffing.files import plan_csv, read_forecast

    for name in ("calls", "erlangs", "agents"):
        if getattr(arguments, name) is not None:
            arguments.misuse(f"--{name} is for one case, not for a forecast")
    targets = targets_of(arguments) or arguments.misuse("say what is to be kept, such as --target 80/20")
    forecast = read_forecast(Path(arguments.forecast), arguments.column, arguments.aht)
    interval_s = _interval_s(arguments, forecast)
    made = plan(forecast.calls, interval_s, forecast.aht_s, _rules(arguments, targets))
    found: Any = made.measures
    if arguments.backlog:
        made, found = _followed(arguments, forecast, made, targets)
    text = plan_csv(forecast.stamps, made, found)
    if arguments.out is not None:
        Path(arguments.out).write_text(text, encoding="utf-8")
    told = _summary(made, found)
    if arguments.plot or arguments.curve:
        from forecasting.staffing.curve import plan_curve

        curve = plan_curve(
            made.calls,
            interval_s,
            made.aht_s,
            made.agents,
            _patience_s(arguments),
            within_s=_within_s(arguments),
            definition=arguments.definition,
            prices=_prices(arguments),
        )
        _show_curve(
            arguments, curve, f"{len(made.calls)} intervals, {made.agent_hours:g} hours of agents planned"
        )
    if arguments.json:
        print(json.dumps(told))
    elif arguments.out is None and not arguments.curve:
        sys.stdout.write(text)
    elif arguments.out is not None:
        print(", ".join(f"{name.replace('_', ' ')} {value}" for name, value in told.items()))
    if bool(made.short.any()):
        intervals, most = int((made.short > 0).sum()), int(made.short.max())
        print(
            f"callfloor: with {arguments.max_agents} agents at most, {intervals} intervals are short, "
            f"by up to {most}",
            file=sys.stderr,
        )
    return WELL


def _interval_s(arguments: argparse.Namespace, forecast: "Forecast") -> int:
    interval_s = arguments.per or forecast.interval_s
    if interval_s is None:
        raise ValueError(
            f"{arguments.forecast}: one row does not tell how long it is; say it with --per 30min"
        )
    if forecast.interval_s is not None and interval_s > forecast.interval_s:
        raise ValueError(
            f"{arguments.forecast}: rows are {forecast.interval_s / 60:g} min apart, less than --per says"
        )
    return int(interval_s)


def _rules(arguments: argparse.Namespace, targets: "Targets") -> Any:
    from forecasting.staffing import Staffing

    return Staffing(
        targets,
        _patience_s(arguments),
        arguments.shrinkage,
        minimum=arguments.min_agents,
        maximum=arguments.max_agents,
    )


def _followed(
    arguments: argparse.Namespace, forecast: "Forecast", made: "Plan", targets: "Targets"
) -> "tuple[Plan, Followed]":
    """The plan with as many more as the queues need that are carried on, and what callers then find."""
    from forecasting.staffing import scheduled
    from forecasting.staffing.backlog import keep

    agents, found = keep(
        made.calls,
        made.interval_s,
        made.aht_s,
        made.agents,
        targets,
        _patience_s(arguments),
        most=math.inf if arguments.max_agents is None else arguments.max_agents,
        fresh=forecast.fresh(made.interval_s),
        watch=watched,
    )
    return replace(made, agents=agents, scheduled=scheduled(agents, arguments.shrinkage)), found


def watched(steps: Iterable[int]) -> Iterable[int]:
    """A progress bar on standard error, where somebody looks at it."""
    from tqdm import tqdm

    return tqdm(steps, unit="interval", leave=False, disable=not sys.stderr.isatty())


def _summary(made: "Plan", found: Any) -> dict[str, Any]:
    offered = made.calls
    some = offered > 0
    level = float((found.service_level[some] * offered[some]).sum() / offered.sum()) if some.any() else 1.0
    return {
        "intervals": len(offered),
        "agent_hours": round(made.agent_hours, 2),
        "scheduled_hours": round(made.scheduled_hours, 2),
        "peak_agents": int(made.agents.max(initial=0)),
        "peak_scheduled": int(made.scheduled.max(initial=0)),
        "service_level": round(level, 4),
    }


# ------------------------------------------------------------------ the curve


def _prices(arguments: argparse.Namespace) -> "Prices":
    from forecasting.staffing.curve import Prices

    return Prices(arguments.agent_cost, arguments.waiting_cost, arguments.lost_cost)


def _show_curve(arguments: argparse.Namespace, curve: "Curve", title: str) -> None:
    if arguments.plot:
        from forecasting.pictures.cost_curve import cost_curve as draw

        target = arguments.target[0] if arguments.target else None
        draw(curve, Path(arguments.plot), title=title, target=target)
    if arguments.curve:
        print("agents,service_level,abandonment,asa_s,occupancy,cost_per_hour")
        found = curve.measures
        columns = (found.service_level, found.abandonment, found.asa_s, found.occupancy, curve.cost)
        for agents, *row in zip(curve.agents.tolist(), *columns, strict=True):
            print(",".join([str(agents), *(f"{one:.4f}" if math.isfinite(one) else "" for one in row)]))
