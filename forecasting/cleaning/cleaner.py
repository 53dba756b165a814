"""All methods over one history, and what is proposed to be done about what they find."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from forecasting.calendar import DayCalendar
from forecasting.cleaning import explained, level_shifts, missing, outages, repeats, residuals, spikes
from forecasting.cleaning.findings import Action, Finding, Group, Kind, Suspicion, group, name_of
from forecasting.cleaning.usual import usual_of
from forecasting.days import grid_of, local, starts_of
from forecasting.files import Repeated
from forecasting.history import Floats, History, Ints

METHODS = (
    residuals.METHOD,
    outages.METHOD,
    spikes.METHOD,
    level_shifts.METHOD,
    repeats.METHOD,
    missing.METHOD,
    explained.METHOD,
)
_PROPOSED: dict[Kind, Action] = {
    "spike": "replace",
    "dip": "replace",
    "outage": "replace",
    "duplicate": "replace",
    "missing": "replace",
}
"""What is done unless a planner says otherwise; what is not here is left."""
_WHOLE = 0.85
"""The share of a day's usual calls that makes an outage one of the whole day."""
_SILENT = 0.1
"""The share of usual calls up to which a day was silent."""


def clean(
    history: History, calendar: DayCalendar | None = None, repeated: Sequence[Repeated] = ()
) -> tuple[Finding, ...]:
    """What is strange in ``history``, in order of time, each with what is proposed to be done.

    ``calendar`` explains days off and events. ``repeated`` are intervals its file had more than once. A
    history without a day that is known has nothing strange. Raises LookupError for a country nobody knows.
    """
    calendar = calendar or DayCalendar()
    grid = grid_of(history)
    if not len(grid.days) or np.isnan(history.calls).all():
        return ()
    table = calendar.table(grid.days)
    starts = starts_of(grid.days, grid.slots, history.zone)
    step = history.interval_s
    first = usual_of(grid, table)
    shifts = list(level_shifts.find(first, starts, step))
    # Everything else is judged within its level, whatever that is.
    factors = _factors(shifts, starts)
    usual = usual_of(grid, table, factors[:, 0]) if shifts else first
    found = [
        *outages.find(usual, starts, step),
        *spikes.find(usual, starts, step),
        *repeats.days(usual, starts, step),
        *missing.find(usual, starts, step, history.zone),
    ]
    found += residuals.find(usual, starts, step, found)
    found = [_at_level(one, factors, starts) for one in found]
    expected = usual.expected * factors
    told = _Telling(history, grid.days.astype("datetime64[D]").astype(np.int64), grid.slots, expected)
    findings = [told.of(one) for one in group([*shifts, *found])]
    last = int(starts[-1, -1]) + step
    findings = [_if_whole_days(_if_open(one, last), starts, expected) for one in findings]
    findings += [told.left(one, note) for one, note in missing.days(usual, calendar, step, history.zone)]
    findings += [told.left(one, note) for one, note in explained.find(first, table, starts, step)]
    findings += [told.repeated(one, rows) for one, rows in repeats.rows(repeated, step)]
    return _each_once(sorted(findings, key=lambda one: (one.start, one.end, one.kind)))


def _factors(shifts: Sequence[Suspicion], starts: Ints) -> Floats:
    """(d, 1) what the shifts multiplied each day's calls by."""
    factors = np.ones((len(starts), 1))
    for shift in shifts:
        inside = (starts[:, 0] >= shift.start) & (starts[:, 0] < shift.end)
        factors[inside] *= shift.calls / shift.expected if shift.expected > 0 else 1.0
    return factors


def _at_level(one: Suspicion, factors: Floats, starts: Ints) -> Suspicion:
    """A suspicion found with the shifts taken out, in calls as they were."""
    row = int(np.searchsorted(starts[:, 0], one.start, side="right")) - 1
    factor = float(factors[max(row, 0), 0])
    return replace(one, calls=one.calls * factor, expected=one.expected * factor)


