"""Talking to a flow: what it says is printed, keys and commands do what they say, nothing typed breaks it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.book import SAMPLE_FLOWS
from ivr.flow import Flow
from ivr.load import load_file
from ivr.rehearsal.world import Person, World
from ivr.terminal import _COMMANDS, HELP, Terminal
from tests.ivr.flows import small_flow
from tests.ivr.test_scenario import FLOW, SECRET


def talk(
    *typed: str,
    flow: str | Flow = FLOW,
    world: World | None = None,
    verbose: bool = False,
    echo: bool = False,
) -> list[str]:
    """Every line that is printed when these are typed."""
    lines: list[str] = []
    rest = list(typed)
    read = lambda words: rest.pop(0) if rest else None  # noqa: E731
    made = small_flow(flow) if isinstance(flow, str) else flow
    Terminal(made, world or World(), lines.append, read, verbose=verbose, echo=echo).run()
    return lines


def test_a_whole_call_is_talked_through() -> None:
    """Looked up by hand, a key, a queue that gives the call back, a message, the end."""
    assert talk("answer one name=Ada", "1", "back timeout", "message 4") == [
        "en: Good day",
        "-- looks up +8613800000001",
        "-- answer: one, Ada",
        "en: Press 1 to wait, Ada",
        "-- understands 1",
        "-- waits in queue sales, priority 5, skills english",
        "-- queue sales gives the call back: timeout",
        "en: Nobody is free",
        "en: Speak",
        "-- records at most 10 s",
        "-- ends the call: self_served",
        "the call is over: self_served",
    ]


def test_each_part_is_shown_in_its_language() -> None:
    """Also where a prompt changes it; sounds and tones by name."""
    flow = small_flow(
        """
        start:
          type: say
          prompts: {en: [Hi, {text: 你好, language: zh-CN}, {tone: 440}, {sound: chime}], zh-CN: 好}
          next: end
        """
    )
    assert talk(flow=flow)[:4] == ["en: Hi", "zh-CN: 你好", "<440 Hz, 400 ms>", "en: <chime>"]


def test_nodes_and_times_are_shown_to_whoever_wants_them() -> None:
    """The way, when each thing happens, and until when the flow waits."""
    lines = talk("answer none", "wait 1", "9", verbose=True)
    assert lines[:3] == [" 0:00.0  [start]", " 0:00.0  en: Good day", " 0:00.5  [who]"]
    assert "-- node who waits until 0:03.5" in lines
    assert [line for line in lines if "[end]" in line]


def test_silence_is_an_empty_line() -> None:
    """The flow's patience runs out at once."""
    assert talk("answer none", "")[-2:] == ["-- ends the call: self_served", "the call is over: self_served"]


def test_the_end_of_what_is_typed_is_the_end_of_the_call() -> None:
    """As from a pipe."""
    assert talk("answer none")[-2:] == [
        "-- there is nothing more to read: the caller hangs up",
        "the call is over: caller",
    ]


def test_what_is_typed_is_written_down_where_it_does_not_stand_anyway() -> None:
    """But not digits nobody may see."""
    lines = talk("4539148803436467", flow=SECRET, echo=True)
    assert "> ................" in lines
    assert not any("4539" in line for line in lines)
    assert "> answer none" in talk("answer none", echo=True)


