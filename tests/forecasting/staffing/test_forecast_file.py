"""A forecast is read as it stands, or refused with row and column."""

from pathlib import Path

import numpy as np
import openpyxl
import pytest

from forecasting.reading.rows import FileError
from forecasting.staffing.forecast_file import read_forecast

GOOD = """timestamp,calls,lo80,hi80,aht_s
2026-03-02 08:00,60,50,70.5,180
2026-03-02 08:30,100,85,115,185
2026-03-02 09:00,0,0,0,
"""


def file(folder: Path, text: str) -> Path:
    """A file with this text."""
    path = folder / "g.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_forecast_is_read_as_it_stands(tmp_path: Path) -> None:
    """Stamps word for word, figures by column, the interval from the rows; no calls need no AHT."""
    found = read_forecast(file(tmp_path, GOOD))
    assert found.stamps == ("2026-03-02 08:00", "2026-03-02 08:30", "2026-03-02 09:00")
    assert found.calls.tolist() == [60, 100, 0]
    assert found.aht_s[:2].tolist() == [180, 185]
    assert np.isnan(found.aht_s[2])
    assert found.interval_s == 1800


def test_nights_are_seen(tmp_path: Path) -> None:
    """A row that does not begin where the one before it ends; rows out of order have no such thing."""
    later = GOOD.replace("2026-03-02 09:00", "2026-03-03 08:00")
    assert read_forecast(file(tmp_path, later)).fresh(1800).tolist() == [True, False, True]
    with pytest.raises(ValueError, match="2026-03-02 09:00 is not after the row before it"):
        read_forecast(file(tmp_path, GOOD.replace("2026-03-02 08:30", "2026-03-03 08:30"))).fresh(1800)


def test_limits_are_read_where_they_are_asked_for(tmp_path: Path) -> None:
    """And must then be there."""
    found = read_forecast(file(tmp_path, GOOD), limits=True)
    assert found.low80 is not None
    assert found.high80 is not None
    assert (found.low80.tolist(), found.high80.tolist()) == ([50, 85, 0], [70.5, 115, 0])
    assert read_forecast(file(tmp_path, GOOD)).low80 is None
    with pytest.raises(FileError, match="no column is hi80"):
        read_forecast(file(tmp_path, GOOD.replace("hi80", "hi90")), limits=True)
    with pytest.raises(FileError, match="row 2, column lo80: 'x' is no number"):
        read_forecast(file(tmp_path, GOOD.replace("60,50", "60,x")), limits=True)


def test_another_figure_and_another_aht(tmp_path: Path) -> None:
    """The upper limit instead of the middle; an AHT of one's own for a file without."""
    assert read_forecast(file(tmp_path, GOOD), "hi80").calls.tolist() == [70.5, 115, 0]
    short = "timestamp,calls\n2026-03-02T08:00:00+08:00,3\n"
    found = read_forecast(file(tmp_path, short), aht_s=200)
    assert found.aht_s.tolist() == [200]
    assert found.interval_s is None
    with pytest.raises(FileError, match=r"row 1: no column is aht_s.*say the AHT with --aht"):
        read_forecast(file(tmp_path, short))


def test_a_workbook_is_a_forecast_too(tmp_path: Path) -> None:
    """Dates and numbers as Excel keeps them."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for line in GOOD.splitlines():
        stamp, *rest = line.split(",")
        sheet.append(
            [stamp, *(float(one) if one.replace(".", "").isdigit() else one or None for one in rest)]
        )
    book.save(tmp_path / "g.xlsx")
    assert read_forecast(tmp_path / "g.xlsx").calls.tolist() == [60, 100, 0]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("60,50", "many,50", "row 2, column calls: 'many' is no number"),
        ("60,50", "-60,50", "row 2, column calls: -60 is negative"),
        ("100,85", ",85", "row 3, column calls: there is no number"),
        ("115,185", "115,", "row 3, column aht_s: there are calls but no handling time"),
        ("115,185", "115,0", "row 3, column aht_s: there are calls but no handling time"),
        ("2026-03-02 08:30", "soon", "row 3, column timestamp: 'soon' is no time"),
        (
            "2026-03-02 08:30",
            "2026-03-02 08:00",
            "row 3, column timestamp: 2026-03-02 08:00 is also in row 2",
        ),
        ("2026-03-02 08:30", "2026-03-02T08:30+08:00", "some times have an offset"),
        ("calls", "visits", "row 1: no column is calls; there are timestamp, visits"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, old: str, new: str, said: str) -> None:
    """With row and column, as an editor shows them."""
    with pytest.raises(FileError) as caught:
        read_forecast(file(tmp_path, GOOD.replace(old, new, 1)))
    assert said in str(caught.value)


def test_a_forecast_without_handling_times_is_told_once(tmp_path: Path) -> None:
    """What a history without AHT makes; not a fault for every row."""
    text = "timestamp,calls,aht_s\n2026-03-02 08:00,60,\n2026-03-02 08:30,100,\n"
    with pytest.raises(FileError) as caught:
        read_forecast(file(tmp_path, text))
    assert str(caught.value).endswith("no row has a handling time (aht_s); say the AHT with --aht")


def test_every_fault_is_said_at_once(tmp_path: Path) -> None:
    """Up to twenty, the others counted."""
    rows = "".join(f"2026-03-02 {n // 2:02}:{n % 2 * 3}0,x,0,0,180\n" for n in range(48))
    with pytest.raises(FileError) as caught:
        read_forecast(file(tmp_path, "timestamp,calls,lo80,hi80,aht_s\n" + rows))
    lines = str(caught.value).splitlines()
    assert len(lines) == 21
    assert lines[-1].endswith("and 28 more")


@pytest.mark.parametrize("text", ["", "timestamp,calls,aht_s\n"])
def test_a_file_without_rows_is_none(tmp_path: Path, text: str) -> None:
    """Empty, or headings only."""
    with pytest.raises(FileError, match=r"the file is empty|no row below the headings"):
        read_forecast(file(tmp_path, text))
