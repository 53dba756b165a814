"""What pages are told, and who is told."""

from typing import Any

from agent_desktop.views import BOARD, Desk
from domain.calls import CallChanged, Phase
from domain.config import AgentConfig, FloorConfigured, QueueConfig
from domain.floor import AgentChanged, AgentState, Offer, QueueChanged, Rescind, Why
from domain.ids import AgentId, CallId, DeviceId, OfferId, QueueId
from domain.instant import Instant

WANG, LI, CALL, QUEUE = AgentId("wang"), AgentId("li"), CallId("c1"), QueueId("personal")
AT = Instant(1_000_000)


def call(phase: Phase) -> CallChanged:
    return CallChanged(CALL, phase, AT, "+8613800000001", "95588", AT, queue=QUEUE)


def agent(who: AgentId, state: AgentState) -> AgentChanged:
    return AgentChanged(who, state, AT)


def offer(who: AgentId, number: str = "o1") -> Offer:
    why = Why("least_busy", 0.0, 0.0, 0)
    return Offer(OfferId(number), CALL, QUEUE, who, DeviceId(f"desk-{who}"), Instant(16_000_000), why)


def told_to(told: list[Any], audience: str) -> list[tuple[str, str]]:
    return [(m["type"], m["kind"]) for a, m in told if a == audience]


def test_a_waiting_call_is_the_boards_alone() -> None:
    """No agent hears of a call before it is offered to them."""
    desk = Desk()
    told = desk.reduce(call("waiting"))
    assert told_to(told, BOARD) == [("put", "calls")]
    assert {a for a, _ in told} == {BOARD}
    assert desk.snapshot("wang", board=False)["calls"] == {}


def test_an_offer_reaches_its_agent_and_nobody_else() -> None:
    """The agent gets the call, then the offer; the others nothing."""
    desk = Desk()
    desk.reduce(call("waiting"))
    told = desk.reduce(offer(WANG))
    assert told_to(told, "wang") == [("put", "calls"), ("put", "offers")]
    assert told_to(told, "li") == []
    assert told_to(desk.card("c1", {"call": "c1"}), "wang") == [("put", "cards")]


def test_a_rescinded_offer_takes_call_and_card_off_the_page() -> None:
    """A page shows nothing of a caller it may not help any more."""
    desk = Desk()
    desk.reduce(call("waiting"))
    desk.reduce(offer(WANG))
    desk.card("c1", {"call": "c1"})
    told = desk.reduce(Rescind(OfferId("o1"), CALL, WANG, "timed_out"))
    told += desk.reduce(agent(WANG, "available"))
    assert ("drop", "offers") in told_to(told, "wang")
    assert ("drop", "cards") in told_to(told, "wang")
    assert desk.snapshot("wang", board=False) == {
        "agents": {"wang": desk.agents["wang"]},
        "queues": {},
        "calls": {},
        "offers": {},
        "cards": {},
    }
    assert "c1" in desk.calls


def test_an_ended_call_stays_with_its_agent_until_the_wrap_up_is_over() -> None:
    """The board drops it at once; the agent writes the note with the card before them."""
    desk = Desk()
    desk.reduce(call("waiting"))
    desk.reduce(offer(WANG))
    desk.card("c1", {"call": "c1"})
    desk.reduce(agent(WANG, "on_contact"))
    told = desk.reduce(call("ended"))
    assert told_to(told, BOARD) == [("drop", "calls")]
    desk.reduce(agent(WANG, "wrap_up"))
    own = desk.snapshot("wang", board=False)
    assert own["calls"]["c1"]["phase"] == "ended"
    assert own["cards"] == {"c1": {"call": "c1"}}
    assert "c1" not in desk.snapshot(None, board=True)["calls"]
    desk.reduce(agent(WANG, "available"))
    assert desk.snapshot("wang", board=False)["calls"] == {}
    assert not desk.calls
    assert not desk.cards


def test_a_call_passed_on_is_shown_to_the_next_agent_only() -> None:
    """After a missed offer the next agent sees it, the first one no more."""
    desk = Desk()
    desk.reduce(call("waiting"))
    desk.reduce(offer(WANG))
    desk.reduce(Rescind(OfferId("o1"), CALL, WANG, "timed_out"))
    desk.reduce(agent(WANG, "missed"))
    desk.reduce(offer(LI, "o2"))
    assert told_to(desk.reduce(call("offered")), "wang") == []
    assert told_to(desk.reduce(call("talking")), "li") == [("put", "calls")]


def test_a_card_for_nobody_is_not_kept() -> None:
    """A card that was read too late, after the offer was gone, is dropped."""
    desk = Desk()
    desk.reduce(call("waiting"))
    assert desk.card("c1", {"call": "c1"}) == []
    assert desk.card("c9", {"call": "c9"}) == []
    assert not desk.cards


def test_the_board_sees_the_service_level_with_its_target() -> None:
    """(answered + abandoned in target) / (answered + abandoned); nothing before the first call."""
    desk = Desk()
    desk.reduce(
        FloorConfigured((QueueConfig(QUEUE, "个人业务"),), (AgentConfig(WANG, "王芳", DeviceId("d")),))
    )
    desk.reduce(QueueChanged(QUEUE, 0, None, 1, 1))
    assert desk.queues["personal"]["service_level"] is None
    assert desk.queues["personal"]["asa_s"] is None
    desk.reduce(
        QueueChanged(
            QUEUE,
            0,
            None,
            1,
            1,
            offered=1_060,
            answered=1_000,
            abandoned=60,
            answered_in_target=860,
            abandoned_in_target=20,
            wait_us=12_000_000_000,
        )
    )
    view = desk.queues["personal"]
    assert round(view["service_level"], 4) == 0.8302
    assert (view["name"], view["asa_s"], view["target_s"]) == ("个人业务", 12.0, 20.0)
