"""``survey``: how was it?"""

from dataclasses import dataclass
from typing import Any, ClassVar

from domain.flow import Mark
from ivr.flow import Fields
from ivr.nodes.asking import Asking
from ivr.nodes.consent import our_words, read_manner
from ivr.walk import Walk

_WORDS = {
    "zh-CN": "请对本次服务评分：非常满意请按 5，不满意请按 1，也可以按中间的数字。",
    "en": "How was our service? Press a key from 1 to 5, where 5 is very good and 1 is poor.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey(Asking):
    """A score from 1 to ``most``, by one key; it is marked in the call's record as ``survey``.

    After an agent it is reached by the exit ``after`` of a ``queue``.
    """

    into: str
    most: int

    TYPE: ClassVar[str] = "survey"
    NEEDS: ClassVar[tuple[str, ...]] = ("done", "no_input")
    MAY: ClassVar[tuple[str, ...]] = ()

    @classmethod
    def read(cls, fields: Fields) -> dict[str, Any]:
        """``prompts`` (ours, of five), ``into``, ``most``, and how it is asked."""
        most = fields.whole("most", 5, 2, 9)
        prompts = fields.prompts("prompts", required=False)
        if not prompts and most != 5:
            fields.wrong("our words are for 1 to 5; write prompts", "most")
        return {
            "prompts": prompts or our_words(_WORDS, fields.languages),
            "into": fields.variable("into", "score", written=True),
            "most": most,
            **read_manner(fields),
        }

    def writes(self) -> frozenset[str]:
        """The score."""
        return frozenset({self.into})

    def key(self, walk: Walk, digit: str) -> str | None:
        """The score."""
        walk.state.digits = ""
        if len(digit) != 1 or digit not in "123456789"[: self.most]:
            return "no_match"
        walk.put(self.into, int(digit))
        walk.understood(digit)
        walk.out.append(Mark(walk.call, "survey", digit))
        return "done"

    def _judge(self, walk: Walk, exit: str | None) -> str | None:
        judged = Asking._judge(self, walk, exit)
        return "no_input" if judged == "no_match" else judged
