"""``callfloor staff``: the figures of the formulas, plans as files, and clear words for what is wrong."""

import csv
import json
import math
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from callfloor.cli import main
from forecasting.erlang import ErlangA, ErlangC, Targets, agents_for

CASE = "--calls 100 --per 30min --aht 180"
FORECAST = """timestamp,calls,lo80,hi80,aht_s
2026-03-02 08:00,60,50,70,180
2026-03-02 08:30,150,130,170,185
2026-03-02 09:00,0,0,0,
2026-03-02 09:30,80,70,90,180
"""
SKILLS = """interval: 30min
queues:
  sales: {forecast: sales.csv, target: 80/20, patience: 120}
  service: {calls: [8, 6], aht: 60, target: 70/30, patience: 120}
groups:
  sellers: [sales]
  everybody: {queues: [sales, service], cost: 1.1}
"""


def staff(capsys: pytest.CaptureFixture[str], options: str) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of ``callfloor staff OPTIONS``."""
    with pytest.raises(SystemExit) as left:
        main(["staff", *options.split()])
    said = capsys.readouterr()
    assert isinstance(left.value.code, int)
    return left.value.code, said.out, said.err


def told(capsys: pytest.CaptureFixture[str], options: str) -> dict[str, Any]:
    """The one JSON object it prints."""
    code, out, _ = staff(capsys, options + " --json")
    assert code == 0
    found = json.loads(out, parse_constant=lambda text: pytest.fail(f"{text} is no JSON"))
    assert isinstance(found, dict)
    return found


@pytest.fixture
def forecast(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder one stands in, with a forecast."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "g.csv").write_text(FORECAST, encoding="utf-8")
    return tmp_path


# ------------------------------------------------------------------ one case


@pytest.mark.parametrize(
    ("options", "queue"),
    [("", ErlangC(14, 10, 180)), ("--patience 120", ErlangA(14, 10, 180, 120))],
)
def test_one_case_has_every_figure(
    capsys: pytest.CaptureFixture[str], options: str, queue: ErlangA | ErlangC
) -> None:
    """Of the agents there are, by Erlang C, or by Erlang A where patience is known; with all digits."""
    found = told(capsys, f"{CASE} --agents 14 --within 20 {options}")
    assert found == {
        "service_level": pytest.approx(float(queue.service_level(20)), rel=1e-14),
        "probability_of_wait": float(queue.probability_of_wait),
        "asa_s": float(queue.asa_s),
        "occupancy": float(queue.occupancy),
        "abandonment": float(queue.abandonment),
        "mean_wait_s": float(queue.mean_wait_s),
        "p90_wait_s": float(queue.wait_percentile_s(0.9)),
        "queue_length": float(queue.queue_length),
    }


def test_one_case_with_a_target_says_how_many(capsys: pytest.CaptureFixture[str]) -> None:
    """Fourteen agents are twenty people, as everybody knows, and what callers then find."""
    found = told(capsys, f"{CASE} --target 80/20 --shrinkage 0.3")
    assert list(found)[:3] == ["agents", "scheduled", "service_level"]
    assert (found["agents"], found["scheduled"]) == (14, 20)
    assert found["service_level"] == pytest.approx(0.8883500191794669)


@pytest.mark.parametrize(
    ("options", "targets", "patience_s"),
    [
        ("--asa 5", Targets(asa_s=5), None),
        ("--occupancy 80%", Targets(occupancy=0.8), None),
        ("--abandonment 0.02 --patience 60", Targets(abandonment=0.02), 60),
        ("--answered 99% --patience 60", Targets(answered=0.99), 60),
        ("--target 90/10 --asa 3 --patience 60", Targets(service_level=0.9, within_s=10, asa_s=3), 60),
        ("--target 0.8/0 --patience 60 --model C", Targets(service_level=0.8, within_s=0), None),
        (
            "--target 80/20 --patience 60 --definition in_target_of_all",
            Targets(service_level=0.8, within_s=20, definition="in_target_of_all"),
            60,
        ),
    ],
)
def test_other_targets(
    capsys: pytest.CaptureFixture[str], options: str, targets: Targets, patience_s: float | None
) -> None:
    """Answered share, ASA, abandonment, occupancy, any definition, and several at once."""
    assert told(capsys, f"{CASE} {options}")["agents"] == agents_for(10, 180, targets, patience_s)


def test_a_load_may_stand_for_calls_and_agents_may_be_fractions(capsys: pytest.CaptureFixture[str]) -> None:
    """Ten erlangs are a hundred calls of three minutes in half an hour."""
    one = told(capsys, "--erlangs 10 --aht 180 --agents 12.5")
    assert one == told(capsys, f"{CASE} --agents 12.5")
    assert one["probability_of_wait"] == float(ErlangC(12.5, 10, 180).probability_of_wait)


def test_an_overload_is_said_clearly(capsys: pytest.CaptureFixture[str]) -> None:
    """Service level 0, waits null because they have no end, and a word about it."""
    code, out, err = staff(capsys, f"{CASE} --agents 10 --json")
    found = json.loads(out)
    assert code == 0
    assert found["overloaded"] is True
    assert (found["service_level"], found["asa_s"], found["p90_wait_s"]) == (0, None, None)
    assert "overloaded: more work than agents" in err


def test_minimum_and_no_calls(capsys: pytest.CaptureFixture[str]) -> None:
    """Nobody is needed for nothing, unless somebody must be there."""
    assert told(capsys, "--calls 0 --per 30min --aht 180 --target 80/20")["agents"] == 0
    assert told(capsys, "--calls 0 --per 30min --aht 180 --target 80/20 --min-agents 2")["agents"] == 2


def test_lines(capsys: pytest.CaptureFixture[str]) -> None:
    """Erlang B both ways."""
    assert told(capsys, "--lines 30 --erlangs 21.93") == {"blocking": pytest.approx(0.01998785930938853)}
    assert told(capsys, "--erlangs 2 --blocking 1%") == {"lines": 7}


def test_without_json_it_reads(capsys: pytest.CaptureFixture[str]) -> None:
    """A figure a line."""
    code, out, _ = staff(capsys, f"{CASE} --target 80/20")
    assert code == 0
    assert out.splitlines()[:3] == [
        "agents               14",
        "scheduled            14",
        "service_level        0.8884",
    ]


# ------------------------------------------------------------------ a forecast


def test_a_forecast_becomes_a_plan(forecast: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A row an interval: stamp, agents, people, what callers find; and a summary of it."""
    code, out, err = staff(
        capsys, "--forecast g.csv --target 80/20 --patience 180 --shrinkage 0.3 --out r.csv"
    )
    assert (code, err) == (0, "")
    assert out.startswith("intervals 4, agent hours ")
    with (forecast / "r.csv").open(encoding="utf-8", newline="") as text:
        rows = list(csv.DictReader(text))
    assert list(rows[0]) == ["timestamp", "agents", "scheduled", "service_level", "occupancy", "asa_s"]
    assert [row["timestamp"] for row in rows] == [line.split(",")[0] for line in FORECAST.splitlines()[1:]]
    targets = Targets(service_level=0.8, within_s=20)
    wanted = [
        int(agents_for(calls * aht / 1800, aht, targets, 180))
        for calls, aht in ((60, 180), (150, 185), (0, 1), (80, 180))
    ]
    assert [int(row["agents"]) for row in rows] == wanted
    assert [int(row["scheduled"]) for row in rows] == [math.ceil(one / 0.7 - 1e-9) for one in wanted]
    assert all(float(row["service_level"]) >= 0.8 for row in rows)


