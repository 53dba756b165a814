"""Scripted callers: they hear, press, wait and are judged; what fails is told with its step and line."""

from dataclasses import replace
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ivr.book import SAMPLE_FLOWS
from ivr.document import Notes
from ivr.flow import Flow
from ivr.junit import junit
from ivr.load import load_file
from ivr.rehearsal.coverage import Watch
from ivr.rehearsal.steps import PLAIN
from ivr.scenario import (
    Result,
    Scenario,
    ScenarioError,
    load_scenarios,
    play,
    read_flows,
    read_scenarios,
    scenario_files,
)
from tests.ivr.flows import small_flow

FLOWS = read_flows([SAMPLE_FLOWS])
loaded = cache(load_file)
SAMPLES = [one for file in scenario_files(SAMPLE_FLOWS / "scenarios") for one in [load_scenarios(file)]]


@pytest.mark.parametrize("restoring", [False, True], ids=["living", "restored"])
@pytest.mark.parametrize(
    ("file", "scenario"),
    [(file.flow, one) for file in SAMPLES for one in file.scenarios],
    ids=lambda one: one.name if isinstance(one, Scenario | Path) else None,
)
def test_the_scenarios_of_the_sample_bank_come_true(file: Path, scenario: Scenario, restoring: bool) -> None:
    """Each of them, and no differently when the session is saved and restored before every step."""
    result = play(scenario, loaded(file), FLOWS.get, restoring=restoring)
    assert result.failure is None, "\n".join([str(result.failure), *result.transcript])


def test_the_scenarios_of_the_sample_bank_see_all_of_it() -> None:
    """Every node is visited and every exit taken, of every flow we ship."""
    watch = Watch()
    for file in SAMPLES:
        for scenario in file.scenarios:
            play(scenario, loaded(file.flow), FLOWS.get, watch)
    assert set(FLOWS) == {one.flow.name for one in watch.flows.values()}
    for covered in watch.flows.values():
        assert (covered.missed_nodes, covered.missed_exits, covered.percent) == ([], [], 100.0)


# ------------------------------------------------------------------ steps

FLOW = """
start: {type: say, prompts: {en: Good day, zh-CN: 您好}, next: who}
who: {type: lookup, exits: {one: ask, many: ask, none: ask, failed: end}}
ask:
  type: menu
  timeout_s: 4
  retries: 0
  prompts: {en: "Press 1 to wait, {customer_name}", zh-CN: 等候请按 1}
  exits: {1: wait, 2: note, no_input: end, no_match: end}
wait: {type: queue, queue: sales, priority: 5, skills: [english], exits: {default: sorry}}
sorry: {type: say, prompts: {en: Nobody is free, zh-CN: 无人}, next: note}
note: {type: voicemail, prompts: {en: Speak, zh-CN: 请讲}, max_s: 10, exits: {taken: end, failed: end}}
"""


def one_scenario(steps: str, world: str = "") -> Scenario:
    """A scenario of these steps; AssertionError if it cannot be read."""
    text = f"flow: {__file__}\nscenarios:\n- scenario: it\n  steps: {steps}\n"
    text += "".join(f"  {line}\n" for line in world.splitlines())
    notes = Notes("s.yaml")
    read = read_scenarios(text, Path("s.yaml"), notes)
    assert notes.problems == []
    assert read is not None
    return read.scenarios[0]


def played(steps: str, world: str = "", flow: str | Flow = FLOW) -> Result:
    """What becomes of these steps."""
    return play(one_scenario(steps, world), small_flow(flow) if isinstance(flow, str) else flow)


def reason(steps: str, world: str = "", flow: str | Flow = FLOW) -> str:
    """Why these steps fail; '' if they do not."""
    failure = played(steps, world, flow).failure
    return "" if failure is None else failure.reason


