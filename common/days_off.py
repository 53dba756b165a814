"""Public holidays and make-up workdays by country (``CN``, ``DE``, ``US-CA``)."""

import logging
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal

log = logging.getLogger(__name__)
Day = Literal["ordinary", "holiday", "make_up"]


@dataclass(frozen=True, slots=True)
class _Year:
    holidays: frozenset[date]
    make_up: frozenset[date]

    def of(self, day: date) -> Day:
        if day in self.make_up:
            return "make_up"
        return "holiday" if day in self.holidays else "ordinary"


def day_of(country: str, day: date) -> Day:
    """What ``day`` is in ``country``: a weekend is ordinary, a Saturday worked for a bridge day is make-up.

    Raises LookupError for a country nobody knows.
    """
    return _year(country, day.year).of(day)


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
        log.warning(
            "the State Council's holidays of %d are not known to this version of chinesecalendar: "
            "bridge days and make-up workdays are left out; update it, or enter them in the calendar",
            year,
        )
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
        frozenset(day for day in chinese_calendar.holidays if day.year == year),
        frozenset(day for day in chinese_calendar.workdays if day.year == year),
    )


def _general(country: str, year: int) -> _Year:
    import holidays

    code, _, part = country.partition("-")
    try:
        known = holidays.country_holidays(code, subdiv=part or None, years=year)
    except NotImplementedError as error:
        raise LookupError(f"no holidays are known of {country!r}: {error}") from None
    make_up = frozenset(day for day in known.weekend_workdays if day.year == year)
    return _Year(frozenset(known) - make_up, make_up)
