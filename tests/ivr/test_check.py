"""Flows looked through: each mistake is found with its line, good flows are left alone, nothing raises."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.asks import Known
from ivr.book import SAMPLE_FLOWS
from ivr.check import Checked, Surroundings, check, check_all
from ivr.load import FlowError, load_flow
from tests.ivr.flows import small_text
from tests.ivr.test_load import EXPECTED, MANY_PROBLEMS, WORDS
from tests.test_docs import blocks, text_of

SHIPPED = [(file.read_text(encoding="utf-8"), file.name) for file in sorted(SAMPLE_FLOWS.glob("*.yaml"))]


def looked(nodes: str, around: Surroundings | None = None, **more: str) -> Checked:
    """What is said of a small flow."""
    return check(small_text(nodes.lstrip("\n"), **more), "f.yaml", around or Surroundings())


def problems(nodes: str, **more: str) -> list[str]:
    """What keeps it from doing what is written, without the file; there are no warnings beside it."""
    found = looked(nodes, **more)
    assert found.warnings == ()
    return [str(one).removeprefix("f.yaml:") for one in found.problems]


def warnings(nodes: str, around: Surroundings | None = None, **more: str) -> list[str]:
    """What may be meant; there are no problems beside it."""
    found = looked(nodes, around, **more)
    assert found.problems == ()
    return [str(one).removeprefix("f.yaml:") for one in found.warnings]


@pytest.mark.parametrize(("text", "name"), SHIPPED, ids=[name for _, name in SHIPPED])
def test_the_flows_we_ship_are_clean(text: str, name: str) -> None:
    """Not even a warning."""
    found = check_all(SHIPPED)[[one for _, one in SHIPPED].index(name)]
    assert (found.problems, found.warnings) == ((), ())
    assert found.flow is not None


def test_the_flow_of_the_docs_is_clean() -> None:
    """People begin with it."""
    assert check(blocks(text_of("docs/flows.md"), "yaml")[0], "school.yaml").clean


def test_everything_the_loader_finds_is_told_first_of_all() -> None:
    """In one pass with what only this looks for."""
    with pytest.raises(FlowError) as caught:
        load_flow(MANY_PROBLEMS, "f.yaml")
    found = check(MANY_PROBLEMS, "f.yaml")
    assert set(caught.value.problems) <= set(found.problems)
    assert len(caught.value.problems) == len(EXPECTED.splitlines())
    assert found.flow is None


def test_a_flow_with_problems_is_looked_through_all_the_same() -> None:
    """What could be read is; of what could not nothing is guessed."""
    found = looked(
        """
        start: {type: say, volume: 3, prompts: {en: "{nobody}", zh-CN: 好}, next: round}
        round: {type: set, values: {x: "{y}{z}"}, next: round}
        """
    )
    said = [str(one).removeprefix("f.yaml:") for one in found.problems]
    assert said == [
        "7: node start: reads nobody, which nothing sets",
        "7: node start: unknown parameter volume",
        "8: node round: reads y, which nothing sets",
        "8: node round: reads z, which nothing sets",
        "8: node round: the flow goes round at once, without end (round > round)",
    ]
    opaque = """
    start: {type: set, values: {1: x}, next: put}
    put: {type: set, values: {a: "{b}"}, next: end}
    """
    (said,) = looked(opaque).problems
    assert said.line == 7, "what a node sets that cannot be read is not guessed"


# ------------------------------------------------------------------ ways round

CIRCLES = {
    "start: {type: set, values: {x: 1}, next: again}\nagain: {type: set, values: {x: 2}, next: start}": (
        "7: node start: the flow goes round at once, without end (start > again > start)"
    ),
    "start: {type: say, prompts: {en: Again, zh-CN: 再来}, next: start}": (
        "7: node start: the flow goes round for ever: no key, no bound (start > start)"
    ),
    "start: {type: say, prompts: {en: a, zh-CN: b}, next: b}\nb: {type: set, values: {x: 1}, next: start}": (
        "7: node start: the flow goes round for ever: no key, no bound (start > b > start)"
    ),
}


@pytest.mark.parametrize(("nodes", "said"), CIRCLES.items(), ids=["at once", "talking", "both"])
def test_a_way_round_nobody_ends_is_a_problem(nodes: str, said: str) -> None:
    """With the nodes it goes through."""
    assert problems(nodes) == [said]


LUCK = {
    """
    start: {type: menu, prompts: {en: a, zh-CN: b}, exits: {1: end, no_input: start, no_match: end}}
    """: "start > start",
    """
    start: {type: lookup, exits: {one: end, many: end, none: end, failed: start}}
    """: "start > start",
    """
    start: {type: queue, queue: sales, exits: {default: sorry, timeout: end}}
    sorry: {type: say, prompts: {en: a, zh-CN: b}, next: start}
    """: "start > sorry > start",
    """
    start: {type: language, choices: {1: en, 2: zh-CN}, next: ask}
    ask: {type: menu, prompts: {en: a, zh-CN: b}, exits: {1: end, no_input: start, no_match: end}}
    """: "start > ask > start",
}


@pytest.mark.parametrize(("nodes", "way"), LUCK.items(), ids=["silence", "failure", "queue", "language"])
def test_a_way_round_only_luck_ends_is_a_warning(nodes: str, way: str) -> None:
    """A caller who stays silent, records that stay down, a queue that will not have anybody."""
    said = f"7: node start: nothing ends this way round but the caller: no key, no bound ({way})"
    assert warnings(nodes) == [said]


@pytest.mark.parametrize(
    "nodes",
    [
        "start: {type: menu, prompts: {en: a, zh-CN: b}, exits: {9: start, no_input: end, no_match: start}}",
        """
        start: {type: loop, variable: n, times: 3, exits: {again: a, done: end}}
        a: {type: menu, prompts: {en: a, zh-CN: b}, exits: {1: end, no_input: start, no_match: end}}
        """,
        """
        start: {type: queue, queue: sales, exits: {timeout: sorry, default: end}}
        sorry: {type: say, prompts: {en: a, zh-CN: b}, next: start}
        """,
        """
        start:
          type: queue
          queue: sales
          exits: {default: sorry, no_agents: end, full: end, unknown_queue: end}
        sorry: {type: say, prompts: {en: a, zh-CN: b}, next: start}
        """,
    ],
    ids=["key", "loop", "timeout", "default"],
)
def test_a_way_round_that_somebody_ends_is_left_alone(nodes: str) -> None:
    """The caller by a key, a loop by its bound, a queue by its longest wait."""
    assert looked(nodes).clean


def test_a_loop_that_begins_anew_when_it_is_done_is_no_bound() -> None:
    """It counts, and counts again, and so on."""
    nodes = "start: {type: loop, variable: n, times: 3, exits: {again: end, done: start}}"
    assert problems(nodes) == ["7: node start: the flow goes round at once, without end (start > start)"]


# ------------------------------------------------------------------ variables


def test_what_nothing_sets_cannot_be_read() -> None:
    """In what is said, in texts, in expressions, in cases and by name; each on its own line."""
    nodes = """
    start:
      type: say
      prompts:
        en: Hello
        zh-CN: "您好 {nobody}"
      next: put
    put:
      type: set
      values:
        x: "{missing}"
        y: "= count + 1"
      next: choose
    choose:
      type: branch
      cases:
        - {variable: gone, value: 1, exit: e}
        - {if: lost == 'a', exit: e}
      exits: {e: find, otherwise: end}
    find: {type: lookup, number: their_number, exits: {one: end, many: end, none: end, failed: end}}
    """
    assert problems(nodes) == [
        "11: node start: reads nobody, which nothing sets",
        "16: node put: reads missing, which nothing sets",
        "17: node put: reads count, which nothing sets",
        "22: node choose: reads gone, which nothing sets",
        "23: node choose: reads lost, which nothing sets",
        "25: node find: reads their_number, which nothing sets",
    ]


def test_what_is_set_only_later_cannot_be_read_yet() -> None:
    """Not even in the node that sets it, before it does."""
    nodes = """
    start: {type: set, values: {a: "{a}", b: 1, c: "{b}"}, next: say}
    say: {type: say, prompts: {en: "{late}", zh-CN: 好}, next: late}
    late: {type: set, values: {late: 1}, next: end}
    """
    assert problems(nodes) == [
        "7: node start: reads a, which is set only later",
        "8: node say: reads late, which is set only later",
    ]


def test_what_the_platform_sets_can_be_read_at_once() -> None:
    """Who calls, which number was dialled, the language, the source."""
    nodes = (
        'start: {type: say, prompts: {en: "{call}{caller}{dialled}{language}{source}", zh-CN: 好}, next: end}'
    )
    assert looked(nodes).clean


ASKED = """
start: {{type: lookup, exits: {{one: say, many: {many}, none: end, failed: end}}}}
say: {{type: say, prompts: {{en: "Hello {{customer_name}}", zh-CN: 好}}, next: end}}
"""


def test_what_is_set_on_every_way_is_set() -> None:
    """And on one way only it may not be: a warning where it is said."""
    assert looked(ASKED.format(many="end")).clean
    failing = ASKED.format(many="end").replace("failed: end", "failed: say")
    assert warnings(failing) == ["8: node say: customer_name may not be set yet"]


@pytest.mark.parametrize(
    "cases",
    [
        "{variable: customer_name, op: set, exit: known}",
        "{variable: customer_name, op: is, value: Ada, exit: known}",
        "{if: customer_name, exit: known}",
        "{if: customer_name != '' and language == 'en', exit: known}",
        "{if: customer_name == 'Ada' or customer_name == 'Bo', exit: known}",
    ],
)
def test_what_a_branch_has_looked_at_is_set_behind_it(cases: str) -> None:
    """By an exit that is taken only if there is something."""
    nodes = """
    start: {type: lookup, exits: {one: look, many: look, none: look, failed: look}}
    look: {type: branch, cases: [CASES], exits: {known: say, otherwise: end}}
    say: {type: say, prompts: {en: "Hello {customer_name}", zh-CN: 好}, next: end}
    """
    assert looked(nodes.replace("CASES", cases)).clean
    assert not looked(nodes.replace("CASES", cases).replace("otherwise: end", "otherwise: say")).clean


@pytest.mark.parametrize(
    ("case", "warned"),
    [
        ("{variable: customer_name, value: Ada, exit: e}", False),
        ("{variable: tier_priority, op: more, value: 3, exit: e}", True),
        ("{if: customer_name == 'Ada', exit: e}", False),
        ("{if: tier_priority > 3, exit: e}", True),
        ("{if: tier_priority != '' and tier_priority > 3, exit: e}", False),
        ("{if: len(customer_name) > 3, exit: e}", False),
    ],
)
def test_where_nothing_is_a_fair_answer_it_is_none_to_warn_of(case: str, warned: bool) -> None:
    """An unset variable is an empty text: a plain no to a comparison of texts, but no number."""
    nodes = f"""
    start: {{type: lookup, exits: {{one: look, many: look, none: look, failed: look}}}}
    look: {{type: branch, cases: [{case}], exits: {{e: queue_end, otherwise: end}}}}
    """
    assert bool(warnings(nodes)) == warned


@pytest.mark.parametrize(
    ("cases", "said"),
    [
        ("{if: day > 3, exit: e}", "day may be words, and day > 3 cannot be worked out then"),
        (
            "{variable: day, op: more, value: 3, exit: e}",
            "day may be words, and day more 3 cannot be worked out",
        ),
        ("{if: entry > 3 and copy < 9 and day != '', exit: e}", ""),
    ],
)
def test_what_is_no_number_is_not_counted_with(cases: str, said: str) -> None:
    """Digits that were typed are one, also copied; a date is none."""
    nodes = f"""
    start:
      type: collect
      into: day
      kind: date
      prompts: {{en: Day, zh-CN: 日期}}
      exits: {{done: more, no_input: end, no_match: end}}
    more:
      type: collect
      into: entry
      prompts: {{en: Entry, zh-CN: 输入}}
      exits: {{done: put, no_input: end, no_match: end}}
    put: {{type: set, values: {{copy: "{{entry}}"}}, next: look}}
    look: {{type: branch, cases: [{cases}], exits: {{e: queue_end, otherwise: end}}}}
    """
    found = warnings(nodes)
    assert [one.partition("node look: ")[2][: len(said)] for one in found] == ([said] if said else [])


def test_a_wait_that_may_not_be_known_is_no_number() -> None:
    """A queue without an estimate has none."""
    nodes = """
    start:
      type: queue_state
      queue: sales
      cases: [CASE]
      exits: {e: queue_end, otherwise: end, failed: end}
    """
    said = "10: node start: queue_wait_s may be empty, and queue_wait_s > 60 cannot be worked out then"
    assert warnings(nodes.replace("CASE", "{if: queue_wait_s > 60, exit: e}")) == [said]
    assert looked(nodes.replace("CASE", "{if: queue_wait_s != '' and queue_wait_s > 60, exit: e}")).clean
    assert looked(nodes.replace("CASE", "{if: 'default(queue_wait_s, 0) > 60', exit: e}")).clean


def test_what_counts_rounds_is_for_that_alone() -> None:
    """A loop goes on from what its variable holds, and digits that were typed are no count."""
    nodes = """
    start:
      type: collect
      into: n
      prompts: {en: Number, zh-CN: 数字}
      exits: {done: again, no_input: end, no_match: end}
    again: {type: loop, variable: n, times: 3, exits: {again: end, done: end}}
    """
    said = "12: node again: n is counted here, but is set to something else elsewhere"
    assert warnings(nodes) == [said]
    counted = "start: {type: set, values: {n: 0}, next: again}\n"
    assert looked(counted + nodes.strip().splitlines()[-1].strip()).clean


def test_a_queue_leaves_out_what_is_not_set() -> None:
    """So it is no warning there."""
    nodes = """
    start: {type: lookup, exits: {one: wait, many: wait, none: wait, failed: wait}}
    wait: {type: queue, queue: q, branch: "{customer_branch}", prefer: "{owner}", exits: {default: end}}
    """
    assert looked(nodes).clean


def test_where_trouble_leads_anything_may_be_set_and_nothing_is_certain() -> None:
    """``on_error`` is reached from every node."""
    nodes = """
    start: {type: set, values: {x: 1}, next: end}
    sorry: {type: say, prompts: {en: "{x}", zh-CN: 好}, next: end}
    """
    assert warnings(nodes, on_error="sorry") == ["9: node sorry: x may not be set yet"]
    assert "reads y, which nothing sets" in problems(nodes.replace("{x}", "{y}"), on_error="sorry")[0]


SECRET = """
start:
  type: collect
  into: card
  sensitive: true
  prompts: {en: Card, zh-CN: 卡号}
  exits: {done: ask, no_input: end, no_match: end}
