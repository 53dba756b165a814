"""The estimated wait: what it is made of, and how wrong it is on simulated days."""

import pytest

from bench.estimate import SCENES, figures
from domain.calls import CallerGone
from domain.desk import AgentPaused
from domain.ids import AgentId, CallId
from tests.acd.floor.play import Play


def one_a_minute(**rules: object) -> Play:
    """ann has answered three calls that waited, one a minute; nobody waits."""
    play = Play(agents="ann bob", wrap_up_s=0, **rules)
    play.ready(0, "ann")
    for n in range(4):
        play.queued(0, f"c{n}")
    for n in range(4):
        play.accept(60 * n, f"o{n + 1}")
        if n < 3:
            play.end(60 * (n + 1), f"o{n + 1}")
    return play


def test_nothing_is_known_before_anything_happened() -> None:
    """No estimate, rather than a wrong one; nobody waits where somebody is free."""
    play = Play()
    assert play.floor.estimate_s("q") is None
    play.ready(0, "ann")
    assert play.floor.estimate_s("q") == 0
    play.queued(0, "c1")
    play.accept(0, "o1")
    assert play.floor.estimate_s("q") is None


def test_the_figures_a_flow_may_ask_for() -> None:
    """Who waits, how long a newcomer would, who is free and who is there; None for a queue nobody knows."""
    play = Play(agents="ann bob")
    assert play.floor.figures("q") == (0, None, 0, 0)
    play.ready(0, "ann")
    assert play.floor.figures("q") == (0, 0, 1, 1)
    play.queued(0, "c1")
    play.queued(0, "c2")
    assert play.floor.figures("q") == (1, None, 0, 1)
    assert play.floor.figures("gone") is None


def test_a_place_costs_what_a_place_has_cost() -> None:
    """The measured pace times the position."""
    play = one_a_minute()
    assert play.floor.estimate_s("q") == pytest.approx(60)
    play.queued(200, "d1")
    play.queued(201, "d2")
    assert play.floor.estimate_s("q") == pytest.approx(180)
    assert play.floor.standing("d2").estimate_s == pytest.approx(120)


def test_twice_the_agents_half_the_wait() -> None:
    """It counts who is at work now."""
    play = one_a_minute()
    play.ready(190, "bob")
    play.queued(191, "e1")
    play.accept(191, "o5", "bob")
    assert play.floor.estimate_s("q") == pytest.approx(30)
    play(192, AgentPaused(AgentId("bob"), "lunch"))
    play.end(193, "o5", "bob")
    assert play.floor.estimate_s("q") == pytest.approx(60)


def test_callers_who_give_up_make_the_queue_faster() -> None:
    """The pace is that of leaving the queue to an agent; places freed by others are not waited for."""
    play = one_a_minute()
    play.queued(200, "d1")
    play.queued(201, "d2")
    play(202, CallerGone(CallId("d1")))
    assert play.floor.standing("d2").estimate_s == pytest.approx(60)


@pytest.mark.parametrize("scene", [SCENES[1], SCENES[3]], ids=lambda scene: scene.name)
def test_the_error_on_simulated_days(scene: object) -> None:
    """Within half of the mean wait on average, hardly biased, near for most (docs/queues.md)."""
    found = figures(scene, 1)  # type: ignore[arg-type]
    assert float(found["mae_share"]) < 0.5
    assert abs(float(found["bias_s"])) < 0.25 * float(found["wait_s"])
    assert float(found["within_30_s_or_half"]) > 0.8
