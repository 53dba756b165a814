"""What an agent could pick up: shown to who can, told of no caller, gone when it is."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from agent_desktop.messages import Told
from agent_desktop.views import Desk
from domain.config import AgentConfig, FloorConfigured, QueueConfig
from domain.floor import Rescind
from domain.ids import AgentId, DeviceId, OfferId, QueueId
from tests.agent_desktop.test_views import CALL, LI, QUEUE, WANG, agent, call, offer

ZHAO, SUN = AgentId("zhao"), AgentId("sun")


def floor() -> Desk:
    """Wang, Li and Sun serve the queue, Sun may take waiting calls, Zhao is elsewhere; all are free."""
    desk = Desk()
    agents = (
        AgentConfig(WANG, "Wang", DeviceId("d1"), (QUEUE,)),
        AgentConfig(LI, "Li", DeviceId("d2"), (QUEUE,)),
        AgentConfig(SUN, "Sun", DeviceId("d3"), (QUEUE,), may_pull=True),
        AgentConfig(ZHAO, "Zhao", DeviceId("d4"), (QueueId("business"),)),
    )
    desk.reduce(FloorConfigured((QueueConfig(QUEUE, "Personal"),), agents))
    for who in (WANG, LI, SUN, ZHAO):
        desk.reduce(agent(who, "available"))
    return desk


def near(told: Iterable[Told]) -> list[tuple[str, str]]:
    """Who was told what of calls nearby."""
    return [(a, m["type"]) for a, m in told if m["kind"] == "near"]


def shown(desk: Desk, who: str) -> dict[str, Any]:
    """What a page that opens now shows as nearby."""
    return desk.snapshot(who, board=False)["near"]


def ring(desk: Desk, who: AgentId, number: str = "o1") -> list[Told]:
    """The call rings at somebody."""
    return [*desk.reduce(agent(who, "offered", CALL)), *desk.reduce(offer(who, number))]


def test_a_call_that_rings_is_near_to_free_colleagues_of_the_queue() -> None:
    """Not to the one it rings at, nor to other queues or who is talking; nothing is said of the caller."""
    desk = floor()
    desk.reduce(agent(LI, "on_contact"))
    desk.reduce(call("waiting"))
    told = ring(desk, WANG)
    assert near(told) == [("sun", "put")]
    view = shown(desk, "sun")["c1"]
    assert (view["queue_name"], view["rings_at"]) == ("Personal", ["Wang"])
    assert "+8613800000001" not in str(view)
    assert shown(desk, "wang") == shown(desk, "zhao") == shown(desk, "li") == {}
    assert near(desk.reduce(agent(LI, "paused"))) == [("li", "put")]
    assert near(desk.reduce(agent(LI, "on_contact"))) == [("li", "drop")]


def test_a_waiting_call_is_near_to_who_may_take_it_out_of_turn() -> None:
    """From when it waits until it waits no longer; a rescinded one waits again, a callback is on no line."""
    desk = floor()
    assert near(desk.reduce(call("waiting"))) == [("sun", "put")]
    assert near(ring(desk, WANG)) == [("li", "put"), ("sun", "put")]
    told = desk.reduce(agent(WANG, "missed"))
    told += desk.reduce(Rescind(OfferId("o1"), CALL, WANG, "timed_out"))
    told += desk.reduce(call("waiting"))
    assert set(shown(desk, "sun")) == {"c1"}
    assert shown(desk, "li") == {}
    assert ("li", "drop") in near(told)
    assert ("sun", "drop") in near(desk.reduce(call("ended")))
    assert not desk.near._views
    assert not desk.near._to
    assert near(desk.reduce(replace(call("waiting"), direction="out"))) == []


def test_who_starts_work_is_shown_what_rings_already() -> None:
    """And who ends it sees nothing any more."""
    desk = floor()
    desk.reduce(agent(LI, "signed_out"))
    desk.reduce(call("waiting"))
    ring(desk, WANG)
    assert shown(desk, "li") == {}
    assert near(desk.reduce(agent(LI, "paused"))) == [("li", "put")]
    assert near(desk.reduce(agent(LI, "signed_out"))) == [("li", "drop")]


def test_an_answered_call_is_near_to_nobody() -> None:
    """Nor is one somebody has asked for."""
    desk = floor()
    desk.reduce(call("waiting"))
    ring(desk, WANG)
    desk.reduce(agent(WANG, "on_contact", CALL))
    desk.reduce(call("talking"))
    assert [shown(desk, who) for who in ("li", "sun")] == [{}, {}]
    asked = floor()
    asked.reduce(call("waiting"))
    asked.reduce(agent(WANG, "offered", CALL))
    asked.reduce(offer(WANG, asked=True))
    assert [shown(asked, who) for who in ("li", "sun")] == [{}, {}]


def test_a_call_that_rings_at_several_names_them_all() -> None:
    """Each more is told to those it is near to; they themselves are among them no longer."""
    desk = floor()
    desk.reduce(call("waiting"))
    ring(desk, WANG)
    told = ring(desk, LI, "o2")
    assert near(told) == [("li", "drop"), ("sun", "put")]
    assert shown(desk, "sun")["c1"]["rings_at"] == ["Li", "Wang"]
    assert near(desk.reduce(agent(SUN, "available"))) == []


def test_who_leaves_the_queue_may_pick_up_nothing_of_it() -> None:
    """From the agent's next view on, which follows a change of the configuration."""
    desk = floor()
    desk.reduce(call("waiting"))
    ring(desk, WANG)
    assert set(shown(desk, "li")) == {"c1"}
    agents = (AgentConfig(WANG, "Wang", DeviceId("d1"), (QUEUE,)), AgentConfig(LI, "Li", DeviceId("d2")))
    desk.reduce(FloorConfigured((QueueConfig(QUEUE, "Personal"),), agents))
    assert near(desk.reduce(agent(LI, "available"))) == [("li", "drop")]