ask:
  type: record
  query: balance
  parameters: {card: "{card}"}
  exits: {found: end, none: end, failed: end}
"""


def test_what_nobody_may_see_is_shown_to_nobody() -> None:
    """It may be a parameter by itself, and nothing else: not said, not copied, not looked at."""
    assert looked(SECRET).clean
    reason = "nobody may see what is in card"
    for shown in (
        'say: {type: say, prompts: {en: "{card}", zh-CN: 好}, next: end}',
        'say: {type: set, values: {copy: "{card}"}, next: end}',
        'say: {type: set, values: {copy: "= left(card, 4)"}, next: end}',
        "say: {type: branch, cases: [{if: card, exit: e}], exits: {e: queue_end, otherwise: end}}",
    ):
        (said,) = problems(f"{SECRET.replace('found: end', 'found: say')}\n{shown}")
        assert said.startswith(f"19: node say: {reason}")
    (said,) = problems(SECRET.replace('"{card}"}', '"n{card}"}'))
    assert reason in said


def test_what_nobody_may_see_goes_only_where_it_is_not_kept() -> None:
    """The query says which of its parameters that are."""
    known = Known("record", "balance", needs=("card",), secret=("card",))
    assert looked(SECRET, Surroundings(asks=(known,))).clean
    kept = Surroundings(asks=(Known("record", "balance", needs=("card",)),))
    found = looked(SECRET, kept)
    assert [p.reason for p in found.problems] == [
        "node ask: nobody may see card, and the parameter card is kept"
    ]


# ------------------------------------------------------------------ exits


@pytest.mark.parametrize(
    ("cases", "dead", "why"),
    [
        ("{variable: x, value: 1, exit: a}, {variable: x, op: in, value: [1], exit: b}", "b", "case 1"),
        ("{variable: x, op: in, value: [1, 2], exit: a}, {variable: x, value: 2, exit: b}", "b", "case 1"),
        (
            "{variable: x, op: at_most, value: 9, exit: a}, {variable: x, op: less, value: 9, exit: b}",
            "b",
            "case 1",
        ),
        (
            "{variable: x, op: more, value: 3, exit: a}, {variable: x, op: more, value: 4, exit: b}",
            "b",
            "case 1",
        ),
        ("{variable: x, op: set, exit: a}, {variable: x, op: starts_with, value: z, exit: b}", "b", "case 1"),
        ("{if: x == 1, exit: a}, {if: x == 1, exit: b}", "b", "case 1 says the same"),
        ("{if: 1 > 2, exit: a}, {if: x == 1, exit: b}", "a", "1 > 2 is always false"),
        ("{if: true, exit: a}, {if: x == 1, exit: a}", "otherwise", "case 1 always holds"),
        ("{variable: x, op: set, exit: a}, {variable: x, op: not_set, exit: b}", "otherwise", "either"),
    ],
)
def test_an_exit_no_case_can_lead_to_is_told(cases: str, dead: str, why: str) -> None:
    """Because one before it holds whenever its own would, or because it never does."""
    nodes = f"""
    start: {{type: set, values: {{x: 1}}, next: look}}
    look:
      type: branch
      cases: [{cases}]
      exits:
        a: end
        b: end
        otherwise: end
    """
    if "exit: b" not in cases:
        nodes = nodes.replace("        b: end\n", "")
    (said,) = [one for one in warnings(nodes) if f"exit {dead} " in one]
    assert why in said
    assert said.startswith(
        {"a": "12", "b": "13", "otherwise": "13" if "exit: b" not in cases else "14"}[dead]
    )


@pytest.mark.parametrize(
    "cases",
    [
        "{variable: x, op: less, value: 3, exit: a}, {variable: x, op: less, value: 9, exit: b}",
        "{variable: x, value: 1, exit: a}, {variable: y, value: 1, exit: b}",
        "{variable: x, value: 1, exit: a}, {variable: x, op: is_not, value: 2, exit: b}",
        "{variable: x, value: 1, exit: a}, {if: y == 2, exit: b}, {variable: x, value: 1, exit: b}",
        "{variable: x, op: more, value: 3, exit: a}, {variable: x, op: less, value: 3, exit: b}",
        "{if: x == 1, exit: a}, {if: y == 1, exit: b}",
    ],
)
def test_an_exit_that_can_be_taken_is_left_alone(cases: str) -> None:
    """Also if some of its cases cannot lead there."""
    nodes = f"""
    start: {{type: set, values: {{x: 1, y: 1}}, next: look}}
    look: {{type: branch, cases: [{cases}], exits: {{a: end, b: end, otherwise: end}}}}
    """
    assert looked(nodes).clean


def test_a_part_of_nothing_and_failures_that_cannot_be_are_told() -> None:
    """Exits that are there for nobody."""
    nodes = """
    start: {type: split, parts: {a: 100, b: 0}, exits: {a: say, b: end}}
    say: {type: say, prompts: {en: a, zh-CN: b}, exits: {done: put, failed: end}}
    put: {type: set, values: {x: 1}, exits: {done: work, failed: end}}
    work: {type: set, values: {x: "= 1 / x"}, exits: {done: end, failed: end}}
    """
    assert warnings(nodes) == [
        "7: node start: exit b can never be taken: its part is 0 percent",
        "8: node say: exit failed can never be taken: nothing can fail here",
        "9: node put: exit failed can never be taken: nothing can fail here",
    ]


def test_ways_out_that_are_missing_are_told() -> None:
    """A caller's silence and an empty message are no mistakes of theirs."""
    nodes = """
    start: {type: menu, prompts: {en: a, zh-CN: b}, exits: {1: speak}}
    speak: {type: voicemail, prompts: {en: a, zh-CN: b}, exits: {taken: end}}
    """
    assert warnings(nodes) == [
        "7: node start: there is no exit no_input; who presses nothing meets a mistake of the flow",
        "7: node start: there is no exit no_match; who presses nothing that fits meets a mistake of the flow",
        "8: node speak: there is no exit failed; an empty message is a mistake of the flow",
    ]
    asked = (
        "start: {type: message, channel: sms, to: '{caller}', text: {en: a, zh-CN: b}, exits: {sent: end}}"
    )
    missing = "there is no exit failed; an answer that there is nothing, or nobody, is a mistake of the flow"
    assert warnings(asked) == [f"7: node start: {missing}"]
    assert looked(asked.replace("sent: end", "sent: end, failed: end")).clean
    assert looked(
        nodes.replace("exits: {1: speak}", "exits: {1: speak, failed: end}"), on_error="start"
    ).clean


