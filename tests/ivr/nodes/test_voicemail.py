"""``voicemail`` takes a message."""

import pytest

from domain.flow import MessageTaken
from domain.ids import RecordingId
from tests.ivr.caller import CALL, Caller
from tests.ivr.flows import small_flow

MESSAGE = """
start:
  type: voicemail
  max_s: 60
  prompts: {en: After the tone, zh-CN: 请留言}
  exits: {taken: thanks, failed: end}
thanks:
  type: say
  prompts: {en: "Kept as {message}", zh-CN: 已收到}
  next: end
"""


@pytest.fixture
def caller() -> Caller:
    return Caller(small_flow(MESSAGE))


def test_it_records_after_the_prompt_and_thanks(caller: Caller) -> None:
    """The recording's name is the variable ``message``."""
    assert caller.listens() == ["records 60 s"]
    assert caller.leaves_message() == ["says: Kept as c1-m1"]


def test_a_key_skips_the_prompt(caller: Caller) -> None:
    """Then it records at once; further keys are the switch's business."""
    assert caller.presses("#") == ["hushes", "records 60 s"]
    assert caller.presses("5") == []


def test_an_empty_message_fails(caller: Caller) -> None:
    """Nobody is thanked for silence."""
    caller.listens()
    assert caller.leaves_message(0) == ["hangs up: self_served"]


def test_the_end_of_another_recording_is_not_its_end(caller: Caller) -> None:
    """Only the recording it asked for counts."""
    caller.listens()
    assert caller.hears(MessageTaken(CALL, RecordingId("c1-m7"), 4000)) == []


def test_a_recording_nobody_reports_the_end_of_is_given_up(caller: Caller) -> None:
    """Half a minute after its limit."""
    caller.listens()
    assert caller.waits(89) == []
    assert caller.waits(2) == ["hangs up: self_served"]
