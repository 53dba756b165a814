"""The picture of the cost curve: what one more agent buys."""

from pathlib import Path

import numpy as np

from forecasting.history import Floats
from forecasting.staffing.curve import Curve

KINDS = (".svg", ".png")
SERVICE, LOST, MONEY, MARK = "#0b6e4f", "#b3261e", "#31507a", "#6b6b6b"


def cost_curve(curve: Curve, path: Path, *, title: str = "", target: float | None = None) -> None:
    """Draw service level and abandonment over agents, and below them what an hour costs, to an .svg or .png.

    ``target`` is a service level, drawn as a line. Raises ValueError for another kind of file, OSError if it
    cannot be written.
    """
    if path.suffix.lower() not in KINDS:
        raise ValueError(
            f"{path}: a picture is drawn as {' or '.join(KINDS)}, not {path.suffix or 'nothing'}"
        )
    import matplotlib as mpl  # slow to import
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator, PercentFormatter

    with mpl.rc_context({"svg.hashsalt": "callfloor", "svg.fonttype": "none", "font.size": 10}):
        figure = Figure(figsize=(7.5, 5.5), layout="constrained")
        service, money = figure.subplots(2, 1, sharex=True, height_ratios=(3, 2))
        found = curve.measures
        service.plot(curve.agents, found.service_level, marker="o", color=SERVICE, label="service level")
        service.plot(curve.agents, found.occupancy, color=MARK, linestyle=":", label="occupancy")
        if np.nanmax(found.abandonment) > 0:
            service.plot(curve.agents, found.abandonment, marker="s", color=LOST, label="abandonment")
        if target is not None:
            service.axhline(target, color=SERVICE, linewidth=0.8, linestyle="--")
            service.annotate(
                f"target {target:.0%}", (1, target), xycoords=("axes fraction", "data"),
                ha="right", va="bottom", color=SERVICE,
            )  # fmt: skip
        service.set_ylim(-0.02, 1.04)
        service.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
        service.legend(framealpha=1, edgecolor="none", loc="center right")
        finite = np.isfinite(curve.cost)
        money.plot(curve.agents[finite], curve.cost[finite], marker="o", color=MONEY)
        if finite.any() and _turns(curve.cost[finite]):
            money.axvline(curve.cheapest, color=MONEY, linewidth=0.8, linestyle="--")
        money.set_ylabel("cost per hour")
        money.set_xlabel("agents" if curve.agents.min() >= 0 else "agents more than planned")
        money.xaxis.set_major_locator(MaxNLocator(integer=True))
        for one in (service, money):
            one.spines[["top", "right"]].set_visible(False)
            one.grid(alpha=0.25)
        if title:
            service.set_title(title, loc="left")
        kind = path.suffix.lower()[1:]
        figure.savefig(path, format=kind, dpi=150, metadata={"Date": None} if kind == "svg" else None)


def _turns(cost: Floats) -> bool:
    """Whether the cheapest is somewhere within, so that it says something."""
    return 0 < int(np.argmin(cost)) < len(cost) - 1
