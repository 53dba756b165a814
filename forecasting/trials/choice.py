"""Which models to trust on these data: weights by how they would have done in the past.

Each model would have made forecasts at several origins. Their errors over the days that have come since
decide. The evidence is only as good as the number of separate stretches of days it comes from, so a model is
handicapped by the standard error of its difference to the default; a small lead over few days is luck.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from forecasting.history import Floats
from forecasting.models.base import ForecastError, Model
from forecasting.trials.rolling import Rolling, inner_origins

POWER = 24.0
"""Weights go with this power of the errors: 3 % more error, half the weight."""
LEAST = 0.05
"""Models of less weight are left out."""
ENOUGH = 10.0
"""Calls; errors are looked at where there are about so many."""
FEWEST = 3
"""Origins; with less the default is taken."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Weights by model (sum 1), and each model's past error: WAPE in percent, NaN if it was not tried.

    ``origins`` are how many past forecasts it was decided on; 0 means the default for want of data.
    """

    weights: Mapping[str, float]
    errors: Mapping[str, float]
    origins: int

    @property
    def name(self) -> str:
        """The model chosen; several are joined with "+", the heaviest first."""
        return "+".join(sorted(self.weights, key=lambda name: (-self.weights[name], name)))

    def combine(self, forecasts: Mapping[str, Floats]) -> Floats:
        """(h, s) the weighted mean of the forecasts of the models chosen."""
        return np.asarray(sum(weight * forecasts[name] for name, weight in self.weights.items()))


def choose(rolling: Rolling, models: Sequence[Model], n: int, default: str = "gaussian") -> Choice:
    """What to forecast with after n days, decided on those n days alone.

    ``default`` is what is taken for want of evidence, if it is among the models. Raises ForecastError if no
    model can forecast at all.
    """
    origins = [m for m in inner_origins(n) if rolling.wanted(m).task.past.any()]
    able = [model for model in models if rolling.forecast(model, n) is not None]
    if not able:
        raise ForecastError(f"no model can make a forecast from {n} days")
    names = [model.name for model in able]
    standard = names.index(default) if default in names else len(names) - 1
    missed, calls = _missed(rolling, able, origins, n)
    tried = np.asarray(~np.isnan(missed).any(axis=0))
    if len(origins) < FEWEST or calls.sum() == 0 or not tried[standard]:
        return Choice({names[standard]: 1.0}, dict.fromkeys(names, float("nan")), 0)
    errors = missed.sum(axis=0) / calls.sum()
    handicapped = errors + _uncertainty(missed, calls, standard, origins, rolling.horizon)
    best = max(float(np.nanmin(np.where(tried, handicapped, np.nan))), 1e-12)
    weights = np.where(tried, (best / np.maximum(handicapped, best)) ** POWER, 0.0)
    weights = np.where(weights >= LEAST * weights.sum(), weights, 0.0)
    weights /= weights.sum()
    return Choice(
        {name: float(weight) for name, weight in zip(names, weights, strict=True) if weight > 0},
        {name: float(100 * error) for name, error in zip(names, errors, strict=True)},
        len(origins),
    )


def _missed(
    rolling: Rolling, models: Sequence[Model], origins: Sequence[int], n: int
) -> tuple[Floats, Floats]:
    """Absolute errors summed by origin and model (o, k), NaN where a model had no answer; calls (o,).

    Slots of few calls are put together to ``ENOUGH`` first: of three calls a day the best guess for any one
    half hour is none, but the sum of such guesses is no forecast.
    """
    missed = np.full((len(origins), len(models)), np.nan)
    calls = np.zeros(len(origins))
    usual = float(np.nanmean(rolling.grid.values[:n]))
    slots = rolling.grid.values.shape[1]
    width = min(slots, math.ceil(ENOUGH / usual)) if usual > 0 else slots
    begins = np.arange(0, slots, width)
    for row, m in enumerate(origins):
        actual = rolling.actual(m, n)
        calls[row] = np.nansum(actual)
        for column, model in enumerate(models):
            made = rolling.forecast(model, m)
            if made is not None:
                errors = np.nan_to_num(made[: len(actual)] - actual)
                missed[row, column] = np.abs(np.add.reduceat(errors, begins, axis=1)).sum()
    return missed, calls


def _uncertainty(
    missed: Floats, calls: Floats, standard: int, origins: Sequence[int], horizon: int
) -> Floats:
    """(k,) the standard error of each model's mean difference to the standard one, in shares of the calls."""
    differences = (missed - missed[:, [standard]]) / calls.mean()
    spacing = origins[1] - origins[0]
    separate = max(min(len(origins), len(origins) * spacing / horizon), 1.5)
    return np.asarray(differences.std(axis=0, ddof=1) / np.sqrt(separate))
