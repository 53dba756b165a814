"""Digits nobody may see, on the real floor and the simulated switch: counted, used, nowhere to be found."""

from pathlib import Path
from typing import Any

from calls.story import story
from domain.codec import dumps
from domain.flow import Answered, SecretLost
from domain.ids import CallId
from domain.switch import DigitPressed, SecretPressed, Shield
from tests.calls.floor import Scene
from tests.calls.wishes import CARD, LENGTH, answer

S1 = CallId("S1")
NUMBER = "867530"


def facts(scene: Scene, kind: type) -> list[Any]:
    """Every outside fact of a kind so far."""
    return [fact for _, fact, _ in scene.floor.steps if isinstance(fact, kind)]


def test_a_card_number_is_typed_checked_and_used() -> None:
    """The flow hears how many digits there are; whoever answers gets them; nobody else has them."""
    asked: list[dict[str, str]] = []
    scene = Scene(("li",))
    scene.floor._answer = lambda ask, parameters: (asked.append(parameters), answer(ask, parameters))[1]
    caller = scene.wishes("3")
    scene.press(caller, NUMBER)
    assert [fact.count for fact in facts(scene, SecretPressed)] == list(range(1, LENGTH + 1))
    assert [fact.digit for fact in facts(scene, DigitPressed)] == ["3"]
    scene.press(caller, "5")
    assert asked == [{CARD: NUMBER}]
    length, balance = facts(scene, Answered)
    assert (length.outcome, balance.outcome, balance.values) == ("ok", "ok", {"balance": 12.5, CARD: "***"})
    shields = [c for c in scene.floor.switch.commands if isinstance(c, Shield)]
    assert shields == [Shield(caller.leg, True), Shield(caller.leg, False)]
    caller.hang_up()
    scene.run(1)
    record = scene.record("S1")
    assert record.marks == {"answer": "ok"}
    assert NUMBER not in dumps([[fact, made] for _, fact, made in scene.floor.steps])
    scene.is_quiet()


def test_the_vault_forgets_with_the_call() -> None:
    """A question that was under way has what it needs; the answer comes too late and is passed over."""
    asked: list[dict[str, str]] = []
    scene = Scene(("li",))
    scene.floor._answer = lambda ask, parameters: (asked.append(parameters), answer(ask, parameters))[1]
    caller = scene.wishes("3")
    scene.press(caller, NUMBER)
    caller.press("5")
    caller.hang_up()
    assert not scene.floor.vault._kept
    scene.run(1)
    assert asked == [{CARD: NUMBER}]
    (ignored,) = [m for _, fact, made in scene.floor.steps if isinstance(fact, Answered) for m in made][-1:]
    assert (ignored.fact, ignored.why) == ("Answered", "there is no live call S1")
    scene.is_quiet()


def test_after_a_crash_the_flow_asks_again() -> None:
    """It is told once that what was typed is lost; digits stay hidden, and the leg is shielded anew."""
    scene = Scene(("li",))
    caller = scene.wishes("3")
    scene.press(caller, "867")
    scene.restart(crash=True)
    assert facts(scene, SecretLost) == [SecretLost(S1, CARD)]
    assert scene.floor.switch.commands[-1] == Shield(caller.leg, True)
    before = len(scene.floor.steps)
    scene.press(caller, NUMBER)
    assert [f.count for _, f, _ in scene.floor.steps[before:] if isinstance(f, SecretPressed)] == [
        *range(1, 7)
    ]
    assert facts(scene, Answered)[-1].outcome == "ok"
    caller.hang_up()
    scene.run(1)
    scene.is_quiet()


def test_after_a_crash_what_is_lost_is_not_used() -> None:
    """A flow that goes on without asking again is told that its question failed."""
    scene = Scene(("li",))
    caller = scene.wishes("3")
    scene.press(caller, NUMBER)
    scene.floor.vault.clear()
    scene.press(caller, "5")
    last = facts(scene, Answered)[-1]
    assert (last.outcome, last.why) == ("failed", "lost")


def test_a_switch_that_comes_back_has_lost_nothing() -> None:
    """While the platform itself lives, its vault does."""
    scene = Scene(("li",))
    caller = scene.wishes("3")
    scene.press(caller, "867")
    scene.restart()
    assert not facts(scene, SecretLost)
    scene.press(caller, "530")
    assert [a.outcome for a in facts(scene, Answered)] == ["ok"]


def test_callers_who_are_gone_are_not_told() -> None:
    """After a crash only calls that are still up are asked again."""
    scene = Scene(("li",))
    scene.press(scene.wishes("3"), "867")
    scene.floor.switch.legs.clear()
    scene.restart(crash=True)
    assert not facts(scene, SecretLost)
    assert [r.outcome for r in scene.records()] == ["lost"]


def test_each_call_has_its_own() -> None:
    """Two callers type at once."""
    scene = Scene(("li",))
    one, two = scene.wishes("3"), scene.wishes("3")
    for first, second in zip("111111", "222222", strict=True):
        one.press(first)
        two.press(second)
    assert scene.floor.vault._kept == {"S1": {CARD: "111111"}, "S2": {CARD: "222222"}}


def test_what_is_said_of_it_in_the_story(tmp_path: Path) -> None:
    """That digits were hidden and how many, that something was asked and what came of it; never with what."""
    scene = Scene(("li",))
    caller = scene.wishes("3")
    scene.press(caller, NUMBER)
    scene.press(caller, "5")
    scene.restart(crash=True)
    lines = story(scene.journal(tmp_path / "j.db"), "S1")
    assert [(line.what, line.detail) for line in lines if line.what != "phase"] == [
        ("arrived", "+8613800000001 dialled 95599"),
        ("leg answered", "S1"),
        ("digit", "3"),
        ("hides digits", "of card"),
        *(("hidden digit", f"card, number {count}") for count in range(1, LENGTH + 1)),
        ("hears digits", ""),
        ("asked", "secret length:6"),
        ("answer", "ok"),
        ("marked", "answer: ok"),
        ("digit", "5"),
        ("asked", "record balance"),
        ("answer", "ok (***)"),
        ("marked", "answer: ok"),
        ("hidden lost", "card"),
        ("hides digits", "of card"),
    ]
    assert all(line.kind == line.what.replace(" ", "_") for line in lines)
    assert not any(NUMBER in f"{line.detail} {line.params}" for line in lines)
