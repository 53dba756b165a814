"""Strategies: who is asked first of those who may have the call."""

from collections import Counter
from dataclasses import replace

import pytest

from acd.floor.strategies import BUILT_IN, Look, Score
from domain.calls import ContactEnded, OfferRefused
from domain.desk import OfferDeclined
from domain.ids import AgentId, OfferId
from tests.acd.floor.play import Play


def served(play: Play, call: str, start: float, seconds: float) -> str:
    """A call is offered, accepted, talked through and wrapped up at once; who had it."""
    (line,) = play.queued(start, call)
    _, offer, _, _, agent = line.split()
    play.accept(start, offer, agent)
    play.end(start + seconds, offer, agent)
    return agent


def order(strategy: str, lengths: str, **rules: object) -> str:
    """Who had the calls, one after the other, each so many seconds long."""
    play = Play(agents="a b c", wrap_up_s=0, strategy=strategy, **rules)
    play.ready(0, "a")
    play.ready(1, "b")
    play.ready(2, "c")
    at, had = 10.0, ""
    for n, seconds in enumerate(map(float, lengths.split())):
        had += served(play, f"c{n}", at, seconds)
        at += seconds + 10
    return had


@pytest.mark.parametrize(
    ("strategy", "lengths", "had"),
    [
        ("least_busy", "100 10 20 5 1", "abcbb"),
        ("longest_idle", "100 10 20 5 1", "abcab"),
        ("fewest_calls", "100 10 20 5 1", "abcab"),
        ("least_talk", "100 10 20 5 1", "abcbb"),
        ("round_robin", "1 1 1 1 1", "abcab"),
        ("linear", "1 1 1 1 1", "aaaaa"),
    ],
)
def test_order(strategy: str, lengths: str, had: str) -> None:
    """Each strategy by hand on the same day."""
    assert order(strategy, lengths) == had


@pytest.mark.parametrize(
    ("by", "had"), [("handled", "abcbb"), ("talk", "abcbb"), ("calls", "abcab"), ("occupancy", "abcbb")]
)
def test_least_busy_by(by: str, had: str) -> None:
    """Least traffic by handled time, talk, occupancy or number of calls."""
    assert order("least_busy", "100 10 20 5 1", busy_by=by) == had


def test_occupancy_looks_at_the_time_at_work() -> None:
    """Ten busy seconds of a minute at work weigh more than twenty of an hour."""
    play = Play(agents="old new", wrap_up_s=0, busy_by="occupancy")
    play.ready(0, "old")
    play.queued(1000, "c1")
    play.accept(1000, "o1", "old")
    play.end(1020, "o1", "old")
    play.ready(3600, "new")
    play.queued(3601, "c2")
    play.accept(3601, "o2", "new")
    play.end(3611, "o2", "new")
    assert play.queued(3700, "c3") == ["offer o3 c3 to old"]


def test_penalty_comes_before_the_strategy() -> None:
    """Whoever has a lower penalty in the queue is asked first, however busy they are."""
    play = Play(agents=(Play.agent("pen", penalty=1), Play.agent("zoe")), wrap_up_s=0)
    play.ready(0, "pen", "zoe")
    assert [served(play, f"c{n}", 10 * n, 5) for n in range(1, 4)] == ["zoe"] * 3


def test_weighted_random_follows_its_seed() -> None:
    """The same seed draws the same, another another; a higher penalty is drawn less often."""

    def draw(seed: int) -> list[str]:
        agents = (Play.agent("a"), Play.agent("b", penalty=3))
        play = Play(agents=agents, wrap_up_s=0, strategy="weighted_random", seed=seed)
        play.ready(0, "a", "b")
        return [served(play, f"c{n}", 10 * n, 5) for n in range(1, 401)]

    one = draw(1)
    assert one == draw(1) != draw(2)
    # Weights 1 and 1/4: the chance of a is 4/5; 400 draws lie within four deviations of it.
    assert 288 <= Counter(one)["a"] <= 352


