"""``callfloor flow …``: right exit codes, ``file:line: reason``, never a traceback."""

import dataclasses
import inspect
import io
import json
import os
import re
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from jsonschema import Draft202012Validator

from callfloor.cli import main
from ivr.book import SAMPLE_FLOWS
from ivr.document import Notes
from ivr.rehearsal import steps, world
from ivr.scenario import read_scenarios
from tests.hashes import quick_hashes
from tests.test_docs import blocks, tables, text_of

__all__ = ["quick_hashes"]

GOOD = """\
flow: small
version: 1
languages: [en]
default_queue: office
entry: start
nodes:
  start: {type: hours, calendar: office, exits: {open: wait, closed: end, failed: wait}}
  wait: {type: queue, queue: sales, exits: {default: end}}
  end: {type: hang_up}
"""
BAD = GOOD.replace("closed: end", "closed: gone").replace("queue: sales", "queu: sales")
ROUND = GOOD.replace("exits: {default: end}", "exits: {default: start}")


class Command:
    """Runs ``callfloor flow`` in this process, in a folder of its own."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str], patch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self._capsys = capsys
        self.patch = patch
        self.err = ""
        patch.chdir(folder)
        for name in [n for n in os.environ if n.startswith("CALLFLOOR_")]:
            patch.delenv(name)

    def __call__(self, *argv: str, stdin: str | bytes = "", code: int = 0) -> str:
        """What it said on standard output; AssertionError for another exit code or a traceback."""
        return self.run("flow", *argv, stdin=stdin, code=code)

    def run(self, *argv: str, stdin: str | bytes = "", code: int = 0) -> str:
        """Any verb of ``callfloor``."""
        raw = stdin if isinstance(stdin, bytes) else stdin.encode()
        self.patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw), "utf-8"))
        with pytest.raises(SystemExit) as caught:
            main(list(argv))
        said = self._capsys.readouterr()
        self.err = said.err
        assert caught.value.code == code, said
        assert "Traceback" not in said.err
        assert "a fault of the program" not in said.err
        return said.out

    def write(self, name: str, text: str | bytes) -> str:
        """A file in the folder, by its name."""
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return name


@pytest.fixture
def flow(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, quick_hashes: None
) -> Command:
    return Command(tmp_path, capsys, monkeypatch)


# ------------------------------------------------------------------ check


def test_a_good_flow_is_said_to_be_good(flow: Command) -> None:
    """Exit code 0."""
    assert flow("check", flow.write("f.yaml", GOOD)) == "1 flow, 0 problems, 0 warnings; good: small 1\n"


def test_every_problem_of_every_file_is_told(flow: Command) -> None:
    """File, line and reason, in their order; exit code 1."""
    flow.write("a/one.yaml", BAD)
    flow.write("a/two.yaml", b"flow: \xff")
    said = flow("check", "a", "none.yaml", code=1).splitlines()
    assert said[:-1] == [
        "a/one.yaml:7: node start: exit closed leads to gone, which is no node",
        "a/one.yaml:8: node wait: queue is missing",
        "a/one.yaml:8: node wait: unknown parameter queu",
        said[3],
        "none.yaml:1: the file cannot be read: No such file or directory",
    ]
    assert said[3].startswith("a/two.yaml:1: the file is not UTF-8: ")
    assert said[-1] == "1 flow, 5 problems, 0 warnings"


def test_warnings_are_no_problems_unless_they_are_to_be(flow: Command) -> None:
    """``--strict``."""
    file = flow.write("f.yaml", ROUND)
    reason = "node start: nothing ends this way round but the caller: no key, no bound (start > wait > start)"
    assert flow("check", file).splitlines()[0] == f"f.yaml:7: warning: {reason}"
    flow("check", "--strict", file, code=1)
    told = json.loads(flow("check", "--json", file))
    assert told == {"problems": [], "warnings": [{"file": "f.yaml", "line": 7, "reason": reason}]}


def test_what_the_platform_has_is_known_where_there_is_one(flow: Command) -> None:
    """Its queues, calendars and flows; without a platform nothing is said of them."""
    file = flow.write("f.yaml", GOOD)
    flow("check", file)
    flow("check", file, "--data", "nowhere", code=1)
    assert "there is no platform in nowhere" in flow.err
    flow.patch.setenv("CALLFLOOR_DATA_FOLDER", str(flow.folder / "data"))
    flow.run("db", "upgrade")
    flow.run("setup", "import", stdin="queues: [{id: sales, name: Sales}]\n")
    warned = [
        "f.yaml:4: warning: there is no queue office",
        "f.yaml:7: warning: node start: there is no calendar office",
    ]
    assert flow("check", file).splitlines()[:2] == warned
    flow.patch.delenv("CALLFLOOR_DATA_FOLDER")
    assert flow("check", file, "--data", "data").splitlines()[:2] == warned


def test_a_database_that_cannot_be_read_is_said_and_the_flow_is_looked_at(flow: Command) -> None:
    """On standard error."""
    flow.write("data/callfloor.db", b"no database at all, but long enough to look like a file of something")
    flow("check", flow.write("f.yaml", GOOD))
    assert flow.err.startswith("callfloor: queues and other names are not looked up: ")


def test_flows_given_together_know_one_another(flow: Command) -> None:
    """And only those, where there is no platform."""
    call = GOOD.replace("{type: queue, queue: sales, exits: {default: end}}", "{type: go, flow: other}")
    other = GOOD.replace("flow: small", "flow: other")
    flow.write("f.yaml", call)
    flow.write("o.yaml", other)
    assert "there is no flow other" in flow("check", "f.yaml")
    assert flow("check", "f.yaml", "o.yaml").startswith("2 flows, 0 problems, 0 warnings")


def test_halves_of_characters_are_shown_and_break_nothing(flow: Command) -> None:
    """As escapes."""
    said = flow("check", flow.write("f.yaml", GOOD.replace("flow: small", 'flow: "\\ud800"')), code=1)
    assert "is no name for a flow" in said


# ------------------------------------------------------------------ schema and draw


def test_the_schema_is_printed(flow: Command) -> None:
    """As JSON."""
    Draft202012Validator.check_schema(json.loads(flow("schema")))


def test_a_flow_is_drawn(flow: Command) -> None:
    """As Mermaid text, or into a file as SVG, or both."""
    file = flow.write("f.yaml", GOOD)
    assert flow("draw", file) == flow("draw", file, "--mermaid")
    assert flow("draw", file).startswith("%% small 1\nflowchart TD\n")
    assert flow("draw", file, "--svg", "f.svg") == ""
    assert ElementTree.parse(flow.folder / "f.svg").getroot().tag.endswith("svg")
    assert "flowchart" in flow("draw", file, "--svg", "f.svg", "--mermaid")


def test_what_cannot_be_drawn_is_told(flow: Command) -> None:
    """With its problems, or the file that is not there."""
    assert flow("draw", flow.write("f.yaml", BAD), code=1) == ""
    assert flow.err.splitlines()[0] == "f.yaml:7: node start: exit closed leads to gone, which is no node"
    flow("draw", "none.yaml", code=1)
    assert flow.err == "callfloor: none.yaml: No such file or directory\n"
    flow("draw", "f.yaml", "--svg", code=2)


# ------------------------------------------------------------------ try


def test_a_flow_is_tried_from_a_pipe(flow: Command) -> None:
    """Answers from a file; what is typed stands beside what is said."""
    answers = flow.write("answers.yaml", "calendars: {office: open}\ncaller: '123'\nsource: tv\n")
    said = flow("try", flow.write("f.yaml", GOOD), "--answers", answers, stdin="variables\nback full\n")
    assert said.splitlines()[:3] == [
        "small 1; help shows what can be typed",
        "-- waits in queue sales, priority 0",
        "> variables",
    ]
    assert "-- caller = '123'" in said
    assert "-- source = 'tv'" in said
    assert said.splitlines()[-1] == "the call is over: self_served"


def test_caller_and_number_may_be_given(flow: Command) -> None:
    """Also a caller without a number, and more flows."""
    flow.write("f.yaml", GOOD)
    said = flow("try", "f.yaml", "--caller", "", "--dialled", "95588", "-v", stdin=b"variables\n\xff\xfe\n")
    assert "-- caller = ''" in said
    assert "-- dialled = '95588'" in said
    assert "[wait]" in said
    flow("try", "f.yaml", "--flows", str(SAMPLE_FLOWS))
    flow("try", "f.yaml", "--flows", "nowhere", code=1)


def test_answers_that_cannot_be_read_are_told(flow: Command) -> None:
    """With file and line."""
    flow.write("f.yaml", GOOD)
    flow("try", "f.yaml", "--answers", flow.write("a.yaml", "at: noon\ncolour: red\n"), code=1)
    assert flow.err.splitlines() == [
        "a.yaml:1: answers: at is 'noon'; write a time like 10:30 or 2026-10-12 10:30",
        "a.yaml:2: answers: unknown parameter colour",
    ]
    flow("try", "f.yaml", "--answers", flow.write("a.yaml", b"\xff"), code=1)
    flow("try", "f.yaml", "--answers", flow.write("a.yaml", "["), code=1)


# ------------------------------------------------------------------ test

SCENARIOS = """\
flow: f.yaml
calendars: {office: open}
scenarios:
  - scenario: Waits
    steps: [queued: sales]
  - scenario: Hears something
    steps:
      - hears: Hello
