"""The flow machine: no mistake of a flow drops a caller, every walk ends or waits, all can be restored."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, get_args
from unittest import mock

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from domain import codec
from domain.crm import CallerIdentified
from domain.floor import Announce, CallbackKept, ProposeCallback, ReturnReason
from domain.flow import (
    Answered,
    CallerTaken,
    ContactOver,
    DigitHeard,
    EndCall,
    FlowIntent,
    FlowStarted,
    HandOverFailed,
    MessageTaken,
    PathTaken,
    PromptEnded,
    QueueReturned,
    Say,
    SecretHeard,
    SecretLost,
)
from domain.ids import AgentId, CallId, CustomerId, PlayId, QueueId, RecordingId, TierId
from domain.instant import Instant, after
from ivr.book import SAMPLE_FLOWS
from ivr.flow import Flow, Value
from ivr.load import load_file
from ivr.machine import MAX_QUIET_STEPS, MAX_STEPS, Session
from ivr.nodes import KINDS
from ivr.nodes.lookup import Lookup
from ivr.nodes.queue import Queue
from ivr.nodes.transfer import Transfer
from ivr.walk import MOST_FLOWS, Context, FixedHours, FixedQueues, Walk
from tests.ivr.caller import CALL, START, Caller
from tests.ivr.flows import PARTS, generated_flows, small_flow

APOLOGY = "says: Sorry, something went wrong on our side. We are putting you through to a person."
MESSAGE = "says: Sorry, nobody can take your call right now. Please leave a message after the tone."

CIRCLE = """
start: {type: set, values: {x: 1}, next: again}
again: {type: set, values: {x: 2}, next: start}
"""

TALKING_CIRCLE = """
start: {type: say, prompts: {en: Again, zh-CN: 再来}, next: start}
"""

# ------------------------------------------------------------------ whose fact it is


def test_facts_before_the_start_of_other_calls_and_after_the_end_change_nothing() -> None:
    """A session hears its own call only, from its start to its end, and starts once."""
    session = Session.start(small_flow("start: {type: hang_up}"), CALL, "1", "2", START)
    assert session.handle(DigitHeard(CALL, "1"), START) == []
    assert session.handle(FlowStarted(CallId("c2")), START) == []
    assert session.handle(FlowStarted(CALL), START) == [
        PathTaken(CALL, "start"),
        EndCall(CALL, "self_served"),
    ]
    assert session.state.ended
    assert session.handle(FlowStarted(CALL), START) == []
    assert session.wake_at() is None
    assert session.wake(after(START, 1000)) == []


def test_a_second_start_does_not_start_again() -> None:
    """A doubled fact is heard once."""
    caller = Caller(small_flow(TALKING_CIRCLE))
    assert caller.hears(FlowStarted(CALL)) == []


def test_a_wake_before_its_time_changes_nothing() -> None:
    """Only the timer that is due acts."""
    caller = Caller(small_flow(TALKING_CIRCLE))
    assert caller.session.wake(after(START, 10)) == []
    assert caller.session.wake_at() == after(START, 300)


def test_the_call_its_caller_and_number_are_variables() -> None:
    """And so are those the number came with."""
    flow = small_flow(
        'start: {type: say, prompts: {en: "{caller} {dialled} {source}", zh-CN: 好}, next: end}'
    )
    assert Caller(flow, source="tv").last(Say).prompts[0].text == "+8613800000001 95588 tv"


# ------------------------------------------------------------------ failures never drop a caller


def test_trouble_takes_the_failed_exit_first() -> None:
    """The node's own answer to its own failure."""
    flow = small_flow(
        "start: {type: hours, calendar: none, exits: {open: end, closed: end, failed: queue_end}}"
    )
    assert Caller(flow).path == ["start", "queue_end"]


