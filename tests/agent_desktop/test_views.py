"""What pages are told, and who is told."""

from dataclasses import replace
from typing import Any

from agent_desktop.messages import BOARD
from agent_desktop.views import Desk
from domain.calls import CallChanged, Phase
from domain.config import AgentConfig, FloorConfigured, QueueConfig
from domain.floor import (
    AgentChanged,
    AgentState,
    CallbackKept,
    CallbackOver,
    Offer,
    QueueChanged,
    Rescind,
    Why,
)
from domain.ids import AgentId, CallId, DeviceId, OfferId, QueueId
from domain.instant import Instant

WANG, LI, CALL, QUEUE = AgentId("wang"), AgentId("li"), CallId("c1"), QueueId("personal")
AT = Instant(1_000_000)


def call(phase: Phase, name: CallId = CALL) -> CallChanged:
    return CallChanged(name, phase, AT, "+8613800000001", "95588", AT, queue=QUEUE)


def agent(who: AgentId, state: AgentState, *contacts: CallId) -> AgentChanged:
    return AgentChanged(who, state, AT, call=contacts[-1] if contacts else None, contacts=contacts)


def offer(who: AgentId, number: str = "o1", name: CallId = CALL, *, asked: bool = False) -> Offer:
    why = Why("least_busy", 0.0, 0.0, 0)
    device, deadline = DeviceId(f"desk-{who}"), Instant(16_000_000)
    return Offer(OfferId(number), name, QUEUE, who, device, deadline, why, auto_answer=asked)


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
        "near": {},
        "callbacks": {},
    }
    assert "c1" in desk.calls


def test_an_ended_call_stays_with_its_agent_until_the_wrap_up_is_over() -> None:
    """The board drops it at once; the agent writes the note with the card before them."""
    desk = Desk()
    desk.reduce(call("waiting"))
    desk.reduce(offer(WANG))
    desk.card("c1", {"call": "c1"})
    desk.reduce(agent(WANG, "on_contact", CALL))
    told = desk.reduce(call("ended"))
    assert told_to(told, BOARD) == [("drop", "calls")]
    desk.reduce(agent(WANG, "wrap_up", CALL))
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
    assert told_to(desk.reduce(call("talking")), "li") == [("drop", "offers"), ("put", "calls")]


def test_a_card_for_nobody_is_not_kept() -> None:
    """A card that was read too late, after the offer was gone, is dropped."""
    desk = Desk()
    desk.reduce(call("waiting"))
    assert desk.card("c1", {"call": "c1"}) == []
    assert desk.card("c9", {"call": "c9"}) == []
    assert not desk.cards


def test_a_call_that_rings_at_several_is_lost_by_all_but_one() -> None:
    """Each is shown call and card while it rings; then it is the winner's alone."""
    desk = Desk()
    desk.reduce(call("waiting"))
    for who, number in ((WANG, "o1"), (LI, "o2")):
        desk.reduce(agent(who, "offered", CALL))
        desk.reduce(offer(who, number))
    assert {a for a, _ in desk.card("c1", {"call": "c1"})} == {"wang", "li"}
    told = desk.reduce(agent(LI, "available"))
    told += desk.reduce(agent(WANG, "on_contact", CALL))
    told += desk.reduce(call("talking"))
    lost = [("drop", "offers"), ("drop", "cards"), ("drop", "calls")]
    assert told_to(told, "li") == [("put", "agents"), *lost]
    assert ("put", "calls") in told_to(told, "wang")
    assert desk.offers == {}


def test_a_number_that_was_not_reached_is_told_to_the_agent_who_dialled_it() -> None:
    """Once, however quickly it came about; not when the caller hung up, or somebody did speak."""

    def news(told: list[Any]) -> list[tuple[str, bool]]:
        return [(a, m["handed_on"]) for a, m in told if m["type"] == "news"]

    desk = Desk()
    desk.reduce(agent(WANG, "on_contact", CALL))
    desk.recall("wang", call("talking"))
    desk.reduce(call("dialling"))
    assert news(desk.reduce(call("waiting"))) == [("wang", True)]
    assert news(desk.reduce(call("waiting"))) == []
    desk.reduce(call("dialling"))
    assert news(desk.reduce(call("ended"))) == []
    dialled = replace(call("dialling", CallId("c2")), direction="out", agent=WANG)
    desk.reduce(dialled)
    assert news(desk.reduce(replace(dialled, phase="ended"))) == [("wang", False)]
    desk.reduce(dialled)
    desk.reduce(replace(dialled, phase="talking"))
    assert news(desk.reduce(replace(dialled, phase="ended"))) == []


