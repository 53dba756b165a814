"""``queue`` lets the call wait, tells it how long, and says what follows when it comes back."""

from typing import Any

import pytest

from domain.flow import CallerTaken, EndCall, Enqueue, TakeMessage
from domain.switch import Speak
from ivr.flow import Flow
from ivr.load import load_flow
from ivr.nodes.queue import ANSWER_S
from tests.ivr.caller import CALL, Caller
from tests.ivr.flows import small_flow

QUEUE = """
start:
  type: lookup
  exits: {one: queue, many: queue, none: queue}
queue:
  type: queue
  queue: sales
  priority: 20
  prefer_owner: true
  skills: ["{wanted}", english, "{nothing}"]
  exits: {no_agents: message, default: end}
message:
  type: voicemail
  prompts: {en: Leave a message, zh-CN: 请留言}
  exits: {taken: end, failed: end}
"""


def queued(text: str = QUEUE, others: tuple[Flow, ...] = (), **more: Any) -> Caller:
    caller = Caller(small_flow(text), others=others, **more)
    caller.is_known_as(customer="k1", tier="gold", priority=30.0, owner="a7", last_agent="a8")
    return caller


def with_exits(exits: str, **parameters: str) -> str:
    more = "".join(f"  {key}: {value}\n" for key, value in parameters.items())
    nodes = QUEUE.replace("{no_agents: message, default: end}", exits).replace("  priority: 20\n", more)
    return (
        nodes if "message" in exits else nodes.replace("one: queue, many: queue", "one: queue, many: message")
    )


# ------------------------------------------------------------------ what the floor is told


def test_everything_the_floor_needs_goes_along() -> None:
    """Priority of node and tier together, skills filled in, the owner preferred."""
    asked = queued(wanted="loans").last(Enqueue)
    assert (asked.queue, asked.base_priority, asked.tier, asked.preferred) == ("sales", 50.0, "gold", "a7")
    assert asked.skills == ("loans", "english")
    assert (asked.branch, asked.backup, asked.prefer_s) == ("", None, None)


def test_whom_the_customer_knows_is_asked_first() -> None:
    """The agent who spoke with them last, then the owner, for so long; and the branch is theirs."""
    wishes = {
        "prefer": '"{last_agent}"',
        "backup": '"{owner}"',
        "prefer_s": "15",
        "branch": '"{branch}"',
    }
    asked = queued(with_exits("{no_agents: message, default: end}", **wishes), branch="west").last(Enqueue)
    assert (asked.preferred, asked.backup, asked.prefer_s, asked.branch) == ("a8", "a7", 15.0, "west")


def test_nobody_is_asked_first_of_a_caller_nobody_knows() -> None:
    """An empty variable is no agent."""
    caller = Caller(small_flow(with_exits("{no_agents: message, default: end}", prefer='"{last_agent}"')))
    caller.is_known_as("none")
    assert caller.last(Enqueue).preferred is None


def test_a_name_that_comes_late_changes_what_the_wait_is_worth() -> None:
    """The records gave no answer in time; when they do, the queue hears of the tier."""
    caller = Caller(small_flow(QUEUE.replace("none: queue", "none: queue, failed: queue")))
    assert caller.waits(3) == ["queues sales at 20"]
    assert caller.is_known_as(customer="k1", tier="gold", priority=30.0) == ["is worth 50 as gold"]


# ------------------------------------------------------------------ what the caller is told


def test_a_waiting_caller_is_told_where_they_stand() -> None:
    """In the language of the call."""
    caller = queued()
    assert caller.is_told(3, 130.0) == [
        "says: You are number 3 in line. The estimated wait is about 3 minutes."
    ]
    assert caller.listens() == []
    caller.session.state.variables["language"] = "zh-CN"
    assert caller.is_told(1) == ["says: 您是下一位。"]