def test_placeholders_are_told() -> None:
    """An import is not finished before they are gone."""
    nodes = "start: {type: placeholder, was: InvokeLambda, exits: {failed: end, done: queue_end}}"
    assert [one.partition(": ")[2] for one in warnings(nodes)] == [
        "node start: exit done can never be taken: nothing is written here yet",
        "node start: it is not written yet; it was InvokeLambda",
    ]


# ------------------------------------------------------------------ what is not part of the flow

NAMES = """
start: {type: hours, calendar: bank, exits: {open: wait, closed: end, failed: end}}
wait: {type: queue, queue: sales, prefer: ann, exits: {default: end}}
"""


def test_names_nobody_knows_are_warnings_where_it_is_known_what_there_is() -> None:
    """A flow can be saved before what it names exists; where nothing is known nothing is said."""
    assert looked(NAMES).clean
    there = {"queue": frozenset({"sales", "everybody"}), "calendar": frozenset({"bank"})}
    assert looked(NAMES, Surroundings(names=there)).clean
    nothing = {kind: frozenset[str]() for kind in ("queue", "calendar", "agent")}
    assert warnings(NAMES, Surroundings(names=nothing)) == [
        "4: there is no queue everybody",
        "7: node start: there is no calendar bank",
        "8: node wait: there is no agent ann",
        "8: node wait: there is no queue sales",
    ]


