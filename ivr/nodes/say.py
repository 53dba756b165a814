"""``say``: words, recorded sounds and tones, one after the other."""

from dataclasses import dataclass
from typing import Any, ClassVar

from domain.flow import DigitHeard, PromptEnded
from ivr.flow import Fields, Node, Prompts
from ivr.walk import TYPED_LIMIT, Walk


@dataclass(frozen=True, slots=True, kw_only=True)
class SayNode(Node):
    """Say something. With barge-in a key ends it and counts for the next menu; else keys are not heard."""

    prompts: Prompts
    barge_in: bool = True

    TYPE: ClassVar[str] = "say"
    NEEDS: ClassVar[tuple[str, ...]] = ("done",)

    @classmethod
    def read(cls, fields: Fields) -> dict[str, Any]:
        """``prompts`` and ``barge_in`` (true)."""
        return {"prompts": fields.prompts("prompts"), "barge_in": fields.flag("barge_in", True)}

    def enter(self, walk: Walk) -> str | None:
        """Speak, unless the caller has already typed ahead."""
        if not self.barge_in:
            walk.state.typed = ""
        if self.barge_in and walk.state.typed:
            return "done"
        return None if walk.say(self.prompts) else "done"

    def hear(self, walk: Walk, fact: Any) -> str | None:
        """The end of the prompt, or a key that cuts it short."""
        if isinstance(fact, PromptEnded):
            return "done"
        if isinstance(fact, DigitHeard) and self.barge_in:
            walk.state.typed = (walk.state.typed + fact.digit)[:TYPED_LIMIT]
            walk.hush()
            return "done"
        return None
