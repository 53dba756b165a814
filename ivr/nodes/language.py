"""``language``: in which language shall we speak?"""

import re
from dataclasses import dataclass
from typing import Any, ClassVar

from domain.switch import Prompt, Speak
from ivr.flow import Fields
from ivr.nodes.asking import Asking
from ivr.walk import Walk

_KEY = re.compile("[0-9*#]")
_WORDS = {"zh-CN": "普通话服务请按 {key}。", "en": "For English, press {key}."}


@dataclass(frozen=True, slots=True, kw_only=True)
class Language(Asking):
    """Offer each language in its own words, and speak the one whose key is pressed.

    Who presses nothing, or nothing that fits, hears ``default``, or else what was spoken before. A customer
    whose language is known is not asked, if ``known``.
    """

    choices: dict[str, str]
    default: str = ""
    known: bool = True

    TYPE: ClassVar[str] = "language"
    NEEDS: ClassVar[tuple[str, ...]] = ("done",)
    MAY: ClassVar[tuple[str, ...]] = ()

    @classmethod
    def read(cls, fields: Fields) -> dict[str, Any]:
        """``choices`` (key to language), ``prompts``, ``default``, ``known`` (true), and how it is asked."""
        choices = fields.pairs("choices")
        for key, language in choices.items():
            if not _KEY.fullmatch(key):
                fields.wrong(f"choices: {key!r} is no key of a telephone", "choices")
            if language not in fields.languages:
                fields.wrong(f"choices: {language} is not a language of this flow", "choices")
        prompts = fields.prompts("prompts", required=False)
        said: list[Prompt] = []
        for key, language in choices.items():
            words = _WORDS.get(language, "")
            if not prompts.get(language) and not words:
                fields.wrong(f"prompts: there are no words to offer {language} with", "prompts")
            said += prompts.get(language) or (Speak(words.format(key=key), language),)
        return {
            "choices": choices,
            "prompts": {language: tuple(said) for language in fields.languages},
            "no_input_prompts": {},
            "no_match_prompts": {},
            "default": fields.text("default", "", among=("", *fields.languages)),
            "known": fields.flag("known", True),
            "timeout_s": fields.number("timeout_s", 4.0, 0.5, 120.0),
            "retries": fields.whole("retries", 1, 0, 10),
            "barge_in": fields.flag("barge_in", True),
        }

    def writes(self) -> frozenset[str]:
        """The language."""
        return frozenset({"language"})

    def enter(self, walk: Walk) -> str | None:
        """Ask, unless it is known."""
        spoken = walk.state.variables.get("customer_language")
        if self.known and isinstance(spoken, str) and spoken in walk.flow.languages:
            walk.put("language", spoken)
            return "done"
        return Asking.enter(self, walk)

    def key(self, walk: Walk, digit: str) -> str | None:
        """One key chooses."""
        walk.state.digits = ""
        if digit not in self.choices:
            return "no_match"
        walk.put("language", self.choices[digit])
        walk.understood(digit)
        return "done"

    def _judge(self, walk: Walk, exit: str | None) -> str | None:
        judged = Asking._judge(self, walk, exit)
        if judged in ("no_input", "no_match"):
            if self.default:
                walk.put("language", self.default)
            return "done"
        return judged
