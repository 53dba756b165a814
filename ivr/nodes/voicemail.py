"""``voicemail``: take a message."""

from dataclasses import dataclass
from typing import Any, ClassVar

from domain.flow import DigitHeard, MessageTaken, PromptEnded, TakeMessage
from ivr.flow import Fields, FlowTrouble, Node, Prompts
from ivr.walk import Walk

SLACK_S = 30.0
"""A recording nobody reports the end of is given up this long after its limit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Voicemail(Node):
    """Say what to do, then record for at most ``max_s`` seconds or until ``#``.

    A message with nothing in it leaves by ``failed``.
    """

    prompts: Prompts
    max_s: int = 120

    TYPE: ClassVar[str] = "voicemail"
    NEEDS: ClassVar[tuple[str, ...]] = ("taken",)
    TYPE_AHEAD: ClassVar[bool] = False

    @classmethod
    def read(cls, fields: Fields) -> dict[str, Any]:
        """``prompts``, ``max_s`` (120)."""
        return {"prompts": fields.prompts("prompts"), "max_s": fields.whole("max_s", 120, 3, 1800)}

    def writes(self) -> frozenset[str]:
        """The recorded file's name."""
        return frozenset({"message"})

    def enter(self, walk: Walk) -> str | None:
        """Say what to do."""
        if not walk.say(self.prompts):
            self._record(walk)
        return None

    def hear(self, walk: Walk, fact: Any) -> str | None:
        """The prompt's end or a key starts the recording; its end is the exit."""
        if isinstance(fact, PromptEnded):
            self._record(walk)
        elif isinstance(fact, DigitHeard) and walk.saying:
            walk.hush()
            self._record(walk)
        elif isinstance(fact, MessageTaken):
            if fact.duration_ms <= 0:
                raise FlowTrouble("the message is empty")
            walk.put("message", fact.recording)
            return "taken"
        return None

    def time_up(self, walk: Walk) -> str | None:
        """The recording never ended."""
        raise FlowTrouble(f"no message after {self.max_s} s")

    def _record(self, walk: Walk) -> None:
        walk.out.append(TakeMessage(walk.call, walk.new_recording(), self.max_s))
        walk.wait(self.max_s + SLACK_S)
