"""The vault: digits go in, and only whoever must use them gets them out."""

import copy
import json
import pickle
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calls.answering import answered, nobody
from calls.vault import HIDDEN, MOST_DIGITS, MOST_VALUES, Vault, has_form, without_secrets
from domain.codec import dumps
from domain.flow import Answered, Ask, Conceal, SecretLost
from domain.ids import CallId, LegId
from domain.switch import DigitPressed, LegRinging, SecretPressed

C, LEG, OTHER = CallId("c1"), LegId("c1"), LegId("c2")
CARD, PIN = "card", "pin"
NUMBER = "6222021234567894"


class Engine:
    """Conceals what it is told to."""

    def __init__(self, **names: str) -> None:
        self.names = {LegId(leg): name for leg, name in names.items()}

    def conceals(self, leg: LegId) -> str | None:
        return self.names.get(leg)

    def secrets(self) -> list[tuple[CallId, str]]:
        return [(CallId(leg), name) for leg, name in self.names.items()]


def typed(digits: str = NUMBER, name: str = CARD, vault: Vault | None = None) -> Vault:
    """A vault into which these digits were typed."""
    vault = vault or Vault()
    vault.follow([Conceal(C, name)])
    for digit in digits:
        vault.hide(DigitPressed(LEG, digit), Engine(c1=name))
    return vault


def ask(kind: Any = "record", name: str = "balance", **parameters: str) -> Ask:
    """A question of the call."""
    return Ask(C, "c1-a1", kind, name, parameters)


# ------------------------------------------------------------------ what goes in


def test_digits_of_a_leg_that_conceals_become_counts() -> None:
    """Other keys, other legs and other facts pass as they are."""
    vault, engine = Vault(), Engine(c1=CARD)
    assert [vault.hide(DigitPressed(LEG, digit), engine) for digit in "12"] == [
        SecretPressed(LEG, CARD, 1),
        SecretPressed(LEG, CARD, 2),
    ]
    for fact in (*(DigitPressed(LEG, key) for key in "*#ABCD"), DigitPressed(OTHER, "3"), LegRinging(LEG)):
        assert vault.hide(fact, engine) is fact
    assert vault.question(ask(card="$secret:card")).parameters == {"card": "12"}


@pytest.mark.parametrize("digit", ["12", "1#", "x1"])
def test_nothing_with_a_digit_in_it_passes(digit: str) -> None:
    """Whatever a switch may call one key."""
    seen = Vault().hide(DigitPressed(LEG, digit), Engine(c1=CARD))
    assert isinstance(seen, SecretPressed) and seen.count == sum(c.isdigit() for c in digit)


def test_to_conceal_again_is_to_begin_again() -> None:
    """What was typed before is gone, other secrets of the call are not."""
    vault = typed("1234", PIN, typed())
    vault.follow([Conceal(C, CARD)])
    assert vault.question(ask(a="$secret:card", b="$secret:pin")).parameters == {"a": "", "b": "1234"}


def test_nobody_fills_the_memory_with_digits() -> None:
    """Who holds a key down for hours is remembered up to a limit, and so the count says."""
    vault, engine = typed("1" * MOST_DIGITS), Engine(c1=CARD)
    assert vault.hide(DigitPressed(LEG, "2"), engine) == SecretPressed(LEG, CARD, MOST_DIGITS)


def test_digits_beyond_what_was_asked_for_go_nowhere() -> None:
    """The flow is told that a key was pressed, and the count stays."""
    vault, engine = Vault(), Engine(c1=PIN)
    vault.follow([Conceal(C, PIN, 2)])
    seen = [vault.hide(DigitPressed(LEG, digit), engine) for digit in "123"]
    assert seen == [SecretPressed(LEG, PIN, count) for count in (1, 2, 2)]
    assert vault.question(ask(pin="$secret:pin")).parameters == {"pin": "12"}
    vault.follow([Conceal(C, PIN)])
    assert [vault.hide(DigitPressed(LEG, digit), engine).count for digit in "123"] == [1, 2, 3]


# ------------------------------------------------------------------ what comes out


