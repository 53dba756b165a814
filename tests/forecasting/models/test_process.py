"""The Gaussian process over days: what is learned, and what the algebra claims."""

import numpy as np
import pytest

from forecasting.calendar import DayCalendar
from forecasting.models.features import features_of
from forecasting.models.kernels import Respect, respects
from forecasting.models.process import Process, learn
from tests.forecasting.models.grids import FIRST, weekday

DAYS = FIRST + np.arange(70)
FEATURES = features_of(DayCalendar().table(DAYS), 56)


def test_covariances_are_covariances() -> None:
    """Every respect is symmetric and positive semidefinite over any days."""
    every = np.arange(70)
    for one in respects(FEATURES, 56):
        matrix = one.like(FEATURES, every, every)
        assert matrix == pytest.approx(matrix.T)
        assert np.linalg.eigvalsh(matrix).min() > -1e-8, one.name


def test_each_day_without_itself_is_what_leaving_it_out_gives() -> None:
    """The closed form of leave-one-out agrees with removing the day from the past."""
    chance = np.random.default_rng(1)
    y = chance.normal(size=(56, 1)) + (weekday(DAYS[:56]) == 0)[:, None] * 2.0
    fitted_with = respects(FEATURES, 56)
    process = Process(FEATURES, 56, fitted_with)
    past = np.arange(56)
    covariances = np.stack([one.like(FEATURES, past, past) for one in fitted_with])
    shares = np.array([*(one.share for one in fitted_with), 0.2])
    variances = learn(covariances, y, np.ones(56), shares)
    whole = np.tensordot(variances[:-1], covariances, 1) + variances[-1] * np.eye(56)
    solved, precision = process._solve(y, variances, np.ones(56))
    for out in (0, 17, 55):
        rest = past != out
        by_hand = whole[out, rest] @ np.linalg.solve(whole[np.ix_(rest, rest)], y[rest, 0])
        assert y[out, 0] - solved[out, 0] / precision[out] == pytest.approx(by_hand, rel=1e-6)


def test_the_slope_of_what_is_minimised_is_right() -> None:
    """The variances found are a minimum: no small change of any of them is better."""
    chance = np.random.default_rng(2)
    past = np.arange(56)
    few = respects(FEATURES, 56)[:3]
    covariances = np.stack([one.like(FEATURES, past, past) for one in few])
    y = chance.multivariate_normal(np.zeros(56), covariances[0] + 0.3 * np.eye(56))[:, None]
    shares = np.array([0.1, 0.1, 0.1, 0.2])
    found = np.log(learn(covariances, y, np.ones(56), shares))

    def badness(logs: np.ndarray) -> float:
        whole = np.tensordot(np.exp(logs[:-1]), covariances, 1) + np.exp(logs[-1]) * np.eye(56)
        fit = y[:, 0] @ np.linalg.solve(whole, y[:, 0]) + np.linalg.slogdet(whole)[1]
        return 0.5 * fit + 0.5 * (((logs - np.log(shares)) / 1.5) ** 2).sum()

    best = badness(found)
    for place in range(4):
        for step in (-0.3, 0.3):
            moved = found.copy()
            moved[place] += step
            assert badness(moved) > best


def test_a_strange_day_counts_less() -> None:
    """One Monday ten times as far off as any: the coming Mondays are as without it."""
    chance = np.random.default_rng(3)
    y = 0.05 * chance.normal(size=(56, 1)) + (weekday(DAYS[:56]) == 0)[:, None]
    process = Process(FEATURES, 56, respects(FEATURES, 56))
    quiet = process.predict(y - y.mean(), np.ones(56)).mean
    y[49] += 3
    loud = process.predict(y - y.mean(), np.ones(56)).mean
    mondays = weekday(DAYS[56:]) == 0
    assert loud[mondays, 0] - loud[~mondays, 0].mean() == pytest.approx(
        quiet[mondays, 0] - quiet[~mondays, 0].mean(), abs=0.25
    )


def test_what_nothing_explains_is_noise() -> None:
    """White noise is foretold as hardly more than its mean."""
    chance = np.random.default_rng(4)
    process = Process(FEATURES, 56, respects(FEATURES, 56))
    assert np.abs(process.predict(chance.normal(size=(56, 8)), np.ones(56)).mean).max() < 0.5


def test_days_that_are_not_alike_teach_nothing() -> None:
    """With a respect that concerns no day ahead the forecast is the mean."""
    alone = Respect("alone", lambda _, a, b: np.asarray(a[:, None] == b[None, :], dtype=np.float64))
    made = Process(FEATURES, 56, [alone]).predict(np.random.default_rng(5).normal(size=(56, 1)), np.ones(56))
    assert made.mean == pytest.approx(0)