BILL = Known(
    "record", "bill", one_of=("account", "card"), may=("month",), gives={"amount": "", "currency": ""}
)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("", ""),
        ("query: invoice", "there is no query invoice"),
        ('{month: "1"}', "bill needs one of the parameters account, card"),
        ('{account: "1", card: "2"}', "bill needs one of the parameters account, card"),
        ('{account: "1", day: "2"}', "bill has no parameter day; there are account, card, month"),
        ("{x: total}", "bill gives no total; it gives amount, currency"),
    ],
)
def test_questions_are_asked_as_the_records_take_them(change: str, said: str) -> None:
    """The query is there, its parameters are its own, and it gives what is wanted of it."""
    nodes = """
    start:
      type: record
      query: bill
      parameters: {account: "{caller}"}
      into: {x: amount}
      exits: {found: end, none: end, failed: end}
    """
    for old in ('{account: "{caller}"}', "{x: amount}", "query: bill"):
        if change.startswith(old[:2]) and (old[:2] != "{x") == (change[:2] != "{x"):
            nodes = nodes.replace(old, change)
            break
    else:
        nodes = nodes.replace('{account: "{caller}"}', change) if change else nodes
    found = warnings(nodes, Surroundings(asks=(BILL,)))
    assert [one.partition("node start: ")[2] for one in found] == ([said] if said else [])
    assert looked(nodes).clean