def test_then_the_handler_of_the_flow() -> None:
    """``on_error`` is where a flow wants its own mistakes to go."""
    flow = small_flow(
        """
        start: {type: hours, calendar: none, exits: {open: end, closed: end}}
        sorry: {type: say, prompts: {en: Sorry, zh-CN: 抱歉}, next: queue_end}
        """,
        on_error="sorry",
    )
    caller = Caller(flow)
    assert caller.path == ["start", "sorry"]
    assert caller.listens() == ["queues sales at 0"]


def test_then_the_last_resort_an_apology_the_default_queue_a_message_the_end() -> None:
    """Every step of it, in the caller's language, and then hung up politely."""
    caller = Caller(small_flow("start: {type: hours, calendar: none, exits: {open: end, closed: end}}"))
    assert caller.path == ["start", "$apology"]
    assert caller.listens() == ["queues everybody at 0"]
    assert caller.comes_back("everybody", "no_agents") == [MESSAGE]
    assert caller.listens() == ["records 120 s"]
    assert caller.leaves_message() == ["says: We have your message. Thank you for calling. Goodbye."]
    assert caller.listens() == ["hangs up: voicemail"]


def test_the_last_resort_without_a_message_still_says_goodbye() -> None:
    """The outcome is a failure of ours, and it is called so."""
    caller = Caller(small_flow("start: {type: hours, calendar: none, exits: {open: end, closed: end}}"))
    caller.listens()
    caller.comes_back("everybody", "unknown_queue")
    caller.listens()
    assert caller.leaves_message(0) == ["says: We are sorry. Please call again later. Goodbye."]
    assert caller.listens() == ["hangs up: failed"]


def test_a_handler_that_is_itself_broken_is_left_for_the_last_resort() -> None:
    """Three tries, then the apology."""
    flow = small_flow(
        "start: {type: hours, calendar: none, exits: {open: end, closed: end}}", on_error="start"
    )
    caller = Caller(flow)
    assert caller.path == ["start"] * 4 + ["$apology"]


@pytest.mark.parametrize("restoring", [True, False])
def test_a_flow_that_goes_in_circles_is_left(restoring: bool) -> None:
    """At once if its steps take no time, and after a while if it talks to somebody who never answers."""
    assert Caller(small_flow(CIRCLE), restoring=restoring).path[MAX_STEPS:] == ["$apology"]
    caller = Caller(small_flow(TALKING_CIRCLE), restoring=restoring)
    for _ in range(MAX_QUIET_STEPS - 1):
        assert caller.listens() == ["says: Again"]
    assert caller.listens() == [APOLOGY]


def test_a_key_shows_that_somebody_is_there() -> None:
    """A caller who presses keys may hear the same prompt for ever."""
    flow = small_flow(
        """
        start:
          type: menu
          prompts: {en: Press 9 to hear this again, zh-CN: 重听请按 9}
          exits: {9: start, no_input: end, no_match: end}
        """
    )
    caller = Caller(flow)
    for _ in range(MAX_QUIET_STEPS + 10):
        assert caller.presses("9") == ["hushes", "says: Press 9 to hear this again"]


def test_a_node_the_new_version_lost_is_trouble() -> None:
    """A session restored into a flow without its node goes to the last resort with its next fact."""
    old = Caller(
        small_flow("start: {type: say, prompts: {en: Hello, zh-CN: 好}, next: gone}\ngone: {type: hang_up}")
    )
    old.session = Session.restore(small_flow("start: {type: hang_up}"), old.session.state)
    old.session.state.node = "gone"
    old.flow, old.restoring = old.session.flow, False
    assert old.presses("1") == [APOLOGY]


def test_a_language_we_have_no_words_of_our_own_in_gets_english() -> None:
    """The apology is never silence."""
    flow = replace(small_flow(CIRCLE), languages=("th", "en"))
    prompts = Caller(flow).last(Say).prompts
    assert (prompts[0].language, prompts[0].text[:5]) == ("en", "Sorry")


# ------------------------------------------------------------------ any sequence of facts

