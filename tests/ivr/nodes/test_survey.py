"""``survey`` asks how it was, also after the agent."""

from tests.ivr.caller import Caller
from tests.ivr.flows import small_flow, small_text
from tests.ivr.test_load import problems

SURVEY = """
start: {type: queue, queue: sales, exits: {after: ask, default: end}}
ask: {type: survey, exits: {done: thanks, no_input: end}}
thanks: {type: say, prompts: {en: "Thank you for {score}", zh-CN: 谢谢}, next: end}
"""
OURS = "says: How was our service? Press a key from 1 to 5, where 5 is very good and 1 is poor."


def test_a_caller_comes_back_from_the_agent_and_is_asked() -> None:
    """The queue was told so; the score is marked in the call's record."""
    caller = Caller(small_flow(SURVEY))
    assert caller.intents[-1].comes_back
    assert caller.is_left_by_the_agent() == [OURS]
    assert caller.presses("4") == ["hushes", "marks survey=4", "says: Thank you for 4"]
    assert caller.session.state.variables["score"] == 4


def test_a_score_that_is_none_is_asked_for_again() -> None:
    """And then there is no score."""
    caller = Caller(small_flow(SURVEY))
    caller.is_left_by_the_agent()
    assert caller.presses("6") == ["hushes", OURS]
    assert caller.presses("0") == ["hushes", "hangs up: self_served"]


def test_without_the_exit_nobody_comes_back() -> None:
    """One who does all the same hears no silence."""
    caller = Caller(small_flow(SURVEY.replace("after: ask, default: end", "default: ask")))
    assert not caller.intents[-1].comes_back
    assert caller.is_left_by_the_agent() == ["hangs up: closed"]


def test_another_scale_needs_other_words() -> None:
    """Ours are for five."""
    nine = "start: {type: survey, most: 9, exits: {done: end, no_input: end}}"
    assert problems(small_text(nine)) == ["7: node start: our words are for 1 to 5; write prompts"]
    caller = Caller(
        small_flow(nine.replace("most: 9", "most: 9, into: n, prompts: {en: 1 to 9, zh-CN: 1 到 9}"))
    )
    assert caller.presses("9") == ["hushes", "marks survey=9", "hangs up: self_served"]
