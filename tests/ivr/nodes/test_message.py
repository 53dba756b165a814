"""``message`` sends an SMS or an e-mail in the language of the call."""

import pytest

from tests.ivr.caller import Caller
from tests.ivr.flows import small_flow, small_text
from tests.ivr.test_load import problems

SMS = """
start:
  type: message
  text: {en: "You owe {amount|amount}.", zh-CN: "应缴{amount|amount}。"}
  exits: {sent: end, failed: queue_end}
"""
EMAIL = """
start:
  type: message
  channel: email
  to: "{address}"
  subject: {en: Your bill, zh-CN: 账单}
  text: {en: "Dear {name}", zh-CN: "{name}您好"}
  exits: {sent: end, failed: queue_end}
"""


@pytest.mark.parametrize(("language", "text"), [("en", "You owe ¥5."), ("zh-CN", "应缴5元。")])
def test_an_sms_goes_to_the_caller(language: str, text: str) -> None:
    """Unless another number is named."""
    spoken = f"start: {{type: set, values: {{language: {language}}}, next: send}}"
    caller = Caller(small_flow(spoken + SMS.replace("start:", "send:")), amount="5")
    assert caller.intents[-1].parameters == {
        "to": "+8613800000001",
        "text": text,
        "key": "c1/send/1",
    }
    assert (caller.intents[-1].kind, caller.intents[-1].name) == ("message", "sms")
    assert caller.is_answered() == ["hangs up: self_served"]


def test_an_email_has_a_subject() -> None:
    """And an address."""
    caller = Caller(small_flow(EMAIL), address="ada@example.org", name="Ada")
    assert caller.intents[-1].parameters == {
        "to": "ada@example.org",
        "subject": "Your bill",
        "text": "Dear Ada",
        "key": "c1/start/1",
    }


@pytest.mark.parametrize("outcome", ["none", "failed"])
def test_nobody_reached_is_trouble(outcome: str) -> None:
    """A number that takes no messages, or nobody who sends them."""
    assert Caller(small_flow(SMS)).is_answered(outcome) == ["queues sales at 0"]


def test_a_message_to_nobody_is_not_sent() -> None:
    """A caller who hides their number."""
    assert Caller(small_flow(SMS), number="").path == ["start", "queue_end"]
    assert Caller(small_flow(EMAIL)).path == ["start", "queue_end"]


def test_what_a_message_needs() -> None:
    """All languages, a subject for an e-mail and for nothing else, an address."""
    bad = SMS.replace(', zh-CN: "应缴{amount|amount}。"', "").replace(
        "text:", "subject: {en: a, zh-CN: b}\n  text:"
    )
    assert problems(small_text(bad)) == [
        "10: node start: an SMS has no subject",
        "11: node start: text: there is no text in zh-CN",
    ]
    none = EMAIL.replace('  to: "{address}"\n', "").replace("  subject: {en: Your bill, zh-CN: 账单}\n", "")
    assert problems(small_text(none)) == [
        "9: node start: subject is missing",
        "10: node start: to is missing: an e-mail needs an address",
    ]