# ------------------------------------------------------------------ flows that lead to flows


def together(**flows: str) -> dict[str, list[str]]:
    """What is said of flows that know one another, by name."""
    texts = [
        (small_text(nodes.lstrip("\n")).replace("flow: small", f"flow: {name}"), name)
        for name, nodes in flows.items()
    ]
    found = check_all(texts)
    return {
        name: [one.reason for one in (*checked.problems, *checked.warnings)]
        for (_, name), checked in zip(texts, found, strict=True)
    }


def test_flows_that_call_one_another_in_a_circle_are_a_problem() -> None:
    """Each is told the way; a flow that calls itself too."""
    first = "start: {type: subflow, flow: two, exits: {done: end, failed: end}}"
    second = "start: {type: subflow, flow: one, exits: {done: back, failed: back}}\nback: {type: return}"
    said = together(one=first.replace("done: end", "done: back") + "\nback: {type: return}", two=second)
    assert said["one"] == ["node start: flows call one another in a circle (one > two > one)"]
    assert said["two"] == ["node start: flows call one another in a circle (two > one > two)"]
    alone = together(one=first.replace("two", "one"))
    assert "node start: flows call one another in a circle (one > one)" in alone["one"]


def test_a_flow_returns_by_exits_of_the_node_that_calls_it() -> None:
    """An exit it does not have is a problem, and one it never returns by is for nobody."""
    called = "start: {type: return, exit: paid}"
    said = together(one="start: {type: subflow, flow: two, exits: {done: end}}", two=called)
    assert said["one"] == [
        "node start: flow two returns by paid, which is no exit of the node",
        "node start: exit done can never be taken: flow two does not return by it",
    ]
    whole = "start: {type: subflow, flow: two, exits: {done: end, paid: end, failed: end}}"
    assert together(one=whole, two=called + "\n")["one"] == [
        "node start: exit done can never be taken: flow two does not return by it"
    ]


