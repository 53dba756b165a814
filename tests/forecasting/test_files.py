"""Files of other people become histories whole, or not at all with every fault told."""

import math
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasting.files import FileError, read_drivers, read_file, read_history, to_csv
from forecasting.history import History
from forecasting.reading.headings import ColumnError, Columns

SHANGHAI, BERLIN = "Asia/Shanghai", "Europe/Berlin"


def at(text: str) -> int:
    """UTC seconds of a time with an offset."""
    return int(datetime.fromisoformat(text).timestamp())


def file(folder: Path, text: str, encoding: str = "utf-8", name: str = "calls.csv") -> Path:
    """A file with these lines; they may be indented."""
    path = folder / name
    path.write_bytes("\n".join(line.strip(" ") for line in text.strip("\n ").split("\n")).encode(encoding))
    return path


def faults(path: Path, zone: str = SHANGHAI, **how: Any) -> list[str]:
    """What is wrong with a file, without its name."""
    with pytest.raises(FileError) as caught:
        read_file(path, zone, **how)
    return [str(fault) if fault.row else fault.reason for fault in caught.value.faults]


# ------------------------------------------------------------------ what is read


def test_calls_alone(tmp_path: Path) -> None:
    """One queue without a name; half hours, one of them missing."""
    path = file(tmp_path, "timestamp,calls\n2026-03-02 09:00,3\n2026-03-02 09:30,4\n2026-03-02 10:30,5")
    history = read_history(path, SHANGHAI)[""]
    assert history.starts.tolist() == [at(f"2026-03-02T{t}+08:00") for t in ("09:00", "09:30", "10:30")]
    assert (history.calls.tolist(), history.interval_s, history.zone) == ([3, 4, 5], 1800, SHANGHAI)
    assert dict(history.measures) == {}


def test_finer_intervals_are_put_together(tmp_path: Path) -> None:
    """To the interval that is wanted; what is no multiple is refused, as is a coarser file."""
    rows = "\n".join(f"2026-03-02 09:{5 * n:02d},{n},{100 + n}" for n in range(12))
    path = file(tmp_path, f"timestamp,calls,aht_s\n{rows}")
    history = read_history(path, SHANGHAI, interval_s=1800)[""]
    assert (history.interval_s, history.calls.tolist()) == (1800, [15, 51])
    assert history.measures["aht_s"][0] == pytest.approx(sum(n * (100 + n) for n in range(6)) / 15)
    assert "begins no interval of 3 minutes" in faults(path, interval_s=180)[0]
    daily = file(tmp_path, "date,calls\n2026-03-02,1")
    assert faults(daily, interval_s=1800) == ["the rows are whole days, not 30 minutes each"]


def test_all_measures_and_several_queues_in_any_order(tmp_path: Path) -> None:
    """An empty figure is unknown; a measure of one queue is no measure of another."""
    path = file(
        tmp_path,
        """
        queue,timestamp,calls,aht_s,abandoned,answered,ivr,talk_s,acw_s,note
        b,2026-03-02 09:15,7,,,,,,,
        a,2026-03-02 09:15,5,181.5,1,4,0,150,31.5,busy
        a,2026-03-02 09:00,,,,,,,,
        """,
    )
    read = read_file(path, SHANGHAI, interval_s=900)
    assert list(read.histories) == ["b", "a"]
    assert read.unused == ("note",)
    a = read.histories["a"]
    np.testing.assert_array_equal(a.calls, [np.nan, 5])
    assert {name: values[1] for name, values in a.measures.items()} == {
        "aht_s": 181.5,
        "abandoned": 1,
        "answered": 4,
        "ivr": 0,
        "talk_s": 150,
        "acw_s": 31.5,
    }
    assert dict(read.histories["b"].measures) == {}
    assert a.name == "a"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_chinese_headings(tmp_path: Path, encoding: str) -> None:
    """As Excel in China writes them, with a title above and units in brackets."""
    path = file(
        tmp_path,
        """
        某某银行话务报表
        日期,时段,技能组,呼入量,接听量,放弃量,平均处理时长(秒)
        2026年3月2日,09:00-09:30,个人,"1,204",1100,104,185.2
        2026年3月2日,09:30-10:00,个人,998,950,48,3:05
        """,
        encoding,
    )
    read = read_file(path, SHANGHAI)
    history = read.histories["个人"]
    assert history.calls.tolist() == [1204, 998]
    assert history.measures["aht_s"].tolist() == [185.2, 185]
    assert history.starts.tolist() == [at("2026-03-02T09:00+08:00"), at("2026-03-02T09:30+08:00")]
    assert read.columns["calls"] == "呼入量"


