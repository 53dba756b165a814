"""A flow is checked at load: every problem in one pass, with its line and a reason that helps."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.switch import Sound, Speak, Tone
from ivr.book import SAMPLE_FLOWS
from ivr.document import FlowProblem
from ivr.load import MAX_CHARACTERS, FlowError, load_file, load_flow
from ivr.nodes import KINDS
from ivr.nodes.branch import OPS
from ivr.templates import FILTERS
from tests.ivr.flows import small_flow, small_text

MANY_PROBLEMS = """\
flow: bad flow
version: 0
languages: [en, en, Chinese]
default_queue: everybody
entry: nowhere
on_error: nobody
colour: red
nodes:
  start:
    type: say
    prompts: {fr: Bonjour}
    next: gone
    exits: {done: gone}
    volume: 11
  start:
    type: hang_up
  1 2:
    type: dance
  menu:
    type: menu
    timeout_s: soon
    retries: 1.5
    prompts: {en: "", Chinese: [{tone: 9000}]}
    exits: {1: menu, 12: menu, maybe: menu}
  collect:
    type: collect
    into: caller
    min: 5
    max: 2
    terminator: "!"
    prompts: Hello
    exits: {no_input: menu}
  branch:
    type: branch
    cases:
      - {variable: x, op: like, value: 1, exit: menu}
      - {variable: y, op: less, value: many, exit: menu}
      - {variable: z, value: [1, 2], exit: menu}
"""

EXPECTED = """\
1: flow: 'bad flow' is no name for a flow (letters, digits, _ and -)
2: flow: version must be a number from 1 to 1e+09
3: flow: 'Chinese' is no language tag such as en or zh-CN
3: flow: a language is listed twice
5: flow: entry names nowhere, which is no node
6: flow: on_error names nobody, which is no node
7: flow: unknown parameter colour
11: node start: prompts: fr is not a language of this flow
11: node start: prompts: there is no prompt in Chinese
11: node start: prompts: there is no prompt in en
12: node start: exit done leads to gone, which is no node
12: node start: next and the exit done say the same thing; write one
14: node start: unknown parameter volume
15: nodes: start is written twice
17: nodes: '1 2' is no name for a node (letters, digits, _ and -)
18: node 1 2: unknown type dance; there are {kinds}
21: node menu: timeout_s must be a number from 0.5 to 120
22: node menu: retries must be a whole number
23: node menu: prompts: Chinese: tone must be a number from 0 to 4000
23: node menu: prompts: the prompt in en is empty
24: node menu: menu digits collide: 1 and 12
24: node menu: menu has no exit maybe
27: node collect: caller can be read but not set
28: node collect: min 5 is more than max 2
30: node collect: terminator is '!'; it may be #, *, ''
31: node collect: prompts must be a mapping of names to values
32: node collect: exit done is missing
34: node branch: exit menu is missing
34: node branch: exit otherwise is missing
36: node branch: cases 1: op is 'like'; it may be {ops}
37: node branch: cases 2: op less needs a number
38: node branch: cases 3: op is compares with one value, not a list
"""


def problems(text: str) -> list[str]:
    """What the loader says, without the file's name."""
    with pytest.raises(FlowError) as caught:
        load_flow(text, "f.yaml")
    return [str(p).removeprefix("f.yaml:") for p in caught.value.problems]


def test_every_problem_of_a_bad_document_is_reported_in_one_pass() -> None:
    """Sorted by line, none missing, none invented."""
    expected = EXPECTED.format(kinds=", ".join(sorted(KINDS)), ops=", ".join(OPS))
    assert problems(MANY_PROBLEMS) == expected.splitlines()


def test_the_error_reads_file_line_reason() -> None:
    """As editors and people expect it."""
    with pytest.raises(FlowError) as caught:
        load_flow("flow: x", "flows/x.yaml")
    assert "flows/x.yaml:1: flow: languages is missing: list at least one, such as [zh-CN, en]" in str(
        caught.value
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "1: the document is empty"),
        ("flow: [", "1: this is not YAML: expected the node content, but found '<stream end>'"),
        ("a: 1\nb: &x 2\nc: *x", "3: aliases (*name) are not taken; write the value out"),
        ("\tflow: x", "1: this is not YAML: found character '\\t' that cannot start any token"),
        ("- a list", "1: flow must be a mapping of names to values"),
        ("? [a]\n: 1", "1: flow: a name must be plain text"),
        ("x" * (MAX_CHARACTERS + 1), f"1: the file is longer than {MAX_CHARACTERS} characters"),
        ("[" * 100_000, "1: the file is nested too deeply"),
        ("a: \x00", "1: this is not YAML: unacceptable character #x0000"),
    ],
)
def test_what_is_no_document_is_said_so(text: str, said: str) -> None:
    """No traceback for empty, broken, huge, nested or binary input, and no YAML bombs."""
    assert problems(text)[0].splitlines()[0].startswith(said)


def test_a_node_no_exit_leads_to_is_a_mistake() -> None:
    """Dead branches are found; those behind a node of an unknown type are not guessed at."""
    dead = small_text("start: {type: hang_up}\nlost: {type: hang_up}")
    assert problems(dead) == ["8: node lost: no exit leads here"]
    odd = small_text("start: {type: dance}\nlost: {type: hang_up}")
    assert [p for p in problems(odd) if "lost" in p] == []


def test_a_faulty_node_does_not_make_what_lies_behind_it_unreachable() -> None:
    """One mistake, one problem."""
    text = small_text(
        "start: {type: say, volume: 3, prompts: {en: a, zh-CN: b}, next: then}\nthen: {type: hang_up}"
    )
    assert problems(text) == ["7: node start: unknown parameter volume"]


