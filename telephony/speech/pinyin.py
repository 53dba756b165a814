"""Chinese as syllables with tone numbers (``ni3 hao3``), by pypinyin and the words a bank says."""

import gc
import re
from collections.abc import Callable
from functools import cache, partial

_WORDS = {
    "还款": "huan2 kuan3",
    "还贷": "huan2 dai4",
    "归还": "gui1 huan2",
    "退还": "tui4 huan2",
    "偿还": "chang2 huan2",
    "转账": "zhuan3 zhang4",
    "重听": "chong2 ting1",
    "重拨": "chong2 bo1",
    "重试": "chong2 shi4",
    "重输": "chong2 shu1",
    "行号": "hang2 hao4",
    "开户行": "kai1 hu4 hang2",
    "发卡行": "fa1 ka3 hang2",
    "请重新": "qing3 chong2 xin1",
    "为您": "wei4 nin2",
    "幺": "yao1",
}
"""What pypinyin reads otherwise than a bank means it."""

_ODD = {"n2": "en2", "n4": "en4", "ng2": "en2", "ng4": "en4", "m2": "mu2", "hm5": "heng1", "hng5": "heng1"}
"""Syllables without a vowel, which the voice would swallow."""

_WORD = re.compile("|".join(sorted(_WORDS, key=len, reverse=True)))
_PAUSES = str.maketrans("，、；：。！？…—～", ",,,,.!?,,,")


def pinyin(text: str) -> str:
    """The syllables of Chinese text, with its punctuation as ``, . ! ?``; what is no Chinese stays."""
    parts: list[str] = []
    at = 0
    for found in _WORD.finditer(text):
        parts += _syllables(text[at : found.start()])
        parts += _WORDS[found[0]].split()
        at = found.end()
    parts += _syllables(text[at:])
    said = " ".join(part for part in (p.translate(_PAUSES).strip() for p in parts) if part)
    return re.sub(r"\s+([,.!?])", r"\1", said)


def _syllables(text: str) -> list[str]:
    if not text:
        return []
    found = _reader()(text)
    return [_ODD.get(syllable, syllable) for syllable in found]


@cache
def _reader() -> Callable[[str], list[str]]:
    """Text to syllables. The dictionaries take long to load: in the first worker that needs them."""
    from pypinyin import Style, lazy_pinyin

    # They are 200,000 lists that stay for good. Left to the garbage collector, each of its full rounds
    # would walk them all, and every call would wait 150 ms.
    gc.freeze()
    return partial(lazy_pinyin, style=Style.TONE3, neutral_tone_with_five=True)