def test_daily_data_of_a_german_file(tmp_path: Path) -> None:
    """Semicolons, decimal commas, days before months; the day the clock is turned has 25 hours."""
    path = file(
        tmp_path,
        "Datum;Anrufe;AHT\n24.10.2026;1.234,0;180,5\n25.10.2026;2.000,0;181,25\n26.10.2026;950;179,0",
    )
    history = read_history(path, BERLIN)[""]
    assert history.interval_s == 86_400
    assert history.calls.tolist() == [1234, 2000, 950]
    assert history.measures["aht_s"].tolist() == [180.5, 181.25, 179]
    assert history.starts.tolist() == [
        at("2026-10-24T00:00+02:00"),
        at("2026-10-25T00:00+02:00"),
        at("2026-10-26T00:00+01:00"),
    ]


def test_a_column_map(tmp_path: Path) -> None:
    """Says which column is which, and which of day and month comes first."""
    path = file(
        tmp_path, "when\tin\tout\n3/4/2026 9:00 AM\t10\t1\n3/4/2026 1:30 PM\t20\t2\n3/4/2026 9:30 AM\t5\t3"
    )
    columns = Columns.parse("timestamp=when, calls=in, date_order=mdy")
    history = read_history(path, "UTC", columns, 1800)[""]
    assert history.starts.tolist() == [at(f"2026-03-04T{t}+00:00") for t in ("09:00", "09:30", "13:30")]
    assert history.calls.tolist() == [10, 5, 20]
    other = Columns({"timestamp": "when", "calls": "out"}, "dmy")
    assert read_history(path, "UTC", other, 1800)[""].starts[0] == at("2026-04-03T09:00+00:00")


def test_a_workbook(tmp_path: Path) -> None:
    """Dates and times as Excel keeps them, a little beside the minute; the first sheet or one by name."""
    book = openpyxl.Workbook()
    page = book.active
    page.append(["统计日期", "时间段", "来电量"])
    page.append([datetime(2026, 3, 2), time(9, 0), 12])
    page.append([date(2026, 3, 2), "9:15~9:30", 13])
    other = book.create_sheet("whole")
    other.append([None])
    other.append(["timestamp", "calls", "aht_s"])
    for minutes in range(3):
        other.append([datetime(2026, 3, 2, 9, 5 * minutes, 0, 4), 7 + minutes, time(0, 3, 20)])
    book.save(tmp_path / "calls.xlsx")
    first = read_history(tmp_path / "calls.xlsx", SHANGHAI)[""]
    assert (first.interval_s, first.calls.tolist()) == (900, [12, 13])
    named = read_file(tmp_path / "calls.xlsx", SHANGHAI, sheet="whole").histories[""]
    assert (named.interval_s, named.calls.tolist()) == (300, [7, 8, 9])
    assert set(named.measures["aht_s"]) == {200}
    assert "no sheet 'x'; there are Sheet, whole" in faults(tmp_path / "calls.xlsx", sheet="x")[0]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("2026-03-02T09:30:00", "2026-03-02T09:30+08:00"),
        ("2026-03-02 9:30", "2026-03-02T09:30+08:00"),
        ("2026/3/2 09:30:00.250", "2026-03-02T09:30+08:00"),
        ("2026-03-02T09:30:00Z", "2026-03-02T09:30+00:00"),
        ("2026-03-02 09:30+02:00", "2026-03-02T09:30+02:00"),
        ("2026-03-02 09:30 +0200", "2026-03-02T09:30+02:00"),
        ("02.03.2026 09:30", "2026-03-02T09:30+08:00"),
        ("2026年3月2日 9时30分", "2026-03-02T09:30+08:00"),
        ("20260302 12:30 am", "2026-03-02T00:30+08:00"),
        ("2026-03-02 09:30 - 10:00", "2026-03-02T09:30+08:00"),
        ("2026-03-02 09:30-10:00", "2026-03-02T09:30+08:00"),
        ("2026-03-02 09:30-05:00", "2026-03-02T09:30-05:00"),
        ("2026-03-02T09:30-10:00", "2026-03-02T09:30-10:00"),
        ("2026/3/2 23:30~00:00", "2026-03-02T23:30+08:00"),
        ("2026/3/2 11:30 AM - 12:00 PM", "2026-03-02T11:30+08:00"),
    ],
)
def test_ways_to_write_a_time(tmp_path: Path, text: str, wanted: str) -> None:
    """The common ones; a range is its beginning."""
    path = file(tmp_path, f"timestamp,calls\n{text},1")
    assert read_history(path, SHANGHAI, interval_s=1800)[""].starts.tolist() == [at(wanted)]


