"""People first: calls kept for a preferred agent, a backup, the home branch; and places that are kept."""

from domain.calls import CallerGone, OfferRefused
from domain.desk import AgentPaused, AgentReady, AgentSignedOut, OfferDeclined
from domain.ids import AgentId, CallId, OfferId
from tests.acd.floor.play import Play, agent_fact


def two(**rules: object) -> Play:
    """ann is on a call, bob is free."""
    play = Play(agents="ann bob cy", wrap_up_s=0, **rules)
    play.ready(0, "ann")
    play.queued(0, "busy")
    play.accept(0, "o1", "ann")
    play.ready(0, "bob")
    return play


def test_a_call_is_held_for_its_preferred_agent() -> None:
    """For so long; then anybody may have it."""
    play = two(prefer_s=20)
    assert play.queued(1, "c1", preferred=AgentId("ann")) == []
    assert [c.filtered for c in play.floor.standing("c1").candidates] == [
        "state: on_contact",
        "held for ann",
        "state: signed_out",
    ]
    assert play.until(21) == ["21: offer o2 c1 to bob"]


def test_the_preferred_agent_who_frees_in_time_has_it() -> None:
    """Before anybody else who waits longer idle."""
    play = two(prefer_s=20)
    play.queued(1, "c1", preferred=AgentId("ann"))
    assert play.end(5, "o1", "ann") == ["offer o2 c1 to ann"]
    assert play.offers()[0].why.candidates[0].preferred


def test_after_the_preferred_agent_comes_the_backup_then_the_queue() -> None:
    """Each for as long; nobody waits for somebody who is away."""
    play = two(prefer_s=20)
    play.ready(0, "cy")
    play.queued(1, "c0")
    play.accept(1, "o2", "bob")
    assert play.queued(2, "c1", preferred=AgentId("ann"), backup=AgentId("bob")) == []
    assert play.until(42) == ["42: offer o3 c1 to cy"]


def test_nobody_waits_for_somebody_who_is_away() -> None:
    """Signed out or paused when it comes, or going away while it is held."""
    play = two(prefer_s=60)
    assert play.queued(1, "c1", preferred=AgentId("cy")) == ["offer o2 c1 to bob"]
    play.accept(1, "o2", "bob")
    assert play.queued(2, "c2", preferred=AgentId("ann")) == []
    play.end(3, "o2", "bob")
    assert play(4, AgentSignedOut(AgentId("ann"))) == []  # still on the call: she may come back
    assert play.end(5, "o1", "ann") == ["offer o3 c2 to bob"]


def test_a_no_of_the_preferred_agent_frees_the_call() -> None:
    """At once, for everybody else."""
    play = Play(agents="ann bob", prefer_s=60)
    play.ready(0, "bob", "ann")
    assert play.queued(1, "c1", preferred=AgentId("ann")) == ["offer o1 c1 to ann"]
    assert play(2, OfferDeclined(AgentId("ann"), OfferId("o1"))) == [
        "rescind o1 declined",
        "offer o2 c1 to bob",
    ]


def test_a_miss_of_the_preferred_agent_after_the_time_frees_the_call() -> None:
    """The time ran while it rang."""
    play = Play(agents="ann bob", prefer_s=10)
    play.ready(0, "bob", "ann")
    play.queued(1, "c1", preferred=AgentId("ann"))
    assert play(16) == ["rescind o1 timed_out", "offer o2 c1 to bob"]


def test_a_flow_says_for_how_long() -> None:
    """``prefer_s`` of the call instead of the queue's; 0 is not at all."""
    play = two(prefer_s=60)
    assert play.queued(1, "c1", preferred=AgentId("ann"), prefer_s=0.0) == ["offer o2 c1 to bob"]


