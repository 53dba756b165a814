"""What callers hear while they wait is short, true, and in words we have."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.switch import Speak
from ivr.nodes.queue_words import WORDS, announcement, confirmation, proposal, rounded_minutes


def heard(language: str, position: int | None, wait_s: float | None, message: str = "") -> str:
    return " ".join(p.text for p in announcement(language, position, wait_s, message) if isinstance(p, Speak))


@pytest.mark.parametrize(
    ("position", "wait_s", "words"),
    [
        (1, None, "You are next in line."),
        (2, 0.0, "You are number 2 in line. We expect to answer you within a minute."),
        (None, 61.0, "The estimated wait is about 2 minutes."),
        (None, 600.0, "The estimated wait is about 10 minutes."),
        (None, 601.0, "The estimated wait is about 15 minutes."),
        (None, 3601.0, "The estimated wait is more than an hour."),
        (None, None, ""),
    ],
)
def test_places_and_waits_as_people_say_them(position: int | None, wait_s: float | None, words: str) -> None:
    """Whole minutes, rather too many than too few."""
    assert heard("en", position, wait_s) == words


def test_the_message_of_the_queue_comes_first() -> None:
    """Then the figures."""
    assert heard("zh-CN", 5, 170.0, "感谢您的耐心等候。") == (
        "感谢您的耐心等候。 您目前排在第 5 位。 预计等候约 3 分钟。"
    )


def test_every_language_has_every_word() -> None:
    """And English stands in for those we do not speak."""
    assert set(WORDS["en"]) == set(WORDS["zh-CN"])
    assert heard("fr", 1, None) == "You are next in line."
    assert confirmation("zh-TW") == confirmation("zh-CN") != confirmation("fr")
    assert "1" in proposal("zh-CN", 2, None)[-1].text  # type: ignore[union-attr]


@given(st.floats(0, 10_000))
def test_rounded_waits_are_never_shorter_than_the_estimate(wait_s: float) -> None:
    """At most one step longer."""
    minutes = rounded_minutes(wait_s)
    assert wait_s <= minutes * 60 <= wait_s + (60 if minutes <= 10 else 300)