@pytest.mark.parametrize(
    ("text", "how", "wanted"),
    [
        ("12,5", "", 12.5),
        ("1.234,5", "", 1234.5),
        ("1,234.5", "", 1234.5),
        ("1,234,567", "", 1_234_567),
        ("1 234", "", 1234),
        ("1,234", "comma", 1.234),
        ("1,234", "point", 1234),
        ("1.234", "comma", 1234),
        ("1e3", "", 1000),
        ("", "", math.nan),
        ("n/a", "", math.nan),
    ],
)
def test_ways_to_write_a_number(tmp_path: Path, text: str, how: str, wanted: float) -> None:
    """The decimal mark is what leaves no doubt, or what the map says."""
    path = file(tmp_path, f"date;calls\n2026-03-02;{text}\n2026-03-03;7")
    columns = Columns.parse(f"decimal={how}" if how else "")
    np.testing.assert_array_equal(read_history(path, "UTC", columns)[""].calls, [wanted, 7])


# ------------------------------------------------------------------ the clock


def test_the_hour_that_comes_twice_by_the_order_of_the_file(tmp_path: Path) -> None:
    """Whether the file begins with the oldest row or with the newest."""
    wall = ["01:30", "02:00", "02:30", "02:00", "02:30", "03:00"]
    rows = [f"2026-10-25 {shown},{n}" for n, shown in enumerate(wall)]
    for lines, calls in ((rows, [0, 1, 2, 3, 4, 5]), (rows[::-1], [0, 1, 2, 3, 4, 5])):
        history = read_history(file(tmp_path, "\n".join(["timestamp,calls", *lines])), BERLIN)[""]
        assert history.starts.tolist() == [at("2026-10-24T23:30+00:00") + 1800 * n for n in range(6)]
        assert history.calls.tolist() == calls


def test_each_queue_has_the_hour_twice(tmp_path: Path) -> None:
    """In a file that goes through the queues at each time."""
    path = file(
        tmp_path,
        """
        timestamp,queue,calls
        2026-10-25 02:00,a,1
        2026-10-25 02:00,b,2
        2026-10-25 02:00,a,3
        2026-10-25 02:00,b,4
        """,
    )
    found = read_history(path, BERLIN, interval_s=3600)
    assert found["a"].calls.tolist() == [1, 3]
    assert found["b"].starts.tolist() == [at("2026-10-25T00:00+00:00"), at("2026-10-25T01:00+00:00")]


def test_the_hour_that_comes_twice_by_offset(tmp_path: Path) -> None:
    """In the time itself or in a column; a third one is a repetition."""
    path = file(tmp_path, "timestamp,calls\n2026-10-25T02:00+01:00,2\n2026-10-25T02:00+02:00,1")
    assert read_history(path, BERLIN, interval_s=3600)[""].calls.tolist() == [1, 2]
    path = file(tmp_path, "timestamp,utc_offset,calls\n2026-10-25 02:00,+01:00,2\n2026-10-25 02:00,+02:00,1")
    assert read_history(path, BERLIN, interval_s=3600)[""].calls.tolist() == [1, 2]
    path = file(tmp_path, "timestamp,calls" + "\n2026-10-25 02:00,1" * 3)
    assert faults(path, BERLIN, interval_s=3600) == [
        "row 4, column timestamp: this interval is also in row 3"
    ]


def test_an_hour_that_never_comes_is_a_fault(tmp_path: Path) -> None:
    """Named with its row; an interval that is partly there is none."""
    path = file(tmp_path, "timestamp,calls\n2026-03-29 01:30,1\n2026-03-29 02:30,2\n2026-03-29 03:00,3")
    assert faults(path, BERLIN, interval_s=1800) == [
        "row 3, column timestamp: 2026-03-29 02:30 never comes in Europe/Berlin: "
        "the clock is turned forward there"
    ]
    assert len(read_history(path, SHANGHAI, interval_s=1800)[""]) == 3
    path = file(tmp_path, "timestamp,calls\n2026-03-29 00:00,1\n2026-03-29 02:00,2\n2026-03-29 04:00,3")
    assert read_history(path, BERLIN)[""].starts[1] == at("2026-03-29T01:00+00:00")


