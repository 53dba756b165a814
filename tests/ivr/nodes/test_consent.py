"""``consent`` asks whether the call may be recorded, and takes silence for a no."""

import pytest

from tests.ivr.caller import Caller
from tests.ivr.flows import small_flow

CONSENT = """
start: {type: consent, exits: {yes: yes, no: no}}
yes: {type: say, prompts: {en: "{consent}", zh-CN: 是}, next: end}
no: {type: say, prompts: {en: "{consent}", zh-CN: 否}, next: end}
"""
OURS = "says: This call may be recorded for quality. If you agree, press 1. If you do not, press 2."


@pytest.mark.parametrize(("key", "said"), [("1", "yes"), ("2", "no")])
def test_the_answer_is_marked(key: str, said: str) -> None:
    """In the call's record, and known to the flow."""
    caller = Caller(small_flow(CONSENT))
    assert caller.presses(key) == ["hushes", f"marks consent={said}", f"says: {said}"]


def test_silence_is_no_consent() -> None:
    """After it was asked again; wrong keys are none either."""
    caller = Caller(small_flow(CONSENT))
    assert caller.presses("7") == ["hushes", OURS]
    caller.listens()
    assert caller.waits(5) == ["marks consent=no", "says: no"]


def test_the_flow_may_ask_in_its_own_words() -> None:
    """For something else, say."""
    asked = CONSENT.replace("exits", 'prompts: {en: "Agree?", zh-CN: 同意吗？}, exits', 1)
    assert Caller(small_flow(asked)).last_prompts() == ["Agree?"]
