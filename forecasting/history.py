"""Call history: what happened in each interval, as arrays over one regular grid."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MEASURES = ("abandoned", "answered", "ivr", "aht_s", "talk_s", "acw_s")
"""What a history may tell besides calls: counts of calls abandoned, answered by agents and served by the flow
alone; mean seconds of handling, talk (with hold) and after-call work of the calls answered."""


@dataclass(frozen=True, slots=True, eq=False)
class History:
    """The past of one queue or business type.

    ``starts`` (n,) are the UTC seconds since 1970 at which the intervals begin: ascending, each once, gaps
    allowed. ``calls`` (n,) are calls offered, NaN where unknown. ``measures`` are further arrays (n,) by
    names of ``MEASURES``, NaN where unknown. Days and times of day are those of ``zone``, an IANA name.
    Raises ValueError if the arrays do not fit together.
    """

    starts: Ints
    calls: Floats
    interval_s: int
    zone: str
    measures: Mapping[str, Floats] = field(default_factory=lambda: MappingProxyType({}))
    name: str = ""

    def __post_init__(self) -> None:
        if self.interval_s <= 0 or 86_400 % self.interval_s:
            raise ValueError(f"an interval of {self.interval_s} s does not divide a day")
        unknown = sorted(set(self.measures) - set(MEASURES))
        if unknown:
            raise ValueError(f"{unknown[0]!r} is no measure; they are {', '.join(MEASURES)}")
        for name, values in (("calls", self.calls), *self.measures.items()):
            if values.shape != self.starts.shape or values.ndim != 1:
                raise ValueError(f"{name} has shape {values.shape}, the intervals have {self.starts.shape}")
        if (np.diff(self.starts) <= 0).any():
            raise ValueError("the intervals are not in order, or one comes twice")

    def __len__(self) -> int:
        return len(self.starts)