BANK = load_file(SAMPLE_FLOWS / "bank.yaml")
NO_CALENDAR = Context(FixedHours({}))
BROKEN = small_flow(
    """
    start: {type: lookup, exits: {one: choose, many: count, none: ask}}
    ask:
      type: collect
      into: account
      min: 3
      max: 5
      prompts: {en: Account, zh-CN: 账号}
      exits: {done: choose}
    choose:
      type: branch
      cases: [{variable: account, op: more, value: 500, exit: count}]
      exits: {count: count, otherwise: message}
    count: {type: set, values: {n: "{n}1"}, next: talk}
    talk: {type: say, prompts: {en: "{nobody}", zh-CN: "{n}"}, barge_in: false, next: wait}
    wait: {type: queue, queue: sales, exits: {timeout: talk, default: start}}
    message: {type: voicemail, prompts: {en: Speak, zh-CN: 请讲}, max_s: 5, exits: {taken: count}}
    """
)
FLOWS = st.sampled_from([BANK, BROKEN, small_flow(CIRCLE), small_flow(TALKING_CIRCLE)])
CONTEXTS = st.sampled_from(
    [NO_CALENDAR, Context(FixedHours({"bank": True})), Context(FixedHours({"bank": False}))]
)
SALES = QueueId("sales")
REASONS: list[ReturnReason] = list(get_args(ReturnReason))
CALLS = st.sampled_from([CALL, CALL, CALL, CALL, CallId("c2")])

STEPS = st.one_of(
    st.tuples(st.just("key"), st.sampled_from("0123456789*#A")),
    st.tuples(st.just("key"), st.text(max_size=2)),
    st.tuples(st.just("heard"), st.booleans()),
    st.tuples(st.just("known"), st.sampled_from(["none", "one", "many", "failed"])),
    st.tuples(st.just("back"), st.sampled_from(REASONS)),
    st.tuples(st.just("told"), st.none() | st.integers(-1, 9)),
    st.tuples(st.just("asked"), st.integers(0, 9)),
    st.tuples(st.just("kept"), st.none()),
    st.tuples(st.just("taken"), st.none()),
    st.tuples(st.just("answered"), st.sampled_from(["ok", "ok", "none", "failed"])),
    st.tuples(st.just("unseen"), st.integers(0, 9)),
    st.tuples(st.just("lost"), st.sampled_from(["pin", "other"])),
    st.tuples(st.just("over"), st.none()),
    st.tuples(st.just("not reached"), st.none()),
    st.tuples(st.just("message"), st.integers(-1, 5000)),
    st.tuples(st.just("start"), st.none()),
    st.tuples(st.just("wait"), st.floats(0, 400)),
)


WALKS = st.lists(
    st.tuples(CALLS, STEPS) | st.tuples(st.just(CALL), st.tuples(st.just("fitting"), st.integers(0, 59))),
    max_size=30,
)
"""Steps of which about half mean something where the call stands."""


def _fact(session: Session, call: CallId, step: tuple[str, Any]) -> Any:
    what, how = step
    match what:
        case "key":
            return DigitHeard(call, how)
        case "heard":
            return PromptEnded(call, PlayId(session.state.play if how else "c1-p1"))
        case "known":
            return CallerIdentified(call, how, CustomerId("k"), "王", TierId("gold"), 30.0, language="en")
        case "back":
            return QueueReturned(call, SALES, how, "elsewhere", "We are closed." if how == "closed" else "")
        case "told":
            return Announce(call, SALES, how, 90.0, "" if how else "Please hold the line {n}.")
        case "asked":
            return ProposeCallback(call, SALES, how)
        case "kept":
            return CallbackKept(CallId("back"), call, SALES, "1", START, START)
        case "taken":
            return CallerTaken(call)
        case "fitting":
            return _fitting(session, call, how)
        case "answered":
            asked = session.state.asked
            name = asked.ask if asked is not None else "c1-a1"
            return Answered(call, name, how, {"amount": "5.00", "state": 1, "reason": "used", "number": "C1"})
        case "unseen":
            return SecretHeard(call, session.state.concealed or "pin", how)
        case "lost":
            return SecretLost(call, how)
        case "over":
            return ContactOver(call, AgentId("a"))
        case "not reached":
            return HandOverFailed(call, "95588")
        case "message":
            return MessageTaken(call, RecordingId(session.state.recording), how)
        case _:
            return FlowStarted(call)


