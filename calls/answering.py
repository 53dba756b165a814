"""How an ``Ask`` of a flow is answered: by the vault itself, or by whoever was put in charge of it.

Everything here may run in a worker thread. It never raises, and what it logs holds nothing of the question.
"""

import logging
import traceback
from collections.abc import Callable

from calls.vault import Question, has_form, without_secrets
from domain.flow import Answered, Ask

log = logging.getLogger(__name__)

Answer = Callable[[Ask, dict[str, str]], Answered]
"""Answers a question. Its parameters come beside it, secrets in clear among them. Blocks, and may raise."""


def nobody(ask: Ask, parameters: dict[str, str]) -> Answered:
    """The ``Answer`` of a floor on which nobody is in charge."""
    return failed(ask, f"nobody here answers a question of the kind {ask.kind}")


def failed(ask: Ask, why: str) -> Answered:
    """The question was not answered."""
    return Answered(ask.call, ask.ask, "failed", why=why)


def answered(question: Question, answer: Answer) -> Answered:
    """The answer to a question, fit to be journaled."""
    ask = question.ask
    if question.lost:
        return failed(ask, "lost")
    try:
        answer = _about_secrets if ask.kind == "secret" else answer
        return without_secrets(answer(ask, question.parameters), question)
    except Exception as error:  # noqa: BLE001 - told to the flow, and logged below
        _log(error, question)
        return failed(ask, f"{type(error).__name__} while it was answered")


def _about_secrets(ask: Ask, parameters: dict[str, str]) -> Answered:
    """Is what was typed of the form ``ask.name``? Every parameter must be."""
    try:
        fits = [has_form(ask.name, digits) for digits in parameters.values()]
    except ValueError as error:
        return failed(ask, str(error))
    return Answered(ask.call, ask.ask, "ok" if fits and all(fits) else "none")


def _log(error: Exception, question: Question) -> None:
    ask = question.ask
    said = ("the question %s (%s %s) of call %s was not answered", ask.ask, ask.kind, ask.name, ask.call)
    if not question.secrets:
        log.error(*said, exc_info=error)
        return
    # The words of an exception may repeat what was asked; where it came from does not.
    last = traceback.extract_tb(error.__traceback__)[-1]
    log.error(f"{said[0]}: %s at %s:%s", *said[1:], type(error).__name__, last.filename, last.lineno)
