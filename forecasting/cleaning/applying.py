"""A clean history made of a raw one and what was decided about its findings."""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from forecasting.cleaning.findings import Decision, Finding, decided
from forecasting.history import Floats, History

_COUNTS = ("abandoned", "answered", "ivr")


def apply(
    history: History,
    findings: Iterable[Finding],
    decisions: Iterable[Decision] = (),
    sure: float = 0.0,
) -> History:
    """``history`` as it should have been; the one given stays as it is.

    Findings less ``sure`` than that are left, unless a planner decided on them. Replaced intervals have the
    calls of their finding, intervals that were missing are put in; what else was measured in them is unknown.
    Adjusted intervals have all their counts times the factor. Findings about other queues are passed over,
    and so are decisions on what was not found.
    """
    own = [finding for finding in findings if finding.queue == history.name]
    known = {finding.id for finding in own}
    said = [decision for decision in decisions if decision.finding in known]
    by_planner = {decision.finding for decision in said}
    done = [
        finding
        for finding in decided(own, said)
        if finding.action != "leave" and (finding.id in by_planner or finding.sure >= sure)
    ]
    made = _with_missing(history, done)
    calls = made.calls.copy()
    measures = {name: values.copy() for name, values in made.measures.items()}
    for finding in done:
        if finding.action == "replace":
            places, values = _places(made, finding)
            calls[places] = values
            for name in measures:
                if finding.kind != "spike" or name in _COUNTS:
                    measures[name][places] = np.nan
    for finding in done:
        if finding.action == "adjust":
            inside = (made.starts >= finding.start) & (made.starts < finding.end)
            calls[inside] *= finding.factor
            for name in _COUNTS:
                if name in measures:
                    measures[name][inside] *= finding.factor
    return replace(made, calls=calls, measures=measures)


def touched(history: History, findings: Iterable[Finding]) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """(n,) the intervals of ``history`` that the findings replace or adjust."""
    marked = np.zeros(len(history), dtype=bool)
    for finding in findings:
        if finding.queue == history.name and finding.action != "leave":
            if finding.action == "replace":
                marked[_places(history, finding)[0]] = True
            else:
                marked |= (history.starts >= finding.start) & (history.starts < finding.end)
    return marked


def _places(history: History, finding: Finding) -> tuple[np.ndarray[tuple[int], np.dtype[np.int64]], Floats]:
    """Where the replaced intervals are, and their new calls."""
    wanted = np.array([start for start, _ in finding.values], dtype=np.int64)
    values = np.array([value for _, value in finding.values], dtype=np.float64)
    places = np.searchsorted(history.starts, wanted).clip(max=max(len(history) - 1, 0))
    there = history.starts[places] == wanted if len(history) else np.zeros(len(wanted), dtype=bool)
    return places[there], values[there]


def _with_missing(history: History, done: Iterable[Finding]) -> History:
    """``history`` with a row, of unknown figures, for each interval that is put in."""
    wanted = [start for f in done if f.action == "replace" and f.kind == "missing" for start, _ in f.values]
    new = np.setdiff1d(np.array(wanted, dtype=np.int64), history.starts)
    if not len(new):
        return history
    starts = np.concatenate([history.starts, new])
    order = np.argsort(starts)

    def widened(values: Floats) -> Floats:
        return np.concatenate([values, np.full(len(new), np.nan)])[order]

    return replace(
        history,
        starts=starts[order],
        calls=widened(history.calls),
        measures={name: widened(values) for name, values in history.measures.items()},
    )
