"""``menu`` waits for a choice and asks again."""

from tests.ivr.caller import Caller
from tests.ivr.flows import small_flow

MENU = """
start:
  type: menu
  timeout_s: 4
  retries: 1
  prompts: {en: Press 1 or 23, zh-CN: 请按 1 或 23}
  no_input_prompts: {en: I heard nothing., zh-CN: 没有听到。}
  no_match_prompts: {en: Not a choice., zh-CN: 没有这个选项。}
  exits: {1: queue_end, 23: end, no_input: end, no_match: queue_end}
"""


def test_a_choice_is_taken_as_soon_as_its_last_key_is_pressed() -> None:
    """One key or several; the keys become part of the path."""
    caller = Caller(small_flow(MENU))
    assert caller.presses("2") == ["hushes"]
    assert caller.presses("3") == ["hangs up: self_served"]
    assert caller.path == ["start", "start=23", "end"]


def test_silence_asks_again_and_then_leaves_by_no_input() -> None:
    """The time counts from the end of the prompt, and ``retries`` is how often it asks again."""
    caller = Caller(small_flow(MENU))
    assert caller.waits(60) == []
    caller.listens()
    assert caller.waits(4) == ["says: I heard nothing. Press 1 or 23"]
    caller.listens()
    assert caller.waits(4) == ["hangs up: self_served"]


def test_a_wrong_key_asks_again_and_then_leaves_by_no_match() -> None:
    """Wrong keys and silence share the retries."""
    caller = Caller(small_flow(MENU))
    assert caller.presses("9") == ["hushes", "says: Not a choice. Press 1 or 23"]
    assert caller.presses("8") == ["hushes", "queues sales at 0"]


def test_half_a_choice_and_silence_is_no_match() -> None:
    """A caller who stops in the middle is told so."""
    caller = Caller(small_flow(MENU))
    caller.presses("2")
    assert caller.waits(4) == ["says: Not a choice. Press 1 or 23"]


def test_each_key_gives_the_full_time_for_the_next() -> None:
    """Slow fingers are waited for."""
    caller = Caller(small_flow(MENU))
    caller.presses("2")
    assert caller.waits(3.9) == []
    assert caller.presses("3") == ["hangs up: self_served"]


def test_without_barge_in_keys_wait_for_the_end_of_the_prompt() -> None:
    """They are not lost, they only do not interrupt."""
    caller = Caller(small_flow(MENU.replace("timeout_s: 4", "timeout_s: 4\n  barge_in: false")))
    assert caller.presses("1") == []
    assert caller.listens() == ["queues sales at 0"]


def test_a_missing_exit_for_silence_is_trouble_that_serves_the_caller() -> None:
    """A menu that says nothing of silence falls to the last resort, not to a dead line."""
    flow = small_flow(
        """
        start:
          type: menu
          retries: 0
          prompts: {en: Press 1, zh-CN: 请按 1}
          exits: {1: end}
        """
    )
    caller = Caller(flow)
    caller.listens()
    assert caller.waits(5) == [
        "says: Sorry, something went wrong on our side. We are putting you through to a person."
    ]
    assert caller.session.state.trouble == "start: exit no_input leads nowhere"
