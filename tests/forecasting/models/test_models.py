"""What every model of our own keeps to."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecasting.accuracy import wape
from forecasting.calendar import DayCalendar, Event
from forecasting.days import DayGrid
from forecasting.models.base import ForecastError, Model, complete, wanted
from forecasting.models.own import OWN, model_named
from forecasting.trials.rolling import Rolling
from tests.forecasting.models.grids import FIRST, SLOTS, asked, grid, pattern

every_model = pytest.mark.parametrize("model", OWN, ids=lambda model: model.name)


@every_model
def test_a_weekly_pattern_goes_on(model: Model) -> None:
    """Six weeks of one and the same week: each model says it goes on, but for 2 % of the calls."""
    expected = pattern(FIRST + np.arange(42, 56))
    assert wape(expected, asked(grid(42)).answer(model)) < 2


@every_model
def test_the_future_is_not_seen(model: Model) -> None:
    """Whatever comes after the origin, the forecast is the same to the last bit."""
    truth = grid(60, seed=1, open_weekdays=5)
    n = 25
    said = Rolling(truth, DayCalendar(), 10).forecast(model, n)
    values = truth.values.copy()
    values[n:] = np.random.default_rng(2).permuted(values[n:] * 7 + 100)
    other = DayGrid(truth.days, truth.slots, values, truth.interval_s, truth.zone)
    again = Rolling(other, DayCalendar(), 10).forecast(model, n)
    assert said is not None and again is not None
    assert said.tobytes() == again.tobytes()


@every_model
def test_no_calls_and_always_the_same(model: Model) -> None:
    """Without any calls none are expected; what never changes does not change."""
    nothing = grid(28, lambda days: np.zeros((len(days), len(SLOTS))))
    assert asked(nothing).answer(model) == pytest.approx(0, abs=0.05)
    same = grid(28, lambda days: np.full((len(days), len(SLOTS)), 200.0))
    assert asked(same).answer(model) == pytest.approx(200, rel=0.02)


@every_model
@pytest.mark.parametrize("days", [1, 2, 6, 10])
def test_short_histories(model: Model, days: int) -> None:
    """One day is enough for a number; where a weekday was never seen it is in the range of the others."""
    made = asked(grid(days, seed=3), 7).answer(model)
    calls = grid(days, seed=3).totals
    assert np.isfinite(made).all() and (made >= 0).all()
    assert made.sum(axis=1).min() > 0.3 * calls.min()
    assert made.sum(axis=1).max() < 2 * calls.max()


@every_model
def test_one_slot_a_day(model: Model) -> None:
    """Daily data are a grid of one column."""
    daily = grid(56, lambda days: pattern(days).sum(axis=1, keepdims=True), seed=4, slots=np.array([0]))
    expected = pattern(FIRST + np.arange(56, 70)).sum(axis=1, keepdims=True)
    # Last week's day by itself is as far off as chance is, several times in fourteen days.
    assert asked(daily).answer(model) == pytest.approx(expected, rel=0.15)


@every_model
def test_few_calls_keep_their_sum(model: Model) -> None:
    """A call every two hours or so: none is likely in any one slot, yet the sum of the slots is right."""
    few = grid(42, lambda days: pattern(days) / 200, seed=6)
    if model.name == "weekday-median":
        return  # the median of such counts is 0; why models are compared by sums of slots
    assert asked(few).answer(model).sum() == pytest.approx(few.values.sum() / 3, rel=0.25)


@every_model
@settings(max_examples=10)
@given(data=st.data())
def test_any_history_has_a_forecast(model: Model, data: st.DataObject) -> None:
    """Few days, any counts, unknown slots: finite figures, none negative."""
    days = data.draw(st.integers(1, 12))
    slots = data.draw(st.integers(1, 3))
    cell = st.one_of(st.none(), st.integers(0, 10_000))
    rows = data.draw(st.lists(st.lists(cell, min_size=slots, max_size=slots), min_size=days, max_size=days))
    values = np.array([[np.nan if one is None else float(one) for one in row] for row in rows])
    past = DayGrid(FIRST + np.arange(days), np.arange(slots) * 60, values, 3600, "UTC")
    ahead = FIRST + np.arange(days, days + 4)
    if np.isnan(values).all():
        with pytest.raises(ForecastError, match="nothing to learn from"):
            wanted(past, ahead, DayCalendar())
        return
    want = wanted(past, ahead, DayCalendar())
    made = want.answer(model)
    assert made.shape == (4, slots)
    assert np.isfinite(made).all() and (made >= 0).all()


def test_models_by_name() -> None:
    """Each model is found by its name; an unknown name says which there are."""
    assert [model_named(model.name) for model in OWN] == list(OWN)
    with pytest.raises(ForecastError, match=r"no model 'crystal'.*gaussian"):
        model_named("crystal")


def test_what_the_planner_expects_is_not_learned() -> None:
    """A past event of known effect is taken out of the past, a coming one is put on the forecast."""
    doubled = (Event("mailing", date(2024, 1, 29), date(2024, 2, 4), effect=2.0),)
    truth = grid(42)
    truth.values[28:35] *= 2
    want = asked(truth, calendar=DayCalendar(events=doubled))
    assert want.answer(model_named("weekday-mean")) == pytest.approx(pattern(FIRST + np.arange(42, 56)))
    coming = (Event("mailing", date(2024, 2, 12), date(2024, 2, 12), effect=1.5),)
    with_it = asked(grid(42), calendar=DayCalendar(events=coming)).answer(model_named("gaussian"))
    without = asked(grid(42)).answer(model_named("gaussian"))
    assert with_it[0] == pytest.approx(1.5 * without[0])
    assert with_it[1:] == pytest.approx(without[1:])


def test_unknown_slots_are_filled_at_the_level_of_their_day() -> None:
    """Half a day at twice the usual level: the other half is taken to be twice the usual as well."""
    values = np.tile([10.0, 20.0, 30.0], (40, 1))
    values[3] = [20.0, np.nan, np.nan]
    weekdays = np.zeros(40, dtype=np.int64)
    assert complete(values, weekdays)[3] == pytest.approx([20, 40, 60], rel=0.05)


def test_a_slot_that_is_never_open_on_a_weekday_has_no_calls() -> None:
    """Saturday afternoon has no rows: nothing is expected there, and Saturdays are not thought incomplete."""
    truth = grid(42)
    truth.values[5::7, 3:] = np.nan
    made = asked(truth).answer(model_named("gaussian"))
    assert made[5, 3:] == pytest.approx(0, abs=1e-3)
    assert made[5, :3] == pytest.approx(truth.values[5, :3], rel=0.03)


def test_days_ahead_must_be_ahead() -> None:
    """A day that has been, or days out of order, are refused."""
    past = grid(10)
    with pytest.raises(ForecastError, match="come after 2024-01-10"):
        wanted(past, past.days[-1:], DayCalendar())
    with pytest.raises(ForecastError, match="ascend"):
        wanted(past, FIRST + np.array([12, 11]), DayCalendar())