def test_best_proficiency() -> None:
    """The highest level in what the call asks for."""
    agents = (Play.agent("a", "en/2", "fr/5"), Play.agent("b", "en/4", "fr/1"), Play.agent("c", "en/9"))
    play = Play(agents=agents, strategy="best_proficiency")
    play.ready(0, "a", "b", "c")
    assert play.queued(1, "c1", skills=("en/2",)) == ["offer o1 c1 to c"]
    assert play.queued(1, "c2", skills=("en", "fr")) == ["offer o2 c2 to a"]


def test_ring_all_has_exactly_one_winner() -> None:
    """The first who answers has it, the others are told why it stopped; a second answer is too late."""
    play = Play(agents="a b c", strategy="ring_all")
    play.ready(0, "a", "b", "c")
    assert play.queued(1, "c1") == ["offer o1 c1 to a", "offer o2 c1 to b", "offer o3 c1 to c"]
    assert play.accept(2, "o2", "b") == ["rescind o1 answered_elsewhere", "rescind o3 answered_elsewhere"]
    assert play.accept(2, "o3", "c") == ["ignored OfferAccepted"]
    assert [play.state(x) for x in "abc"] == ["available", "on_contact", "available"]


def test_ring_all_goes_on_while_one_rings() -> None:
    """One declines, one cannot be rung; the call waits again only when nobody rings."""
    play = Play(agents="a b c", strategy="ring_all", leave_empty=())
    play.ready(0, "a", "b", "c")
    play.queued(1, "c1")
    assert play(2, OfferDeclined(AgentId("a"), OfferId("o1"))) == ["rescind o1 declined"]
    assert play(3, OfferRefused(OfferId("o2"), AgentId("b"), "unreachable")) == []
    assert play.call("c1").state == "offered"
    assert play(16) == ["rescind o3 timed_out", "offer o4 c1 to c"]


def test_ring_progressively_adds_one_after_the_other() -> None:
    """One, then one more every few seconds, each with a deadline of its own."""
    play = Play(agents="a b c", strategy="ring_progressively", ring_next_s=5)
    play.ready(0, "a", "b", "c")
    assert play.queued(0, "c1") == ["offer o1 c1 to a"]
    assert play.until(11) == ["5: offer o2 c1 to b", "10: offer o3 c1 to c"]
    assert play.accept(12, "o3", "c") == ["rescind o1 answered_elsewhere", "rescind o2 answered_elsewhere"]


def youngest(look: Look) -> Score:
    """A strategy of the settings: the last by name first."""
    return (-ord(look.agent.id[0]),)


def broken(look: Look) -> Score:
    """A strategy with a mistake in it."""
    raise ZeroDivisionError("no agents today")


def test_a_strategy_of_ones_own() -> None:
    """A named callable from the settings decides like any other."""
    play = Play(agents="a b c", strategy="youngest", strategies={"youngest": youngest})
    play.ready(0, "a", "b", "c")
    assert play.queued(1, "c1") == ["offer o1 c1 to c"]
    assert play.offers()[0].why.strategy == "youngest"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("broken", "least_busy (broken failed: ZeroDivisionError: no agents today)"),
        ("missing", "least_busy (missing is not known)"),
    ],
)
def test_a_mistake_in_a_strategy_keeps_nobody_waiting(name: str, said: str) -> None:
    """Least busy decides instead, and the reasons of the offer say so."""
    play = Play(agents="a b", strategy=name, strategies={"broken": broken})
    play.ready(0, "a", "b")
    assert play.queued(1, "c1") == ["offer o1 c1 to a"]
    assert play.offers()[0].why.strategy == said


def test_every_built_in_strategy_can_be_used() -> None:
    """By its name, on a floor with calls, members and groups."""
    for name in BUILT_IN:
        play = Play(agents="a b", strategy=name)
        play.ready(0, "a", "b")
        assert play.queued(1, "c1")
        assert play.offers()[0].why.strategy == name


def test_changing_the_strategy_takes_effect_for_the_next_call() -> None:
    """Nobody is signed out, no call is dropped."""
    play = Play(agents="a b", wrap_up_s=0)
    play.ready(0, "a", "b")
    assert served(play, "c1", 1, 5) == "a"
    play.queue = replace(play.queue, strategy="linear")
    play(10, play.rows())
    assert served(play, "c2", 11, 5) == "a"
    assert play(20, ContactEnded(OfferId("o2"), AgentId("a"))) == ["ignored ContactEnded"]