def test_home_branch_first() -> None:
    """A call of a branch is kept for its own people for a while, and goes to them first after that."""
    agents = (Play.agent("hz", branch="hangzhou"), Play.agent("sh", branch="shanghai"))
    play = Play(agents=agents, home_branch_first=True, home_branch_s=20, wrap_up_s=0)
    play.ready(0, "hz")
    play.queued(0, "busy")
    play.accept(0, "o1", "hz")
    play.ready(0, "sh")
    assert play.queued(1, "c1", branch="hangzhou") == []
    assert play.floor.standing("c1").candidates[1].filtered == "branch: held for hangzhou"
    assert play.until(21) == ["21: offer o2 c1 to sh"]
    play.accept(21, "o2", "sh")
    play.end(22, "o1", "hz")
    play.end(23, "o2", "sh")
    assert play.queued(30, "c2", branch="shanghai") == ["offer o3 c2 to sh"]
    assert play.offers()[0].why.candidates[0].home


def test_centralised_agents_are_all_one() -> None:
    """Without ``home_branch_first`` the branch decides nothing."""
    agents = (Play.agent("hz", branch="hangzhou"), Play.agent("sh", branch="shanghai"))
    play = Play(agents=agents, home_branch_s=20)
    play.ready(0, "sh")
    play.ready(1, "hz")
    assert play.queued(1, "c1", branch="hangzhou") == ["offer o1 c1 to sh"]


def test_the_branch_that_goes_home_holds_nothing() -> None:
    """The last of the branch pauses: its calls are for everybody."""
    agents = (Play.agent("hz", branch="hangzhou"), Play.agent("sh", branch="shanghai"))
    play = Play(agents=agents, home_branch_first=True, home_branch_s=600, wrap_up_s=0)
    play.ready(0, "hz")
    play.queued(0, "busy")
    play.accept(0, "o1", "hz")
    play.ready(0, "sh")
    assert play.queued(1, "c1", branch="hangzhou") == []
    play(2, AgentPaused(AgentId("hz"), "lunch"))
    assert play.end(3, "o1", "hz") == ["offer o2 c1 to sh"]


def test_a_caller_who_hung_up_and_rings_again_has_their_place() -> None:
    """Within the queue's time; from the same number; in front of those who came meanwhile."""
    play = Play(resume_s=120)
    play.ready(0, "ann")
    play.queued(0, "busy")
    play.accept(0, "o1")
    play.queued(1, "c1", caller="+8613")
    play.queued(2, "c2", caller="+8614")
    play(50, CallerGone(CallId("c1")))
    play.queued(100, "c3", caller="+8613")
    assert play.counters().calls == ("c3", "c2")
    play(101, CallerGone(CallId("c3")))
    play.queued(300, "c4", caller="+8613")
    assert play.counters().calls == ("c2", "c4")


def test_an_anonymous_caller_has_no_place_to_resume() -> None:
    """Nobody else who hides their number gets it."""
    play = Play(resume_s=120)
    play.ready(0, "ann")
    play.queued(0, "busy")
    play.accept(0, "o1")
    play.queued(1, "c1")
    play.queued(2, "c2")
    play(3, CallerGone(CallId("c1")))
    play.queued(4, "c3")
    assert play.counters().calls == ("c2", "c3")


def test_a_fault_of_ours_is_neither_a_miss_nor_away_for_long() -> None:
    """A device that could not be rung by our own fault is tried again soon; nobody has to press ready."""
    play = Play()
    play.ready(0, "ann")
    play.queued(0, "c1")
    assert play(1, OfferRefused(OfferId("o1"), AgentId("ann"), "failed")) == []
    assert (play.state(), play.floor.state.agents["ann"].reason) == ("paused", "failed")
    assert play.until(10) == ["6: offer o2 c1 to ann"]
    assert play.floor.state.agents["ann"].missed == 0


def test_a_pause_for_a_fault_can_be_ended_by_hand() -> None:
    """Ready is ready."""
    play = Play()
    play.ready(0, "ann")
    play.queued(0, "c1")
    play(1, OfferRefused(OfferId("o1"), AgentId("ann"), "failed"))
    assert play(2, agent_fact(AgentReady, "ann")) == ["offer o2 c1 to ann"]
