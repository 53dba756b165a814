"""Wrap-up x transfer x configuration change x disconnect: where routers break."""

from itertools import product

import pytest

from domain.calls import ContactEnded, DeviceReachable
from domain.config import QueueConfig
from domain.desk import AgentPaused, AgentReady, AgentSignedIn, AgentSignedOut, WrapUpEnded
from domain.floor import WrapUpDone
from domain.ids import AgentId, DeviceId, OfferId, QueueId
from domain.instant import after
from tests.acd.floor.play import T0, Play, agent_fact

WRAP_UPS = {
    "none": {"wrap_up_s": 0},
    "timed": {"wrap_up_s": 20},
    "open": {"wrap_up_open": True},
    "capped": {"wrap_up_s": 60, "wrap_up_cap_s": 20},
}
MOMENTS = ("on contact", "in wrap-up")
CHANGES = ("nothing", "renamed", "queue gone", "no member", "agent gone", "other wrap-up")
LEAVES = ("stays", "device down", "device down and up", "signs out", "pauses", "reloads")
ANN = AgentId("ann")


def change(play: Play, at: float, what: str) -> None:
    if what == "renamed":
        play(at, play.rows(name="Another name"))
    elif what == "queue gone":
        play.queue = QueueConfig(QueueId("other"), "Other", wrap_up_s=0)
        play.agents = (play.agent("ann", queues="other"),)
        play(at, play.rows())
    elif what == "no member":
        play.agents = (play.agent("ann", queues=""),)
        play(at, play.rows())
    elif what == "agent gone":
        play.agents = ()
        play(at, play.rows())
    elif what == "other wrap-up":
        play(at, play.rows(wrap_up_s=5, wrap_up_open=False, wrap_up_cap_s=0))


def leave(play: Play, at: float, how: str) -> None:
    device = DeviceId("d-ann")
    if how.startswith("device down"):
        play(at, DeviceReachable(device, False))
    if how == "device down and up":
        play(at, DeviceReachable(device, True))
    elif how == "signs out":
        play(at, agent_fact(AgentSignedOut, "ann"))
    elif how == "pauses":
        play(at, AgentPaused(ANN, "lunch"))
    elif how == "reloads":
        play(at, AgentSignedIn(ANN, device))  # a page that comes back: she is signed in there already


@pytest.mark.parametrize(
    ("wrap_up", "transferred", "changed", "left"),
    list(product(WRAP_UPS, (False, True), CHANGES, LEAVES)),
)
@pytest.mark.parametrize("moment", MOMENTS)
def test_whatever_comes_together(
    wrap_up: str, transferred: bool, changed: str, left: str, moment: str
) -> None:
    """The contact is counted once with its times, nobody is stuck, and who can work gets the next call."""
    play = Play(**WRAP_UPS[wrap_up])
    play.ready(0, "ann")
    play.queued(0, "c1")
    play.accept(10, "o1")

    def happen(at: float) -> None:
        change(play, at, changed)
        leave(play, at, left)

    if moment == "on contact":
        happen(20)
    play(60, ContactEnded(OfferId("o1"), ANN, transferred))
    if moment == "in wrap-up":
        happen(61)
    while (due := play.floor.wake_at()) is not None and due <= after(T0, 200):
        play((due - T0) / 1e6)
    if any(o.state == "wrapping" for o in play.floor.state.offers.values()):
        assert play(200, WrapUpEnded(ANN)) == []

    done = [m for m in play.every if isinstance(m, WrapUpDone)]
    # The wrap-up ended exactly once and the floor holds nothing of the contact.
    assert [(m.offer, m.call, m.agent) for m in done] == [("o1", "c1", "ann")]
    assert not play.floor.state.offers and not play.floor.state.calls
    if changed == "agent gone":
        assert "ann" not in play.floor.state.agents
        return
    agent = play.floor.state.agents["ann"]
    (handled,) = agent.handled
    assert handled[:2] == [after(T0, 10), after(T0, 60)] and handled[2] == handled[1] + done[0].wrap_us
    assert (agent.contact_us, agent.wrap_us) == (50_000_000, done[0].wrap_us)
    assert agent.transferred == transferred
    queue = play.floor.state.queues.get("q")
    if queue is not None:
        counted = (queue.offered, queue.answered, queue.handled, queue.transferred)
        assert counted == (1, 1, 1, int(transferred))
        assert queue.handled_us == handled[2] - handled[0]

    # She is where she asked to be, or her telephone put her, and comes back from there.
    where = {"signs out": "signed_out", "pauses": "paused", "device down": "paused"}.get(left, "available")
    assert agent.state == where
    if left == "signs out":
        play(201, AgentSignedIn(ANN, DeviceId("d-ann")))
    if left == "device down":
        play(201, DeviceReachable(DeviceId("d-ann"), True))
    if left in ("signs out", "pauses"):
        play(202, AgentReady(ANN))
    assert play.state() == "available"
    if changed != "no member":
        assert play.queued(203, "c2", play.queue.id) == ["offer o2 c2 to ann"]
