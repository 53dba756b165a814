"""``record`` looks something up in the records, and goes on by what was found."""

import pytest

from tests.ivr.caller import Caller
from tests.ivr.flows import small_flow, small_text
from tests.ivr.test_load import problems

RECORD = """
start:
  type: record
  query: bill
  parameters: {account: "{account}", month: "2026-{month}", what: bill}
  into: {amount: amount, due: due_date}
  timeout_s: 4
  exits: {found: tell, none: nothing, failed: queue_end}
tell: {type: say, prompts: {en: "{amount|amount} by {due|date}", zh-CN: 好}, next: menu}
nothing: {type: say, prompts: {en: Nothing, zh-CN: 没有}, next: end}
menu: {type: menu, prompts: {en: "Press 1", zh-CN: 按 1}, exits: {1: end, no_input: end, no_match: end}}
"""
ASKED = "asks record bill: account=42 month=2026-10 what=bill"
PIN = """
start: {type: collect, into: account, sensitive: true, prompts: {en: P, zh-CN: P}, exits: {done: look}}
"""


def caller(text: str = RECORD) -> Caller:
    return Caller(small_flow(text), account="42", month=10)


def test_what_is_found_becomes_variables() -> None:
    """Under the names the flow gives them; fields it does not want are left."""
    one = caller()
    assert one.intents[-1].parameters == {"account": "42", "month": "2026-10", "what": "bill"}
    assert one.is_answered(amount="128.50", due_date="2026-11-30", other=1) == [
        "says: ¥128.50 by 30 November 2026"
    ]
    assert "other" not in one.session.state.variables


def test_nothing_there_has_its_own_exit() -> None:
    """What was to be found is empty then."""
    one = caller()
    assert one.is_answered("none") == ["says: Nothing"]
    assert one.session.state.variables["amount"] == ""


@pytest.mark.parametrize("how", ["failed", "slow"])
def test_records_that_are_down_or_slow_are_trouble(how: str) -> None:
    """And the reason is kept for the story."""
    one = caller()
    said = one.is_answered("failed", "the records are down") if how == "failed" else one.waits(4)
    assert said == ["queues sales at 0"]
    assert one.session.state.trouble in ("start: the records are down", "start: no answer in 4 s")


def test_an_answer_to_another_question_is_none() -> None:
    """One that came too late, or twice."""
    one = caller()
    one.waits(4)
    assert one.is_answered() == []


def test_keys_pressed_meanwhile_are_kept() -> None:
    """Over words, which they cut short, or in silence."""
    one = caller(RECORD.replace("timeout_s: 4", "prompts: {en: One moment, zh-CN: 请稍候}"))
    assert one.presses("1") == ["hushes"]
    assert one.is_answered(amount=1) == ["hangs up: self_served"]
    assert one.path == ["start", "tell", "menu", "menu=1", "end"]


def test_words_begun_are_said_to_their_end() -> None:
    """An answer that comes at once waits for that."""
    one = caller(RECORD.replace("timeout_s: 4", "prompts: {en: One moment, zh-CN: 请稍候}"))
    assert one.is_answered(amount="5", due_date="") == []
    assert one.listens() == ["says: ¥5 by"]
    other = caller(RECORD.replace("timeout_s: 4", "prompts: {en: One moment, zh-CN: 请稍候}"))
    assert other.listens() == []
    assert other.is_answered("none") == ["says: Nothing"]
    slow = caller(RECORD.replace("timeout_s: 4", "prompts: {en: One moment, zh-CN: 请稍候}"))
    assert slow.waits(5) == ["queues sales at 0"]


def test_a_secret_may_be_a_parameter_and_nothing_more() -> None:
    """Its name goes out; mixed with other text, said meanwhile or filled in specially it is refused."""
    with_pin = PIN + RECORD.replace("start:", "look:").replace("tell:", "tell:")
    one = Caller(small_flow(with_pin), month=10)
    one.types_unseen("1234")
    assert one.presses("#")[-1] == "asks record bill: account=$secret:account month=2026-10 what=bill"
    for mixed in ("a{account}", "{account|digits}"):
        assert (
            "nobody may see what is in account"
            in problems(small_text(with_pin.replace("{account}", mixed)))[0]
        )
    said = with_pin.replace("timeout_s: 4", 'prompts: {en: "{account}", zh-CN: 好}')
    assert "nobody may see what is in account" in problems(small_text(said))[0]


def test_what_looks_like_a_secret_is_none() -> None:
    """Neither from outside nor put together."""
    one = Caller(small_flow(RECORD), account="$secret:pin", month="$secret:")
    assert one.intents[-1].parameters == {"account": "", "month": "2026-", "what": "bill"}


def test_the_node_names_what_it_asks() -> None:
    """And knows what it reads and writes."""
    node = small_flow(RECORD).nodes["start"]
    assert node.names() == (("record", "bill"),)
    assert (node.reads(), node.writes()) == ({"account", "month"}, {"amount", "due"})
    assert node.hands_on() == {"account"}
