"""The models there are, by name."""

from forecasting.models.base import ForecastError, Model
from forecasting.models.gaussian import Gaussian
from forecasting.models.poisson import Poisson
from forecasting.models.regression import Regression
from forecasting.models.smoothing import Smoothing
from forecasting.models.svd import Svd
from forecasting.models.weekday import LAST_WEEK, WEEKDAY_MEAN, WEEKDAY_MEDIAN

OWN: tuple[Model, ...] = (
    LAST_WEEK,
    WEEKDAY_MEAN,
    WEEKDAY_MEDIAN,
    Svd(),
    Regression(),
    Smoothing(),
    Poisson(),
    Gaussian(),
)
"""Models of our own, the simplest first."""
OTHERS = ("lightgbm", "autoets", "mstl")
"""Models of other libraries, to compare with."""


def model_named(name: str) -> Model:
    """The model of this name. Raises ForecastError for an unknown one or one whose library is not there."""
    for model in OWN:
        if model.name == name:
            return model
    if name in OTHERS:
        from forecasting.models.others import other_model

        return other_model(name)
    known = ", ".join(["auto", *(model.name for model in OWN), *OTHERS])
    raise ForecastError(f"there is no model {name!r}; there are {known}")
