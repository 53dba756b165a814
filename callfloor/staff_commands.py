"""``callfloor staff``: how many people, for a forecast, for one case, for several skills, and what one more
buys."""

import argparse
import json
import math
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from callfloor import staff_options

if TYPE_CHECKING:
    from forecasting.erlang import Measures, Targets
    from forecasting.staffing import Staffing
    from forecasting.staffing.curve import Curve, Prices

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
    from forecasting.reading.rows import FileError

    try:
        if arguments.lines is not None or arguments.blocking is not None:
            return _lines(arguments)
        if arguments.skills is not None:
            from callfloor import staff_skills

            return staff_skills.run(arguments)
        if arguments.forecast is not None:
            from callfloor import staff_forecast

            return staff_forecast.run(arguments)
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
        within_s=within_s_of(arguments),
        definition=arguments.definition,
        short_s=arguments.short,
        answered=arguments.answered,
        asa_s=arguments.asa,
        abandonment=arguments.abandonment,
        occupancy=arguments.occupancy,
    )


def within_s_of(arguments: argparse.Namespace) -> float:
    """Within how long callers are to be answered."""
    if arguments.target is not None:
        return float(arguments.target[1])
    return 20.0 if arguments.within is None else float(arguments.within)


def patience_s_of(arguments: argparse.Namespace) -> float | None:
    """The callers' mean patience, None for Erlang C."""
    if arguments.patience is not None and arguments.patience_from is not None:
        arguments.misuse("say --patience or --patience-from, not both")
    if arguments.patience_from is not None and arguments.patience is None:
        arguments.patience, arguments.patience_from = _estimated(arguments.patience_from), None
    if arguments.model == "A" and arguments.patience is None:
        arguments.misuse("--model A needs --patience")
    return None if arguments.model == "C" else arguments.patience


def _estimated(name: str) -> float | None:
    """Patience from single calls, told on standard error; None if nobody gave up."""
    from forecasting.staffing.files import read_waits
    from forecasting.staffing.patience import from_waits

    found = from_waits(*read_waits(Path(name)))
    said = f"callfloor: patience {found.mean_s:.0f} s, 95 % from {found.low_s:.0f} to {found.high_s:.0f} s"
    print(f"{said}; {found.abandoned:.0f} gave up in {found.waited_s:.0f} s of waiting", file=sys.stderr)
    return found.mean_s if math.isfinite(found.mean_s) else None


def rules_of(arguments: argparse.Namespace, targets: "Targets", shrinkage: Any) -> "Staffing":
    """How a plan is to be made."""
    from forecasting.staffing import Staffing

    return Staffing(
        targets,
        patience_s_of(arguments),
        shrinkage,
        minimum=arguments.min_agents,
        maximum=arguments.max_agents,
    )


# ------------------------------------------------------------------ lines


def _lines(arguments: argparse.Namespace) -> int:
    from forecasting.erlang import blocking, lines_for

    if arguments.erlangs is None:
        arguments.misuse("--lines and --blocking need --erlangs")
    if arguments.lines is not None and arguments.blocking is not None:
        arguments.misuse("say --lines (how much is lost?) or --blocking (how many lines?), not both")
    if arguments.lines is not None:
        return tell(arguments, {"blocking": float(blocking(arguments.lines, arguments.erlangs))})
    return tell(arguments, {"lines": int(lines_for(arguments.erlangs, arguments.blocking))})


# ------------------------------------------------------------------ one case


def _case(arguments: argparse.Namespace) -> int:
    from forecasting.erlang import measures
    from forecasting.staffing import plan

    calls, per_s, aht_s = _one(arguments)
    targets, patience_s = targets_of(arguments), patience_s_of(arguments)
    if arguments.shrinkage.by_time:
        arguments.misuse("a shrinkage by the time of day is for a forecast, not for one case")
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
            within_s=within_s_of(arguments),
            definition=arguments.definition,
            short_s=arguments.short,
        )
    elif targets is not None:
        made = plan(
            [calls], max(1, round(per_s)), aht_s, rules_of(arguments, targets, arguments.shrinkage.at())
        )
        told = {"agents": int(made.agents[0]), "scheduled": int(made.scheduled[0])}
        found = made.measures
    if arguments.plot or arguments.curve:
        from forecasting.staffing.curve import cost_curve

        curve = cost_curve(
            calls,
            per_s,
            aht_s,
            patience_s,
            within_s=within_s_of(arguments),
            definition=arguments.definition,
            prices=prices_of(arguments),
        )
        show_curve(arguments, curve, f"{calls:g} calls in {per_s / 60:g} min, {aht_s:g} s each")
        if arguments.curve:
            return WELL
    return tell(arguments, told | (_figures(found) if found is not None else {}))


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


def tell(arguments: argparse.Namespace, told: dict[str, Any]) -> int:
    """A figure a line, or one JSON object."""
    if arguments.json:
        print(json.dumps(told))
        return WELL
    for name, value in told.items():
        shown = "none" if value is None else f"{value:.4f}" if isinstance(value, float) else str(value)
        print(f"{name:<20} {shown}")
    return WELL


# ------------------------------------------------------------------ the curve


def prices_of(arguments: argparse.Namespace) -> "Prices":
    """What an hour of an agent, an hour of waiting and a lost call cost."""
    from forecasting.staffing.curve import Prices

    return Prices(arguments.agent_cost, arguments.waiting_cost, arguments.lost_cost)


def show_curve(arguments: argparse.Namespace, curve: "Curve", title: str) -> None:
    """Draw it, print it, as was asked for."""
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
