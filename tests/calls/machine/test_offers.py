"""Several telephones ring for one call: exactly one wins, and nobody is left ringing."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calls import CallChanged, ContactEnded, OfferAccepted, OfferRefused
from domain.floor import Rescind, RescindReason
from domain.flow import CallerTaken
from domain.switch import Cancel, Connect, HangUp, LegAnswered, LegEnded, Ring
from tests.calls.play import (
    CALLER,
    FIRST,
    NUMBER,
    RUNG,
    RUNG2,
    SECOND,
    WAITING,
    A,
    B,
    C,
    D,
    E,
    Play,
    offer,
)

BOTH = [*WAITING, offer(), offer(SECOND, B, E)]


def test_every_telephone_rings_as_a_leg_of_its_own() -> None:
    """Two offers, two legs; the call is offered since the first."""
    play = Play().facts(WAITING)
    play.fact(offer())
    since = play.now
    assert play.fact(offer(SECOND, B, E)) == [Ring(RUNG2, E, C, NUMBER)]
    assert (play.phase, play.call.state.phase_at) == ("offered", since)


def test_a_telephone_picks_up_by_itself_if_its_agent_asked_for_the_call() -> None:
    """``auto_answer`` of the offer is that of the ring."""
    play = Play().facts([*WAITING, offer(auto_answer=True)])
    assert play.made[-1] == Ring(RUNG, D, C, NUMBER, auto_answer=True)


@pytest.mark.parametrize(("wins", "agent", "loses"), [(RUNG, A, RUNG2), (RUNG2, B, RUNG)])
def test_the_first_to_pick_up_has_the_call(wins: Any, agent: Any, loses: Any) -> None:
    """They are connected; the floor takes the others back, and their telephones stop ringing."""
    won, lost = (FIRST, SECOND) if wins == RUNG else (SECOND, FIRST)
    play = Play().facts(BOTH)
    made = play.fact(LegAnswered(wins))
    assert [m for m in made if not isinstance(m, CallChanged)] == [
        Connect(CALLER, wins),
        OfferAccepted(won, agent),
        CallerTaken(C),
    ]
    other = B if agent == A else A
    assert play.fact(Rescind(lost, C, other, "answered_elsewhere"), 0) == [Cancel(loses)]
    assert (play.phase, play.call.state.agent) == ("talking", agent)
    assert play.fact(Rescind(lost, C, other, "answered_elsewhere"), 0) == []


def test_two_who_pick_up_in_the_same_moment() -> None:
    """The second finds nobody: their leg is hung up, the conversation is not touched."""
    play = Play().facts([*BOTH, LegAnswered(RUNG2), Rescind(FIRST, C, A, "answered_elsewhere")])
    assert play.fact(LegAnswered(RUNG), 0) == [HangUp(RUNG)]
    assert (play.phase, play.call.state.agent) == ("talking", B)


def test_a_call_is_offered_as_long_as_one_telephone_rings() -> None:
    """Who says no stops ringing; with the last one the call waits again, in its visit."""
    play = Play().facts(BOTH)
    assert play.fact(LegEnded(RUNG, "rejected")) == [OfferRefused(FIRST, A, "rejected")]
    assert play.phase == "offered"
    assert play.fact(Rescind(SECOND, C, B, "timed_out"))[0] == Cancel(RUNG2)
    assert play.phase == "waiting"
    assert play.visits() == []


def test_a_call_that_is_picked_up_by_another_rings_there() -> None:
    """The floor takes the offer back and makes a new one, in that order."""
    play = Play().facts([*WAITING, offer(), Rescind(FIRST, C, A, "picked_up")])
    assert (play.phase, play.made[0]) == ("waiting", Cancel(RUNG))
    play.fact(offer(SECOND, B, E, auto_answer=True), 0)
    assert play.made[-1] == Ring(RUNG2, E, C, NUMBER, auto_answer=True)
    play.fact(LegAnswered(RUNG2))
    assert play.call.state.agent == B


def test_a_caller_who_hangs_up_stops_every_telephone() -> None:
    """Both are cancelled, the floor hears it once."""
    play = Play().facts([*BOTH, LegEnded(CALLER, "hangup")])
    assert play.kinds() == ["Cancel", "Cancel", "CallerGone", "CallFinished", "CallOver"]
    assert [v.outcome for v in play.record().visits] == ["abandoned"]
    for reason in (FIRST, SECOND):
        assert play.fact(Rescind(reason, C, A, "caller_gone")) == []


REASONS: list[RescindReason] = ["timed_out", "agent_gone", "declined", "picked_up", "overflow", "closed"]


class Ringing:
    """What is expected of a call that rings at several: a plain account of who rings and who has it."""

    def __init__(self) -> None:
        self.play = Play().facts(WAITING)
        self.rings: dict[Any, tuple[Any, Any]] = {}
        self.has: Any = None
        self.offers = 0

    def one_more(self) -> None:
        if self.has is None:
            self.offers += 1
            name = f"o{self.offers}"
            made = self.play.fact(offer(name, f"a{self.offers}", f"d{self.offers}"), 0)  # type: ignore[arg-type]
            (ring,) = [m for m in made if isinstance(m, Ring)]
            self.rings[ring.leg] = (name, f"a{self.offers}")

    def answers(self, leg: Any) -> None:
        made = self.play.fact(LegAnswered(leg), 0)
        if leg in self.rings:
            name, agent = self.rings.pop(leg)
            assert OfferAccepted(name, agent) in made
            self.has = agent
            for other, (taken_back, of) in list(self.rings.items()):
                rescind = Rescind(taken_back, C, of, "answered_elsewhere")
                assert self.play.fact(rescind, 0) == [Cancel(other)]
            self.rings.clear()
        else:
            assert made == ([] if leg == self.play.call.state.agent_leg else [HangUp(leg)])

    def ends(self, leg: Any, reason: Any) -> None:
        if leg in self.rings:
            name, agent = self.rings.pop(leg)
            made = self.play.fact(LegEnded(leg, reason), 0)
            (refused,) = [m for m in made if isinstance(m, OfferRefused)]
            assert (refused.offer, refused.agent) == (name, agent)

    def taken_back(self, leg: Any, reason: RescindReason) -> None:
        if leg in self.rings:
            name, agent = self.rings.pop(leg)
            assert self.play.fact(Rescind(name, C, agent, reason), 0)[0] == Cancel(leg)

    def holds(self) -> None:
        expected = "talking" if self.has else "offered" if self.rings else "waiting"
        assert self.play.phase == expected
        assert {r.leg for r in self.play.call.state.ringing} == set(self.rings)
        assert self.play.call.state.agent == self.has


LEGS = st.integers(1, 6).map(lambda n: f"c1.{n}")
ACTS = st.one_of(
    st.just(("one_more",)),
    st.just(("one_more",)),
    st.tuples(st.just("answers"), LEGS),
    st.tuples(st.just("ends"), LEGS, st.sampled_from(["rejected", "busy", "unreachable", "failed", "lost"])),
    st.tuples(st.just("taken_back"), LEGS, st.sampled_from(REASONS)),
)


@given(st.lists(ACTS, max_size=30))
def test_however_telephones_ring_at_most_one_wins(acts: list[Any]) -> None:
    """Whatever is offered, answered, refused and taken back: one winner, and every offer ends once."""
    ringing = Ringing()
    for name, *values in acts:
        getattr(ringing, name)(*values)
        ringing.holds()
    play = ringing.play
    play.fact(LegEnded(CALLER, "hangup"))
    ended = [m for m in play.made if isinstance(m, ContactEnded)]
    assert len(ended) == (1 if ringing.has else 0)
    assert {m.leg for m in play.made if isinstance(m, Cancel)} == set(ringing.rings)
    assert len(play.record().visits) == 1
