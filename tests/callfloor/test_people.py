"""Simulated people behave as their habits say, on average and by their seed."""

import random
from typing import Any

import pytest

from callfloor.people import PROFILE, Crowd, Habits, Team
from domain.calls import CallChanged, CallFinished, WrapUpNoted
from domain.config import CallbackRules, Condition, Operation, Step
from domain.instant import Instant
from telephony.simulated import SimulatedSwitch, VirtualTime
from tests.calls.floor import NUMBER, START, Scene
from tests.calls.wishes import WISHES


def crowd(habits: Habits, hour: float = 10, speed: float = 1.0, seed: int = 1) -> tuple[Crowd, VirtualTime]:
    """Callers on a switch that only listens."""
    clock = VirtualTime(START)
    switch = SimulatedSwitch(clock)
    switch.begin(lambda fact: None)
    people = Crowd(switch, clock, random.Random(seed), ("+86138",), NUMBER, habits, speed, hour=lambda: hour)
    people.start()
    return people, clock


@pytest.mark.parametrize(("hour", "speed"), [(9, 1), (12, 1), (3, 1), (10, 3)])
def test_callers_come_by_the_profile_of_the_day(hour: int, speed: float) -> None:
    """Over many hours of the same hour the number is the profile's share, within chance."""
    people, clock = crowd(Habits(calls_per_hour=100), hour, speed)
    clock.run_for(20 * 3600)
    weight = max(PROFILE[hour] * len(PROFILE) / sum(PROFILE), 0.2)
    expected = 20 * 100 * speed * weight
    assert people.tally.rang == pytest.approx(expected, abs=4 * expected**0.5)


def test_a_crowd_that_stopped_stays_away() -> None:
    """No more arrivals."""
    people, clock = crowd(Habits(calls_per_hour=1000))
    clock.run_for(600)
    people.stop()
    before = people.tally.rang
    clock.run_for(36_000)
    assert people.tally.rang == before > 0


class Desk:
    """A team at the small floor, with one caller at a time."""

    def __init__(self, **habits: Any) -> None:
        self.scene = Scene(("li", "wu"))
        floor = self.scene.floor
        self.team = Team(
            floor.switch, floor.clock, random.Random(5), ("li", "wu"), floor.tell, Habits(**habits)
        )
        floor.listeners.append(self.team.on_intent)
        for phone in self.scene.phones.values():
            phone.unregister()
        self.team.start()
        self.scene.run(1)


def test_agents_answer_talk_hang_up_and_write_a_note() -> None:
    """One contact of a simulated agent, and they are available again."""
    desk = Desk(miss_share=0, talk_s=40)
    desk.scene.queued()
    desk.scene.run(600)
    (record,) = desk.scene.records()
    assert (record.outcome, record.ended_by) == ("answered", "agent")
    assert record.talk_us > 5_000_000
    (note,) = desk.scene.floor.made(WrapUpNoted)
    assert (note.call, note.agent) == (record.call, record.agent)
    assert desk.scene.state(record.agent or "") == "available"


def test_agents_who_miss_calls_come_back() -> None:
    """Nobody answers: the offers go round, those set aside as missed are ready again after a while."""
    desk = Desk(miss_share=1)
    caller = desk.scene.queued()
    desk.scene.run(400)
    rescinded = [m for m in desk.scene.floor.steps if m[1] is None]
    assert len(rescinded) > 6
    caller.hang_up()
    desk.scene.run(60)
    assert {desk.scene.state(a) for a in ("li", "wu")} == {"available"}


def test_impatient_callers_give_up() -> None:
    """With nobody to answer they hang up after a while, and are counted."""
    scene = Scene(("li",))
    people = Crowd(
        scene.floor.switch,
        scene.floor.clock,
        random.Random(2),
        ("+86138",),
        NUMBER,
        Habits(patience_s=10, keys=("1",)),
    )
    for _ in range(5):
        people.ring()
    scene.run(600)
    outcomes = [m.record.outcome for m in scene.floor.made(CallFinished)]
    assert len(outcomes) == 5
    assert people.tally.gave_up == outcomes.count("abandoned") + outcomes.count("voicemail") > 0
    assert people.tally.spoke == 0


