"""A plan is written beside its stamps; calls with their waits are read."""

from pathlib import Path

import pytest

from forecasting.erlang import Targets
from forecasting.reading.rows import FileError
from forecasting.staffing import Staffing, plan
from forecasting.staffing.files import plan_csv, read_waits


def test_a_plan_is_written_beside_its_stamps() -> None:
    """A row a stamp; an endless wait and the occupancy of nobody are empty."""
    rules = Staffing(Targets(service_level=0.8, within_s=20), shrinkage=0.3, maximum=14)
    made = plan([100, 0, 200], 1800, 180, rules)
    text = plan_csv(["08:00", "08:30", "a,b"], made, made.measures)
    assert text.splitlines() == [
        "timestamp,agents,scheduled,service_level,occupancy,asa_s",
        "08:00,14,20,0.8884,0.7143,7.84",
        "08:30,0,0,1.0000,0.0000,0.00",
        '"a,b",14,20,0.0000,1.0000,',
    ]


def test_further_columns_stand_at_the_end() -> None:
    """Such as the agents of each site."""
    made = plan([100], 1800, 180, Staffing(Targets(service_level=0.8, within_s=20)))
    assert plan_csv(["8:00"], made, made.measures, {"agents_a": [9], "agents_b": [5]}).splitlines() == [
        "timestamp,agents,scheduled,service_level,occupancy,asa_s,agents_a,agents_b",
        "8:00,14,14,0.8884,0.7143,7.84,9,5",
    ]


def test_waits_are_read_with_how_they_ended(tmp_path: Path) -> None:
    """Seconds or minutes and seconds; 1 and 0, yes and no."""
    path = tmp_path / "calls.csv"
    path.write_text("call,wait_s,abandoned\na,12.5,1\nb,1:10,0\nc,0,no\nd,7,是\n", encoding="utf-8")
    waits, lost = read_waits(path)
    assert waits.tolist() == [12.5, 70, 0, 7]
    assert lost.tolist() == [True, False, False, True]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no column is wait_s; there are none"),
        ("wait_s\n3\n", "no column is abandoned; there are wait_s"),
        ("wait_s,abandoned\n,1\n", "row 2, column wait_s: there is no time"),
        ("wait_s,abandoned\n-3,1\n", "row 2, column wait_s: -3 is negative"),
        ("wait_s,abandoned\n3,\n", "row 2, column abandoned: '' is neither 1 nor 0"),
    ],
)
def test_mistakes_in_calls_are_told(tmp_path: Path, text: str, said: str) -> None:
    """With row and column."""
    path = tmp_path / "calls.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FileError) as caught:
        read_waits(path)
    assert said in str(caught.value)
