"""``set`` gives variables values."""

from tests.ivr.caller import Caller
from tests.ivr.flows import small_flow

SET = """
start:
  type: set
  values: {language: zh-CN, greeting: "你好 {customer_name}", level: 3, vip: true}
  next: tell
tell:
  type: say
  prompts: {en: Hello, zh-CN: "{greeting} {level}"}
  next: end
"""


def test_values_are_filled_in_and_the_language_changes_what_is_spoken() -> None:
    """From the next prompt on."""
    caller = Caller(small_flow(SET), customer_name="王")
    variables = caller.session.state.variables
    assert (variables["level"], variables["vip"]) == (3, True)
    assert caller.intents[-1].prompts[0].text == "你好 王 3"


def test_a_language_the_flow_does_not_speak_is_its_first() -> None:
    """A customer's unknown language leaves nobody in silence."""
    caller = Caller(small_flow(SET.replace("zh-CN, greeting", "fr, greeting")))
    assert caller.intents[-1].prompts[0].text == "Hello"
