"""What callers hear while they wait: their place, the wait, and that they may be called back instead."""

import re
from math import ceil

from domain.switch import Prompt, Speak

_CHINESE = re.compile("[\u3400-\u9fff]")

WORDS = {
    "zh-CN": {
        "next": "您是下一位。",
        "position": "您目前排在第 {position} 位。",
        "soon": "预计等候不到一分钟。",
        "wait": "预计等候约 {minutes} 分钟。",
        "long": "预计等候超过一小时。",
        "callback": "如果您不想继续等候，请按 1，轮到您时我们会按您的来电号码给您回电，您的排队位置会保留。",
        "kept": "好的，轮到您时我们会按您的来电号码给您回电，您可以挂机了。感谢来电，再见。",
    },
    "en": {
        "next": "You are next in line.",
        "position": "You are number {position} in line.",
        "soon": "We expect to answer you within a minute.",
        "wait": "The estimated wait is about {minutes} minutes.",
        "long": "The estimated wait is more than an hour.",
        "callback": "If you would rather not wait, press 1 and we will call you back under the number you are"
        " calling from. Your place in line is kept.",
        "kept": "Thank you. We will call you back under this number when it is your turn. You may hang up"
        " now. Goodbye.",
    },
}
"""English where we have no words of our own."""


def announcement(language: str, position: int | None, wait_s: float | None, message: str) -> list[Prompt]:
    """The queue's own message, then the place, then the wait; what is not known is left out."""
    said: list[Prompt] = [Speak(message, language_of(message, language))] if message.strip() else []
    if position is not None:
        said.append(_say(language, "next" if position <= 1 else "position", position=max(1, position)))
    if wait_s is not None:
        minutes = rounded_minutes(wait_s)
        said.append(
            _say(language, "soon")
            if minutes <= 1
            else _say(language, "long")
            if minutes > 60
            else _say(language, "wait", minutes=minutes)
        )
    return said


def proposal(language: str, position: int, wait_s: float | None) -> list[Prompt]:
    """Where the caller stands, and that they need not wait on the line."""
    return [*announcement(language, position, wait_s, ""), _say(language, "callback")]


def offer(language: str) -> tuple[Prompt, ...]:
    """That they need not wait on the line."""
    return (_say(language, "callback"),)


def confirmation(language: str) -> list[Prompt]:
    """The place is kept."""
    return [_say(language, "kept")]


def rounded_minutes(wait_s: float) -> int:
    """Whole minutes, rather too many than too few; above ten in steps of five."""
    minutes = max(0, ceil(wait_s / 60))
    return minutes if minutes <= 10 else ceil(minutes / 5) * 5


def language_of(text: str, language: str) -> str:
    """The voice for a text somebody typed: a Chinese one for Chinese, else that of the call."""
    return "zh-CN" if _CHINESE.search(text) else language


def _say(language: str, word: str, **values: int) -> Prompt:
    spoken = "zh-CN" if language.startswith("zh") else "en"
    return Speak(WORDS[spoken][word].format(**values), spoken)