def test_answers_that_are_written_are_not_asked_for() -> None:
    """A file of answers answers; what it lacks is asked for."""
    known = replace(World(), customers={"any": Person(name="Bo")})
    assert "en: Press 1 to wait, Bo" in talk(world=known)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (["answer none", "1", "agent", "agent leaves"], "-- an agent answers"),
        (["answer none", "1", "place 3 120"], "en: The estimated wait is about 2 minutes."),
        (["answer none", "1", "propose", "1"], "-- the place is kept"),
        (["answer none", "1", "back closed '' 'We are away'"], "en: We are away"),
        (["answer none", "crash", "2"], "-- the platform crashes and comes back"),
        (["answer one name=Ada tier=gold priority=30", "1"], "-- understands 1"),
        (["answer none", "variables"], "-- source = ''"),
        (["answer none", "where"], "-- node ask waits for the caller"),
        (["hang up"], "the call is over: caller"),
        (["help"], HELP.splitlines()[0]),
    ],
    ids=lambda one: one[-1] if isinstance(one, list) else None,
)
def test_commands_do_what_they_say(typed: list[str], said: str) -> None:
    """Each of them."""
    assert said in talk(*typed)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("dance", "-- 'dance' is neither keys nor a command; help shows what there is"),
        ("wait", "-- wait SECONDS"),
        ("wait -1", "-- wait SECONDS"),
        ("wait nan", "-- wait SECONDS"),
        ("agent", "-- the call does not wait in a queue; help shows what can be typed"),
        ("message 3", "-- nothing is being recorded; help shows what can be typed"),
        ("reached", "-- the call is not being handed over; help shows what can be typed"),
        ("answer", "-- answer one name=Ada ..., or none, one, many, failed, silent"),
        ("answer one shoe=42", "-- shoe is nothing a customer has; there are branch, customer"),
        ("answer one name", "-- 'name' is no value; write name=value"),
        ("answer one priority=high", "-- priority is a number"),
        ("back", "-- back REASON; there are no_agents"),
        ("calendar bank ajar", "-- calendar NAME open, or closed"),
        ("say 'it", "-- No closing quotation"),
    ],
)
def test_what_cannot_be_done_is_said_and_the_call_goes_on(typed: str, said: str) -> None:
    """With the way to write it."""
    lines = talk(typed, "answer none")
    assert any(line.startswith(said) for line in lines)
    assert "en: Press 1 to wait," in lines


def test_questions_to_outside_are_answered_with_values() -> None:
    """Numbers are numbers, but not numbers of accounts that begin with 0."""
    flow = small_flow(
        """
        start:
          type: record
          query: bill
          parameters: {account: "{caller}"}
          into: {amount: amount, account: account, paid: paid}
          exits: {found: told, none: end, failed: end}
        told: {type: say, prompts: {en: "{amount} {account} {paid}", zh-CN: 好}, next: end}
        """
    )
    lines = talk("answer ok amount=12.5 account=007 paid=true", flow=flow)
    assert "-- asks record bill (account=+8613800000001)" in lines
    assert "en: 12.5 007 true" in lines
    assert talk("answer failed it is down", flow=flow)[1] == "-- answer: failed, it is down"
    assert talk("answer perhaps", flow=flow)[1] == "-- answer ok a=1 ..., or ok, none, failed, silent"


def test_what_is_not_written_is_taken_to_be_well() -> None:
    """Nobody wants to write calendars to hear a prompt; it is said all the same."""
    flow = small_flow(
        """
        start: {type: hours, calendar: bank, exits: {open: look, closed: end}}
        look:
          type: queue_state
          queue: sales
          cases: [{if: queue_available > 0, exit: free}]
          exits: {free: again, otherwise: end}
        again:
          type: menu
          prompts: {en: Free, zh-CN: 有空}
          exits: {1: start, no_input: end, no_match: end}
        """
    )
    lines = talk("calendar bank closed", "1", flow=flow)
    assert lines[:3] == [
        "-- calendar bank is taken to be open",
        "-- queue sales is taken to be empty, with one agent free",
        "en: Free",
    ]
    assert lines[-1] == "the call is over: self_served"


def test_every_command_is_in_the_help() -> None:
    """But for another word for hanging up."""
    words = {line.split()[0] for line in HELP.splitlines()}
    assert set(_COMMANDS) - words == {"quit"}


BANK = load_file(SAMPLE_FLOWS / "bank.yaml")
TYPED = st.sampled_from(
    [*_COMMANDS, "1", "0", "*", "", "wait 9", "answer none", "answer ok a=1", "message 2"]
)


@given(st.lists(TYPED | st.text(max_size=12), max_size=12))
def test_nothing_that_is_typed_breaks_it(typed: list[str]) -> None:
    """Any lines, in any order: the call comes to its end."""
    assert talk(*typed, flow=BANK)[-1].startswith("the call is over: ")
