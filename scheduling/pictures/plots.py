"""A roster as a picture: who works when, and where there are too few or too many."""

import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from scheduling.judge import staffing
from scheduling.pictures.text import label
from scheduling.problem import DAY, Problem
from scheduling.roster import Roster

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLOURS: Final = (
    "#4477aa",
    "#ee6677",
    "#228833",
    "#ccbb44",
    "#66ccee",
    "#aa3377",
    "#885522",
    "#997700",
    "#004488",
)
"""One for each shift, told apart by colour-blind eyes too (Paul Tol's bright scheme)."""
MOST_PEOPLE: Final = 400


def draw(problem: Problem, roster: Roster, file: Path) -> None:
    """Write a picture: a Gantt chart, and where each demand has too few (red) or too many (blue) people.

    The kind of file is that of its ending: svg, png or pdf. Raises ValueError for another one.
    """
    import matplotlib as mpl

    kinds = ("svg", "png", "pdf")
    if file.suffix.lower().lstrip(".") not in kinds:
        raise ValueError(f"{file}: a picture ends in .{', .'.join(kinds)}")
    from matplotlib.figure import Figure

    people = min(len(problem.people), MOST_PEOPLE)
    gantt = max(1.5, 0.17 * people)
    heats = len(problem.demands)
    heat = max(1.2, 0.09 * problem.days)
    # Chinese names need a font that has them; the first of these that is there is used, the last always is.
    fonts = [
        "Noto Sans CJK SC",
        "Source Han Sans SC",
        "WenQuanYi Micro Hei",
        "SimHei",
        "PingFang SC",
        "DejaVu Sans",
    ]
    with (
        warnings.catch_warnings(),
        mpl.rc_context({"svg.hashsalt": "callfloor", "font.family": _there(fonts)}),
    ):
        # Where no font has Chinese signs they are shown as boxes; the rest of the picture is as good.
        warnings.filterwarnings("ignore", "Glyph .* missing from")
        figure = Figure(
            figsize=(max(9.0, 0.5 * problem.days), 1.2 + gantt + (heat + 0.7) * heats), layout="constrained"
        )
        axes = figure.subplots(1 + heats, 1, squeeze=False, height_ratios=[gantt, *[heat] * heats])[:, 0]
        _gantt(problem, roster, axes[0])
        served = staffing(problem, roster) if heats else {}
        for place, demand in enumerate(problem.demands):
            _heat(problem, demand.name, demand.required, served[demand.name], axes[1 + place], figure)
        figure.savefig(file, metadata={"Date": None} if file.suffix.lower() == ".svg" else None)


def _there(fonts: list[str]) -> list[str]:
    from matplotlib import font_manager

    known = {one.name for one in font_manager.fontManager.ttflist}
    return [one for one in fonts if one in known]


def _literal(text: str) -> str:
    """A text in which nothing is taken for a formula."""
    return text.replace("$", r"\$")


def _gantt(problem: Problem, roster: Roster, axes: "Axes") -> None:
    from matplotlib.patches import Patch

    people = problem.people[:MOST_PEOPLE]
    rows = {one.id: place for place, one in enumerate(people)}
    colours = {one.id: COLOURS[place % len(COLOURS)] for place, one in enumerate(problem.shifts)}
    for id, colour in colours.items():
        mine = [one for one in roster.assignments if one.shift == id and one.person in rows]
        for person in {one.person for one in mine}:
            bars = [(one.day + one.start / DAY, one.length / DAY) for one in mine if one.person == person]
            axes.broken_barh(bars, (rows[person] - 0.4, 0.8), facecolors=colour)
    breaks: dict[str, list[tuple[float, float]]] = {}
    for one in roster.assignments:
        for block in (*one.breaks, *one.activities):
            breaks.setdefault(one.person, []).append((one.day + block.start / DAY, block.minutes / DAY))
    for person, bars in breaks.items():
        if person in rows:
            axes.broken_barh(bars, (rows[person] - 0.4, 0.8), facecolors="white")
    axes.set_yticks(range(len(people)), [_literal(label(one)) for one in people], fontsize=7)
    axes.set_ylim(len(people) - 0.5, -0.5)
    axes.set_xlim(0, problem.days)
    dates = [problem.date_of(day) for day in range(problem.days)]
    axes.set_xticks(range(problem.days), [f"{one:%a}\n{one.day}.{one.month}." for one in dates], fontsize=7)
    axes.grid(axis="x", color="#cccccc", linewidth=0.5)
    axes.set_axisbelow(True)
    handles = [Patch(color=colours[one.id], label=_literal(one.name or one.id)) for one in problem.shifts]
    axes.legend(handles=handles, fontsize=7, ncols=8, loc="lower left", bbox_to_anchor=(0, 1))


def _heat(
    problem: Problem, name: str, required: tuple[int, ...], served: tuple[int, ...], axes: "Axes", figure: Any
) -> None:
    import numpy as np

    off = (np.array(served) - np.array(required)).reshape(problem.days, -1)
    most = max(1, int(np.abs(off).max()))
    image = axes.imshow(
        off, aspect="auto", cmap="RdBu", vmin=-most, vmax=most, extent=(0, 24, problem.days, 0)
    )
    axes.set_title(f"{_literal(name)}: people too few (red), too many (blue)", fontsize=8, loc="left")
    axes.set_xticks(range(0, 25, 2))
    step = max(1, problem.days // 14)
    days = range(0, problem.days, step)
    axes.set_yticks(
        [day + 0.5 for day in days], [f"{problem.date_of(day):%a %d.%m.}" for day in days], fontsize=7
    )
    figure.colorbar(image, ax=axes, fraction=0.02)