def _each_once(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Findings with a name of their own, also two of a kind that begin together (two events)."""
    seen: Counter[str] = Counter()
    named = []
    for finding in findings:
        seen[finding.id] += 1
        count = seen[finding.id]
        named.append(finding if count == 1 else replace(finding, id=f"{finding.id}-{count}"))
    return tuple(named)


class _Telling:
    """Makes records of suspicions."""

    def __init__(self, history: History, days: Ints, slots: Ints, expected: Floats) -> None:
        self._history = history
        self._expected = expected
        self._row = {int(day): n for n, day in enumerate(days)}
        self._column = {int(slot): n for n, slot in enumerate(slots)}

    def of(self, found: Group) -> Finding:
        """The record of what one or more methods found."""
        best = found.best
        action = _PROPOSED.get(best.kind, "leave")
        made = self._made(best, found, action)
        if action == "replace":
            return replace(made, values=tuple(self._values(best)))
        if best.kind == "level_shift" and best.expected > 0:
            return replace(made, action="adjust", factor=best.expected / best.calls)
        return made

    def left(self, one: Suspicion, note: str) -> Finding:
        """A record of something that is told and left."""
        return replace(self._made(one, Group([one]), "leave"), note=note)

    def repeated(self, one: Suspicion, rows: Repeated) -> Finding:
        """Of an interval's several rows, the one nearest to the usual is taken."""
        usual = next((value for _, value in self._values(one)), one.calls)
        known = [calls for calls in rows.calls if calls == calls] or [float("nan")]
        nearest = min(known, key=lambda calls: abs(calls - usual))
        said = ", ".join(f"{calls:g} (row {row})" for row, calls in zip(rows.rows, rows.calls, strict=True))
        made = replace(
            self._made(one, Group([one]), "replace"),
            expected=usual,
            values=((one.start, nearest),),
            note=said,
        )
        same = len(set(rows.calls)) == 1
        return replace(made, action="leave", values=()) if same else made

    def _made(self, one: Suspicion, found: Group, action: Action) -> Finding:
        history = self._history
        return Finding(
            name_of(history.name, one.kind, one.start, history.zone),
            history.name,
            one.kind,
            one.start,
            one.end,
            found.sure,
            dict(found.methods),
            one.calls,
            one.expected,
            action,
        )

    def _values(self, one: Suspicion) -> Iterator[tuple[int, float]]:
        """(start, usual calls) of the intervals of a suspicion that the history has or should have."""
        step = self._history.interval_s
        at = np.arange(one.start, one.end, step, dtype=np.int64)
        if one.kind != "missing":
            at = at[np.isin(at, self._history.starts)]
        days, minutes = local(at, self._history.zone)
        for start, day, minute in zip(at.tolist(), days.astype(np.int64), minutes, strict=True):
            row, column = self._row.get(int(day)), self._column.get(int(minute))
            if row is not None and column is not None:
                yield start, round(float(self._expected[row, column]), 2)


def _if_whole_days(finding: Finding, starts: Ints, expected: Floats) -> Finding:
    """A day that is low from beginning to end, but not silent, may be a holiday: it is told and left."""
    if finding.kind != "outage" or finding.calls <= _SILENT * finding.expected or starts.shape[1] == 1:
        return finding
    inside = (starts >= finding.start) & (starts < finding.end)
    covered = np.where(inside, expected, 0.0).sum(axis=1)
    if not (covered >= _WHOLE * np.maximum(expected.sum(axis=1), 1e-9)).any():
        return finding
    note = "low from beginning to end; perhaps the calendar should know the day"
    return replace(finding, action="leave", values=(), note=note)


def _if_open(finding: Finding, last: int) -> Finding:
    """A shift that lasts until the data end may be for good: it is told and left."""
    if finding.kind != "level_shift" or finding.end < last:
        return finding
    return replace(
        finding, action="leave", note="it lasts until the data end; forecasts follow the newest days"
    )
