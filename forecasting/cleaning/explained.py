"""Holidays and events: what their days had in relation to the usual. They are told, and left as they are."""

from collections.abc import Iterator
from itertools import groupby

import numpy as np

from forecasting.calendar import DayTable
from forecasting.cleaning.findings import Kind, Suspicion
from forecasting.cleaning.usual import Usual
from forecasting.history import Ints

METHOD = "calendar"


def find(usual: Usual, table: DayTable, starts: Ints, interval_s: int) -> Iterator[tuple[Suspicion, str]]:
    """Each holiday and each event in the data, as one record with its name."""
    names: dict[str, list[str]] = {"holiday": table.holiday.tolist()}
    for event, sizes in table.events.items():
        names[f"event {event}"] = [event if size else "" for size in sizes.tolist()]
    names["effect"] = ["event" if effect == effect else "" for effect in table.effect.tolist()]
    for source, named in names.items():
        kind: Kind = "holiday" if source == "holiday" else "event"
        begin = 0
        for name, members in groupby(named):
            end = begin + len(list(members))
            if name:
                yield _told(usual, starts, interval_s, kind, slice(begin, end)), name
            begin = end


def _told(usual: Usual, starts: Ints, interval_s: int, kind: Kind, rows: slice) -> Suspicion:
    calls = np.nansum(usual.values[rows], axis=1)
    return Suspicion(
        METHOD,
        kind,
        int(starts[rows][0, 0]),
        int(starts[rows][-1, -1]) + interval_s,
        1.0,
        float(calls.sum()),
        float(usual.ordinary[rows].sum()),
    )
