"""``callfloor staff --forecast FILE``: a plan for every interval of a forecast."""

import argparse
import json
import math
import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from callfloor.staff_commands import (
    patience_s_of,
    prices_of,
    rules_of,
    show_curve,
    targets_of,
    within_s_of,
)

if TYPE_CHECKING:
    from forecasting.erlang import Targets
    from forecasting.staffing import Plan, Staffing
    from forecasting.staffing.backlog import Followed
    from forecasting.staffing.forecast_file import Forecast
    from forecasting.staffing.uncertain import Expected

WELL = 0


def run(arguments: argparse.Namespace) -> int:
    """Plan it, tell or write the plan, and show what one more would buy."""
    from forecasting.staffing import plan
    from forecasting.staffing.files import plan_csv
    from forecasting.staffing.forecast_file import read_forecast

    for name in ("calls", "erlangs", "agents"):
        if getattr(arguments, name) is not None:
            arguments.misuse(f"--{name} is for one case, not for a forecast")
    targets = targets_of(arguments) or arguments.misuse("say what is to be kept, such as --target 80/20")
    if arguments.uncertain and (arguments.backlog or arguments.column != "calls"):
        arguments.misuse("--uncertain is for calls by themselves, without --backlog or another --column")
    forecast = read_forecast(
        Path(arguments.forecast), arguments.column, arguments.aht, arguments.queue, limits=arguments.uncertain
    )
    interval_s = _interval_s(arguments, forecast)
    rules = rules_of(arguments, targets, arguments.shrinkage.at(forecast.minutes))
    found: Any
    if arguments.uncertain:
        made, found = _uncertain(forecast, interval_s, rules)
    else:
        made = plan(forecast.calls, interval_s, forecast.aht_s, rules)
        found = made.measures
    if arguments.backlog:
        made, found = _followed(arguments, forecast, made, targets)
    text = plan_csv(forecast.stamps, made, found, _places(arguments, made))
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
            patience_s_of(arguments),
            within_s=within_s_of(arguments),
            definition=arguments.definition,
            prices=prices_of(arguments),
        )
        show_curve(
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


def _uncertain(forecast: "Forecast", interval_s: int, rules: "Staffing") -> "tuple[Plan, Expected]":
    """The plan that keeps its targets on average over what the forecast leaves open."""
    from forecasting.staffing import plan
    from forecasting.staffing.uncertain import agents_for_uncertain, expected, rate_spread

    assert forecast.low80 is not None and forecast.high80 is not None
    spread = rate_spread(forecast.calls, forecast.low80, forecast.high80)
    told = (forecast.calls, spread, interval_s, forecast.aht_s, rules.targets, rules.patience_s)
    made = plan(forecast.calls, interval_s, forecast.aht_s, rules, agents_for_uncertain(*told))
    return made, expected(made.agents, *told)


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
        patience_s_of(arguments),
        most=math.inf if arguments.max_agents is None else arguments.max_agents,
        fresh=forecast.fresh(made.interval_s),
        watch=watched,
    )
    return replace(
        made, agents=agents, scheduled=scheduled(agents, arguments.shrinkage.at(forecast.minutes))
    ), found


def _places(arguments: argparse.Namespace, made: "Plan") -> dict[str, list[int]]:
    """The agents of each site, by the heading of its column."""
    from forecasting.staffing.sites import Site, pooled

    if arguments.sites is None:
        return {}
    sites = [Site(name, weight) for name, weight in arguments.sites.items()]
    split = pooled(made.agents, sites).tolist() if len(made.agents) else [[] for _ in sites]
    return {f"agents_{site.name}": row for site, row in zip(sites, split, strict=True)}


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
