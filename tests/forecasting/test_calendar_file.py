"""A calendar in a file is read whole, or each fault is told with its line."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from forecasting.calendar_file import CalendarFileError, read_calendar

GOOD = """\
country: CN
hours: {mon: ["09:00-17:00"], tue: ["09:00-17:00"]}
days:
  - {day: 2027-02-10, kind: holiday, name: Spring Festival}
  - {day: 2027-02-20, kind: make_up}
events:
  - {name: mailing, first: 2027-03-01, last: 2027-03-02}
  - {name: strike, first: 2027-03-02, last: 2027-03-02, effect_percent: 50}
drivers:
  - {name: letters, values: {2027-03-01: 1200}}
"""


def test_all_it_can_say(tmp_path: Path) -> None:
    """Country, hours, days, events with and without an effect, drivers."""
    (tmp_path / "c.yaml").write_text(GOOD, encoding="utf-8")
    calendar = read_calendar(tmp_path / "c.yaml", "Asia/Shanghai")
    table = calendar.table(
        np.array(["2027-02-10", "2027-02-20", "2027-03-01", "2027-03-02"], "datetime64[D]")
    )
    assert table.kind.tolist() == ["holiday", "make_up", "ordinary", "ordinary"]
    assert table.events["mailing"].tolist() == [0, 0, 1, 1]
    assert table.effect[3] == 1.5
    assert calendar.drivers["letters"] == {date(2027, 3, 1): 1200}
    assert calendar.is_open(table.days, np.array([600]), 1800)[:, 0].tolist() == [False, True, True, True]


def test_an_empty_file_is_a_calendar_without_anything(tmp_path: Path) -> None:
    """No country: no holidays."""
    (tmp_path / "c.yaml").write_text("", encoding="utf-8")
    calendar = read_calendar(tmp_path / "c.yaml", "UTC")
    assert calendar.country == ""
    assert calendar.hours is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (GOOD.replace("make_up", "made_up"), "c.yaml:5: days.1.kind"),
        (GOOD.replace("letters", "''"), "c.yaml:10: drivers.0.name"),
        (GOOD.replace("last: 2027-03-02}", "last: 2027-02-02}"), "c.yaml:7: events.0"),
        ("country: XX", "c.yaml:1: country"),
        ("mood: good", "c.yaml:1: mood"),
        ("- 1", "c.yaml:1: a calendar is a mapping"),
        ("days: [", "c.yaml:1: this is not YAML"),
        ("days: [{day: 2027-02-30, kind: closed}]", "c.yaml"),
    ],
)
def test_what_is_no_calendar(tmp_path: Path, text: str, reason: str) -> None:
    """With the line and the place."""
    (tmp_path / "c.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(CalendarFileError) as caught:
        read_calendar(tmp_path / "c.yaml", "UTC")
    assert reason in str(caught.value)


def test_what_is_no_text(tmp_path: Path) -> None:
    """Bytes of another kind."""
    (tmp_path / "c.yaml").write_bytes(b"\xff\xfe\xff")
    with pytest.raises(CalendarFileError, match="not UTF-8"):
        read_calendar(tmp_path / "c.yaml", "UTC")