"""


def test_the_scenarios_of_the_sample_bank_are_played(flow: Command) -> None:
    """All of them, and what they saw is told."""
    said = flow("test", str(SAMPLE_FLOWS / "scenarios"), "--coverage-below", "95", "--junit", "j.xml")
    assert " scenarios, 0 failed, " in said
    assert "bank 1: " in said
    cases = ElementTree.parse(flow.folder / "j.xml").getroot().findall("testsuite/testcase")
    assert len(cases) == int(said.split()[0])


def test_a_scenario_that_fails_is_shown(flow: Command) -> None:
    """The line, the step, the reason, and what happened up to there; exit code 1."""
    flow.write("f.yaml", GOOD)
    said = flow("test", flow.write("s.yaml", SCENARIOS), code=1)
    assert said.splitlines() == [
        "s.yaml:8: Hears something",
        "    hears: Hello",
        "    FAILED: nothing is said; the call waits in queue sales",
        "   0:00.0  [start > wait] waits in queue sales, priority 0",
        "",
        said.splitlines()[5],
        "small 1: 2 of 3 nodes, 1 of 4 exits, 43 %",
        "  f.yaml:9: node end was not visited",
        "  f.yaml:7: node start was not left by closed, failed",
        "  f.yaml:8: node wait was not left by default",
    ]
    assert said.splitlines()[5].startswith("2 scenarios, 1 failed, ")


def test_what_was_seen_may_be_too_little(flow: Command) -> None:
    """``--coverage-below``; only some scenarios may be played, and their calls be shown."""
    flow.write("f.yaml", GOOD)
    flow.write("s.yaml", SCENARIOS)
    said = flow("test", "s.yaml", "--only", "Waits", "--coverage-below", "80", "-v", code=1)
    assert "42.9 % is below 80 %" in said
    assert said.startswith("s.yaml:4: Waits\n   0:00.0  [start > wait] waits in queue sales")
    flow("test", "s.yaml", "--only", "Waits", "--coverage-below", "42")
    flow("test", "s.yaml", "--coverage-below", "lots", code=2)


def test_files_that_are_no_scenarios_are_told_and_the_others_played(flow: Command) -> None:
    """With file, line and reason; JUnit has them as errors. No scenarios at all are a problem too."""
    flow.write("f.yaml", BAD)
    flow.write("t/good.yaml", SCENARIOS.replace("f.yaml", "../g.yaml").split("  - scenario: Hears")[0])
    flow.write("g.yaml", GOOD)
    flow.write("t/bad.yaml", "flow: ../f.yaml\nscenarios: []\n")
    flow.write("t/odd.yaml", "steps: 7\n")
    said = flow("test", "t", "--junit", "j.xml", code=1)
    assert said.startswith("1 scenario, 0 failed")
    assert "f.yaml:7: node start: exit closed leads to gone, which is no node" in flow.err
    assert "t/odd.yaml:1: scenarios: flow is missing" in flow.err
    assert len(ElementTree.parse(flow.folder / "j.xml").getroot().findall("testsuite/testcase/error")) == 2
    flow("test", "t/good.yaml", "--only", "nothing of the kind", code=1)
    assert flow.err == "there are no scenarios\n"
    flow("test", "nowhere", code=1)


def test_wrong_usage_is_2_and_help_shows_everything(flow: Command) -> None:
    """As with every other verb."""
    for argv in ([], ["dance"], ["check"], ["test", "x", "--junit"]):
        flow(*argv, code=2)
    said = flow("--help")
    for words in (
        "check [-h]",
        "schema [-h]",
        "try [-h]",
        "test [-h]",
        "draw [-h]",
        "import [-h]",
        "--strict",
    ):
        assert words in said


# ------------------------------------------------------------------ the page that tells of it

PAGE = text_of("docs/flow-tools.md")
SCHOOL = blocks(text_of("docs/flows.md"), "yaml")[0]


def table(head: str) -> list[list[str]]:
    """The rows of the page's table whose first column is headed so."""
    return next(found[1:] for found in tables(PAGE) if found[0][0] == head)


