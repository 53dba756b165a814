"""``callback``: would you rather be called back than wait?"""

from dataclasses import dataclass
from typing import Any, ClassVar

from domain.calls import CallbackChosen
from domain.flow import DigitHeard, PromptEnded, QueueReturned
from domain.switch import Prompt
from ivr.flow import Fields, FlowTrouble, Prompts
from ivr.nodes import queue_words
from ivr.nodes.queue import Queue, can_be_dialled
from ivr.walk import Walk

_OFFER = "offer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Callback(Queue):
    """Offer it before the caller waits. With 1 they get a place in the queue, and the place is kept for them.

    Whoever hides their number is not asked.
    """

    prompts: Prompts
    timeout_s: float

    TYPE: ClassVar[str] = "callback"
    NEEDS: ClassVar[tuple[str, ...]] = ("declined",)
    MAY: ClassVar[tuple[str, ...]] = ("kept",)

    @classmethod
    def read(cls, fields: Fields) -> dict[str, Any]:
        """``queue``, ``prompts`` (ours), ``timeout_s``, ``priority``, ``skills``."""
        prompts = fields.prompts("prompts", required=False)
        ours: dict[str, tuple[Prompt, ...]] = {one: queue_words.offer(one) for one in fields.languages}
        return {
            "queue": fields.text("queue"),
            "prompts": prompts or ours,
            "timeout_s": fields.number("timeout_s", 8.0, 0.5, 60.0),
            "priority": fields.number("priority", 0.0, -10_000, 10_000),
            "skills": fields.texts("skills"),
        }

    def writes(self) -> frozenset[str]:
        """Nothing."""
        return frozenset()

    def enter(self, walk: Walk) -> str | None:
        """Offer it to whoever can be called back."""
        if not can_be_dialled(walk.state.caller):
            return "declined"
        walk.state.step = _OFFER
        if not walk.say(self.prompts):
            walk.wait(self.timeout_s)
        return None

    def hear(self, walk: Walk, fact: Any) -> str | None:
        """1 is a yes; then the queue says whether the place is kept."""
        if walk.state.step != _OFFER:
            if isinstance(fact, QueueReturned):
                raise FlowTrouble(f"queue {fact.queue} keeps no place: {fact.reason}")
            return Queue.hear(self, walk, fact)
        if isinstance(fact, PromptEnded):
            walk.wait(self.timeout_s)
        elif isinstance(fact, DigitHeard):
            walk.hush()
            walk.said()
            if fact.digit != "1":
                return "declined"
            walk.state.step = ""
            walk.understood("1")
            self._enqueue(walk)
            walk.out.append(CallbackChosen(walk.call, walk.state.caller))
        return None

    def time_up(self, walk: Walk) -> str | None:
        """No answer is a no."""
        return "declined" if walk.state.step == _OFFER else Queue.time_up(self, walk)

    def _exit(self, walk: Walk) -> str:
        if walk.state.leaving == "callback" and "kept" in self.exits:
            return "kept"
        return Queue._exit(self, walk)