def _fitting(session: Session, call: CallId, how: int) -> Any:
    """One of the facts that mean something where the session stands."""
    state, node = session.state, session._node(session.state.node)
    fits: list[tuple[str, Any]] = [("key", str(how % 10))]
    if state.play:
        fits = [("heard", True), *fits]
    if state.asked is not None:
        fits = [("answered", ("ok", "none")[how % 2]), *fits]
    if state.concealed:
        fits = [("unseen", len(state.digits) + 1), ("key", "#"), *fits]
    if state.recording:
        fits = [("message", how), *fits]
    if isinstance(node, Lookup):
        fits = [("known", ("one", "none")[how % 2])]
    if isinstance(node, Queue) and not state.step:
        fits = [("back", REASONS[how % len(REASONS)]), ("asked", 2), ("kept", None), ("over", None), *fits]
    return _fact(session, call, fits[how % len(fits)])


def _lives(flow: Flow, context: Context, steps: list[tuple[CallId, tuple[str, Any]]]) -> Iterator[Session]:
    """The session after each step; it is saved and restored beside itself, and both must say the same."""
    now = START
    session = Session.start(flow, CALL, "+8613800000001", "95588", now, context)
    for call, step in [(CALL, ("start", None)), *steps]:
        saved = codec.loads(codec.dumps(session.state))
        twin = Session.restore(context.flows(saved.flow) or flow, saved, context)
        if step[0] == "wait":
            now = after(now, step[1])
            said = session.wake(now)
            assert twin.wake(now) == said
        else:
            fact = _fact(session, call, step)
            said = session.handle(fact, now)
            assert twin.handle(fact, now) == said
        assert codec.dumps(twin.state) == codec.dumps(session.state)
        _check(session, now, said)
        yield session


def _check(session: Session, now: Instant, said: list[Any]) -> None:
    state = session.state
    assert sum(isinstance(i, PathTaken) and not i.digits for i in said) <= 5 * (MAX_STEPS + 8)
    assert len(state.stack) < MOST_FLOWS
    ends = [i for i in said if isinstance(i, EndCall)]
    assert len(ends) <= 1
    if state.ended:
        assert session.wake_at() is None
        if ends:
            assert said[-1] is ends[0]
        return
    node = session._node(state.node)
    assert node is None or not node.INSTANT, f"{node.TYPE} waits"
    waits_for_others = isinstance(node, Queue)
    due = session.wake_at()
    assert waits_for_others or (due is not None and due >= min(now, due)), f"stuck at {state.node}"


@given(FLOWS, CONTEXTS, st.lists(st.tuples(CALLS, STEPS), max_size=40))
@example(BROKEN, NO_CALENDAR, [(CALL, ("known", "none")), (CALL, ("key", "12345")), (CALL, ("key", ""))])
def test_no_sequence_of_facts_raises_and_the_call_always_ends_or_waits(
    flow: Flow, context: Context, steps: list[tuple[CallId, tuple[str, Any]]]
) -> None:
    """For a clock (a timer) or for the floor (a queue); and a restored session does the same."""
    for _ in _lives(flow, context, steps):
        pass


def _left_alone(session: Session) -> None:
    """Every prompt is heard, every queue gives up, no number is reached: the call comes to its end."""
    now = after(START, 100_000)
    for _ in range(MAX_QUIET_STEPS * 100):
        if session.state.ended:
            return
        node = session._node(session.state.node)
        due = session.wake_at()
        if due is not None:
            now = max(now, due)
            session.wake(now)
        elif isinstance(node, Transfer) and node.number:
            session.handle(HandOverFailed(CALL, node.number), now)
        else:
            assert isinstance(node, Queue)
            session.handle(QueueReturned(CALL, QueueId(node.queue), "timeout"), now)
    assert session.state.ended, session.state


