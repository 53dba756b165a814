"""``collect`` takes a number into a variable."""

import pytest

from domain.flow import Conceal
from tests.ivr.caller import CALL, Caller
from tests.ivr.flows import small_flow, small_text
from tests.ivr.test_load import problems

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


# ------------------------------------------------------------------ of the right form


def collect(**parameters: object) -> Caller:
    """A caller who is asked for something with these parameters."""
    more = "".join(f"  {key}: {value}\n" for key, value in parameters.items())
    return Caller(small_flow(COLLECT.replace("  min: 2\n  max: 4\n", more)))


@pytest.mark.parametrize(
    ("parameters", "good", "said", "bad"),
    [
        ({"luhn": "true"}, "4111111111111111#", "4111111111111111", "4111111111111112#"),
        ({"pattern": r"62\d{3}|4\d{2}"}, "62123#", "62123", "6212#"),
        ({"kind": "amount"}, "12*5#", "12.50", "1*234#"),
        ({"kind": "amount"}, "*05#", "0.05", "*#"),
        ({"kind": "amount"}, "007#", "7.00", "*"),
        ({"kind": "amount", "decimals": 0}, "500#", "500", "5*1#"),
        ({"kind": "date"}, "20261130", "2026-11-30", "20261131"),
        ({"kind": "date", "format": "DDMMYYYY"}, "30112026", "2026-11-30", "31112026"),
        ({"kind": "date", "format": "MMYY"}, "1126", "2026-11", "1326"),
        ({"kind": "date"}, "20240229", "2024-02-29", "2023#"),
    ],
)
def test_an_entry_must_be_of_the_right_form(
    parameters: dict[str, object], good: str, said: str, bad: str
) -> None:
    """Card numbers, amounts with ``*`` as the point, days there are; what is wrong is asked for again."""
    assert collect(**parameters).presses(good) == ["hushes", f"says: It is {said}"]
    wrong = collect(**parameters)
    wrong.presses(bad)
    wrong.waits(3)
    assert wrong.session.state.node == "start"
    assert wrong.presses(good)[-1] == f"says: It is {said}"


def test_a_second_star_of_an_amount_begins_again() -> None:
    """A mistyped amount is taken back."""
    assert collect(kind="amount").presses("12*5*8#") == ["hushes", "says: It is 8.00"]


READ_BACK = "says: You entered 1 2 3 4, 5. If that is right, press 1. To enter it again, press 2."


def test_an_entry_is_read_back() -> None:
    """1 is right, 2 begins again, and nothing is agreed to that was typed before it was said."""
    caller = collect(confirm="true")
    assert caller.presses("12345#") == ["hushes", READ_BACK]
    assert caller.presses("2") == ["hushes", "says: Account?"]
    assert caller.presses("67#")[1].startswith("says: You entered 6 7.")
    assert caller.presses("1") == ["hushes", "says: It is 67"]
    assert caller.path == ["start", "start=67", "tell"]
    ahead = Caller(
        small_flow("start: {type: lookup, exits: {one: ask, many: ask, none: ask}}" + _asked_later())
    )
    assert ahead.presses("12#1") == []
    assert ahead.is_known_as("none") == [READ_BACK.replace("1 2 3 4, 5", "1 2")]


def _asked_later() -> str:
    return COLLECT.replace("start:", "ask:").replace("  max: 4\n", "  confirm: true\n")


def test_who_does_not_say_whether_it_is_right_is_asked_again() -> None:
    """Then there is no entry."""
    caller = collect(confirm="true")
    caller.presses("12345#")
    assert caller.presses("5") == ["hushes", READ_BACK]
    caller.listens()
    assert caller.waits(3) == ["hangs up: self_served"]
    assert caller.session.state.variables["account"] == ""


@pytest.mark.parametrize(
    ("parameters", "keys", "said"),
    [
        ({"kind": "amount"}, "12*5#", "¥12.50"),
        ({"kind": "date"}, "20261130", "30 November 2026"),
    ],
)
def test_it_is_read_back_as_what_it_is(parameters: dict[str, object], keys: str, said: str) -> None:
    """Amounts as amounts, days as days."""
    assert collect(confirm="true", **parameters).presses(keys)[1].startswith(f"says: You entered {said}.")


def test_words_of_the_flow_may_read_it_back() -> None:
    """With the variable of the entry in them."""
    caller = collect(confirm="true", confirm_prompts='{en: "{account}, yes?", zh-CN: "{account}？"}')
    assert caller.presses("12345#") == ["hushes", "says: 12345, yes?"]


# ------------------------------------------------------------------ what nobody may see

SECRET = """
start:
  type: collect
  into: pin
  sensitive: true
  min: 4
  max: 6
  timeout_s: 3
  retries: 1
  prompts: {en: "PIN?", zh-CN: 密码？}
  no_match_prompts: {en: "Wrong.", zh-CN: 不对。}
  exits: {done: tell, no_input: end, no_match: queue_end, failed: queue_end}
tell: {type: say, prompts: {en: Thank you, zh-CN: 谢谢}, next: end}
"""


def test_digits_nobody_may_see_are_only_counted() -> None:
    """The vault gets them from the first to the last; the variable holds their name, the path their count."""
    caller = Caller(small_flow(SECRET))
    assert caller.intents[1:2] == [Conceal(CALL, "pin", 6)]
    assert caller.types_unseen("1234") == ["hushes"]
    assert caller.presses("#") == ["reveals", "says: Thank you"]
    assert caller.path == ["start", "start=****", "tell"]
    assert caller.session.state.variables["pin"] == "$secret:pin"


def test_as_many_as_there_may_be_are_an_entry() -> None:
    """And the terminator after them is part of it."""
    caller = Caller(small_flow(SECRET))
    assert caller.types_unseen("123456") == ["hushes", "reveals", "says: Thank you"]
    assert caller.presses("#") == []