def test_a_question_has_its_parameters_in_clear() -> None:
    """Only where a whole parameter names a secret; the question itself still does not."""
    question = typed().question(ask(card="$secret:card", amount="5", text="the $secret:card"))
    assert question.parameters == {"card": NUMBER, "amount": "5", "text": "the $secret:card"}
    assert question.ask.parameters["card"] == "$secret:card"
    assert NUMBER not in dumps(question.ask)


@pytest.mark.parametrize("over", ["the call is over", "another name", "after a crash"])
def test_what_is_gone_is_lost(over: str) -> None:
    """The question fails; nobody is asked."""
    vault = Vault() if over == "after a crash" else typed(name=PIN if over == "another name" else CARD)
    if over == "the call is over":
        vault.forget(C)
    asked: list[Any] = []
    answer = answered(vault.question(ask(card="$secret:card")), lambda *what: asked.append(what))  # type: ignore[arg-type, func-returns-value]
    assert (answer.outcome, answer.why, asked) == ("failed", "lost", [])


def test_what_an_empty_vault_lacks_is_told() -> None:
    """Of each call that typed something: its flow asks again. What was only just asked for is not lost."""
    engine = Engine(c1=CARD, c2=PIN)
    assert Vault().lost(engine) == [SecretLost(C, CARD), SecretLost(CallId("c2"), PIN)]
    assert typed("").lost(engine) == [SecretLost(CallId("c2"), PIN)]


def test_nothing_of_it_can_be_seen_copied_or_written() -> None:
    """Neither of the vault nor of a question."""
    vault = typed()
    question = vault.question(ask(card="$secret:card"))
    for thing in (vault, question):
        assert repr(thing) == str(thing) == f"<{type(thing).__name__}>" == f"{[thing]}"[1:-1]
        for act in (pickle.dumps, copy.copy, copy.deepcopy, dumps, json.dumps):
            with pytest.raises((TypeError, ValueError)) as caught:
                act(thing)
            assert NUMBER not in str(caught.value)


# ------------------------------------------------------------------ forms


@pytest.mark.parametrize(
    ("form", "right", "wrong"),
    [
        ("luhn", [NUMBER, "79927398713", "00"], ["6222021234567893", "", "0"]),
        ("length:4-6", ["1234", "123456"], ["123", "1234567"]),
        ("length:6", ["123456"], ["12345", "1234567"]),
        ("pattern:62[0-9]{4}", ["621234"], ["6212345", "721234"]),
    ],
)
def test_forms(form: str, right: list[str], wrong: list[str]) -> None:
    """Luhn's check digit, a length, a pattern of the whole."""
    assert [has_form(form, digits) for digits in right + wrong] == [True] * len(right) + [False] * len(wrong)
    for digits, outcome in [(right[0], "ok"), (wrong[0], "none")]:
        question = typed(digits).question(ask("secret", form, digits="$secret:card"))
        assert answered(question, nobody) == Answered(C, "c1-a1", outcome)  # type: ignore[arg-type]


@pytest.mark.parametrize("form", ["", "nice", "length:", "length:x-y", "pattern:(", "luhn:1"])
def test_what_is_no_form_is_answered_as_failed(form: str) -> None:
    """The flow's mistake: it is told why, without the digits."""
    answer = answered(typed().question(ask("secret", form, digits="$secret:card")), nobody)
    assert answer.outcome == "failed" and answer.why and NUMBER not in answer.why


def test_a_form_of_nothing_fits_nothing() -> None:
    """A question that names no secret is answered with no."""
    assert answered(typed().question(ask("secret", "luhn")), nobody).outcome == "none"


# ------------------------------------------------------------------ answers


@given(st.text("0123456789", min_size=8, max_size=20), st.sampled_from(["{}", "card {}.", "{}1", "a\n{}"]))
def test_no_answer_repeats_a_secret(number: str, sentence: str) -> None:
    """Not as a value, not as a number, not inside a sentence or spaced out, not as a name, not as the why."""
    question = typed(number).question(ask())
    said = sentence.format(number)
    spaced = sentence.format(" ".join(number))
    answer = Answered(C, "c1-a1", "ok", {"a": said, "b": int("1" + number), "c": spaced, number: "x"}, said)
    fit = without_secrets(answer, question)
    assert fit.values == {"a": HIDDEN, "b": HIDDEN, "c": HIDDEN}
    assert fit.why == HIDDEN


