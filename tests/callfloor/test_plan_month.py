"""``callfloor plan-month``: from the calls of the past to a roster, and what that gives on the real floor."""

import csv
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from acd.day import Shift
from callfloor.cli import main
from callfloor.plan_month import (
    QueuePlan,
    forecast_queue,
    month_of,
    period_of,
    requirement_of,
    spread_of,
    staffed,
    to_problem,
    walls_of,
)
from callfloor.plan_month_files import simulated, write_simulated
from callfloor.roster_floor import SPELL_DAYS, Period, on_duty, pieces, simulate, well
from domain.ids import AgentId
from domain.instant import Instant
from forecasting.calendar import DayCalendar
from forecasting.erlang import Targets
from forecasting.files import read_history, to_csv
from forecasting.sample import Sample, SampleQueue, generate
from forecasting.staffing import Staffing
from scheduling.formats.books import Book
from scheduling.formats.documents import read_problem, read_roster
from scheduling.judge import judge, staffing
from scheduling.people import Person
from scheduling.problem import Problem
from scheduling.roster import Assignment, Block, Roster
from scheduling.shifts import Shift as Form

ZONE = "Asia/Shanghai"
FILES = [
    "forecast.csv",
    "people.csv",
    "problem.json",
    "requirement.csv",
    "roster.json",
    "simulated.csv",
    "simulated.png",
]