@pytest.mark.parametrize(
    ("steps", "world"),
    [
        ("[hears: Good day, hears: Press 1]", ""),
        ("[hears: '/^Good.*/', {hears: '/Press \\d/', press: 1}, queued: sales]", ""),
        ("[listens, press: 1, queued: {queue: sales, priority: 5, skills: [english]}]", ""),
        ("[listens, press: 1, queued: {priority: 35, tier: gold}]", "customer: {tier: gold, priority: 30}"),
        ("[hears: Good, hears: 'to wait, Ada']", "customer: {name: Ada}"),
        ("[hears: Good, hears: 'to wait, Bo']", "customers: {'+8613800000001': {name: Bo}, any: none}"),
        ("[hears: Good, ends: self_served]", "customer: failed"),
        ("[hears: Good, wait: 2.9s, at: who, wait: 100ms, ends: self_served]", "customer: silent"),
        ("[hears: Good, wait: 1s, at: who, wait: 1s, hears: Press]", "customer: {after: 2s}"),
        ("[hears: Good, says nothing, ends: self_served]", "customer: silent"),
        ("[listens, says nothing, ends: self_served]", ""),
        ("[listens, wait: 3s, at: ask, wait: 1s, ends: self_served]", ""),
        ("[listens, press: 9, ends: self_served]", ""),
        ("[listens, press: 1, returns: timeout, hears: Nobody, variables: {queue_reason: timeout}]", ""),
        ("[listens, press: 1, returns: {reason: closed, message: Fire}, hears: Fire]", ""),
        ("[listens, press: 1, told: {position: 2, wait: 5min}, hears: You are number 2]", ""),
        ("[listens, press: 1, told: We are sorry, hears: We are sorry]", ""),
        ("[listens, press: 1, proposed: 1, hears: call you back, press: 1, ends: callback]", ""),
        ("[listens, press: 1, agent answers, agent hangs up, ends: answered]", ""),
        ("[listens, press: 2, hears: Speak, message: 4s, ends: self_served]", ""),
        ("[listens, press: 2, message: 99s, variables: {message: c1-m1}]", ""),
        ("[listens, press: 2, message: 0s, ends: self_served]", ""),
        ("[hears: Good, asks: {kind: lookup, name: '+44'}]", "caller: '+44'"),
        ("[hears: Good, hears: Press, hangs up, ends: caller]", ""),
        (
            "[hears: Good, variables: {source: tv, x: 1, caller: ''}]",
            "source: tv\nvariables: {x: 1.0}\ncaller: withheld",
        ),
        ("[listens, crash, press: 1, queued: sales]", ""),
    ],
)
def test_steps_that_are_so(steps: str, world: str) -> None:
    """Each kind of step does what it says, or finds what it says."""
    assert reason(steps, world) == ""


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ("[hears: Good night]", "heard instead: Good day"),
        ("[listens, hears: More]", "nothing is said; node ask waits for the caller"),
        (
            "[hears: Good, {hears: Press, press: 1}, hears: x]",
            "nothing is said; the call waits in queue sales",
        ),
        ("[queued: sales]", "the call waits in no queue; node ask waits for the caller"),
        ("[listens, press: 1, queued: people]", "queue is 'sales', not 'people'"),
        ("[listens, press: 1, queued: {skills: [french]}]", "skills is ['english'], not ['french']"),
        ("[message: 3s]", "nothing is being recorded"),
        ("[returns: full]", "the call does not wait in a queue"),
        ("[agent answers]", "the call does not wait in a queue"),
        ("[agent hangs up]", "no agent speaks with the caller"),
        ("[not reached]", "the call is not being handed over"),
        ("[hangs up, press: 1]", "the call is over: caller"),
        ("[ends: closed]", "the call goes on; node ask waits for the caller"),
        ("[listens, press: 9, ends: closed]", "outcome is 'self_served', not 'closed'"),
        ("[variables: {x: 1}]", "variable x is not set, not '1'"),
        ("[marks: {purpose: enquiry}]", "mark purpose is not set, not 'enquiry'"),
        ("[at: wait]", "node is 'start', not 'wait'"),
        ("[asks: bill]", "asked was lookup +8613800000001; node ask waits for the caller"),
        ("[transferred: '95588']", "the call is not handed over; node ask waits for the caller"),
        ("[trouble: x]", "nothing went wrong"),
        ("[listens, press: 2, listens, says nothing, says nothing]", "the call is over"),
        ("[listens, press: 1, says nothing]", "the flow does not wait for the caller here"),
    ],
)
def test_steps_that_are_not_so(steps: str, said: str) -> None:
    """The reason says what was found, and where the call stands."""
    assert said in reason(steps)


