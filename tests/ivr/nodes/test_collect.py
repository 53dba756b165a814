"""``collect`` takes a number into a variable."""

import pytest

from tests.ivr.caller import Caller
from tests.ivr.flows import small_flow

COLLECT = """
start:
  type: collect
  into: account
  min: 2
  max: 4
  timeout_s: 3
  retries: 1
  prompts: {en: "Account?", zh-CN: 账号？}
  exits: {done: tell, no_input: end, no_match: queue_end}
tell:
  type: say
  prompts: {en: "It is {account}", zh-CN: "{account}"}
  next: menu
menu:
  type: menu
  prompts: {en: "Press 1", zh-CN: 按 1}
  exits: {1: end, no_input: end, no_match: queue_end}
"""


@pytest.fixture
def caller() -> Caller:
    return Caller(small_flow(COLLECT))


def test_the_terminator_ends_the_entry(caller: Caller) -> None:
    """Between ``min`` and ``max`` digits, ``#`` says that was all."""
    assert caller.presses("123#") == ["hushes", "says: It is 123"]
    assert "start=123" in caller.path


def test_a_full_entry_ends_by_itself_and_swallows_its_terminator(caller: Caller) -> None:
    """Callers who press ``#`` after the last digit do not press it into the next menu."""
    assert caller.presses("1234") == ["hushes", "says: It is 1234"]
    assert caller.presses("#") == []
    assert caller.presses("1") == ["hushes", "hangs up: self_served"]


def test_a_terminator_long_after_a_full_entry_is_a_key_of_its_own(caller: Caller) -> None:
    """Only for two seconds does ``#`` belong to the entry."""
    caller.presses("1234")
    caller.waits(2.5)
    assert caller.presses("#")[0] == "hushes"


def test_silence_after_enough_digits_is_an_entry(caller: Caller) -> None:
    """Nobody has to know about ``#``."""
    caller.presses("12")
    assert caller.waits(3) == ["says: It is 12"]


def test_too_few_digits_are_asked_for_again(caller: Caller) -> None:
    """First again, then ``no_match``."""
    assert caller.presses("1#") == ["hushes", "says: Account?"]
    assert caller.presses("1#") == ["hushes", "queues sales at 0"]


def test_star_begins_again(caller: Caller) -> None:
    """A mistyped digit is taken back."""
    assert caller.presses("99*12#") == ["hushes", "says: It is 12"]


def test_letters_of_a_military_keypad_are_not_heard(caller: Caller) -> None:
    """``A`` to ``D`` change nothing."""
    assert caller.presses("1A2B#") == ["hushes", "says: It is 12"]


def test_nothing_typed_is_no_input(caller: Caller) -> None:
    """Silence asks again and then leaves."""
    caller.listens()
    assert caller.waits(3) == ["says: Account?"]
    caller.listens()
    assert caller.waits(3) == ["hangs up: self_served"]
