"""Problems and rosters as JSON: nothing is lost, and every mistake has its line."""

import json
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduling.formats import FormatError
from scheduling.formats.documents import (
    problem_schema,
    read_problem,
    read_roster,
    write_problem,
    write_roster,
)
from scheduling.problem import Problem
from scheduling.roster import Roster
from tests.scheduling.small import cases
from tests.test_docs import blocks, text_of

SCHEMA = jsonschema.Draft202012Validator(problem_schema())


@settings(max_examples=30)
@given(cases())
def test_there_and_back(case: tuple[Problem, Roster]) -> None:
    """What is written is read again as it was, and the schema takes it."""
    problem, roster = case
    text = write_problem(problem)
    assert read_problem(text) == problem
    SCHEMA.validate(json.loads(text))
    written = read_roster(problem, write_roster(roster, 12, "p.json"))
    assert written.objective == 12
    assert set(written.roster.assignments) == set(roster.assignments)


def test_the_schema_is_one() -> None:
    """It is a schema itself, and refuses what the reader refuses."""
    jsonschema.Draft202012Validator.check_schema(problem_schema())
    assert not SCHEMA.is_valid({"start": "2026-11-02", "days": 1, "shifts": [], "people": [], "colour": 1})
    rule = {"least_minutes": 660}
    problem = {"start": "2026-11-02", "days": 1, "shifts": [], "people": [], "rules": [rule]}
    assert not SCHEMA.is_valid(problem)


WRONG = """{"start": "2026-11-02", "days": 2,
"shifts": [{"id": "D", "start": 480,
  "length": 480,
  "colour": "red"}],
"people": [{"id": "ann", "skills": {"english": "x"}}],
"rules": [{"rule": "rest", "least_minutes": 660},
  {"rule": "rest", "least": 660},
  {"rule": "fairness", "of": true, "weight": 1.5}, {"rule": "magic"}],
"zone": null, "holidays": [true], "covers": 3}
"""


def test_mistakes_of_shape() -> None:
    """All at once, each with line, path and reason."""
    with pytest.raises(FormatError) as said:
        read_problem(WRONG, "p.json")
    lines = str(said.value).splitlines()
    assert lines[0].startswith(
        "p.json:4: shifts[0].colour: there is no such field; there are id, start, length"
    )
    assert lines[1:7] == [
        "p.json:5: people[0].skills.english: must be a whole number, is 'x'",
        "p.json:9: covers: must be a list, is 3",
        "p.json:7: rules[1].least: there is no such field; there are who, weight, name, least_minutes, rule",
        "p.json:7: rules[1].least_minutes: is missing",
        "p.json:8: rules[2].weight: must be a whole number, is 1.5",
        "p.json:8: rules[2].of: must be a text, is True",
    ]
    assert lines[7].startswith(
        "p.json:8: rules[3].rule: 'magic' is not known; rules are 'rest', 'succession'"
    )
    assert lines[8:] == [
        "p.json:9: holidays[0]: must be a whole number, is True",
        "p.json:9: zone: must be a text, is None",
    ]