def test_a_plan_goes_to_standard_output_or_is_summed_up(
    forecast: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without a file the CSV itself; with ``--json`` what it comes to."""
    code, out, _ = staff(capsys, "--forecast g.csv --target 80/20")
    assert code == 0
    assert out.startswith("timestamp,agents,")
    found = told(capsys, "--forecast g.csv --target 80/20 --shrinkage leave=10%,breaks=10%@present")
    agents = [int(line.split(",")[1]) for line in out.splitlines()[1:]]
    assert found["agent_hours"] == sum(agents) / 2
    assert found["peak_agents"] == max(agents)
    assert found["scheduled_hours"] == sum(math.ceil(one / 0.81 - 1e-9) for one in agents) / 2


def test_the_upper_limit_needs_more(forecast: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """``--column hi80`` staffs for the calls that are hardly ever exceeded."""
    usual = told(capsys, "--forecast g.csv --target 80/20")["agent_hours"]
    assert told(capsys, "--forecast g.csv --target 80/20 --column hi80")["agent_hours"] > usual


def test_a_queue_is_carried_where_it_is_followed(forecast: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With at most ten agents the second half hour overflows; what follows inherits it only with
    ``--backlog``."""
    options = "--forecast g.csv --target 80/20 --min-agents 8 --max-agents 12"
    _, alone, err = staff(capsys, options)
    assert "with 12 agents at most, 1 intervals are short, by up to" in err
    _, followed, _ = staff(capsys, options + " --backlog")
    levels = [[float(line.split(",")[3]) for line in text.splitlines()[1:]] for text in (alone, followed)]
    assert levels[0][1] == 0  # a steady state there is none
    assert 0 < levels[1][1] < 0.5
    assert levels[1][3] > 0.8  # half an hour without calls has emptied it


def test_shrinkage_may_change_through_the_day(forecast: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A third is at lunch from nine to ten, a tenth is on leave all day."""
    said = "--shrinkage leave=10%,lunch=33%@present@9:00-10:00"
    _, out, _ = staff(capsys, f"--forecast g.csv --target 80/20 --min-agents 9 {said}")
    rows = list(csv.DictReader(out.splitlines()))
    assert [row["scheduled"] for row in rows if row["agents"] == "9"] == ["10", "15"]


def test_agents_are_split_among_sites(forecast: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """In columns of their own, which add up."""
    _, out, _ = staff(capsys, "--forecast g.csv --target 80/20 --sites north=60,south=40")
    rows = list(csv.DictReader(out.splitlines()))
    assert list(rows[0])[-2:] == ["agents_north", "agents_south"]
    for row in rows:
        assert int(row["agents_north"]) + int(row["agents_south"]) == int(row["agents"])
        assert abs(int(row["agents_north"]) - 0.6 * int(row["agents"])) < 1


def test_what_the_forecast_leaves_open_needs_more(forecast: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """``--uncertain`` keeps the target on average over lo80 to hi80."""
    usual = told(capsys, "--forecast g.csv --target 80/20 --patience 180")
    open_ = told(capsys, "--forecast g.csv --target 80/20 --patience 180 --uncertain")
    assert open_["agent_hours"] >= usual["agent_hours"]
    wide = FORECAST.replace("130,170", "100,200").replace("50,70", "30,90")
    (forecast / "g.csv").write_text(wide, encoding="utf-8")
    wider = told(capsys, "--forecast g.csv --target 80/20 --patience 180 --uncertain")
    assert wider["agent_hours"] > usual["agent_hours"]
    assert wider["service_level"] >= 0.8


def test_one_queue_of_several(forecast: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Which must be named."""
    rows = "2026-03-02 08:00,{},{},180\n2026-03-02 08:30,{},{},180\n"
    text = "timestamp,queue,calls,aht_s\n" + rows.format("a", 10, "a", 20) + rows.format("b", 100, "b", 100)
    (forecast / "two.csv").write_text(text, encoding="utf-8")
    code, _, err = staff(capsys, "--forecast two.csv --target 80/20")
    assert (code, "it has several queues (a, b); say which" in err) == (1, True)
    assert told(capsys, "--forecast two.csv --target 80/20 --queue b")["agent_hours"] == 14
    assert (
        "there is no queue c; there are a, b"
        in staff(capsys, "--forecast two.csv --target 80/20 --queue c")[2]
    )


def test_patience_comes_from_calls(forecast: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Estimated with censoring, told, and used; mistakes in the file by row and column."""
    text = "wait_s,abandoned\n" + "60,1\n90,0\n30,no\n60,yes\n" * 25
    (forecast / "calls.csv").write_text(text, encoding="utf-8")
    code, out, err = staff(capsys, f"{CASE} --target 80/20 --patience-from calls.csv --json")
    assert code == 0
    assert err.startswith("callfloor: patience 120 s, 95 % from ")
    assert json.loads(out) == told(capsys, f"{CASE} --target 80/20 --patience 120")
    (forecast / "calls.csv").write_text(text.replace("60,1", "60,perhaps", 1), encoding="utf-8")
    code, _, err = staff(capsys, f"{CASE} --target 80/20 --patience-from calls.csv")
    assert code == 1
    assert "calls.csv: row 2, column abandoned: 'perhaps' is neither 1 nor 0" in err


def test_one_row_needs_its_length(forecast: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Which nothing else tells."""
    (forecast / "one.csv").write_text("timestamp,calls,aht_s\n2026-03-02 08:00,100,180\n", encoding="utf-8")
    code, _, err = staff(capsys, "--forecast one.csv --target 80/20")
    assert code == 1
    assert "one row does not tell how long it is; say it with --per 30min" in err
    assert told(capsys, "--forecast one.csv --target 80/20 --per 30min")["peak_agents"] == 14


# ------------------------------------------------------------------ the curve


def test_the_curve_is_printed_and_drawn(forecast: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As CSV and as a picture that names its axes."""
    options = f"{CASE} --patience 120 --target 80/20 --agent-cost 30 --waiting-cost 30 --lost-cost 4"
    code, out, _ = staff(capsys, f"{options} --curve --plot c.svg")
    assert code == 0
    rows = list(csv.DictReader(out.splitlines()))
    twelve = next(row for row in rows if row["agents"] == "12")
    queue = ErlangA(12, 10, 180, 120)
    cost = 12 * 30 + 30 * float(queue.queue_length) + 4 * 200 * float(queue.abandonment)
    assert float(twelve["cost_per_hour"]) == pytest.approx(cost, abs=1e-4)
    assert min(rows, key=lambda row: float(row["cost_per_hour"])) == twelve
    drawn = ElementTree.parse(forecast / "c.svg")
    words = {"".join(one.itertext()).strip() for one in drawn.iter("{http://www.w3.org/2000/svg}text")}
    assert {"service level", "abandonment", "agents", "cost per hour", "target 80%"} <= words


def test_a_plan_has_a_curve_too(forecast: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One more everywhere, one less everywhere; as PNG."""
    code, out, _ = staff(capsys, "--forecast g.csv --target 80/20 --curve --plot c.png")
    assert code == 0
    levels = [float(row["service_level"]) for row in csv.DictReader(out.splitlines())]
    assert levels == sorted(levels)
    assert (forecast / "c.png").read_bytes().startswith(b"\x89PNG")


# ------------------------------------------------------------------ several skills


def test_several_skills_are_played_on_the_real_floor(
    forecast: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Agents by group and interval that keep both queues' targets; nobody counted twice."""
    rows = "2026-03-02 08:00,8,60\n2026-03-02 08:30,10,60\n"
    (forecast / "sales.csv").write_text("timestamp,calls,aht_s\n" + rows, encoding="utf-8")
    (forecast / "skills.yaml").write_text(SKILLS, encoding="utf-8")
    code, out, err = staff(capsys, "--skills skills.yaml --days 8 --shrinkage 0.2 --json --out r.csv")
    found = json.loads(out)
    assert (code, err) == (0, "")
    assert found["holds"] is True
    with (forecast / "r.csv").open(encoding="utf-8", newline="") as text:
        plan = list(csv.DictReader(text))
    assert [row["timestamp"] for row in plan] == ["2026-03-02 08:00", "2026-03-02 08:30"]
    for row in plan:
        assert int(row["agents"]) == int(row["agents_sellers"]) + int(row["agents_everybody"])
        assert int(row["scheduled"]) >= int(row["agents"]) / 0.8
        assert float(row["service_level_sales"]) >= 0.8
        assert float(row["service_level_service"]) >= 0.7


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("groups:", "gruops:", "skills.yaml: the file knows no gruops; there are groups, interval, queues"),
        (
            "[sales]",
            "[sails]",
            "skills.yaml: group sellers: there is no queue sails; there are sales, service",
        ),
        ("aht: 60,", "", "skills.yaml: queue service needs calls and aht, or a forecast"),
        ("80/20", "lots", "skills.yaml: 'lots' is no service level"),
        ("30min", "soon", "skills.yaml: 'soon' is no time"),
        ("[sales]", "[sales", "skills.yaml:7: this is not YAML"),
        ("patience: 120}", "patience: long}", "skills.yaml: patience is 'long'; it must be a number"),
        ("sales.csv", "none.csv", "none.csv: No such file"),
    ],
)
def test_mistakes_in_skills_are_told(
    forecast: Path, capsys: pytest.CaptureFixture[str], old: str, new: str, said: str
) -> None:
    """With the file, and where in it."""
    (forecast / "sales.csv").write_text(
        "timestamp,calls,aht_s\n8:00,1,60\n".replace("8:00", "2026-03-02 08:00")
    )
    (forecast / "skills.yaml").write_text(SKILLS.replace(old, new, 1), encoding="utf-8")
    code, out, err = staff(capsys, "--skills skills.yaml")
    assert (code, out) == (1, "")
    assert said in err


# ------------------------------------------------------------------ mistakes


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (CASE, 2, "say --agents (what callers find) or a target"),
        (f"{CASE} --agents 3 --target 80/20", 2, "say --agents (what callers find) or a target"),
        ("--calls 5 --aht 180 --agents 3", 2, "one case needs --calls and --per, or --erlangs"),
        ("--calls 5 --per 30min --agents 3", 2, "one case needs --aht"),
        ("--calls -5 --per 30min --aht 180 --agents 3", 2, "'-5' is wrong; it must be a number, 0 or more"),
        ("--calls many --per 30min --aht 180 --agents 3", 2, "'many' is wrong"),
        ("--calls nan --per 30min --aht 180 --agents 3", 2, "'nan' is wrong"),
        ("--calls 5 --per 30min --aht 0 --agents 3", 2, "it must be a number, above 0"),
        ("--calls 5 --per soon --aht 180 --agents 3", 2, "'soon' is no time; write it like 30min"),
        (f"{CASE} --target 80", 2, "'80' is no service level; write it like 80/20"),
        (f"{CASE} --target 100/20", 2, "'100/20' is no service level"),
        (f"{CASE} --target 80/20 --within 30", 2, "--target says within 20 s, --within 30 s"),
        (f"{CASE} --target 80/20 --shrinkage 30", 2, "'30' is no share; write it like 0.3 or 30%"),
        (f"{CASE} --target 80/20 --shrinkage 100%", 2, "leaves nobody"),
        (f"{CASE} --target 80/20 --shrinkage a=60%,b=50%", 2, "leaves nobody"),
        (f"{CASE} --target 80/20 --shrinkage a=6%@9:00-8:00", 2, "'9:00-8:00' are no times of the day"),
        (f"{CASE} --target 80/20 --shrinkage a=6%@9:00-10:00", 2, "by the time of day is for a forecast"),
        (f"{CASE} --target 80/20 --shrinkage a=6%@all", 2, "must be of paid or of present"),
        (f"{CASE} --target 80/20 --patience 9 --patience-from x.csv", 2, "not both"),
        ("--forecast g.csv --target 80/20 --sites a=1,a=2", 2, "each site needs a name of its own"),
        ("--forecast g.csv --target 80/20 --sites a=0", 2, "no site has a share"),
        (f"{CASE} --target 80/20 --model A", 2, "--model A needs --patience"),
        (f"{CASE} --abandonment 3%", 1, "needs the callers' patience"),
        (
            f"{CASE} --target 80/20 --min-agents 9 --max-agents 5",
            1,
            "the minimum of 9 is above the maximum, 5",
        ),
        (f"{CASE} --target 80/20 --plot c.jpg", 1, "a picture is drawn as .svg or .png, not .jpg"),
        ("--lines 3", 2, "--lines and --blocking need --erlangs"),
        ("--lines 3 --blocking 1% --erlangs 2", 2, "not both"),
        ("--erlangs 2 --blocking 0", 1, "blocking is 0"),
        ("--forecast g.csv", 2, "say what is to be kept"),
        ("--forecast g.csv --target 80/20 --calls 5", 2, "--calls is for one case"),
        ("--forecast g.csv --target 80/20 --uncertain --backlog", 2, "without --backlog or another --column"),
        ("--forecast g.csv --target 80/20 --per 1h", 1, "rows are 30 min apart, less than --per says"),
        ("--forecast none.csv --target 80/20", 1, "none.csv: No such file"),
        (
            "--forecast g.csv --target 80/20 --column hi95",
            1,
            "g.csv: row 1: no column is hi95; there are timest",
        ),
        ("--skills none.yaml --days 2", 1, "none.yaml: No such file"),
    ],
)
def test_mistakes_are_told(
    forecast: Path, capsys: pytest.CaptureFixture[str], options: str, code: int, said: str
) -> None:
    """Wrong usage is 2, a problem is 1; what was wrong and what would be right."""
    found, out, err = staff(capsys, options)
    assert (found, out) == (code, "")
    assert said in err


def test_a_bad_forecast_leaves_no_plan(forecast: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Row and column are named, and nothing is written."""
    (forecast / "g.csv").write_text(FORECAST.replace("150,", "lots,"), encoding="utf-8")
    code, _, err = staff(capsys, "--forecast g.csv --target 80/20 --out r.csv")
    assert code == 1
    assert "g.csv: row 3, column calls: 'lots' is no number" in err
    assert not (forecast / "r.csv").exists()
