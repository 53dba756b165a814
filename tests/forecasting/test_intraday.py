"""The rest of a day given its morning: pulled towards what is happening, and surer the later it is."""

import numpy as np
import pytest

from forecasting.intraday import rest_of_day
from forecasting.trials.spread import Miss, spread_of

SLOTS = np.arange(8, 20, 2) * 60
FORECAST = np.array([100.0, 200, 300, 300, 200, 100])


def misses(seed: int, number: int = 60) -> list[Miss]:
    """Days that are higher or lower as a whole."""
    chance = np.random.default_rng(seed)
    days = np.exp(chance.normal(0, 0.15, (number, 1)))
    return [Miss(FORECAST[None, :], chance.poisson(FORECAST * day)[None, :].astype(float)) for day in days]


def test_later_is_surer_and_no_further_off() -> None:
    """Errors of the last two slots over many days shrink as the day goes on, and so do the bands."""
    learned = misses(1)
    spread = spread_of(learned, 6)
    off, widths = [], []
    for known in (0, 2, 4):
        errors, width = [], []
        for miss in misses(2, 150):
            came = np.where(np.arange(6) < known, miss.actual[0], np.nan)
            rest = rest_of_day(FORECAST, came, spread, learned, SLOTS)
            errors.append(np.abs(rest.calls - miss.actual[0])[4:].sum())
            low, high = rest.slots(0.8)
            width.append((high - low)[4:].sum())
        off.append(np.mean(errors))
        widths.append(np.mean(width))
    assert off[2] < off[1] < off[0]
    assert off[2] < 0.8 * off[0]
    assert widths[2] < widths[1] < widths[0]


def test_the_band_of_the_rest_covers_it() -> None:
    """After four slots the sum of the last two lies within about four times of five."""
    learned = misses(3)
    spread = spread_of(learned, 6)
    inside = []
    for miss in misses(4, 300):
        came = np.where(np.arange(6) < 4, miss.actual[0], np.nan)
        _, low, high = rest_of_day(FORECAST, came, spread, learned, SLOTS).total(np.arange(6) >= 4, 0.8)
        inside.append(low <= miss.actual[0, 4:].sum() <= high)
    assert 100 * np.mean(inside) == pytest.approx(80, abs=10)


def test_what_came_is_what_it_was() -> None:
    """The past has no band; before anything came the forecast stands; a full day has no rest."""
    spread = spread_of(misses(5), 6)
    nothing = rest_of_day(FORECAST, np.full(6, np.nan), spread, [], SLOTS)
    assert nothing.calls == pytest.approx(FORECAST)
    done = rest_of_day(FORECAST, FORECAST * 2, spread, [], SLOTS)
    low, high = done.slots(0.8)
    assert low == pytest.approx(FORECAST * 2) and high == pytest.approx(FORECAST * 2)


def test_as_forecast_changes_nothing() -> None:
    """A morning exactly as expected leaves the afternoon as it was."""
    spread = spread_of(misses(6), 6)
    came = np.where(np.arange(6) < 3, FORECAST, np.nan)
    assert rest_of_day(FORECAST, came, spread, misses(6), SLOTS).calls == pytest.approx(FORECAST)


def test_no_calls_at_all() -> None:
    """A day without any is expected to go on so."""
    rest = rest_of_day(np.zeros(6), np.where(np.arange(6) < 3, 0.0, np.nan), spread_of([], 6), [], SLOTS)
    assert rest.calls == pytest.approx(0)