def test_a_handler_may_be_reached_by_trouble_only() -> None:
    """``on_error`` leads somewhere too."""
    flow = small_flow("start: {type: hang_up}\nsorry: {type: hang_up}", on_error="sorry")
    assert flow.on_error == "sorry"


def test_next_is_the_exit_done() -> None:
    """For kinds that have it."""
    flow = small_flow("start: {type: set, values: {x: 1}, next: end}")
    assert flow.nodes["start"].exits == {"done": "end"}
    assert problems(small_text("start: {type: hang_up, next: start}")) == [
        "7: node start: unknown parameter next"
    ]


def test_mappings_are_checked_name_by_name() -> None:
    """Parameters that are no texts, results into variables nobody may write, texts without a language."""
    text = small_text(
        """\
        start:
          type: record
          query: q
          parameters: {a: [1], b: "{x|dance}"}
          into: {caller: name, "1x": y}
          exits: {found: tell, none: tell}
        tell:
          type: message
          text: {en: Hello, fr: Bonjour}
          exits: {sent: part}
        part: {type: split, parts: {a: much, b: 1}, exits: {a: end, b: end}}
        """
    )
    ways = ", ".join(FILTERS)
    assert problems(text) == [
        "10: node start: parameters: a must be a text",
        f"10: node start: parameters: nothing can be said as dance; there are {ways}",
        "11: node start: into: '1x' is no name for a variable (letters, digits and _)",
        "11: node start: into: caller can be read but not set",
        "15: node tell: text: fr is not a language of this flow",
        "15: node tell: text: there is no text in zh-CN",
        "17: node part: parts: 1 percent together; it must be 100",
        "17: node part: parts: a must be a number from 0 to 100",
    ]


def test_prompts_are_words_sounds_and_tones() -> None:
    """Alone or in a list, each in a language of its own if it says so."""
    flow = small_flow(
        """
        start:
          type: say
          prompts:
            en: [Hello, {sound: chime, text: Ding}, {tone: 440}, {text: 你好, language: zh-CN}]
            zh-CN: {tone: 0, ms: 100}
          next: end
        """
    )
    assert flow.nodes["start"].prompts == {  # type: ignore[attr-defined]
        "en": (Speak("Hello", "en"), Sound("chime", "en", "Ding"), Tone(440, 400), Speak("你好", "zh-CN")),
        "zh-CN": (Tone(0, 100),),
    }


def test_yaml_that_means_something_else_stays_text() -> None:
    """``no``, dates and phone numbers with leading zeros are what the author wrote."""
    flow = small_flow(
        "start: {type: set, values: {a: 2024-01-01, b: '007', c: 12, d: 1.5, e: true}, next: end}"
    )
    assert flow.nodes["start"].values == {  # type: ignore[attr-defined]
        "a": "2024-01-01",
        "b": "007",
        "c": 12,
        "d": 1.5,
        "e": True,
    }


def test_the_sample_flows_load() -> None:
    """What we ship is right, and knows the line of every node."""
    flow = load_file(SAMPLE_FLOWS / "bank.yaml")
    assert (flow.name, flow.version, flow.languages) == ("bank", 1, ("zh-CN", "en"))
    assert all(node.line > 0 for node in flow.nodes.values())


def test_a_file_that_is_not_utf_8_is_said_so(tmp_path: Path) -> None:
    """With its name; a file that is not there is an OSError for the caller to tell."""
    file = tmp_path / "gbk.yaml"
    file.write_bytes("flow: 银行".encode("gbk"))
    with pytest.raises(FlowError, match=r"gbk.yaml:1: the file is not UTF-8"):
        load_file(file)
    with pytest.raises(OSError, match="No such file"):
        load_file(tmp_path / "none.yaml")


WORDS = st.sampled_from(
    [
        *(
            "flow",
            "nodes",
            "type",
            "say",
            "menu",
            "exits",
            "start",
            "prompts",
            "languages",
            "entry",
            "en",
            "1",
        ),
        *(
            "{",
            "}",
            "[",
            "]",
            ":",
            ",",
            "- ",
            "\n",
            "  ",
            '"',
            "'",
            "|",
            ">",
            "&a",
            "*a",
            "!!map",
            "#",
            "? ",
            "entry",
        ),
    ]
)


def problems_of_anything(text: str) -> list[FlowProblem]:
    """The problems of a text, none if it is a flow."""
    try:
        load_flow(text, "f")
    except FlowError as error:
        return error.problems or [FlowProblem(0, "an error without a problem")]
    return []


@given(st.lists(WORDS, max_size=40).map("".join) | st.text(max_size=80))
def test_whatever_is_written_is_a_flow_or_a_list_of_problems(text: str) -> None:
    """No text at all raises anything else, and every problem has a line of the text."""
    assert all(1 <= p.line <= text.count("\n") + 2 for p in problems_of_anything(text))


@given(st.data())
def test_a_slip_in_a_good_document_is_a_flow_or_a_list_of_problems(data: st.DataObject) -> None:
    """Any one line taken out, doubled, indented or cut."""
    lines = (SAMPLE_FLOWS / "bank.yaml").read_text(encoding="utf-8").splitlines(keepends=True)[:60]
    at = data.draw(st.integers(0, len(lines) - 1))
    how = data.draw(st.sampled_from(["out", "twice", "indented", "cut"]))
    changed = {"out": "", "twice": lines[at] * 2, "indented": "  " + lines[at], "cut": lines[at][:-2]}[how]
    text = "".join([*lines[:at], changed, *lines[at + 1 :]])
    assert all(1 <= p.line <= len(lines) + 2 for p in problems_of_anything(text))
