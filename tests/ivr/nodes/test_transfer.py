"""``transfer`` connects the caller with an outside number, or with an agent through a queue."""

import pytest

from domain.flow import Enqueue
from tests.ivr.caller import Caller
from tests.ivr.flows import small_flow, small_text
from tests.ivr.test_load import problems

NUMBER = """
start: {type: transfer, number: "{branch}", exits: {failed: lost}}
lost: {type: say, prompts: {en: Nobody there, zh-CN: 无人接听}, next: end}
"""
AGENT = """
start: {type: transfer, agent: "{owner}", queue: vip, prefer_s: 30, exits: {no_agents: lost, default: end}}
lost: {type: say, prompts: {en: Nobody there, zh-CN: 无人接听}, next: end}
"""


def test_the_caller_is_handed_over() -> None:
    """And comes back if the number is not reached; keys mean nothing meanwhile."""
    caller = Caller(small_flow(NUMBER), branch="+86 21-9558 8")
    assert str(caller.intents[-1].number) == "+862195588"
    assert caller.presses("1") == []
    assert caller.session.wake_at() is None
    assert caller.does_not_reach("+862195588") == ["says: Nobody there"]


@pytest.mark.parametrize("number", ["", "anonymous", "0"])
def test_what_is_no_number_is_trouble(number: str) -> None:
    """Nothing is dialled."""
    assert Caller(small_flow(NUMBER), branch=number).path == ["start", "lost"]


def test_an_agent_is_reached_through_a_queue() -> None:
    """As their queue gives the call back, so it goes on."""
    caller = Caller(small_flow(AGENT), owner="a7")
    asked = caller.last(Enqueue)
    assert (asked.queue, asked.preferred, asked.prefer_s) == ("vip", "a7", 30.0)
    assert caller.is_told(2) == ["says: You are number 2 in line."]
    caller.listens()
    assert caller.comes_back("vip", "no_agents") == ["says: Nobody there"]


def test_one_of_the_two_is_written() -> None:
    """A number, or an agent with a queue; each with its own exits."""
    both = small_text(AGENT.replace("agent:", 'number: "1", agent:'))
    assert "8: node start: write a number, or an agent and a queue" in problems(both)
    half = small_text(AGENT.replace("queue: vip, ", ""))
    assert problems(half) == ["8: node start: queue is missing: an agent is reached through one"]
    none = small_text(NUMBER.replace('number: "{branch}", ', ""))
    assert problems(none) == ["8: node start: number is missing"]
    odd = small_text(NUMBER.replace("{failed: lost}", "{default: lost}"))
    assert problems(odd) == ["8: node start: transfer has no exit default"]
    assert small_flow(AGENT).nodes["start"].names() == (("queue", "vip"),)
    assert small_flow(NUMBER).nodes["start"].names() == ()
