"""The alarm sounds when bias persists, and rarely otherwise."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasting.alarm import LIMIT, Alarm, alarm_of, long_run_deviation
from forecasting.history import Floats

DAYS = np.datetime64("2026-09-01") + np.arange(90)


def errors(rng: np.random.Generator, correlation: float, n: int = 90) -> Floats:
    """AR(1) with deviation 1."""
    noise = rng.normal(size=n) * np.sqrt(1 - correlation**2)
    made = np.empty(n)
    made[0] = rng.normal()
    for t in range(1, n):
        made[t] = correlation * made[t - 1] + noise[t]
    return made


def alarm(relative: Floats, forecast: float = 1000.0) -> Alarm:
    return alarm_of(DAYS[: len(relative)], forecast * (1 + relative), np.full(len(relative), forecast))


def ever(relative: Floats) -> int | None:
    """After how many days the alarm of this span first sounds, as the sums of its end show it."""
    made = alarm(relative)
    loud = np.maximum(made.too_high, made.too_low) > LIMIT
    return int(np.argmax(loud)) if loud.any() else None


@pytest.mark.parametrize(("correlation", "low", "high"), [(0.0, 0.02, 0.07), (0.3, 0.07, 0.16)])
def test_false_alarms_are_as_rare_as_said(correlation: float, low: float, high: float) -> None:
    """Of 600 spans of 90 days in which nothing is wrong, some 5 % (12 % with errors that hang together)."""
    rng = np.random.default_rng(5)
    wrong = [ever(0.08 * errors(rng, correlation)) is not None for _ in range(600)]
    assert low < np.mean(wrong) < high


@pytest.mark.parametrize(("size", "soon"), [(1.0, 18), (1.5, 10)])
def test_a_lasting_bias_is_found(size: float, soon: int) -> None:
    """From the 61st day on forecasts are too low: nearly always found, half of the times as soon as said."""
    rng = np.random.default_rng(7)
    after = []
    for _ in range(200):
        relative = errors(rng, 0.0)
        relative[60:] += size
        made = alarm(0.08 * relative)
        loud = np.flatnonzero(made.too_low[60:] > LIMIT)
        after.append(int(loud[0]) + 1 if len(loud) else 99)
    assert np.mean(np.array(after) < 99) > 0.85
    assert np.median(after) <= soon


@pytest.mark.parametrize("size", [-0.99, 50.0])
def test_one_or_two_days_never_sound_it(size: float) -> None:
    """However far off they are; the third in a row does."""
    relative = np.where(np.arange(90) % 2, 0.02, -0.02)
    for freak in (1, 2):
        relative[-freak:] = size
        assert not alarm(relative).sounding
    relative[-3:] = size
    assert alarm(relative).direction == ("too_low" if size > 0 else "too_high")


def test_it_says_which_way_since_when_and_how_far() -> None:
    """A forecast a fifth too low from a day on; and it is still again a while after that is mended."""
    rng = np.random.default_rng(11)
    relative = 0.05 * errors(rng, 0.0)
    relative[70:] += 0.2
    made = alarm(relative)
    assert made.sounding and made.direction == "too_low" and made.days == 90
    assert made.since is not None and abs(int((made.since - DAYS[70]).astype(int))) <= 2
    assert made.raised is not None and DAYS[72] <= made.raised <= DAYS[76]
    assert made.mean_error_percent == pytest.approx(-16.7, abs=3)
    assert alarm(-relative).direction == "too_high"
    mended = np.concatenate([relative[15:], 0.02 * errors(rng, 0.0, 15)])
    assert not alarm(mended).sounding


def test_few_days_say_nothing() -> None:
    """Nor do days without a forecast, or none at all."""
    assert not alarm(np.full(13, 5.0)).sounding
    assert not alarm_of(DAYS, np.full(90, 5.0), np.zeros(90)).sounding
    assert alarm_of(DAYS[:0], np.zeros(0), np.zeros(0)).days == 0
    assert alarm_of(DAYS, np.full(90, np.nan), np.ones(90)).days == 0


def test_the_same_error_every_day_is_bias() -> None:
    """A constant series that is forecast too low sounds it; one that is forecast right does not."""
    assert alarm(np.full(30, 0.1)).direction == "too_low"
    assert not alarm(np.zeros(30)).sounding


@given(
    st.lists(
        st.tuples(st.floats(0, 1e6) | st.just(float("nan")), st.floats(0, 1e6) | st.just(float("nan"))),
        max_size=90,
    )
)
def test_it_never_fails(days: list[tuple[float, float]]) -> None:
    """Whatever came; its sums lie from 0 to where they stop."""
    actual, forecast = (np.array([d[n] for d in days]) for n in (0, 1))
    made = alarm_of(DAYS[: len(days)], actual, forecast)
    for sums in (made.too_high, made.too_low):
        known = sums[~np.isnan(sums)]
        assert ((known >= 0) & (known <= 9)).all()
    assert made.sounding == (made.since is not None) == (made.raised is not None)


def test_the_deviation_is_that_of_sums() -> None:
    """1 for independent errors, more for those that hang together; a jump in the middle hardly moves it."""
    rng = np.random.default_rng(2)
    apart, together = errors(rng, 0.0, 4000), errors(rng, 0.5, 4000)
    assert long_run_deviation(apart) == pytest.approx(1, abs=0.1)
    assert long_run_deviation(together) == pytest.approx(np.sqrt(3), abs=0.25)
    jumped = apart + np.where(np.arange(4000) > 2000, 5, 0)
    assert long_run_deviation(jumped) == pytest.approx(long_run_deviation(apart), abs=0.02)