def test_one_thing_is_said_after_the_other() -> None:
    """Nothing cuts an announcement short; figures that were not told yet give way to newer ones."""
    caller = queued()
    assert caller.is_told(message="Thank you for waiting.") == ["says: Thank you for waiting."]
    assert caller.is_told(4) == []
    assert caller.is_told(message="Did you know?") == []
    assert caller.is_told(2) == []
    assert caller.listens() == ["says: Did you know?"]
    assert caller.listens() == ["says: You are number 2 in line."]
    assert caller.listens() == []


def test_nothing_to_say_is_not_said() -> None:
    """An announcement without position, wait or message."""
    assert queued().is_told() == []


def test_a_message_is_spoken_by_a_voice_of_its_language() -> None:
    """Chinese words by the Chinese voice, whatever the caller speaks."""
    caller = queued()
    caller.is_told(message="系统正在维护")
    assert caller.intents[-1].prompts == (Speak("系统正在维护", "zh-CN"),)


def test_what_an_agent_cut_short_is_forgotten() -> None:
    """A caller who waits again, as after a transfer, hears what is true then."""
    caller = queued()
    caller.is_told(3)
    caller.is_asked()
    assert caller.hears(CallerTaken(CALL)) == []
    assert caller.session.wake_at() is None
    assert caller.presses("1") == []
    assert caller.is_told(2) == ["says: You are number 2 in line."]


# ------------------------------------------------------------------ a callback instead


ASKED = (
    "says: You are number 3 in line. If you would rather not wait, press 1 and we will call you back under"
    " the number you are calling from. Your place in line is kept."
)
PROMISED = (
    "says: Thank you. We will call you back under this number when it is your turn. You may hang up now."
    " Goodbye."
)


def test_a_caller_would_rather_be_called_back() -> None:
    """1 over the words; once the place is kept they are told, and the call ends as a callback."""
    caller = queued()
    assert caller.is_asked() == [ASKED]
    assert caller.presses("1") == ["hushes", "is called back under +8613800000001"]
    assert caller.is_promised() == [PROMISED]
    assert caller.listens() == ["hangs up: callback"]
    assert caller.session.state.ended


def test_they_may_take_their_time_to_answer() -> None:
    """Until some seconds after the words; then a key means nothing."""
    caller = queued()
    caller.is_asked()
    caller.listens()
    caller.waits(ANSWER_S - 1)
    assert caller.presses("1") == ["is called back under +8613800000001"]
    late = queued()
    late.is_asked()
    late.listens()
    late.waits(ANSWER_S)
    assert late.presses("1") == []


def test_any_other_key_is_a_no() -> None:
    """The words stop, and a 1 after that means nothing."""
    caller = queued()
    caller.is_asked()
    assert caller.presses("2") == ["hushes"]
    assert caller.presses("1") == []


def test_news_waits_for_the_answer() -> None:
    """Told once the caller has said no, or nothing."""
    caller = queued()
    caller.is_asked()
    assert caller.is_told(2) == []
    assert caller.listens() == []
    assert caller.waits(ANSWER_S) == ["says: You are number 2 in line."]


@pytest.mark.parametrize("number", ["", "anonymous", "alice"])
def test_nobody_is_asked_who_cannot_be_called_back(number: str) -> None:
    """A caller who hides their number, or has none that can be dialled."""
    caller = Caller(small_flow(QUEUE), number=number)
    caller.is_known_as("none")
    assert caller.is_asked() == []
    assert caller.presses("1") == []


# ------------------------------------------------------------------ it comes back


@pytest.mark.parametrize(
    ("reason", "line"),
    [
        ("no_agents", "says: Leave a message"),
        ("timeout", "hangs up: self_served"),
        ("full", "hangs up: self_served"),
    ],
)
def test_it_comes_back_by_the_reason_or_by_default(reason: str, line: str) -> None:
    """Every reason leads on."""
    caller = queued()
    assert caller.comes_back("sales", reason) == [line]
    assert caller.session.state.variables["queue_reason"] == reason