def test_mistakes_of_sense() -> None:
    """A problem that cannot be is refused with the line of what is wrong."""
    text = WRONG.replace(',\n  "colour": "red"', "").replace('"x"', "1").replace('"least"', '"least_minutes"')
    text = text.replace('"of": true, "weight": 1.5}, {"rule": "magic"}', '"of": "night"}')
    text = text.replace('"zone": null, "holidays": [true], "covers": 3', '"name": "{[,\\""').replace(
        "480}", "1500}"
    )
    with pytest.raises(FormatError) as said:
        read_problem(text, "p.json")
    assert str(said.value).splitlines() == [
        "p.json:3: shifts[0].length: 'D' lasts 1500 minutes, longer than a day (1440)",
        "p.json:7: rules[2].of: 'night' is no shift and no mark of one, and none of days, hours, weekends, "
        "holidays, wishes",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "p.json:1: is not JSON: Expecting property name enclosed in double quotes (column 2)"),
        ("[" * 100_000, "p.json: is nested too deeply"),
        ('{"days": 1, "days": 2}', "p.json: the key 'days' is there twice in one mapping"),
        ('{"days": NaN}', "p.json: NaN is no number of JSON"),
        ("[]", "p.json: the file: must be a mapping, is []"),
        ('{"start": "2026-02-30"}', "p.json:1: start: must be a date like 2026-11-01, is '2026-02-30'"),
        ('{"days": 10000000000}', "p.json:1: days: 10000000000 is too large; numbers go up to 1000000000"),
    ],
)
def test_no_document(text: str, said: str) -> None:
    """Whatever the file holds, the answer is a sentence."""
    with pytest.raises(FormatError) as error:
        read_problem(text, "p.json")
    assert said in str(error.value).splitlines()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{}", "r.json: is no roster: it has no assignments"),
        ('{"objective": "few", "assignments": []}', "r.json:1: objective: 'few' is no whole number"),
        ('{"assignments": [{}]}', "r.json:1: assignments[0].person: is missing"),
        (
            '{"assignments": [{"person": "eve", "day": 2, "shift": "X", "start": 480, "length": 480}]}',
            "r.json:1: assignments[0].day: day 2 is not in the period, whose days are 0 to 1",
        ),
        (
            '{"assignments": [{"person": "ann", "day": 0, "shift": "D", "start": 480, "length": -1}]}',
            "r.json:1: assignments[0]: from minute 480 to 479 is no time of the day and the next",
        ),
        ('{"assignments": {"eve": []}}', "r.json: assignments: there is no person 'eve'"),
        ('{"assignments": {"ann": ["D"]}}', "r.json: assignments.ann: must be a list of 2 shifts"),
        ('{"assignments": {"ann": ["D", "X"]}}', "r.json: assignments.ann[1]: there is no shift 'X'"),
    ],
)
def test_no_roster(text: str, said: str) -> None:
    """A roster that cannot be read is refused with the reason."""
    problem = read_problem(
        '{"start": "2026-11-02", "days": 2, "shifts": [{"id": "D", "start": 480, "length": 480}],'
        ' "people": [{"id": "ann"}]}'
    )
    with pytest.raises(FormatError) as error:
        read_roster(problem, text, "r.json")
    assert said in str(error.value).splitlines()


def test_two_shifts_on_a_day() -> None:
    """Nobody has two shifts on a day."""
    problem = read_problem(
        '{"start": "2026-11-02", "days": 2, "shifts": [{"id": "D", "start": 480, "length": 480}],'
        ' "people": [{"id": "ann"}]}'
    )
    one = {"person": "ann", "day": 0, "shift": "D", "start": 480, "length": 480}
    with pytest.raises(FormatError, match="ann has two shifts on day 0"):
        read_roster(problem, json.dumps({"assignments": [one, one]}), "r.json")


(EXAMPLE,) = blocks(text_of("docs/scheduling.md"), "json")
ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from((-1, 0, 1, 60, 1440, 10**9, -(10**9), 10**12)),
    st.sampled_from(("", "E", "night", "a\x00", "\ud800", "1900-01-01", "9999-12-31")),
    st.sampled_from((1.5, [], {}, [[]], [1], {"a": 1})),
)


def places(value: object, above: tuple[object, ...] = ()) -> list[tuple[object, ...]]:
    """The paths of everything inside a document."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path for key, one in inside for path in ((*above, key), *places(one, (*above, key)))]


@settings(max_examples=150)
@given(st.data())
def test_any_document_is_answered(data: st.DataObject) -> None:
    """Whatever stands in place of a value, the answer is a problem or sentences with their lines."""
    raw = json.loads(EXAMPLE)
    for _ in range(data.draw(st.integers(1, 2))):
        path = data.draw(st.sampled_from(places(raw)))
        holder = raw
        for key in path[:-1]:
            holder = holder[key]
        holder[path[-1]] = data.draw(ODD)
    text = json.dumps(raw)
    try:
        problem = read_problem(text, "p.json")
    except FormatError as error:
        told = error.wrongs
    else:
        told = ()
        assert read_problem(write_problem(problem)) == problem
    assert all(one.reason and 0 <= one.line <= text.count("\n") + 1 for one in told)


DATA = Path(__file__).parents[4] / "shared" / "data" / "curtois"


@pytest.mark.skipif(not DATA.is_dir(), reason="the benchmark's instances are not here")
def test_instances_there_and_back() -> None:
    """Instances of the benchmark keep their meaning as JSON."""
    for file in sorted(DATA.glob("*.txt")):
        problem = read_problem(file.read_text(), file.name)
        assert read_problem(write_problem(problem)) == problem
