"""Public holidays and make-up workdays by country (``CN``, ``DE``, ``US-CA``)."""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

log = logging.getLogger(__name__)
Day = Literal["ordinary", "holiday", "make_up"]

_CHINA = {
    "Chinese New Year's Eve": "Spring Festival",
    "Chinese New Year (Spring Festival)": "Spring Festival",
    "Tomb-Sweeping Day": "Tomb-sweeping Day",
    "Labor Day": "Labour Day",
    "Mid-Autumn Festival": "Mid-autumn Festival",
}
"""What ``holidays`` calls China's holidays, in the words of ``chinesecalendar``: a holiday keeps its name."""
_BRIDGE = 4
"""A day off in exchange for a worked weekend has the name of a holiday at most so many days away."""


@dataclass(frozen=True, slots=True)
class _Year:
    holidays: Mapping[date, str]
    make_up: frozenset[date]

    def of(self, day: date) -> Day:
        if day in self.make_up:
            return "make_up"
        return "holiday" if day in self.holidays else "ordinary"


def day_of(country: str, day: date) -> Day:
    """What ``day`` is in ``country``: a weekend is ordinary, a Saturday worked for a bridge day is make-up.

    Raises LookupError for a country nobody knows.
    """
    tell_of(country, day.year)
    return kind_of(country, day)


def kind_of(country: str, day: date) -> Day:
    """The same of a day that matters only beside others: it is not told if its year is not published yet."""
    return _year(country, day.year).of(day)


@lru_cache(maxsize=512)
def tell_of(country: str, year: int) -> None:
    """Log, once, that a year is asked about whose days off are not all published yet."""
    if country == "CN" and _china(year) is None:
        log.warning(
            "the State Council's holidays of %d are not known to this version of chinesecalendar: "
            "bridge days and make-up workdays are left out; update it, or enter them in the calendar",
            year,
        )


def holiday_name(country: str, day: date) -> str:
    """What the public holiday on ``day`` is called, in English where it is known, "" if there is none.

    A holiday has one name through the years: what is observed on another day, and the days off around it,
    are called alike. Raises LookupError for a country nobody knows.
    """
    year = _year(country, day.year)
    return year.holidays.get(day, "") if day not in year.make_up else ""


def holidays_of(country: str, years: Iterable[int]) -> list[date]:
    """The public holidays of these years, ascending. Raises LookupError for a country nobody knows."""
    found: set[date] = set()
    for year in years:
        tell_of(country, year)
        known = _year(country, year)
        found.update(known.holidays.keys() - known.make_up)
    return sorted(found)


def is_known(country: str) -> bool:
    """Whether ``country``, perhaps with a subdivision, is one we have holidays of."""
    import holidays  # slow to import: see _year

    code, _, part = country.partition("-")
    supported = holidays.list_supported_countries()
    return code in supported and (not part or part in supported[code])


# The packages and a country's first year take up to half a second to load: ``warm`` has it done in a
# worker thread before the first call asks; afterwards a year is one look into this cache.
@lru_cache(maxsize=512)
def _year(country: str, year: int) -> _Year:
    if country == "CN":
        published = _china(year)
        if published is not None:
            return published
    return _general(country, year)


def warm(country: str, year: int) -> None:
    """Have a year ready, and the packages of the next. Raises LookupError for a country nobody knows."""
    _year(country, year)
    _general(country, year + 1)


def _china(year: int) -> _Year | None:
    import chinese_calendar

    try:
        chinese_calendar.is_workday(date(year, 6, 1))
    except NotImplementedError:
        return None
    return _Year(
        {day: name for day, name in chinese_calendar.holidays.items() if day.year == year},
        frozenset(day for day in chinese_calendar.workdays if day.year == year),
    )


def _general(country: str, year: int) -> _Year:
    import holidays

    code, _, part = country.partition("-")
    try:
        known = holidays.country_holidays(code, subdiv=part or None, years=year, language="en_US")
    except NotImplementedError as error:
        raise LookupError(f"no holidays are known of {country!r}: {error}") from None
    make_up = frozenset(day for day in known.weekend_workdays if day.year == year)
    words = _CHINA if code == "CN" else {}
    called = {
        day: [words.get(name, name) for name in map(_plain, known.get_list(day))]
        for day in known
        if day not in make_up
    }
    return _Year(_named(called), make_up)


def _named(called: Mapping[date, list[str]]) -> dict[date, str]:
    """One name a day: that of the day before where a day has several, a neighbour's for bridge days."""
    names: dict[date, str] = {}
    for day, choices in sorted(called.items()):
        before = names.get(day - timedelta(days=1), "")
        names[day] = before if before in choices else choices[0]
    for day in [day for day, name in names.items() if not name]:
        near = sorted(
            (abs((other - day).days), other)
            for other, name in names.items()
            if name and abs((other - day).days) <= _BRIDGE
        )
        names[day] = names[near[0][1]] if near else "Day off"
    return dict(sorted(names.items()))


def _plain(name: str) -> str:
    """A holiday's name without "(observed)" and "(estimated)", "" for a day off in exchange."""
    if name.startswith("Day off (substituted"):
        return ""
    for remark in (" (observed)", " (estimated)", " (observed, estimated)"):
        name = name.removesuffix(remark)
    return name
