"""What ``callfloor forecast`` shows of models: the choice, and backtests as a table or JSON."""

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from forecasting.trials.backtest import Backtest, Line
    from forecasting.trials.choice import Choice


def choice_table(choice: "Choice", said: TextIO) -> None:
    """Which models a forecast was made with, and how each would have done, on ``said``."""
    if not choice.origins:
        print(f"Model: {choice.name}; too short a history to compare.", file=said)
        return
    print(f"{choice.origins} forecasts as of the past: WAPE of each model, and its weight", file=said)
    for name, error in sorted(choice.errors.items(), key=lambda one: (math.isnan(one[1]), one[1])):
        weight = choice.weights.get(name)
        failed = "cannot" if math.isnan(error) else f"{error:.2f} %"
        print(f"  {name:16} {failed:>8}" + (f"   {weight:.2f}" if weight else ""), file=said)


def as_json(found: "Backtest") -> dict[str, Any]:
    """A backtest as ``--json`` prints it: errors and coverage in percent, by days ahead."""

    def line(one: "Line") -> dict[str, Any]:
        return {
            "interval_wape": _by_text(one.interval_wape),
            "daily_wape": _by_text(one.daily_wape),
            "mase": _by_text(one.mase),
            "coverage80": _by_text(one.coverage80),
            "seconds_per_fit": round(one.seconds_per_fit, 5),
        }

    return {"models": {name: line(one) for name, one in found.lines.items()}, "auto": line(found.auto)}


def _by_text(figures: Mapping[int, float]) -> dict[str, float | None]:
    return {str(days): None if math.isnan(one) else round(one, 4) for days, one in figures.items()}


def print_table(found: "Backtest", horizons: Sequence[int]) -> None:
    """A backtest for people: the worst model first, the automatic choice last."""
    ahead = " / ".join(str(days) for days in horizons)
    first, last = found.origins[0], found.origins[-1]
    print(f"{len(found.origins)} origins, after day {first} to {last}; {ahead} days ahead")
    print(
        f"{'':16} {'interval WAPE %':>24} {'daily WAPE %':>24} {'MASE':>20} {'in 80 % band':>14} "
        f"{'of days':>14} {'s per fit':>10}"
    )

    def row(name: str, one: "Line") -> None:
        def cell(figures: Mapping[int, float], digits: int) -> str:
            return " / ".join(f"{figures[days]:.{digits}f}" for days in horizons)

        print(
            f"{name:16} {cell(one.interval_wape, 2):>24} {cell(one.daily_wape, 2):>24} "
            f"{cell(one.mase, 2):>20} {cell(one.coverage80, 0):>14} {cell(one.daily_coverage80, 0):>14} "
            f"{one.seconds_per_fit:>10.3f}"
        )

    for name, one in sorted(found.lines.items(), key=lambda item: -item[1].interval_wape[horizons[-1]]):
        row(name, one)
    row("auto", found.auto)
    weights = ", ".join(f"{name} {weight:.2f}" for name, weight in found.choice.weights.items())
    print(f"auto chooses anew at each origin; after the last day: {weights}")