@pytest.fixture
def school(flow: Command) -> Command:
    """The language school, and its scenarios as the page has them."""
    flow.write("school.yaml", SCHOOL)
    flow.write("school_test.yaml", blocks(PAGE, "yaml")[0])
    return flow


def test_what_check_says_on_the_page_it_says(school: Command) -> None:
    """Two slips in a good flow."""
    slipped = SCHOOL.replace(
        "exits: {done: seniors, no_input: desk, no_match: desk}", "exits: {done: seniors, no_input: desk}"
    )
    school.write("school.yaml", slipped.replace("学号 {student}", "学号 {studnet}"))
    assert school("check", "school.yaml", code=1) == blocks(PAGE, "text")[0]


def test_the_call_on_the_page_is_talked_so(school: Command) -> None:
    """Line for line."""
    shown = blocks(PAGE, "text")[1].splitlines()
    typed = "".join(f"{line.removeprefix('> ')}\n" for line in shown if line.startswith("> "))
    world = school.write("en.yaml", "calendars: {school: open}\n")
    assert school("try", "school.yaml", "--answers", world, stdin=typed).splitlines()[1:] == shown


def test_the_scenarios_on_the_page_come_true(school: Command) -> None:
    """All three."""
    assert school("test", "school_test.yaml").startswith("3 scenarios, 0 failed")


