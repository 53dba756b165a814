"""Times on a wall become UTC as the zone's rules say, whatever is done to the clock."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasting.reading.wall import resolve

ZONES = ("Europe/Berlin", "America/New_York", "Asia/Shanghai", "America/Havana", "Australia/Lord_Howe", "UTC")


def wall(text: str) -> int:
    """Seconds of a clock that shows ``text``."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


def utc(seconds: int) -> str:
    """What a clock in UTC shows."""
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("zone", "text", "first", "second", "skipped_s"),
    [
        ("Europe/Berlin", "2026-03-29 01:30", "2026-03-29 00:30", "2026-03-29 00:30", 0),
        ("Europe/Berlin", "2026-03-29 02:00", "2026-03-29 01:00", "2026-03-29 01:00", 3600),
        ("Europe/Berlin", "2026-03-29 02:30", "2026-03-29 01:00", "2026-03-29 01:00", 1800),
        ("Europe/Berlin", "2026-03-29 03:00", "2026-03-29 01:00", "2026-03-29 01:00", 0),
        ("Europe/Berlin", "2026-10-25 02:30", "2026-10-25 00:30", "2026-10-25 01:30", 0),
        ("Europe/Berlin", "2026-10-25 03:00", "2026-10-25 02:00", "2026-10-25 02:00", 0),
        ("America/Havana", "2026-11-01 00:00", "2026-11-01 04:00", "2026-11-01 05:00", 0),
        ("Asia/Beirut", "2026-03-29 00:00", "2026-03-28 22:00", "2026-03-28 22:00", 3600),
        ("Australia/Lord_Howe", "2026-04-05 01:30", "2026-04-04 14:30", "2026-04-04 15:00", 0),
        ("Pacific/Apia", "2011-12-30 05:00", "2011-12-30 10:00", "2011-12-30 10:00", 68_400),
        ("Asia/Shanghai", "2026-03-29 02:30", "2026-03-28 18:30", "2026-03-28 18:30", 0),
    ],
)
def test_the_days_the_clock_is_turned(zone: str, text: str, first: str, second: str, skipped_s: int) -> None:
    """An hour that comes twice has two answers; one that never comes, the instant of the jump."""
    found = resolve(np.array([wall(text)]), zone)
    assert (utc(found.first[0]), utc(found.second[0]), found.skipped_s[0]) == (first, second, skipped_s)
    assert found.twice[0] == (first != second)


@given(
    st.lists(st.integers(wall("2024-01-01"), wall("2028-01-01")), min_size=1, max_size=20),
    st.sampled_from(ZONES),
)
def test_a_time_that_comes_is_shown_at_its_instants(walls: list[int], zone: str) -> None:
    """Both instants show the time asked for; the instant of a jump shows what comes after it."""
    found = resolve(np.array(walls), zone)
    for n, asked in enumerate(walls):
        shown = datetime.fromtimestamp(asked, UTC).replace(tzinfo=None)
        after = shown + timedelta(seconds=int(found.skipped_s[n]))
        for at in (int(found.first[n]), int(found.second[n])):
            assert datetime.fromtimestamp(at, ZoneInfo(zone)).replace(tzinfo=None) == after
        assert found.first[n] <= found.second[n]
