"""``language`` offers every language in its own words, and leaves nobody without one."""

import pytest

from tests.ivr.caller import Caller
from tests.ivr.flows import small_flow, small_text
from tests.ivr.test_load import problems

LANGUAGE = """
start: {type: language, choices: {1: zh-CN, 2: en}, next: hello}
hello: {type: say, prompts: {en: Hello, zh-CN: 您好}, next: end}
"""
OFFER = "says: 普通话服务请按 1。 For English, press 2."


def test_each_language_is_offered_in_its_own_words() -> None:
    """And spoken from then on."""
    caller = Caller(small_flow(LANGUAGE))
    assert [p.language for p in caller.intents[-1].prompts] == ["zh-CN", "en"]
    assert caller.presses("1") == ["hushes", "says: 您好"]
    assert caller.path == ["start", "start=1", "hello"]


def test_words_of_the_flow_go_before_ours() -> None:
    """In the order of the choices."""
    flow = LANGUAGE.replace("2: en}", "2: en}, prompts: {en: [English 2], zh-CN: 中文 1}")
    caller = Caller(small_flow(flow))
    assert caller.last_prompts() == ["中文 1", "English 2"]


@pytest.mark.parametrize(("default", "heard"), [("", "says: Hello"), ("default: zh-CN, ", "says: 您好")])
def test_who_does_not_choose_hears_the_default(default: str, heard: str) -> None:
    """After it was asked again; without a default what was spoken before."""
    caller = Caller(small_flow(LANGUAGE.replace("next: hello", f"{default}next: hello", 1)))
    caller.listens()
    assert caller.waits(4) == [OFFER]
    assert caller.presses("7") == ["hushes", heard]


def test_a_customer_whose_language_is_known_is_not_asked() -> None:
    """If the flow speaks it, and wants it so."""
    assert Caller(small_flow(LANGUAGE), customer_language="zh-CN").last_prompts() == ["您好"]
    assert len(Caller(small_flow(LANGUAGE), customer_language="fr").last_prompts()) == 2
    asked = small_flow(LANGUAGE.replace("next: hello", "known: false, next: hello", 1))
    assert len(Caller(asked, customer_language="zh-CN").last_prompts()) == 2


def test_keys_ahead_choose() -> None:
    """As in any menu."""
    flow = LANGUAGE.replace("start:", "then:") + "start: {type: say, prompts: {en: A, zh-CN: B}, next: then}"
    caller = Caller(small_flow(flow))
    assert caller.presses("1") == ["hushes", "says: 您好"]


def test_choices_that_cannot_be_are_mistakes() -> None:
    """Keys that are none, languages the flow does not speak, languages without words."""
    text = small_text("start: {type: language, choices: {12: en, 3: th}, default: th, next: end}")
    assert problems(text) == [
        "7: node start: choices: '12' is no key of a telephone",
        "7: node start: choices: th is not a language of this flow",
        "7: node start: default is 'th'; it may be '', en, zh-CN",
        "7: node start: prompts: there are no words to offer th with",
    ]
