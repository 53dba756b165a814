"""The front door of the sample bank, lived through: transcripts of what a caller hears."""

import pytest

from domain.flow import Enqueue
from ivr.book import SAMPLE_FLOWS
from ivr.load import load_file
from tests.ivr.caller import Caller

BANK, COMPLAINTS, CORPORATE = (
    load_file(SAMPLE_FLOWS / f"{name}.yaml") for name in ("bank", "complaints", "corporate")
)
MAIN = (
    "says: 个人业务请按 1，投诉建议请按 2，企业业务请按 3，账单查询请按 4，申请进度查询请按 5，"
    "充值卡充值请按 6，人工服务请按 0，重听请按 9。"
)
MAIN_EN = (
    "says: For personal banking, press 1. For complaints, press 2. For business banking, press 3. "
    "For your card bill, press 4. For the result of an application, press 5. "
    "To use a recharge card, press 6. To speak to someone, press 0. To hear this again, press 9."
)
LANGUAGE = "says: 普通话服务请按 1。 For English, press 2."


def arrive(is_open: bool = True, **options: object) -> Caller:
    return Caller(BANK, {"bank": is_open}, others=(COMPLAINTS, CORPORATE), **options)  # type: ignore[arg-type]


def test_a_known_customer_is_not_asked_for_a_language() -> None:
    """Greeted, recognised, one key, into the queue before others, with the owner preferred."""
    caller = arrive()
    assert caller.listens() == ["looks up +8613800000001"]
    assert caller.is_known_as(
        customer="k1", name="王芳", tier="gold", priority=30.0, owner="a3", language="zh-CN"
    ) == [MAIN]
    assert caller.presses("1") == ["hushes", "says: 正在为您转接，请稍候。"]
    assert caller.listens() == ["queues personal at 30"]
    assert caller.last(Enqueue).preferred == "a3"
    assert caller.path == [
        *("welcome", "identify", "known_language", "use_known_language", "hours"),
        *("main", "main=1", "personal", "by_tier", "to_personal", "personal_queue"),
    ]


def test_a_stranger_chooses_english() -> None:
    """And hears English from then on."""
    caller = arrive()
    caller.listens()
    assert caller.is_known_as("none") == [LANGUAGE]
    assert caller.presses("2") == ["hushes", MAIN_EN]
    assert caller.presses("3")[1] == "says: One moment please, I am connecting you to business banking."
    assert caller.listens() == ["queues business at 0"]
    assert caller.last(Enqueue).attributes == {"language": "en"}


def test_keys_ahead_of_everything_reach_their_menus() -> None:
    """A regular caller types 1 1 over the welcome and hears nothing twice."""
    caller = arrive()
    assert caller.presses("1") == ["hushes", "looks up +8613800000001"]
    assert caller.presses("1") == []
    assert caller.is_known_as("none") == ["says: 正在为您转接，请稍候。"]
    assert caller.listens() == ["queues personal at 0"]


def test_a_caller_who_does_nothing_reaches_a_person() -> None:
    """Silence everywhere ends in the queue, not in a dead line."""
    caller = arrive()
    caller.listens()
    caller.waits(600)
    for _ in range(20):
        if caller.session.state.node == "personal_queue":
            break
        caller.listens()
        caller.waits(10)
    assert caller.session.state.node == "personal_queue"


def test_records_that_do_not_answer_cost_two_seconds() -> None:
    """Then the caller is a stranger."""
    caller = arrive()
    caller.listens()
    assert caller.waits(2) == [LANGUAGE]


def test_a_closed_bank_takes_a_message() -> None:
    """Told so, recorded, thanked, goodbye."""
    caller = arrive(is_open=False)
    caller.listens()
    assert caller.is_known_as(language="en") == ["says: We are closed at the moment."]
    assert caller.listens() == [
        "says: Please leave a message after the tone and press hash when you are done. We will call you back."
    ]
    assert caller.listens() == ["records 120 s"]
    assert caller.leaves_message() == ["says: We have your message. Thank you for calling. Goodbye."]
    assert caller.listens() == ["hangs up: voicemail"]
    assert caller.session.state.ended


def test_an_empty_message_ends_with_a_goodbye() -> None:
    """Nobody is told that silence was kept."""
    caller = arrive(is_open=False)
    caller.listens()
    caller.is_known_as(language="en")
    caller.listens()
    caller.listens()
    assert caller.leaves_message(0) == ["says: Thank you for calling. Goodbye."]
    assert caller.listens() == ["hangs up: closed"]


@pytest.mark.parametrize("reason", ["timeout", "full", "unknown_queue"])
def test_a_full_queue_asks_what_to_do(reason: str) -> None:
    """Wait on or leave a message."""
    caller = arrive()
    caller.listens()
    caller.is_known_as(language="zh-CN")
    caller.presses("1")
    assert caller.listens() == ["queues personal at 0"]
    assert caller.comes_back("personal", reason) == ["says: 客服人员都在忙。继续等候请按 1，留言请按 2。"]
    assert caller.presses("1") == ["hushes", "says: 正在为您转接，请稍候。"]
    assert caller.listens() == ["queues personal at 0"]


def test_no_agent_at_all_takes_a_message_at_once() -> None:
    """Nobody waits for nobody."""
    caller = arrive()
    caller.listens()
    caller.is_known_as(language="zh-CN")
    caller.presses("3")
    caller.listens()
    assert caller.comes_back("business", "no_agents") == [
        "says: 请在提示音后留言，并说明公司名称，说完请按井号键，我们会尽快给您回电。"
    ]


def test_a_calendar_that_is_gone_counts_as_open() -> None:
    """The flow says so itself, by its ``failed`` exit."""
    caller = Caller(BANK, {})
    caller.listens()
    assert caller.is_known_as(language="zh-CN") == [MAIN]
    assert "calendar bank gave no answer" in caller.session.state.trouble
