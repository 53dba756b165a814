"""A flow of which nothing is to be said does what is written, whatever its callers do."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st

from ivr.asks import Known
from ivr.book import SAMPLE_FLOWS
from ivr.check import Surroundings, check
from ivr.flow import Flow
from ivr.load import load_file, load_flow
from ivr.rehearsal.call import NotNow, Rehearsal
from ivr.rehearsal.world import Person, Reply, World
from tests.ivr.flows import PARTS

RETURNING = {
    "flow": "other",
    "version": 1,
    "languages": ["en", "zh-CN"],
    "default_queue": "sales",
    "entry": "say",
    "nodes": {
        "say": {"type": "say", "prompts": {"en": "x", "zh-CN": "x"}, "next": "back"},
        "back": {"type": "return"},
    },
}
OTHER = load_flow(json.dumps(RETURNING), "other.json")
PIN = ("pin", "a")
AROUND = Surroundings(
    {
        "queue": frozenset({"sales"}),
        "calendar": frozenset({"bank"}),
        "agent": frozenset({"a1"}),
        "tier": frozenset({"gold"}),
    },
    (
        Known("record", "q", may=PIN, gives={"amount": ""}, secret=PIN),
        Known("transaction", "t", needs=("key",), gives={"amount": ""}),
    ),
    {"other": OTHER},
)
VALUES = {"amount": 12.5, "state": 3, "number": "C1"}
WORLD = World(
    open={"bank": True},
    customers={"any": Person(name="Ada", tier="gold", priority=3)},
    answers=dict.fromkeys(("record", "http", "transaction", "message", "complaint"), (Reply(values=VALUES),)),
    queues={"sales": (2, None, 1, 1)},
)
ODD = {"placeholder", "return", "go"}
"""Kinds that are told in every flow, or lead out of this one."""
TIDY = sorted(set(PARTS) - ODD)


@st.composite
def tidy_flows(draw: st.DrawFn) -> Flow:
    """Flows as people write them: on and on, back by keys, with what is needed set before; some slips."""
    kinds = draw(st.lists(st.sampled_from(TIDY), min_size=1, max_size=7))
    names = [f"n{number}" for number in range(len(kinds))]
    nodes: dict[str, dict[str, Any]] = {
        "start": {"type": "set", "values": {"n": 1, "amount": 2, "pin": 3}, "next": names[0]}
    }
    for at, kind in enumerate(kinds):
        parameters, needed, possible = PARTS[kind]
        node: dict[str, Any] = {"type": kind.split()[0]}
        node |= {key: draw(value) for key, value in parameters.items()}
        later = [*names[at + 1 :], "end"]
        exits = {exit: draw(st.sampled_from(later)) for exit in (*needed, *possible)}
        if kind not in ("hang_up", "say", "play", "language", "tier", "split") and draw(st.booleans()):
            exits["failed"] = draw(st.sampled_from(later))
        if kind == "menu" and draw(st.booleans()):
            exits["1"] = draw(st.sampled_from(names[: at + 1]))
        if draw(st.integers(0, 9)) == 0 and exits:
            exits[draw(st.sampled_from(sorted(exits)))] = draw(st.sampled_from(names))
        if exits:
            node["exits"] = exits
        nodes[names[at]] = node
    nodes["end"] = {"type": "hang_up"}
    kept, todo = set[str](), ["start"]
    while todo:
        name = todo.pop()
        if name not in kept:
            kept.add(name)
            todo += [
                *nodes[name].get("exits", {}).values(),
                *([nodes[name]["next"]] if "next" in nodes[name] else []),
            ]
    document = {
        "flow": "main",
        "version": 1,
        "languages": ["en", "zh-CN"],
        "default_queue": "sales",
        "entry": "start",
        "nodes": {name: node for name, node in nodes.items() if name in kept},
    }
    found = check(json.dumps(document), "main.json", AROUND)
    event(
        "clean"
        if found.clean
        else f"told: {[*found.problems, *found.warnings][0].reason.partition(':')[2][:30]}"
    )
    assume(found.clean)
    assert found.flow is not None
    return found.flow


ACTS = st.one_of(
    st.tuples(st.just("press"), st.text("0123456789*#", min_size=1, max_size=6)),
    st.tuples(st.just("silence"), st.none()),
    st.tuples(st.just("listen"), st.none()),
    st.tuples(st.just("wait"), st.floats(0, 30)),
    st.tuples(st.just("message"), st.sampled_from([0.0, 2.0])),
    st.tuples(
        st.just("back"), st.sampled_from(["no_agents", "full", "timeout", "closed", "voicemail", "hang_up"])
    ),
    st.tuples(st.just("agent"), st.none()),
    st.tuples(st.just("not reached"), st.none()),
    st.tuples(st.just("place"), st.none()),
    st.tuples(st.just("propose"), st.none()),
    st.tuples(st.just("crash"), st.none()),
)


def act(call: Rehearsal, what: str, how: Any) -> None:
    """Let something happen to the call, if it can."""
    try:
        match what:
            case "press":
                call.press(how)
            case "silence":
                call.stay_silent()
            case "listen":
                call.settle()
            case "wait":
                call.wait(how)
            case "message":
                call.leave_message(how)
            case "back":
                call.give_back(how)
            case "agent":
                call.connect()
                call.agent_leaves()
            case "not reached":
                call.not_reached()
            case "place":
                call.announce(2, 90.0, "")
            case "propose":
                call.propose(2, None)
            case "crash":
                call.crash()
    except NotNow:
        pass


def went_wrong(call: Rehearsal) -> str:
    """The flow's mistake, with the way there; '' if there was none."""
    if not call.state.troubles:
        return ""
    return f"{call.state.trouble} after {[event.text for event in call.events]}"


@settings(suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(tidy_flows(), st.lists(ACTS, max_size=25))
def test_a_clean_flow_makes_no_mistake_whatever_its_caller_does(
    flow: Flow, acts: list[tuple[str, Any]]
) -> None:
    """When all that it asks is answered, it never needs help: not its own handler, not the last resort."""
    flows = {"main": flow, "other": OTHER}
    call = Rehearsal(flow, WORLD, flows.get)
    call.begin()
    for what, how in acts:
        act(call, what, how)
        assert went_wrong(call) == ""


SHIPPED = {file.stem: load_file(file) for file in sorted(SAMPLE_FLOWS.glob("*.yaml"))}
BANK_WORLD = World(
    open={"bank": True},
    customers={"any": Person(name="Ada", tier="retail-wealth", priority=3, owner="a1")},
    answers={
        **dict.fromkeys(
            ("transaction", "message", "complaint"), (Reply(values={"number": "C20261124-0001"}),)
        ),
        "record": (Reply("none"), Reply(values={"amount": "12.50", "currency": "CNY"})),
    },
    queues=dict.fromkeys(("personal", "complaints", "business"), (1, 60.0, 1, 1)),
)


@pytest.mark.parametrize("name", SHIPPED)
@given(acts=st.lists(ACTS, max_size=40))
def test_the_flows_we_ship_make_no_mistake_whatever_their_callers_do(
    name: str, acts: list[tuple[str, Any]]
) -> None:
    """Any keys, silences, queues that give calls back, crashes."""
    call = Rehearsal(SHIPPED[name], BANK_WORLD, SHIPPED.get)
    call.begin()
    for what, how in acts:
        act(call, what, how)
        assert went_wrong(call) == ""