def test_who_has_several_contacts_keeps_each_until_it_is_over() -> None:
    """A second one that rings takes nothing of the first away, and its end neither."""
    desk, chat = Desk(), CallId("c2")
    desk.reduce(call("talking"))
    desk.reduce(agent(WANG, "on_contact", CALL))
    desk.recall("wang", call("talking"))
    desk.reduce(call("waiting", chat))
    desk.reduce(agent(WANG, "on_contact", CALL, chat))
    desk.reduce(offer(WANG, "o2", chat))
    assert set(desk.snapshot("wang", board=False)["offers"]) == {"o2"}
    desk.reduce(call("talking", chat))
    own = desk.snapshot("wang", board=False)
    assert (set(own["calls"]), own["offers"]) == ({"c1", "c2"}, {})
    told = desk.reduce(agent(WANG, "on_contact", chat))
    assert [m["id"] for a, m in told if a == "wang" and m["type"] == "drop"] == ["c1", "c1"]
    assert set(desk.snapshot("wang", board=False)["calls"]) == {"c2"}


def test_the_board_sees_kept_callbacks_until_they_are_over() -> None:
    """Nobody else does: the number is a customer's."""
    desk = Desk()
    told = desk.reduce(CallbackKept(CallId("b1"), None, QUEUE, "+8613800000001", AT, Instant(9_000_000)))
    assert [(a, m["kind"], m["value"]["expires"]) for a, m in told] == [(BOARD, "callbacks", 9_000)]
    assert desk.snapshot("wang", board=False)["callbacks"] == {}
    assert set(desk.snapshot(None, board=True)["callbacks"]) == {"b1"}
    over = CallbackOver(CallId("b1"), QUEUE, "reached")
    assert told_to(desk.reduce(over), BOARD) == [("drop", "callbacks")]
    assert desk.reduce(over) == []


def test_callbacks_of_before_a_restart_are_shown_again() -> None:
    """By the call that waits for each, until it ends."""
    desk = Desk()
    kept = replace(call("waiting"), direction="out")
    told = desk.reduce(kept)
    assert ("put", "callbacks") in told_to(told, BOARD)
    assert (desk.callbacks["c1"]["number"], desk.callbacks["c1"]["expires"]) == ("+8613800000001", None)
    assert ("put", "callbacks") not in told_to(desk.reduce(kept), BOARD)
    told = desk.reduce(replace(kept, phase="ended"))
    assert told_to(told, BOARD) == [("drop", "callbacks"), ("drop", "calls")]
    desk.reduce(offer(WANG, "o1", CallId("c2")))
    dialled = replace(call("waiting", CallId("c2")), direction="out")
    assert ("put", "callbacks") not in told_to(desk.reduce(dialled), BOARD)


def test_an_agents_day_is_shown_with_its_occupancy() -> None:
    """(contacts + wrap-up) / signed in; nothing before there is any time, and never more than all of it."""
    desk = Desk()
    desk.reduce(agent(WANG, "available"))
    assert desk.agents["wang"]["occupancy"] is None
    day = {"contact_us": 1_500_000_000, "wrap_us": 300_000_000}
    desk.reduce(AgentChanged(WANG, "available", AT, **day, signed_in_us=3_600_000_000, missed=2, rejected=1))
    view = desk.agents["wang"]
    assert (view["occupancy"], view["missed"], view["rejected"]) == (0.5, 2, 1)
    desk.reduce(AgentChanged(WANG, "available", AT, **day, signed_in_us=1))
    assert desk.agents["wang"]["occupancy"] == 1.0


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
            short_abandoned=10,
            wait_us=12_000_000_000,
            handled=10,
            handled_us=2_405_000_000,
            callbacks=2,
            estimate_s=37.25,
            closed="",
        )
    )
    view = desk.queues["personal"]
    assert round(view["service_level"], 4) == 0.8302
    assert (view["name"], view["asa_s"], view["target_s"]) == ("个人业务", 12.0, 20.0)
    assert (view["aht_s"], view["callbacks"], view["estimate_s"], view["closed"]) == (240.5, 2, 37.2, "")
    shares = [round(share, 4) for share in view["service_levels"].values()]
    assert shares == [0.8302, 0.86, 0.8113, 0.8269, 0.8208]
