"""``consent``: may this call be recorded?"""

from dataclasses import dataclass
from typing import Any, ClassVar

from domain.flow import Mark
from domain.switch import Prompt, Speak
from ivr.flow import Fields
from ivr.nodes.asking import Asking
from ivr.walk import Walk

_WORDS = {
    "zh-CN": "为了提高服务质量，本次通话可能会被录音。同意请按 1，不同意请按 2。",
    "en": "This call may be recorded for quality. If you agree, press 1. If you do not, press 2.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent(Asking):
    """1 is a yes, 2 a no, and so is silence; it is marked in the call's record as ``consent``."""

    TYPE: ClassVar[str] = "consent"
    NEEDS: ClassVar[tuple[str, ...]] = ("yes", "no")
    MAY: ClassVar[tuple[str, ...]] = ()

    @classmethod
    def read(cls, fields: Fields) -> dict[str, Any]:
        """``prompts`` (ours), and how it is asked."""
        return {
            "prompts": fields.prompts("prompts", required=False) or our_words(_WORDS, fields.languages),
            **read_manner(fields),
        }

    def writes(self) -> frozenset[str]:
        """``consent``: yes or no."""
        return frozenset({"consent"})

    def key(self, walk: Walk, digit: str) -> str | None:
        """Yes or no."""
        walk.state.digits = ""
        said = {"1": "yes", "2": "no"}.get(digit)
        if said is None:
            return "no_match"
        walk.understood(digit)
        return self._marked(walk, said)

    def _judge(self, walk: Walk, exit: str | None) -> str | None:
        judged = Asking._judge(self, walk, exit)
        return self._marked(walk, "no") if judged in ("no_input", "no_match") else judged

    def _marked(self, walk: Walk, said: str) -> str:
        walk.put("consent", said)
        walk.out.append(Mark(walk.call, "consent", said))
        return said


def our_words(words: dict[str, str], languages: tuple[str, ...]) -> dict[str, tuple[Prompt, ...]]:
    """Our words in each language, English where we have none."""
    spoken = {one: one if one in words else "en" for one in languages}
    return {one: (Speak(words[ours], ours),) for one, ours in spoken.items()}


def read_manner(fields: Fields) -> dict[str, Any]:
    """``timeout_s``, ``retries``, ``barge_in`` of a question with a fixed answer."""
    return {
        "no_input_prompts": {},
        "no_match_prompts": {},
        "timeout_s": fields.number("timeout_s", 5.0, 0.5, 120.0),
        "retries": fields.whole("retries", 1, 0, 10),
        "barge_in": fields.flag("barge_in", True),
    }
