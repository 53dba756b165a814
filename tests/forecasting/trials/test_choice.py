"""Which models are trusted: those that did better, where there is enough to tell."""

from dataclasses import dataclass

import numpy as np
import pytest

from forecasting.calendar import DayCalendar
from forecasting.history import Floats
from forecasting.models.base import ForecastError, Task
from forecasting.trials.choice import Choice, choose
from forecasting.trials.rolling import Rolling
from tests.forecasting.models.grids import FIRST, grid, pattern
from tests.forecasting.trials.test_rolling import Unable


@dataclass(frozen=True)
class Off:
    """A model that knows the truth and misses it by a share."""

    name: str
    share: float
    noise: float = 0.0

    def forecast(self, task: Task) -> Floats:
        """The truth times what it is off by."""
        days = task.features.at[task.n :].astype("datetime64[D]")
        chance = np.random.default_rng(task.n)
        return pattern(days) * (1 + self.share + chance.normal(0, self.noise, (task.h, 1)))


def rolling(days: int = 60, horizon: int = 7) -> Rolling:
    """Seven days ahead."""
    return Rolling(grid(days), DayCalendar(), horizon)


def test_the_best_has_the_weight() -> None:
    """2 % off against 10 %: it is all the better one's, and the table says both errors."""
    choice = choose(rolling(), [Off("good", 0.02), Off("bad", 0.1)], 60, default="bad")
    assert choice.weights == {"good": 1.0}
    assert choice.errors == pytest.approx({"good": 2.0, "bad": 10.0})
    assert choice.origins == 10


def test_equals_share() -> None:
    """Two that are as good make the forecast together, and are named so."""
    choice = choose(rolling(), [Off("a", 0.04), Off("b", -0.04), Off("c", 0.3)], 60, default="a")
    assert choice.weights == pytest.approx({"a": 0.5, "b": 0.5})
    assert set(choice.name.split("+")) == {"a", "b"}
    made = choice.combine({"a": np.full((1, 2), 2.0), "b": np.full((1, 2), 4.0)})
    assert made == pytest.approx(3)


def test_a_small_lead_over_few_days_is_luck() -> None:
    """A rival ahead by less than its standard error does not take over from the default."""
    models = [Off("default", 0.05), Off("lucky", 0.048, noise=0.05)]
    choice = choose(rolling(), models, 60, default="default")
    assert choice.weights["default"] > 0.9


def test_too_short_a_history_takes_the_default() -> None:
    """Six days decide nothing; nothing is claimed of errors."""
    choice = choose(rolling(6), [Off("a", 0.0), Off("usual", 0.1)], 6, default="usual")
    assert choice.weights == {"usual": 1.0}
    assert choice.origins == 0
    assert np.isnan(list(choice.errors.values())).all()


def test_models_that_cannot_are_left_out() -> None:
    """One that works is enough; with none it is said."""
    choice = choose(rolling(), [Unable(), Off("able", 0.1)], 60)
    assert choice.weights == {"able": 1.0}
    with pytest.raises(ForecastError, match="no model can"):
        choose(rolling(), [Unable()], 60)


def test_nothing_after_the_day_counts() -> None:
    """The choice after 40 days is the same whatever comes later."""
    models = [Off("a", 0.05, noise=0.02), Off("b", 0.05)]
    truth = grid(60, seed=1)
    before = choose(Rolling(truth, DayCalendar(), 7), models, 40)
    truth.values[40:] *= 50
    after = choose(Rolling(truth, DayCalendar(), 7), models, 40)
    assert before == after


def test_few_calls_are_put_together_before_errors_are_looked_at() -> None:
    """Always saying none is best for each slot of a hardly ever used line, and is not chosen."""

    @dataclass(frozen=True)
    class Constant:
        name: str
        calls: float

        def forecast(self, task: Task) -> Floats:
            return np.full((task.h, task.past.shape[1]), self.calls)

    few = grid(FIRST + np.arange(60), lambda days: np.full((len(days), 6), 0.4), seed=2)
    choice = choose(Rolling(few, DayCalendar(), 7), [Constant("none", 0.0), Constant("mean", 0.4)], 60)
    assert choice.weights == {"mean": 1.0}


def test_a_choice_names_its_heaviest_first() -> None:
    """And equals by name."""
    assert Choice({"b": 0.2, "a": 0.2, "c": 0.6}, {}, 3).name == "c+a+b"
