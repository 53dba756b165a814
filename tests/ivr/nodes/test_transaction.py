"""``transaction`` lets something be done at most once, if the caller wants it."""

from domain.flow import Ask
from tests.ivr.caller import Caller
from tests.ivr.flows import small_flow, small_text
from tests.ivr.test_load import problems

RECHARGE = """
start:
  type: transaction
  transaction: recharge
  parameters: {account: "{caller}", card: "{card}"}
  confirm: {en: "Press 1 to recharge.", zh-CN: 充值请按 1。}
  prompts: {en: One moment., zh-CN: 请稍候。}
  into: {amount: amount, why: reason}
  timeout_s: 5
  exits: {done: told, refused: refused, cancelled: end, failed: queue_end}
told: {type: say, prompts: {en: "{amount|amount}", zh-CN: 好}, next: end}
refused: {type: say, prompts: {en: "No: {why}", zh-CN: 不}, next: end}
"""
ASKED = "asks transaction recharge: account=+8613800000001 card=77 key=c1/start/1"


def caller(text: str = RECHARGE) -> Caller:
    return Caller(small_flow(text), card="77")


def test_it_is_done_when_the_caller_says_so() -> None:
    """And what it brought is known."""
    one = caller()
    assert one.last_prompts() == ["Press 1 to recharge."]
    assert one.presses("1") == ["hushes", ASKED, "says: One moment."]
    assert one.is_answered(amount="50.00") == []
    assert one.listens() == ["says: ¥50"]


def test_a_refusal_is_no_failure() -> None:
    """A card that was used, say."""
    one = caller()
    one.presses("1")
    one.listens()
    assert one.is_answered("none", reason="used") == ["says: No: used"]


def test_without_a_yes_nothing_is_done() -> None:
    """2 is a no, and so is silence, or any other key after it was asked three times."""
    assert caller().presses("2") == ["hushes", "hangs up: self_served"]
    silent = caller()
    for _ in range(2):
        silent.listens()
        assert silent.waits(6) == ["says: Press 1 to recharge."]
    silent.listens()
    assert silent.waits(6) == ["hangs up: self_served"]
    other = caller()
    assert other.presses("777")[-1] == "hangs up: self_served"
    assert not any(isinstance(i, Ask) for i in (*silent.intents, *other.intents))


def test_nobody_agrees_to_what_they_have_not_heard() -> None:
    """Keys typed ahead are dropped."""
    ahead = "start: {type: lookup, exits: {one: do, many: do, none: do}}" + RECHARGE.replace("start:", "do:")
    one = Caller(small_flow(ahead), card="77")
    one.presses("1")
    assert one.is_known_as("none") == ["says: Press 1 to recharge."]


def test_no_answer_is_asked_again_under_the_same_key() -> None:
    """After a crash, too: the same question word for word, and the first answer counts."""
    one = caller()
    one.presses("1")
    one.listens()
    assert one.waits(5) == [ASKED]
    asks = [i for i in one.intents if isinstance(i, Ask)]
    assert asks[0] == asks[1] == one.session.unanswered
    assert one.is_answered(amount="50") == ["says: ¥50"]
    never = caller()
    never.presses("1")
    never.listens()
    assert never.waits(10) == [ASKED, "queues sales at 0"]
    assert never.session.unanswered is None


def test_the_flow_may_say_what_happens_once() -> None:
    """Under a key of its own; an empty one is trouble."""
    keyed = RECHARGE.replace("timeout_s: 5", 'key: "card-{card}"')
    one = caller(keyed)
    one.presses("1")
    assert one.last(Ask).parameters["key"] == "card-77"
    empty = Caller(small_flow(RECHARGE.replace("timeout_s: 5", 'key: "{nothing}"')))
    assert empty.presses("1") == ["hushes", "queues sales at 0"]


def test_each_time_is_another_time() -> None:
    """A node that is entered again does it again."""
    again = """
    start:
      type: transaction
      transaction: count
      exits: {done: start, refused: end}
    """
    one = caller(again)
    one.is_answered(amount="1")
    keys = [i.parameters["key"] for i in one.intents if isinstance(i, Ask)]
    assert keys == ["c1/start/1", "c1/start/2"]


def test_who_is_asked_may_say_no() -> None:
    """The exit for it must be there."""
    assert problems(small_text(RECHARGE.replace("cancelled: end, ", "") + "end: {type: hang_up}")) == [
        "16: node start: exit cancelled is missing"
    ]
    assert small_flow(RECHARGE).nodes["start"].names() == (("transaction", "recharge"),)