def test_they_speak_phrases_while_connected() -> None:
    """Both sides say something now and then, in the language given, and stop at the end."""
    scene = Scene(("li",))
    floor = scene.floor
    phrases = (("你好", "zh-CN"),)
    habits = Habits(miss_share=0, talk_s=60, keys=("1",), patience_s=1000, first_key_s=1)
    team = Team(floor.switch, floor.clock, random.Random(1), ("li",), floor.tell, habits, phrases=phrases)
    floor.listeners.append(team.on_intent)
    scene.phones["li"].unregister()
    team.start()
    people = Crowd(floor.switch, floor.clock, random.Random(4), ("+86138",), NUMBER, habits, phrases=phrases)
    people.ring()
    scene.run(20)
    leg = next(leg for leg in floor.switch.legs.values() if leg.id == "S1")
    agent = next(leg for leg in floor.switch.legs.values() if leg.id != "S1")
    assert [p.text for p in leg.heard if getattr(p, "language", "") == "zh-CN"]
    assert [p.text for p in agent.heard if getattr(p, "language", "") == "zh-CN"]
    scene.run(600)
    assert people.tally.spoke == 1
    assert not floor.switch.legs
    assert floor.clock.now > Instant(0)


class Line:
    """A queue that offers callbacks, with nobody free at first, and a crowd that may be dialled at home."""

    def __init__(self, **habits: Any) -> None:
        self.scene = Scene(
            ("li",),
            recipe=(Step((Condition("wait", ">=", 5.0),), (Operation("offer_callback"),)),),
            callback=CallbackRules(expires_s=900, quiet=("00:00", "00:00"), attempts=2, retry_s=60),
        )
        floor = self.scene.floor
        self.scene.phones["li"].vanish()
        ways = Habits(patience_s=10_000, keys=("1",), first_key_s=1, talk_s=20, **habits)
        self.crowd = Crowd(
            floor.switch,
            floor.clock,
            random.Random(7),
            ("+8613800000001",),
            NUMBER,
            ways,
            at_home=self.scene.at_home,
        )
        floor.listeners.append(self.crowd.on_intent)
        self.crowd.ring()
        self.scene.run(60)

    def staffed(self) -> list[str]:
        """The agent comes and answers; the outcomes of all calls an hour later."""
        self.scene.phones["li"].answers_after_s = 1
        self.scene.phones["li"].register()
        self.scene.run(3600)
        return [r.outcome for r in self.scene.records()]


def test_callers_may_choose_to_be_called_back_and_pick_up() -> None:
    """They press 1, hang up, and answer when their turn has come."""
    line = Line(callback_share=1, away_share=0)
    assert [r.outcome for r in line.scene.records()] == ["callback"]
    assert line.staffed() == ["callback", "answered"]
    assert (line.crowd.tally.called_back, line.crowd.tally.picked_up) == (1, 1)
    line.scene.is_quiet()


def test_some_are_away_when_they_are_called_back() -> None:
    """Their telephone rings and rings, as often as they are tried."""
    line = Line(callback_share=1, away_share=1)
    assert line.staffed() == ["callback", "not_reached"]
    assert (line.crowd.tally.called_back, line.crowd.tally.picked_up) == (2, 0)
    line.scene.is_quiet()


def test_some_would_rather_wait() -> None:
    """They press another key and are served in their turn."""
    line = Line(callback_share=0)
    assert line.scene.records() == []
    assert line.staffed() == ["answered"]


@pytest.mark.parametrize(("share", "rated"), [(1.0, True), (0.0, False)])
def test_callers_who_are_asked_how_it_was_say_so_or_hang_up(share: float, rated: bool) -> None:
    """When the agent has hung up and words are heard again; each call ends either way."""
    desk = Desk(answer_s=1, talk_s=10, miss_share=0)
    floor = desk.scene.floor
    ways = Habits(keys=("1",), first_key_s=1, talk_s=200, patience_s=10_000, rating_share=share, ratings="9")
    crowd = Crowd(floor.switch, floor.clock, random.Random(3), ("+8613800000001",), WISHES, ways)
    for _ in range(10):
        crowd.ring()
        desk.scene.run(120)
    desk.scene.run(36 * 3600)  # some chose to leave a message, and are patient
    phases = [m.phase for m in floor.made(CallChanged)]
    assert phases.count("survey") > 3
    assert (crowd.tally.rated > 3) == rated
    answered = [r for r in desk.scene.records() if r.outcome == "answered"]
    assert {r.ended_by for r in answered} == ({"flow"} if rated else {"caller"})
    desk.scene.is_quiet()