CALLING = """
start: {type: set, values: {account: 7}, next: call}
call: {type: subflow, flow: two, exits: {done: say, failed: end}}
say: {type: say, prompts: {en: "{balance}", zh-CN: 好}, next: end}
"""
CALLED = """
start: {type: set, values: {balance: "= account * 2"}, next: back}
back: {type: return}
"""


def test_what_one_flow_sets_another_may_read() -> None:
    """In both directions; and what neither sets is found."""
    assert together(one=CALLING, two=CALLED) == {"one": [], "two": []}
    said = together(one=CALLING.replace("account: 7", "other: 7"), two=CALLED)
    assert said["two"] == ["node start: reads account, which nothing sets"]
    said = together(one=CALLING, two=CALLED.replace("balance:", "amount:"))
    assert said["one"] == ["node say: reads balance, which nothing sets"]


def test_of_a_flow_that_others_call_nothing_is_guessed() -> None:
    """Alone it may read what its callers set, and alone a caller may read what it sets."""
    assert together(two=CALLED) == {"two": []}
    assert together(one=CALLING)["one"] == ["node call: there is no flow two"]


def test_what_goes_on_in_another_flow_goes_on_with_all_that_is_set() -> None:
    """A call may come there by a number as well, and then it is not set."""
    first = (
        "start: {type: set, values: {account: 7}, next: on}\non: {type: go, flow: two, exits: {failed: end}}"
    )
    second = "start: {type: say, prompts: {en: '{account}', zh-CN: 好}, next: end}"
    assert together(one=first, two=second)["two"] == ["node start: account may not be set yet"]