def test_a_failure_names_its_step_and_line_and_has_a_transcript() -> None:
    """Up to where it went wrong, with the time since the call began and the nodes on the way."""
    result = played("\n    - hears: Good day\n    - hears: Press 2")
    assert result.failure is not None
    assert (result.failure.line, result.failure.step) == (6, "hears: Press 2")
    assert result.transcript == [
        " 0:00.0  [start] says: Good day",
        " 0:00.5  [who] looks up +8613800000001",
        " 0:00.5  answer: none",
        " 0:00.5  [ask] says: Press 1 to wait,",
    ]


def test_a_mistake_of_the_flow_fails_the_scenario_unless_it_is_meant() -> None:
    """A flow that needs its last resort is not well, whatever the caller heard."""
    flow = small_flow("start: {type: hours, calendar: bank, exits: {open: end, closed: end}}")
    wrong = "start: calendar bank gave no answer: calendar bank: there is no such calendar"
    assert reason("[hears: Sorry]", flow=flow) == f"the flow made a mistake: {wrong}"
    assert reason("[hears: Sorry, trouble: /no such calendar/, queued: everybody]", flow=flow) == ""
    assert reason("[hears: Sorry, trouble: rain]", flow=flow) == f"what went wrong is: {wrong}"


CALENDARS = """
start: {type: hours, calendar: bank, exits: {open: yes, closed: no}}
yes: {type: say, prompts: {en: Open, zh-CN: 开}, next: start}
no: {type: say, prompts: {en: Closed, zh-CN: 关}, next: start}
"""


@pytest.mark.parametrize(
    ("world", "heard"),
    [
        ("calendars: {bank: open}", "Open"),
        ("calendars: {bank: closed}", "Closed"),
        ("calendars: {bank: {hours: {mon: 09:00-17:00}}}\nat: 16:59", "Open"),
        ("calendars: {bank: {hours: {mon: 09:00-17:00}}}\nat: 17:00:00", "Closed"),
        ("calendars: {bank: {hours: {mon: 09:00-17:00}}}\nat: 2026-10-13 16:00", "Closed"),
        ("calendars: {bank: {hours: {mon: 09:00-17:00}}}\nzone: Europe/Berlin\nat: 9:00", "Open"),
        ("calendars: {bank: {timezone: UTC, hours: {mon: 09:00-17:00}}}\nat: 2026-10-12T08:59:59Z", "Closed"),
        ("calendars: {bank: {hours: {thu: [09:00-17:00]}, country: CN}}\nat: 2026-10-01 10:00", "Closed"),
    ],
)
def test_calendars_are_open_closed_or_kept_as_the_platform_keeps_them(world: str, heard: str) -> None:
    """A scenario says what is open, or writes a calendar and the time of the call."""
    assert reason(f"[hears: {heard}]", world.replace("at: 9:00", "at: 09:00"), CALENDARS) == ""


def test_the_world_may_change_during_a_call() -> None:
    """The calendar closes while the caller is in the flow."""
    steps = "[hears: Open, hears: Open, now: {calendars: {bank: closed}}, hears: Open, hears: Closed]"
    assert reason(steps, "calendars: {bank: open}", CALENDARS) == ""


# ------------------------------------------------------------------ files

WRONG = """\
flow: nowhere.yaml
flows: [neither]
colour: red
at: noon
calendars: {bank: ajar, shop: {hours: {may: 9}}}
customer: somebody
scenarios:
  - scenario: One
    queues: {sales: {waiting: many}}
    answers: {bill: maybe}
    steps:
      - dances
      - {sings: loudly}
      - press: x
      - hears: "/(/"
      - wait: soon
      - {returns: tired}
      - {now: {at: never}}
  - scenario: One
    steps: []
"""

