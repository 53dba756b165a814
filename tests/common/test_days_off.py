"""Public holidays have one name through the years, from whichever source they are known."""

import logging
from datetime import date, timedelta

import pytest

from common.days_off import day_of, holiday_name, holidays_of


def test_chinas_holidays_are_named_as_published() -> None:
    """Every day of the week off has the festival's name; make-up workdays have none."""
    assert {holiday_name("CN", date(2026, 10, day)) for day in range(1, 8)} == {"National Day"}
    assert holiday_name("CN", date(2026, 10, 8)) == ""
    assert day_of("CN", date(2026, 10, 10)) == "make_up"
    assert holiday_name("CN", date(2026, 10, 10)) == ""


def test_beyond_the_last_published_year_the_names_stay(caplog: pytest.LogCaptureFixture) -> None:
    """Years nobody has published yet have the lawful days, called as in the years before."""
    with caplog.at_level(logging.ERROR):
        names = {name for day in range(1, 29) if (name := holiday_name("CN", date(2031, 2, day)))}
        assert holiday_name("CN", date(2031, 1, 23)) == "Spring Festival"
        assert holiday_name("CN", date(2031, 5, 1)) == "Labour Day"
        assert holiday_name("CN", date(2031, 10, 1)) in ("National Day", "Mid-autumn Festival")
    assert names <= {"Spring Festival"}


def test_an_observed_holiday_is_called_as_the_holiday() -> None:
    """2027-07-04 is a Sunday: the Monday off is Independence Day too."""
    assert holiday_name("US", date(2027, 7, 5)) == holiday_name("US", date(2027, 7, 4)) == "Independence Day"
    assert holiday_name("US", date(2027, 9, 6)) == "Labor Day"
    assert holiday_name("DE-BY", date(2027, 1, 6)) == "Epiphany"


def test_a_bridge_day_has_its_holidays_name() -> None:
    """Taiwan, 2021: the Wednesday before New Year's Eve was given for a Saturday."""
    assert holiday_name("TW", date(2021, 2, 10)) == holiday_name("TW", date(2021, 2, 11))
    assert day_of("TW", date(2021, 2, 20)) == "make_up"


def test_a_country_nobody_knows_is_refused() -> None:
    """With the country in the reason."""
    with pytest.raises(LookupError, match="XX"):
        holiday_name("XX", date(2026, 1, 1))


def test_the_holidays_of_years_are_the_days_that_are_holidays() -> None:
    """Of every year asked for and of no other; days worked for bridge days are none."""
    found = holidays_of("CN", [2025, 2026])
    assert found == sorted(found)
    days = [date(2025, 1, 1) + timedelta(days=n) for n in range(730)]
    assert found == [day for day in days if day_of("CN", day) == "holiday"]
    with pytest.raises(LookupError, match="XX"):
        holidays_of("XX", [2026])