def test_ways_round_through_several_flows_are_found() -> None:
    """Each flow on the way is told, from its own first node; a key or a bound on the way ends it."""
    on = "start: {type: go, flow: OTHER}"
    said = together(one=on.replace("OTHER", "two"), two=on.replace("OTHER", "one"))
    round_at_once = "node start: the flow goes round at once, without end (start > %s/start > start)"
    assert said == {"one": [round_at_once % "two"], "two": [round_at_once % "one"]}

    say = "start: {type: say, prompts: {en: Hi, zh-CN: 好}, next: on}\non: {type: go, flow: OTHER}"
    said = together(one=say.replace("OTHER", "two"), two=on.replace("OTHER", "one"))
    for_ever = "node start: the flow goes round for ever: no key, no bound"
    assert said["one"] == [f"{for_ever} (start > on > two/start > start)"]
    assert said["two"] == [f"{for_ever} (start > one/start > one/on > start)"]

    menu = """
start: {type: menu, prompts: {en: Hi, zh-CN: 好}, exits: {1: on, no_input: end, no_match: end}}
on: {type: go, flow: two}
end: {type: hang_up}
"""
    assert together(one=menu, two=on.replace("OTHER", "one")) == {"one": [], "two": []}


def test_ways_round_through_a_flow_that_comes_back_are_found() -> None:
    """As long as it may come back without a key; one that asks for a key on every way ends the way round."""
    call = "start: {type: subflow, flow: two, exits: {done: start, failed: end}}"
    back = "\nback: {type: return}"
    at_once = together(one=call, two="start: {type: return}")["one"]
    assert at_once == ["node start: the flow goes round at once, without end (start > start)"]
    say = "start: {type: say, prompts: {en: Hi, zh-CN: 好}, next: back}" + back
    assert together(one=call, two=say)["one"] == [
        "node start: the flow goes round for ever: no key, no bound (start > start)"
    ]
    menu = (
        "start: {type: menu, prompts: {en: Hi, zh-CN: 好}, exits: {1: back, no_input: OUT, no_match: back}}"
    )
    luck = together(one=call, two=menu.replace("OUT", "back") + back)["one"]
    assert luck == [
        "node start: nothing ends this way round but the caller: no key, no bound (start > start)"
    ]
    assert together(one=call, two=menu.replace("OUT", "end") + back)["one"] == []
    assert together(one=call)["one"] == ["node start: there is no flow two"]