def test_a_failure_looks_as_the_page_shows_it(school: Command) -> None:
    """With its transcript, and what of the flow was seen."""
    wrong = blocks(PAGE, "yaml")[0].replace("queued: {queue: office, priority: 0}", "queued: {queue: sales}")
    school.write("school_test.yaml", wrong)
    told = school("test", "school_test.yaml", code=1).splitlines()
    shown = blocks(PAGE, "text")[2].splitlines()
    end = shown.index("")
    assert told[:end] == shown[:end]
    assert (told[end + 2 : end + 5], "…") == (shown[end + 2 : -1], shown[-1])


def test_the_answers_on_the_page_are_answers(school: Command) -> None:
    """And of each key of a world the page tells, and no other."""
    school("try", "school.yaml", "--answers", school.write("a.yaml", blocks(PAGE, "yaml")[1]))
    keys = [row[0] for row in table("key")]
    source = inspect.getsource(world.read_world)
    assert sorted(keys) == sorted(set(re.findall(r'section\.(?:has|take)\("(\w+)"', source)))
    for words, kind in ((table("key")[6][2], world.Person), (table("key")[9][2], None)):
        named = set(re.findall(r"\b[a-z_]+\b", words))
        wanted = {f.name.removesuffix("_s") for f in dataclasses.fields(kind)} if kind else set()
        assert wanted <= named


def test_every_step_is_on_the_page() -> None:
    """And no other, each as it is written."""
    told = [row[0].partition(":")[0] for row in table("step")]
    assert sorted(told) == sorted([*steps._READERS, *steps.PLAIN])
    for row in table("step"):
        text = row[0]
        for name, value in (("TEXT", "x"), ("QUEUE", "q"), ("REASON", "full"), ("NUMBER", "'1'")):
            text = text.replace(name, value)
        notes = Notes("s")
        text = text.replace("OUTCOME", "closed").replace("NODE", "n").replace("NAME", "n")
        read = read_scenarios(
            f"flow: {__file__}\nscenarios:\n- scenario: x\n  steps:\n  - {text}\n", Path("s"), notes
        )
        assert notes.problems == [], text
        assert read is not None


def test_the_drawing_on_the_page_is_drawn_so(school: Command) -> None:
    """The flow of it, in Mermaid's words."""
    tiny = """\
flow: tiny
version: 1
languages: [en]
default_queue: q
entry: ask
nodes:
  ask: {type: menu, prompts: {en: Press 1.}, exits: {1: end, no_input: end, no_match: end}}
  end: {type: hang_up}
"""
    assert school("draw", school.write("tiny.yaml", tiny)) == blocks(PAGE, "text")[3]
