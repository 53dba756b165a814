"""What ``menu`` and ``collect`` share: a question, keys, silence, and asking again."""

from dataclasses import dataclass
from typing import Any, ClassVar

from domain.flow import DigitHeard, PromptEnded
from ivr.flow import Fields, Node, Prompts
from ivr.walk import TYPED_LIMIT, Walk


def read_question(fields: Fields) -> dict[str, Any]:
    """``prompts``, ``no_input_prompts``, ``no_match_prompts``, ``timeout_s``, ``retries``, ``barge_in``."""
    return {
        "prompts": fields.prompts("prompts"),
        "no_input_prompts": fields.prompts("no_input_prompts", required=False),
        "no_match_prompts": fields.prompts("no_match_prompts", required=False),
        "timeout_s": fields.number("timeout_s", 5.0, 0.5, 120.0),
        "retries": fields.whole("retries", 2, 0, 10),
        "barge_in": fields.flag("barge_in", True),
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking(Node):
    """Ask, listen for ``timeout_s`` after the prompt and between keys, ask again up to ``retries`` times."""

    prompts: Prompts
    no_input_prompts: Prompts
    no_match_prompts: Prompts
    timeout_s: float = 5.0
    retries: int = 2
    barge_in: bool = True

    MAY: ClassVar[tuple[str, ...]] = ("no_input", "no_match")

    @classmethod
    def read(cls, fields: Fields) -> dict[str, Any]:
        """Those of every question."""
        return read_question(fields)

    # ------------------------------------------------------------ what a kind answers

    def key(self, walk: Walk, digit: str) -> str | None:
        """One more key: the exit it completes, ``no_match`` if it cannot be right, None if more may come."""
        raise NotImplementedError

    def silence(self, walk: Walk) -> str | None:
        """No key for ``timeout_s``: an exit, ``no_input``, ``no_match``, None if something else follows."""
        return "no_match" if walk.state.digits else "no_input"

    # ------------------------------------------------------------ the common part

    def enter(self, walk: Walk) -> str | None:
        """Ask; a caller who typed ahead is not asked."""
        if walk.state.typed:
            return self._typed_ahead(walk)
        self._ask(walk)
        return None

    def hear(self, walk: Walk, fact: Any) -> str | None:
        """The end of the question, or a key."""
        if isinstance(fact, PromptEnded):
            if walk.state.typed:
                return self._typed_ahead(walk)
            walk.wait(self.timeout_s)
            return None
        if not isinstance(fact, DigitHeard):
            return None
        if walk.saying and not self.barge_in:
            walk.state.typed = (walk.state.typed + fact.digit)[:TYPED_LIMIT]
            return None
        walk.hush()
        return self._take(walk, fact.digit)

    def time_up(self, walk: Walk) -> str | None:
        """The caller says nothing (more)."""
        return self._judge(walk, self.silence(walk))

    def _ask(self, walk: Walk, before: Prompts | None = None) -> None:
        walk.state.digits = ""
        if not walk.say(before or {}, self.prompts):
            walk.wait(self.timeout_s)

    def _typed_ahead(self, walk: Walk) -> str | None:
        while walk.state.typed:
            digit, walk.state.typed = walk.state.typed[0], walk.state.typed[1:]
            exit = self._take(walk, digit)
            if exit is not None or walk.saying or walk.asking:
                return exit
        return None

    def _take(self, walk: Walk, digit: str) -> str | None:
        exit = self.key(walk, digit)
        if exit is None:
            if not walk.saying and not walk.asking:
                walk.wait(self.timeout_s)
            return None
        return self._judge(walk, exit)

    def _judge(self, walk: Walk, exit: str | None) -> str | None:
        """Leave by ``exit``, or ask again after a miss while there are retries left."""
        if exit not in ("no_input", "no_match"):
            return exit
        walk.state.tries += 1
        walk.state.typed = ""
        if walk.state.tries > self.retries:
            return exit
        self._ask(walk, self.no_input_prompts if exit == "no_input" else self.no_match_prompts)
        return None