def test_star_empties_the_vault() -> None:
    """What was mistyped is not kept either."""
    caller = Caller(small_flow(SECRET))
    caller.types_unseen("99")
    assert caller.presses("*") == ["conceals pin"]
    assert caller.types_unseen("1234") == []
    assert caller.waits(3) == ["reveals", "says: Thank you"]


def test_too_few_are_asked_for_again() -> None:
    """From an empty vault, and then keys are heard again."""
    caller = Caller(small_flow(SECRET))
    caller.types_unseen("12")
    assert caller.presses("#") == ["conceals pin", "says: Wrong. PIN?"]
    caller.types_unseen("1")
    assert caller.waits(3) == ["reveals", "queues sales at 0"]


def test_what_was_typed_ahead_is_no_secret() -> None:
    """It was heard by everybody, so it is forgotten, as are digits that come too early."""
    caller = Caller(
        small_flow(
            "start: {type: say, prompts: {en: A, zh-CN: B}, next: ask}" + SECRET.replace("start", "ask")
        )
    )
    assert caller.presses("1") == ["hushes", "conceals pin", "says: PIN?"]
    assert caller.presses("234") == []
    assert caller.types_unseen("1234") == ["hushes"]


def test_a_prompt_that_must_be_heard_is() -> None:
    """Digits over it are forgotten, too."""
    caller = Caller(small_flow(SECRET.replace("min: 4", "barge_in: false\n  min: 4")))
    assert caller.types_unseen("123456") == []
    assert caller.presses("*#") == []
    assert caller.listens() == ["conceals pin"]
    assert caller.types_unseen("123456") == ["reveals", "says: Thank you"]


def test_the_vault_says_whether_they_are_of_the_right_form() -> None:
    """One form after the other; only the name goes out."""
    caller = Caller(small_flow(SECRET.replace("min: 4", "luhn: true\n  pattern: '4\\d*'\n  min: 4")))
    assert caller.types_unseen("123456") == ["hushes", r"asks secret pattern:4\d*: value=$secret:pin"]
    assert caller.presses("#") == caller.types_unseen("7") == []
    assert caller.is_answered() == ["asks secret luhn: value=$secret:pin"]
    assert caller.is_answered("none") == ["conceals pin", "says: Wrong. PIN?"]
    caller.types_unseen("1234")
    caller.presses("#")
    caller.is_answered()
    assert caller.is_answered() == ["reveals", "says: Thank you"]


@pytest.mark.parametrize("how", ["failed", "silent"])
def test_a_vault_that_does_not_answer_is_trouble(how: str) -> None:
    """As everything that does not work."""
    caller = Caller(small_flow(SECRET.replace("min: 4", "luhn: true\n  min: 4")))
    caller.types_unseen("1234")
    caller.presses("#")
    said = caller.is_answered("failed", "out of order") if how == "failed" else caller.waits(5)
    assert said == ["reveals", "queues sales at 0"]


def test_after_a_crash_it_is_asked_again() -> None:
    """What was typed is gone; also while the vault was looking at it."""
    caller = Caller(small_flow(SECRET.replace("min: 4", "luhn: true\n  min: 4")))
    caller.types_unseen("12")
    assert caller.loses("other") == []
    assert caller.loses("pin") == ["conceals pin", "says: PIN?"]
    caller.types_unseen("1234")
    caller.presses("#")
    assert caller.loses("pin") == ["conceals pin", "says: PIN?"]
    caller.types_unseen("123456")
    assert caller.is_answered("failed", "lost") == ["conceals pin", "says: Wrong. PIN?"]


def test_what_nobody_may_see_cannot_be_said_or_decided_on() -> None:
    """Nor be read back, nor be an amount: the loader refuses it, with its line."""
    text = small_text(
        """\
        start:
          type: collect
          into: pin
          sensitive: true
          confirm: true
          kind: amount
          prompts: {en: "PIN?", zh-CN: 密码？}
          exits: {done: tell}
        tell: {type: say, prompts: {en: "{pin}", zh-CN: 谢谢}, next: copy}
        copy: {type: set, values: {x: "= pin + 1"}, next: which}
        which: {type: branch, cases: [{variable: pin, value: 1, exit: a}], exits: {a: end, otherwise: end}}
        """
    )
    why = (
        "nobody may see what is in pin: it can only be a whole parameter, {pin}, of what is asked of outside"
    )
    assert problems(text.replace("confirm: true", "confirm: false").replace("amount", "digits")) == [
        f"15: node tell: {why}",
        f"16: node copy: {why}",
        f"17: node which: {why}",
    ]
    assert problems(text)[:2] == [
        "11: node start: what nobody may see cannot be read back",
        "12: node start: what nobody may see can only be digits",
    ]


def test_the_name_of_a_secret_is_not_said_by_another_flow_either() -> None:
    """It stands for nothing there, and nothing can be made to look like one."""
    caller = Caller(
        small_flow('start: {type: say, prompts: {en: "Pin {pin}", zh-CN: 好}, next: end}'), pin="$secret:pin"
    )
    assert caller.last_prompts() == ["Pin"]
    assert problems(small_text("start: {type: set, values: {x: '$secret:pin'}, next: end}")) == [
        "7: node start: values: $secret: is ours to write"
    ]


@pytest.mark.parametrize("kind", ["amount", "date"])
def test_only_digits_have_a_check_digit(kind: str) -> None:
    """An amount or a date is refused when the flow is loaded, with its line."""
    text = small_text(COLLECT.replace("  min: 2\n  max: 4\n", f"  kind: {kind}\n  luhn: true\n"))
    assert any("only digits have a check digit" in one for one in problems(text))