def test_secrets_of_the_whole_call_are_not_repeated() -> None:
    """Also by an answer to a question that named none of them."""
    fit = without_secrets(Answered(C, "c1-a1", "ok", {"card": NUMBER}), typed().question(ask()))
    assert fit.values == {"card": HIDDEN}


def test_short_secrets_hide_no_ordinary_number() -> None:
    """Three digits stand in many an amount by chance; alone they are hidden."""
    question = typed("123").question(ask())
    values = {"amount": 1123.5, "code": "123", "text": "2026-11-23"}
    fit = without_secrets(Answered(C, "c1-a1", "ok", values), question)
    assert fit.values == {"amount": 1123.5, "code": HIDDEN, "text": "2026-11-23"}


def test_the_end_of_a_number_may_be_read_back() -> None:
    """Four digits of it are not it."""
    fit = without_secrets(Answered(C, "c1-a1", "ok", {"ending": NUMBER[-4:]}), typed().question(ask()))
    assert fit.values == {"ending": "7894"}


def test_an_answer_is_plain_and_of_its_question() -> None:
    """Whatever came back can be journaled, and is of no other call."""
    values: Any = {
        "text": "x" * 10_000,
        "yes": True,
        "none": None,
        "list": [1],
        "$": "x",
        "": "x",
        "nan": float("nan"),
        "inf": float("inf"),
        "small": 0.5,
        3: "x",
    }
    fit = without_secrets(Answered(CallId("c9"), "c9-a1", "ok", values), Vault().question(ask()))
    assert (fit.call, fit.ask, set(fit.values)) == (C, "c1-a1", {"text", "yes", "small"})
    assert len(str(fit.values["text"])) == 4_000
    dumps(fit)
    many = replace(fit, values={f"v{n}": n for n in range(1000)})
    assert len(without_secrets(many, Vault().question(ask())).values) == MOST_VALUES


# ------------------------------------------------------------------ what goes wrong


def test_what_whoever_answers_raises_is_logged_without_the_secret(caplog: pytest.LogCaptureFixture) -> None:
    """Words of exceptions repeat what was asked; the log says where it happened, the flow hears of it."""

    def broken(ask: Ask, parameters: dict[str, str]) -> Answered:
        raise OSError(f"cannot reach http://bank/{parameters['card']}")

    answer = answered(typed().question(ask(card="$secret:card")), broken)
    assert (answer.outcome, answer.why) == ("failed", "OSError while it was answered")
    assert "OSError" in caplog.text and "test_vault.py" in caplog.text
    assert NUMBER not in caplog.text


def test_without_secrets_the_log_has_the_whole_story(caplog: pytest.LogCaptureFixture) -> None:
    """With the traceback, as for anything else that goes wrong."""

    def broken(ask: Ask, parameters: dict[str, str]) -> Answered:
        raise OSError("no route to the bank")

    assert answered(Vault().question(ask()), broken).outcome == "failed"
    assert "no route to the bank" in caplog.text and "Traceback" in caplog.text


def test_what_is_no_answer_is_a_failure(caplog: pytest.LogCaptureFixture) -> None:
    """A mistake of whoever answers is not the end of the floor."""
    answer = answered(Vault().question(ask()), lambda ask, parameters: None)  # type: ignore[arg-type, return-value]
    assert answer.outcome == "failed"
    assert "was not answered" in caplog.text


def test_where_nobody_answers_the_flow_is_told_so() -> None:
    """A floor without anybody in charge fails each question with a reason."""
    answer = answered(Vault().question(ask("http", "GET")), nobody)
    assert (answer.outcome, answer.why) == ("failed", "nobody here answers a question of the kind http")


@pytest.mark.parametrize("typed", ["0*0", "", "7", "１２", "1a"])
def test_what_is_not_digits_has_no_check_digit(typed: str) -> None:
    """It is not of the form, rather than a fault."""
    assert not has_form("luhn", typed)
