"""Models of other libraries: behind the same interface when they are there, a word of advice when not."""

import sys

import numpy as np
import pytest

from forecasting.accuracy import wape
from forecasting.models.base import ForecastError, NotInstalled
from forecasting.models.own import OTHERS, model_named
from tests.forecasting.models.grids import FIRST, asked, grid, pattern

LIBRARY = {"lightgbm": "lightgbm", "autoets": "statsforecast", "mstl": "statsforecast"}


@pytest.mark.parametrize("name", OTHERS)
def test_without_the_library_it_is_said_how_to_install_it(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """No ImportError reaches the user."""
    for module in [one for one in sys.modules if one.split(".")[0] == LIBRARY[name]]:
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.setitem(sys.modules, LIBRARY[name], None)
    with pytest.raises(NotInstalled, match=r"pip install 'callfloor\[compare\]'"):
        model_named(name)


@pytest.mark.parametrize("name", OTHERS)
@pytest.mark.filterwarnings("ignore")  # their affair
def test_with_the_library_a_weekly_pattern_goes_on(name: str) -> None:
    """The same grid goes in, the same grid of calls comes out."""
    pytest.importorskip(LIBRARY[name])
    made = asked(grid(56, seed=1)).answer(model_named(name))
    assert wape(pattern(FIRST + np.arange(56, 70)), made) < 12
    if name != "autoets":
        with pytest.raises(ForecastError, match="needs"):
            asked(grid(6, seed=1)).answer(model_named(name))