def test_it_may_come_back_from_another_queue() -> None:
    """Where it overflowed to, or was handed to."""
    assert queued().comes_back("business", "no_agents") == ["says: Leave a message"]


def test_a_key_while_nothing_was_asked_changes_nothing() -> None:
    """Music is not interrupted."""
    caller = queued()
    assert caller.presses("12#") == []
    assert caller.session.state.node == "queue"


def test_waiting_needs_no_timer() -> None:
    """The floor keeps the time of the queue."""
    assert queued().session.wake_at() is None


@pytest.mark.parametrize(
    ("exits", "lines"),
    [
        ("{no_agents: message, default: end}", ["hangs up: closed"]),
        ("{closed: message, default: end}", ["says: Leave a message"]),
    ],
)
def test_a_closed_queue_says_why_first(exits: str, lines: list[str]) -> None:
    """The message to its end, whatever keys are pressed; then the exit, or a good-bye."""
    caller = queued(with_exits(exits))
    assert caller.comes_back("sales", "closed", message="We had a fire alarm.") == [
        "says: We had a fire alarm."
    ]
    assert caller.presses("1") == []
    assert caller.is_told(1) == []
    assert caller.listens() == lines


def test_a_closed_queue_without_a_message() -> None:
    """There is nothing to say first."""
    assert queued().comes_back("sales", "closed") == ["hangs up: closed"]


def test_voicemail_without_an_exit_takes_a_message() -> None:
    """The one that stands behind every flow."""
    caller = queued()
    (asked,) = caller.comes_back("sales", "voicemail")
    assert asked.startswith("says: Sorry, nobody can take your call right now.")
    assert caller.listens() == ["records 120 s"]
    assert isinstance(caller.intents[-1], TakeMessage)
    caller.leaves_message()
    assert caller.listens() == ["hangs up: voicemail"]


def test_a_call_that_waited_long_enough_ends_politely() -> None:
    """With a good-bye; it counts as turned away."""
    caller = queued()
    (goodbye,) = caller.comes_back("sales", "hang_up")
    assert goodbye.endswith("Goodbye.")
    assert caller.listens() == ["hangs up: closed"]
    assert caller.last(EndCall).outcome == "closed"


EVENING = load_flow(
    """\
flow: evening
version: 4
languages: [en]
default_queue: night
entry: hello
nodes:
  hello: {type: say, prompts: {en: "Good evening {customer_name}."}, next: queue}
  queue: {type: queue, queue: night, exits: {default: end}}
  end: {type: hang_up, outcome: closed}
""",
    "evening.yaml",
)


def test_it_goes_on_in_another_flow() -> None:
    """With everything that is known of the call, through its own nodes, restored at every step."""
    caller = Caller(small_flow(QUEUE), others=(EVENING,))
    caller.is_known_as(customer="k1", name="Ada", priority=30.0)
    assert caller.comes_back("sales", "flow", "evening") == ["says: Good evening Ada."]
    assert caller.listens() == ["queues night at 30"]
    assert (caller.session.state.flow, caller.session.state.version) == ("evening", 4)
    assert caller.comes_back("night", "full") == ["hangs up: closed"]


@pytest.mark.parametrize(
    ("exits", "line"),
    [
        ("{timeout: message, default: end}", "says: Leave a message"),
        ("{no_agents: message, default: end}", "hangs up: self_served"),
        ("{flow: message, default: end}", "says: Leave a message"),
    ],
)
def test_a_flow_nobody_knows_is_no_dead_end(exits: str, line: str) -> None:
    """The exit for it, else that for the longest wait, else the default."""
    assert queued(with_exits(exits)).comes_back("sales", "flow", "gone") == [line]


def test_its_own_exit_for_another_flow_goes_first() -> None:
    """The node's writer decided."""
    caller = queued(with_exits("{flow: message, default: end}"), others=(EVENING,))
    assert caller.comes_back("sales", "flow", "evening") == ["says: Leave a message"]