def test_a_zone_that_is_none(tmp_path: Path) -> None:
    """Is said to be none."""
    with pytest.raises(ValueError, match="'Mars' is no time zone"):
        read_history(file(tmp_path, "date,calls\n2026-03-02,1"), "Mars")


# ------------------------------------------------------------------ faults


def test_every_fault_in_one_pass(tmp_path: Path) -> None:
    """With the row as an editor counts it, and the heading."""
    path = file(
        tmp_path,
        """
        Time;Calls;AHT

        2026-03-02 09:00;-3;180
        2026-03-02 09:30;many;180
        2026-03-02 10:00;inf;180
        2026-02-30 10:30;4;-1
        2026-03-02 11:07;5;180
        2026-03-02 11:30;5;180
        2026-03-02 11:30;6;180
        2026-03-02 12:00;6;180
        yesterday;6;180
        """,
    )
    assert faults(path) == [
        "row 3, column Calls: -3 is negative",
        "row 4, column Calls: 'many' is no number",
        "row 5, column Calls: inf is infinite",
        "row 6, column Time: '2026-02-30 10:30' is a day that is in no calendar",
        "row 6, column AHT: -1 is negative",
        "row 7, column Time: 11:07:00 begins no interval of 30 minutes",
        "row 9, column Time: this interval is also in row 8",
        "row 11, column Time: 'yesterday' is no time; write it like 2026-03-02 09:30",
    ]


def test_a_thousand_faults_are_counted(tmp_path: Path) -> None:
    """The first fifty are told."""
    path = file(tmp_path, "\n".join(["date,calls", *(f"day {n},1" for n in range(1000))]))
    with pytest.raises(FileError, match="and 950 more") as caught:
        read_history(path, "UTC")
    assert (len(caught.value.faults), caught.value.more) == (50, 950)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "the file is empty"),
        ("timestamp,calls", "there is no row below the headings"),
        ("2026-03-02 09:00,3\n2026-03-02 09:30,4", "row 1: no column is timestamp or calls"),
        ("timestamp,visitors\n2026-03-02,1", "no column is calls; there are timestamp, visitors"),
        ("timestamp,calls,offered\n2026-03-02,1,1", "columns 'calls' and 'offered' both look like calls"),
        ("timestamp,calls\n2026-03-02 09:00,1", "one time alone shows no interval"),
        ("timestamp,calls\n2026-03-02 09:00,1\n2026-03-02 09:07,1\n2026-03-02 09:14,1", "7 minutes apart"),
        ("timestamp,calls\n3/4/2026,1", "say with date_order=dmy or mdy"),
        ("date;calls\n2026-03-02;1.234", "may be above or below a thousand; say decimal="),
        ("timestamp,calls\n2026-03-02 25:00,1", "on no clock"),
        ("timestamp,calls\n2026-03-02 13:00 pm,1", "no hour 13 of the half day"),
        ("timestamp,calls\n,1", "there is no time"),
        ("timestamp,utc_offset,calls\n2026-03-02 09:00,east,1", "'east' is no offset from UTC"),
        ('timestamp,calls\n"2026-03-02,1', "row 2, column timestamp: '2026-03-02,1' is no time"),
    ],
)
def test_what_is_no_history(tmp_path: Path, text: str, reason: str) -> None:
    """Is refused with the reason and what to do."""
    assert reason in faults(file(tmp_path, text))[0]


def test_what_is_no_text(tmp_path: Path) -> None:
    """Binary files, workbooks by another name, and files nobody has."""
    for name, content, reason in (
        ("a.csv", b"PK\x03\x04zip", "must end with .xlsx"),
        ("b.csv", b"a\0b,c\n", "no text"),
        ("c.csv", b"\xff\xff\xff", "this is not"),
        ("d.xls", b"", "save it as .xlsx"),
        ("e.xlsx", b"no zip", "no workbook"),
    ):
        (tmp_path / name).write_bytes(content)
        assert reason in faults(tmp_path / name)[0]
    with pytest.raises(OSError):
        read_history(tmp_path / "nobody.csv", "UTC")
    with pytest.raises(OSError):
        read_history(tmp_path / "nobody.xlsx", "UTC")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("calls", "no part of a column map"),
        ("calls=", "no part of a column map"),
        ("mood=Laune", "a column is one of timestamp"),
        ("calls=a,calls=b", "twice"),
        ("date_order=first", "dmy, mdy or ymd"),
        ("decimal=dot", "a comma or a point"),
    ],
)
def test_a_column_map_that_is_none(text: str, reason: str) -> None:
    """Is refused with its part."""
    with pytest.raises(ColumnError, match=reason):
        Columns.parse(text)