@given(FLOWS, CONTEXTS, st.lists(st.tuples(CALLS, STEPS), max_size=15))
def test_whatever_happened_a_caller_who_falls_silent_is_served(
    flow: Flow, context: Context, steps: list[tuple[CallId, tuple[str, Any]]]
) -> None:
    """Left alone, with every prompt heard and every queue giving up, each call comes to its end."""
    _left_alone([*_lives(flow, context, steps)][-1])


@given(generated_flows(), WALKS)
@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=60)
def test_no_flow_at_all_can_be_written_that_breaks_a_promise(
    flows: tuple[Flow, ...], steps: list[tuple[CallId, tuple[str, Any]]]
) -> None:
    """Flows of every kind of node, led anywhere, calling one another: they never raise, never hang, always
    end, and a session that was saved and restored at every step does the same.
    """
    context = Context(
        FixedHours({"bank": True}),
        {"amount": "12.5"},
        {flow.name: flow for flow in flows}.get,
        FixedQueues({"sales": (3, None, 0, 1)}),
    )
    with mock.patch.object(Walk, "put", _put_what_is_told):
        _left_alone([*_lives(flows[0], context, steps)][-1])


PUT = Walk.put


def _put_what_is_told(walk: Walk, variable: str, value: Value) -> None:
    """As ``put``, if the node says that it writes the variable."""
    node = walk.flow.nodes.get(walk.state.node)
    assert node is None or variable in node.writes(), f"{node.TYPE} writes {variable}"
    PUT(walk, variable, value)


def test_every_kind_of_node_is_among_the_generated() -> None:
    """The test above would mean little otherwise."""
    assert {kind.split()[0] for kind in PARTS} == set(KINDS)


def test_a_call_that_came_through_no_flow_is_served_like_any_other() -> None:
    """It stands in a queue: told of the wait there, it goes on from there when the queue gives it up."""
    session = Session.in_queue(small_flow("start: {type: hang_up}"), CALL, "+861", "2", START)
    (said,) = session.handle(Announce(CALL, SALES, 3), START)
    assert isinstance(said, Say)
    back = session.handle(QueueReturned(CALL, SALES, "no_agents"), START)
    assert [type(i) for i in back] == [PathTaken, Say]
    assert session.state.node == "$message"


ALL = small_flow(
    """
    start: {type: collect, into: pin, sensitive: true, max: 1, prompts: {en: A, zh-CN: B}, exits: {done: a}}
    a: {type: tag, marks: {purpose: enquiry}, next: look}
    look: {type: record, query: q, exits: {found: dial, none: dial}}
    dial: {type: transfer, number: "95588", exits: {failed: end}}
    """
)


def test_the_intents_a_flow_can_have_are_all_seen() -> None:
    """The property tests above would mean little if their flows could not ask for everything."""
    kinds: set[type] = set()
    known = Context(FixedHours({"bank": True}))
    closed = Context(FixedHours({"bank": False}))
    for flow, context, steps in (
        (BANK, known, [("heard", True), ("known", "one"), ("key", "1"), ("heard", True)]),
        (BANK, known, [("heard", True), ("known", "one"), ("heard", True), ("heard", True)]),
        (
            BANK,
            closed,
            [("heard", True), ("known", "one"), *[("heard", True)] * 3, ("message", 0), ("heard", True)],
        ),
        (ALL, known, [("unseen", 1), ("answered", "ok")]),
    ):
        session = Session.start(flow, CALL, "1", "2", START, context)
        for step in [("start", None), *steps]:
            kinds |= {type(i) for i in session.handle(_fact(session, CALL, step), START)}
    waiting = Session.in_queue(BANK, CALL, "+861", "2", START)
    for step in [("known", "one"), ("told", 2), ("heard", True), ("asked", 2), ("key", "1"), ("kept", None)]:
        kinds |= {type(i) for i in waiting.handle(_fact(waiting, CALL, step), START)}
    assert kinds == set(get_args(FlowIntent))