EXPECTED = """\
1: scenarios: there is no {folder}/nowhere.yaml
2: scenarios: there is no {folder}/neither
3: scenarios: unknown parameter colour
4: scenarios: at is 'noon'; write a time like 10:30 or 2026-10-12 10:30
5: scenarios: calendars: bank is 'ajar'; it may be open, closed, gone
5: scenarios: calendars: shop: calendar shop: 'may' is no weekday; they are mon, tue, wed, thu, fri, sat, sun
5: scenarios: calendars: shop: hours: may is no weekday; they are mon, tue, wed, thu, fri, sat, sun
6: scenarios: customer is 'somebody'; it may be none, many, failed, silent
9: scenario 'One': queues: sales: waiting must be a number from 0 to 1e+06
10: scenario 'One': answers: bill must be a mapping of values or one of ok, none, failed, silent
"""


def test_every_problem_of_a_file_is_told_in_one_pass(tmp_path: Path) -> None:
    """With its line and its reason; steps that are unknown name those there are."""
    file = tmp_path / "wrong.yaml"
    file.write_text(WRONG, encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        load_scenarios(file)
    lines = [str(p).removeprefix(f"{file}:") for p in caught.value.problems]
    assert lines[:10] == EXPECTED.format(folder=tmp_path).splitlines()
    assert [line.partition(":")[0] for line in lines[10:]] == [
        "12",
        "13",
        "14",
        "15",
        "16",
        "17",
        "18",
        "19",
        "20",
    ]
    assert all(step in lines[10] for step in [*PLAIN, "hears", "queued"])
    assert "there are two scenarios of the name 'One'" in lines[-2]


def test_the_files_of_a_folder_are_found_in_the_folders_in_it(tmp_path: Path) -> None:
    """By name; other files are left alone."""
    (tmp_path / "b").mkdir()
    for name in ("b/two.yml", "one.yaml", "three.json", "notes.txt"):
        (tmp_path / name).touch()
    names = [str(file.relative_to(tmp_path)) for file in scenario_files(tmp_path)]
    assert names == ["b/two.yml", "one.yaml", "three.json"]


def test_a_newer_version_of_a_flow_is_taken(tmp_path: Path) -> None:
    """Where two files have flows of one name."""
    text = (SAMPLE_FLOWS / "bank.yaml").read_text(encoding="utf-8")
    (tmp_path / "a.yaml").write_text(text.replace("version: 1", "version: 7"), encoding="utf-8")
    (tmp_path / "b.yaml").write_text(text, encoding="utf-8")
    assert read_flows([tmp_path])["bank"].version == 7
    (tmp_path / "b.yaml").write_text("flow: x", encoding="utf-8")
    with pytest.raises(ScenarioError, match="languages is missing"):
        read_flows([tmp_path])


PIECES = (
    "scenarios|scenario|steps|hears|press|: |- |\n|  |{|}|[|]|1s|now|queued|returns|told|customer|answers"
)
PIECES += "|calendars|at|x|,|'|\n- |flow: x\n"


@given(st.text(max_size=60) | st.lists(st.sampled_from(PIECES.split("|")), max_size=40).map("".join))
@example("{}")
def test_whatever_is_written_is_scenarios_or_a_list_of_problems(text: str) -> None:
    """No text raises anything, and every problem has a line of the text."""
    notes = Notes("s.yaml")
    read = read_scenarios(text, Path("s.yaml"), notes)
    assert read is not None or notes.problems
    assert all(1 <= problem.line <= text.count("\n") + 2 for problem in notes.problems)


# ------------------------------------------------------------------ reports


def test_nodes_and_exits_nobody_saw_are_named() -> None:
    """A share of all nodes and exits together; exits of nodes nobody visited are not told one by one."""
    watch = Watch()
    play(one_scenario("[listens, press: 9]"), small_flow(FLOW), watch=watch)
    (covered,) = watch.flows.values()
    assert [node.id for node in covered.missed_nodes] == ["wait", "sorry", "note"]
    assert {one for one in covered.missed_exits if one[0] == "ask"} == {
        ("ask", e) for e in ("1", "2", "no_input")
    }
    assert covered.percent == pytest.approx(100 * (4 + 3) / (7 + 13))


def test_a_flow_that_is_called_leaves_the_node_that_called_it() -> None:
    """By the exit it returns by; both flows are watched."""
    caller = small_flow("start: {type: subflow, flow: two, exits: {done: end, odd: end, failed: end}}")
    called = replace(small_flow("start: {type: return, exit: odd}"), name="two")
    watch = Watch()
    play(one_scenario("[listens]"), caller, {"small": caller, "two": called}.get, watch)
    assert watch.flows["small/1"].exits == {("start", "odd"): 1}
    assert watch.flows["two/1"].percent == 100


def test_results_are_junit_xml_whatever_is_said(tmp_path: Path) -> None:
    """Failures with their transcript, files that could not be read as errors; no character breaks it."""
    well, failed = played("[hears: Good]"), played('[hears: "\\x01<&"]')
    named = replace(failed, scenario=replace(failed.scenario, name="\x00\ud800 ]]> &"))
    root = ElementTree.fromstring(junit([(well, 0.5), (named, 0.25)], [("other.yaml", "bad\x1b line")]))
    suite, broken = root.findall("testsuite")
    assert (suite.attrib["tests"], suite.attrib["failures"], suite.attrib["time"]) == ("2", "1", "0.750000")
    (failure,) = suite.findall("testcase/failure")
    assert failure.attrib["message"] == "line 4: hears: ?<&: heard instead: Good day"
    assert "says: Good day" in (failure.text or "")
    assert broken.attrib["errors"] == "1"


# ------------------------------------------------------------------ what only some nodes ask for

SECRET = """
start:
  type: collect
  into: card
  min: 16
  max: 16
  luhn: true
  sensitive: true
  retries: 1
  prompts: {en: Card number, zh-CN: 卡号}
  exits: {done: end, no_input: end, no_match: wrong}
wrong: {type: say, prompts: {en: Wrong, zh-CN: 不对}, next: end}
"""


def test_hidden_digits_are_in_no_transcript_and_lost_in_a_crash() -> None:
    """The vault is the platform's own: it knows their form, and forgets when the platform dies."""
    typed = "4539148803436467"
    result = played(f"[hears: Card, press: '{typed}', ends: self_served]", flow=SECRET)
    assert result.failure is None
    assert typed[:4] not in "\n".join(result.transcript)
    assert sum("presses a digit nobody sees" in line for line in result.transcript) == 16
    assert reason("[hears: Card, press: '4539148803436460', hears: Card]", flow=SECRET) == ""
    assert reason("[hears: Card, press: '4539', crash, hears: Card]", flow=SECRET) == ""


def test_a_call_is_shared_out_as_the_scenario_says() -> None:
    """A split goes by the call's name, so one is found that goes there."""
    flow = small_flow(
        """
        start: {type: split, parts: {a: 99, b: 1, c: 0}, exits: {a: end, b: rare, c: end}}
        rare: {type: say, prompts: {en: Rare, zh-CN: 少}, next: end}
        """
    )
    assert reason("[hears: Rare]", "parts: {start: b}", flow) == ""
    assert "none leaves start by c" in reason("[listens]", "parts: {start: c}", flow)
    assert "rare is no node" in reason("[listens]", "parts: {rare: done}", flow)


def test_queues_stand_as_the_scenario_says() -> None:
    """A queue nobody wrote of is one nobody knows."""
    flow = small_flow(
        """
        start:
          type: queue_state
          queue: sales
          cases:
            - if: queue_waiting > 3 and queue_wait_s >= 120 and queue_staffed > queue_available
              exit: full
          exits: {full: busy, otherwise: end, failed: end}
        busy: {type: say, prompts: {en: Busy, zh-CN: 忙}, next: end}
        """
    )
    standing = "queues: {sales: {waiting: 4, wait: 2min, available: 0, staffed: 2}}"
    assert reason("[hears: Busy]", standing, flow) == ""
    assert reason("[ends: self_served]", standing.replace("4", "3"), flow) == ""
    assert reason("[ends: self_served]", "", flow) == ""