def run(*argv: str) -> int:
    """The exit code of ``callfloor plan-month``."""
    with pytest.raises(SystemExit) as left:
        main(["plan-month", *argv])
    assert isinstance(left.value.code, int)
    return left.value.code


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small line open from nine to six, until a week before the end of November."""
    queue = SampleQueue("line", 260.0, weekdays=(1.1, 1.0, 1.0, 1.0, 1.0, 0.7, 0.6), opens=9.0, closes=18.0)
    made = generate(Sample(date(2026, 9, 21), 63, ZONE, queues=(queue,)), np.random.default_rng(3))
    path = tmp_path_factory.mktemp("history") / "calls.csv"
    path.write_text(to_csv(made), encoding="utf-8")
    return path


def plan_it(history: Path, folder: Path) -> int:
    """The last eight days of November."""
    words = "--month 2026-11 --work 3 --seed 5 --runs 2 --patience 120 --certain --absence 20%"
    return run("--history", str(history), *words.split(), "--out", str(folder))


@pytest.fixture(scope="module")
def made(history: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "november"
    assert plan_it(history, folder) == 0
    return folder


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def rostered(folder: Path) -> tuple[Problem, Roster]:
    problem = read_problem((folder / "problem.json").read_text(encoding="utf-8"), "problem.json")
    text = (folder / "roster.json").read_text(encoding="utf-8")
    return problem, read_roster(problem, text, "roster.json").roster


def planned(history: Path) -> QueuePlan:
    found = read_history(history, ZONE)["line"]
    forecast, strange = forecast_queue(found, DayCalendar(), "2026-11", "regression")
    rules = Staffing(Targets(service_level=0.8, within_s=20), 120.0, 0.3)
    return staffed("line", forecast, strange, rules)


def test_everything_is_written(made: Path) -> None:
    """Forecast, requirement and simulation have the same intervals; the roster is legal."""
    assert sorted(one.name for one in made.iterdir()) == FILES
    found = rows(made / "simulated.csv")
    assert ",".join(found[0]) == (
        "timestamp,calls,agents_needed,agents_rostered,agents_on_duty,service_level,target,asa_s,abandoned"
    )
    times = [row["timestamp"] for row in found]
    assert times == [row["timestamp"] for row in rows(made / "forecast.csv")]
    requirement = rows(made / "requirement.csv")
    assert times == [row["timestamp"] for row in requirement]
    assert [row["agents_needed"] for row in found] == [row["agents"] for row in requirement]
    assert times[0] == "2026-11-23 09:00"
    assert times[-1] == "2026-11-30 17:30"
    assert {row["target"] for row in found} == {"0.8"}
    assert judge(*rostered(made)).legal
    assert any(float(row["agents_on_duty"]) < float(row["agents_rostered"]) for row in found)  # the ill


def test_same_seed_same_files(history: Path, made: Path, tmp_path: Path) -> None:
    """With work instead of seconds, byte by byte."""
    assert plan_it(history, tmp_path / "again") == 0
    for name in FILES:
        assert (tmp_path / "again" / name).read_bytes() == (made / name).read_bytes(), name


def test_who_is_on_duty_is_what_the_judge_counts(made: Path) -> None:
    """On the grid of the roster, where nobody comes or goes within an interval."""
    problem, roster = rostered(made)
    begin = datetime(2026, 11, 22, 16, tzinfo=UTC).timestamp()
    starts = np.int64(begin) + 900 * np.arange(problem.intervals)
    assert problem.interval_minutes == 15
    assert on_duty(problem, roster, starts, 900).tolist() == list(staffing(problem, roster)["line"])
    assert any(one.n > 0 for one in pieces(problem, roster))  # breaks are taken off the floor


def test_enough_people_reach_the_target_and_half_of_them_do_not(history: Path, made: Path) -> None:
    """The real floor says so."""
    plan = planned(history)
    problem, roster = rostered(made)
    people = {person.id for person in problem.people[::2]}
    half = Roster(tuple(one for one in roster.assignments if one.person in people))

    def level(some: Roster) -> float:
        period = period_of([plan], problem, some, 20.0, 120.0, certain=True)
        found = simulate(period, [1, 2])
        for one in found:
            assert (one.answered + one.abandoned).tolist() == one.calls.tolist()
        return float(sum(one.in_target.sum() for one in found) / sum(one.calls.sum() for one in found))

    assert level(roster) >= 0.8
    assert level(half) < 0.7
    assert level(Roster()) == 0.0


def test_whoever_is_ill_is_missed(history: Path, made: Path) -> None:
    """Callers notice, and are the same ones otherwise; other people are ill for another seed."""
    problem, roster = rostered(made)

    def period(absence: float) -> Period:
        return period_of([planned(history)], problem, roster, 20.0, 120.0, certain=True, absence=absence)

    everybody, fewer = period(0.0), period(0.25)
    assert well(everybody, 1) == everybody.shifts
    assert well(fewer, 1) == well(fewer, 1) != well(fewer, 2)
    whole, less = simulate(everybody, [1])[0], simulate(fewer, [1])[0]
    assert whole.calls.tolist() == less.calls.tolist()
    assert (
        whole.on_floor.tolist() == on_duty(problem, roster, everybody.starts, everybody.interval_s).tolist()
    )
    assert less.on_floor.sum() < 0.95 * whole.on_floor.sum()
    assert less.in_target.sum() < whole.in_target.sum()


def test_days_of_illness_come_in_spells(history: Path, made: Path) -> None:
    """As many days are lost as said, about three in a row."""
    people, days = 200, 100
    whose, on = (axis.ravel() for axis in np.indices((people, days)))
    stays = zip(whose.tolist(), on.tolist(), strict=True)
    shifts = tuple(Shift(AgentId(str(who)), Instant(day), Instant(day)) for who, day in stays)
    period = period_of([planned(history)], *rostered(made), 20.0, 120.0, absence=0.08)
    ill = np.ones((people, days), dtype=bool)
    for one in well(replace(period, shifts=shifts, whose=whose, on=on), 3):
        ill[int(one.agent), one.start] = False
    spells = ill[:, 0].sum() + (ill[:, 1:] & ~ill[:, :-1]).sum()
    assert ill.mean() == pytest.approx(0.08, abs=0.012)
    assert ill.sum() / spells == pytest.approx(SPELL_DAYS, abs=0.4)


def test_each_queue_is_told_by_itself(history: Path, made: Path, tmp_path: Path) -> None:
    """Beside all together: its calls, those who serve it, its level."""
    plans = [planned(history), replace(planned(history), name="help")]
    problem, roster = rostered(made)
    period = period_of(plans, problem, roster, 20.0, 120.0, certain=True)
    found = simulated(plans, problem, roster, period, 0.8, simulate(period, [1]))
    write_simulated(tmp_path, found, {one.name: one.skill for one in plans})
    names = ("simulated", "simulated-help", "simulated-line")
    assert {one.name for one in tmp_path.iterdir()} == {
        f"{name}.{kind}" for name in names for kind in ("csv", "png")
    }
    whole, helped, line = (rows(tmp_path / f"{name}.csv") for name in names)
    for every, one, other in zip(whole, helped, line, strict=True):
        assert every["timestamp"] == one["timestamp"] == other["timestamp"]
        for column in ("calls", "agents_needed", "abandoned"):
            assert float(every[column]) == float(one[column]) + float(other[column])
    assert {row["agents_on_duty"] for row in helped} == {"0"} != {row["agents_on_duty"] for row in line}
    assert {row["service_level"] for row in helped} <= {"", "0.0000"}
    assert found.by_queue["help"] == 0.0 < 0.8 < found.by_queue["line"]


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Berlin", date(2026, 3, 28), 7.0),
        ("Europe/Berlin", date(2026, 10, 24), 8.5),
        ("Asia/Shanghai", date(2026, 3, 28), 7.5),
    ],
)
def test_a_night_in_which_the_clock_is_turned(zone: str, day: date, hours: float) -> None:
    """From ten to six with half an hour of break after two: an hour less or more is worked, and a break in
    the hour that never comes is none."""
    start = 22 * 60
    problem = Problem(day, 2, (Form("N", start, 480),), (Person("ann"),), 60, zone=zone)
    meal = Block("meal", 26 * 60 + 15, 30)
    found = pieces(problem, Roster((Assignment("ann", 0, "N", start, 480, breaks=(meal,)),)))
    assert all(one.begin < one.end <= two.begin for one, two in pairwise(found))
    assert sum(one.end - one.begin for one in found) / 3600 == hours
    morning = day + timedelta(days=1)
    assert found[0].begin == datetime.combine(day, time(22), ZoneInfo(zone)).timestamp()
    assert found[-1].end == datetime.combine(morning, time(6), ZoneInfo(zone)).timestamp()


def test_calls_may_be_others_than_forecast(history: Path, made: Path) -> None:
    """The months drawn lie further apart than chance alone has them, and are the same for a seed."""
    plan = planned(history)
    level, days = spread_of(plan.forecast)
    assert level > 0
    assert days.shape == plan.plan.calls.shape

    problem, _ = rostered(made)

    def months(*, certain: bool) -> list[float]:
        period = period_of([plan], problem, Roster(), 20.0, 120.0, certain=certain)
        return [float(one.calls.sum()) for one in simulate(period, range(4))]

    wide = months(certain=False)
    assert np.std(wide) > np.std(months(certain=True))
    assert wide == months(certain=False)


def test_a_half_hour_is_two_quarters(history: Path) -> None:
    """So that a short break does not cost half an hour of cover."""
    plan = planned(history)
    found = requirement_of(plan)
    assert found.interval_minutes == 15
    assert found.required[36:38] == (int(plan.plan.agents[0]),) * 2
    assert sum(found.required) == 2 * int(plan.plan.agents.sum())


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (("--month", "2026-08"), "2026-08: the history reaches to 2026-11-22, that is over"),
        (("--month", "2032-01"), "that ends more than 800 days after 2026-11-22"),
        (("--month", "2026-13"), "--month 2026-13: is no month; write it like 2026-12"),
        (("--country", "QQ"), "--country QQ: of that no holidays are known"),
        (("--rules", "none.toml"), "none.toml: is no file; ready-made are"),
        (("--month", "2026-11", "--model", "oracle"), "oracle"),
    ],
)
def test_what_cannot_be_is_refused(
    history: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], argv: tuple[str, ...], words: str
) -> None:
    """A month without a history, and other mistakes: one line, exit code 1."""
    assert run("--history", str(history), *argv, "--out", str(tmp_path / "out")) == 1
    assert words in capsys.readouterr().err


def test_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 2."""
    assert run("--runs", "0") == 2
    assert run("--target", "often") == 2
    assert "Traceback" not in capsys.readouterr().err


def test_months() -> None:
    """The next one, across the year."""
    december = datetime(2026, 12, 31, tzinfo=UTC).timestamp()
    assert month_of(None, december) == date(2027, 1, 1)
    assert month_of("2027-02", december) == date(2027, 2, 1)


def test_walls_and_names(history: Path) -> None:
    """Times are those on the wall; two queues that are one skill are refused."""
    begin = int(datetime(2026, 11, 30, 16, 30, tzinfo=UTC).timestamp())
    assert walls_of(np.array([begin]), ZONE) == ["2026-12-01 00:30"]
    plan = planned(history)
    twins = [QueuePlan(name, plan.forecast, 0, plan.plan) for name in ("a b", "a_b")]
    with pytest.raises(ValueError, match="two queues have the same name"):
        to_problem(twins, [], Book())