def test_a_column_map_for_another_file(tmp_path: Path) -> None:
    """Names the column that is not there, and those that are."""
    path = file(tmp_path, "timestamp,calls\n2026-03-02,1")
    assert (
        "no column 'Anrufe'; there are timestamp, calls"
        in faults(path, columns=Columns({"calls": "Anrufe"}))[0]
    )


def test_minutes_are_not_taken_for_seconds(tmp_path: Path) -> None:
    """A heading that says minutes is left unused."""
    read = read_file(file(tmp_path, "date,calls,AHT (min)\n2026-03-02,1,3"), "UTC")
    assert read.unused == ("AHT (min)",)


def test_repetitions_may_pass(tmp_path: Path) -> None:
    """The first row is taken; what all of them said is told."""
    path = file(tmp_path, "date,calls\n2026-03-02,1\n2026-03-03,5\n2026-03-02,2\n2026-03-02,1")
    read = read_file(path, "UTC", repeats=True)
    assert read.histories[""].calls.tolist() == [1, 5]
    (one,) = read.repeated
    assert (one.rows, one.calls, one.start) == ((2, 4, 5), (1, 2, 1), at("2026-03-02T00:00+00:00"))
    assert len(faults(path)) == 1


# ------------------------------------------------------------------ drivers


def test_figures_per_day(tmp_path: Path) -> None:
    """Every column of numbers, negative ones too; empty cells are unknown; words are no driver."""
    path = file(tmp_path, "\ufeffdate;bookings;net;x\n1-2-2026;10;-4,5;\n2-2-2026;;3;")
    found = read_drivers(path, Columns(date_order="dmy"))
    assert found == {
        "bookings": {date(2026, 2, 1): 10},
        "net": {date(2026, 2, 1): -4.5, date(2026, 2, 2): 3},
    }


def test_faults_of_drivers(tmp_path: Path) -> None:
    """Row and column, all at once."""
    path = file(tmp_path, "date,bookings\n2026-02-01,x\n2026-02-31,1\n2026-02-03,1\n2026-02-03,1")
    with pytest.raises(FileError) as caught:
        read_drivers(path)
    assert [(fault.row, fault.column) for fault in caught.value.faults] == [
        (2, "bookings"),
        (3, "date"),
        (5, "date"),
    ]
    with pytest.raises(FileError, match="no column is a date"):
        read_drivers(file(tmp_path, "bookings\n1"))


# ------------------------------------------------------------------ there and back


@given(
    st.lists(st.integers(0, 3000), min_size=1, max_size=30, unique=True),
    st.sampled_from(
        [at("2026-10-24T00:00+00:00"), at("2026-03-28T00:00+00:00"), at("2026-06-01T00:00+00:00")]
    ),
    st.sampled_from([BERLIN, SHANGHAI, "America/New_York", "Australia/Lord_Howe"]),
    st.data(),
)
def test_what_is_written_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, steps: list[int], first: int, zone: str, data: st.DataObject
) -> None:
    """The same histories, also through the days on which the clock is turned."""
    starts = first + np.sort(np.array(steps)) * 900
    figures = st.lists(
        st.one_of(st.just(math.nan), st.floats(0, 1e6)), min_size=len(starts), max_size=len(starts)
    )
    aht = np.array(data.draw(figures))
    histories = {
        name: History(
            starts,
            np.array(data.draw(figures)),
            900,
            zone,
            {} if np.isnan(aht).all() else {"aht_s": aht},
            name,
        )
        for name in ('a,"b"', "客服")
    }
    path = tmp_path_factory.mktemp("there") / "and-back.csv"
    path.write_text(to_csv(histories), encoding="utf-8")
    back = read_history(path, zone, interval_s=900)
    assert list(back) == list(histories)
    for name, history in histories.items():
        assert back[name].starts.tolist() == starts.tolist()
        np.testing.assert_array_equal(back[name].calls, history.calls)
        assert set(back[name].measures) == set(history.measures)
        for measure, values in history.measures.items():
            np.testing.assert_array_equal(back[name].measures[measure], values)