# ------------------------------------------------------------------ anything


@given(st.lists(WORDS, max_size=60).map("".join) | st.text(max_size=80))
def test_no_text_at_all_raises(text: str) -> None:
    """Whatever is written, something is said or nothing, and every line is one of the text."""
    found = check(text, "f")
    assert (found.flow is None) == bool(found.problems) or found.flow is not None
    assert all(1 <= one.line <= text.count("\n") + 2 for one in (*found.problems, *found.warnings))


@given(st.data())
def test_slips_in_a_good_document_are_told_or_harmless(data: st.DataObject) -> None:
    """Lines taken out, doubled, indented, cut or put elsewhere: nothing raises, all lines are of the text."""
    lines = data.draw(st.sampled_from(SHIPPED))[0].splitlines(keepends=True)
    for _ in range(data.draw(st.integers(1, 4))):
        at, to = (data.draw(st.integers(0, len(lines) - 1)) for _ in range(2))
        line = lines[at]
        how = data.draw(st.sampled_from(["out", "twice", "indented", "cut", "elsewhere"]))
        new = {"out": [], "twice": [line, line], "indented": ["  " + line], "cut": [line[:-2] + "\n"]}
        lines[at : at + 1] = new.get(how, [line])
        if how == "elsewhere":
            lines.insert(to, lines.pop(at))
    found = check("".join(lines), "f")
    assert all(1 <= one.line <= len(lines) + 2 for one in (*found.problems, *found.warnings))


def test_files_are_named_in_what_is_said(tmp_path: Path) -> None:
    """``file:line: reason``, as editors take it."""
    (found,) = check_all([(small_text("start: {type: set, values: {x: 1}, next: start}"), "flows/x.yaml")])
    assert [str(one) for one in found.problems] == [
        "flows/x.yaml:7: node start: the flow goes round at once, without end (start > start)"
    ]
