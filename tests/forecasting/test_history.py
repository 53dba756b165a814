"""A history is arrays that fit together, or it is not made."""

import numpy as np
import pytest

from forecasting.history import History


def test_it_is_as_long_as_its_intervals() -> None:
    """Gaps are allowed."""
    assert len(History(np.array([0, 900, 3600]), np.zeros(3), 900, "UTC")) == 3
    assert len(History(np.array([], dtype=np.int64), np.zeros(0), 900, "UTC")) == 0


@pytest.mark.parametrize(
    ("starts", "calls", "interval_s", "measures", "reason"),
    [
        ([0, 900], [1.0, 2.0], 7000, {}, "does not divide a day"),
        ([0, 900], [1.0, 2.0], 0, {}, "does not divide a day"),
        ([0, 900], [1.0], 900, {}, "calls has shape"),
        ([0, 900], [1.0, 2.0], 900, {"aht_s": [1.0]}, "aht_s has shape"),
        ([0, 900], [1.0, 2.0], 900, {"mood": [1.0, 2.0]}, "'mood' is no measure"),
        ([900, 0], [1.0, 2.0], 900, {}, "not in order"),
        ([0, 0], [1.0, 2.0], 900, {}, "comes twice"),
    ],
)
def test_what_does_not_fit_is_refused(
    starts: list[int], calls: list[float], interval_s: int, measures: dict[str, list[float]], reason: str
) -> None:
    """With the reason."""
    with pytest.raises(ValueError, match=reason):
        History(
            np.array(starts),
            np.array(calls),
            interval_s,
            "UTC",
            {name: np.array(values) for name, values in measures.items()},
        )
