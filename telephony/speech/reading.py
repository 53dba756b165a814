"""What is written, as it is said: Chinese and English apart, numbers and signs as words of each.

您的ATM卡尾号1234，余额12,500元  ->  您的 | ATM | 卡尾号幺二三四，余额一万二千五百元
Call 95588, you owe $1,250.50    ->  Call 9 5 5 8 8, you owe 1250 dollars and 50 cents
"""

import re
from dataclasses import dataclass

from telephony.speech.chinese import spoken_chinese
from telephony.speech.english import spoken_english


@dataclass(frozen=True, slots=True)
class Run:
    """Words of one language; Chinese has no digits left, others have only those that a voice says right."""

    chinese: bool
    words: str


def read(text: str, language: str) -> tuple[Run, ...]:
    """``text`` as runs of one language each. Latin words in Chinese are read as English, and the reverse."""
    chinese = is_chinese(language)
    foreign = _LATIN_RUN if chinese else _HAN_RUN
    text = _NOISE.sub(" ", text.translate(_PLAIN))
    runs: list[Run] = []
    at = 0
    for found in foreign.finditer(text):
        runs += [_run(text[at : found.start()], chinese), _run(found[0], not chinese)]
        at = found.end()
    runs.append(_run(text[at:], chinese))
    return tuple(run for run in runs if re.search(r"\w", run.words))


def is_chinese(language: str) -> bool:
    """Whether a language tag means Mandarin (``zh``, ``zh-CN``, ``cmn`` …)."""
    return language.lower().replace("_", "-").split("-")[0] in ("zh", "cmn")


def _run(words: str, chinese: bool) -> Run:
    said = spoken_chinese(words) if chinese else spoken_english(words)
    return Run(chinese, " ".join(said.split()))


_PLAIN: dict[int, int] = {0xFEE0 + ord(sign): ord(sign) for sign in "%$.+-&@/#*"}
_PLAIN |= {0xFEE0 + code: code for code in range(0x30, 0x7B) if chr(code).isalnum()}
_PLAIN |= {0x3000: ord(" "), 0xFFE5: ord("¥"), 0x2212: ord("-")}
"""Full-width letters, digits and signs as ordinary ones; full-width punctuation stays."""

_NOISE = re.compile(r"[\x00-\x1f\x7f-\x9f\[\]{}<>|\\^`~_\"“”‘’「」『』《》()（）【】]+")
"""What is not said; besides, some voices would take brackets for phonemes. An apostrophe is no noise."""

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff〇"
_WORD = r"[0-9]*[A-Za-zÀ-ɏ][A-Za-zÀ-ɏ0-9'&@.+/-]*"
_LATIN_RUN = re.compile(rf"{_WORD}(?:[ ,]+{_WORD})*")
_HAN_RUN = re.compile(rf"[{_HAN}](?:[{_HAN}，。！？；：、…—0-9.,:% ¥#*-]*[{_HAN}，。！？；：、])?")
