"""What ``record``, ``http``, ``transaction``, ``message`` and ``complaint`` share: a question to outside.

Their names and parameters are those of ``ivr.asks``. While the answer is awaited the caller may hear words,
and keys are kept for the node that will want them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from domain.flow import Answered, DigitHeard, PromptEnded
from ivr.flow import Fields, FlowTrouble, Node, Prompts
from ivr.templates import variables_in, whole_variable
from ivr.walk import TYPED_LIMIT, AskKind, Walk


def read_outside(fields: Fields, timeout_s: float) -> dict[str, Any]:
    """``prompts`` and ``timeout_s``, which every question has."""
    return {
        "prompts": fields.prompts("prompts", required=False),
        "timeout_s": fields.number("timeout_s", timeout_s, 0.5, 60.0),
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside(Node):
    """Ask, say ``prompts`` meanwhile, and leave by what is answered; words once begun are said to their end.

    ``into`` says which of the answer's values becomes which variable.
    """

    prompts: Prompts
    timeout_s: float
    into: dict[str, str]

    OK: ClassVar[str]
    """The exit of an answer."""
    NONE: ClassVar[str] = ""
    """The exit if there is nothing; '' if that is trouble."""

    # ------------------------------------------------------------ what a kind says of itself

    def question(self, walk: Walk) -> tuple[AskKind, str, dict[str, str]]:
        """Kind, name and parameters of what is asked. Raises FlowTrouble."""
        raise NotImplementedError

    def sends(self) -> Iterable[str]:
        """The templates in which, by itself, a variable may stand that nobody may see."""
        return ()

    def fills(self) -> Iterable[str]:
        """Its other templates."""
        return ()

    # ------------------------------------------------------------ what is known without walking

    def templates(self) -> Iterable[str]:
        """All of them."""
        return (*self.sends(), *self.fills())

    def writes(self) -> frozenset[str]:
        """What becomes of the answer."""
        return frozenset(self.into)

    def hands_on(self) -> frozenset[str]:
        """Variables that are parameters by themselves and stand nowhere else."""
        alone = {name for text in self.sends() if (name := whole_variable(text))}
        mixed = {name for text in self.templates() if not whole_variable(text) for name in variables_in(text)}
        mixed |= {name for text in self.fills() for name in variables_in(text)}
        spoken = {n for p in self.says() for ps in p.values() for one in ps for n in _variables_of(one)}
        return frozenset(alone - mixed - spoken)

    # ------------------------------------------------------------ walking

    def enter(self, walk: Walk) -> str | None:
        """Ask."""
        self._begin(walk)
        return None

    def _begin(self, walk: Walk) -> None:
        kind, name, parameters = self.question(walk)
        walk.ask(kind, name, parameters, self._patience_s())
        walk.say(self.prompts)

    def _patience_s(self) -> float:
        return self.timeout_s

    def hear(self, walk: Walk, fact: Any) -> str | None:
        """The answer; the end of the words; keys, which cut the words short."""
        state = walk.state
        if isinstance(fact, Answered):
            state.leaving = self._answered(walk, fact)
        elif isinstance(fact, DigitHeard):
            state.typed = (state.typed + fact.digit)[:TYPED_LIMIT]
            walk.hush()
        elif not isinstance(fact, PromptEnded):
            return None
        return state.leaving if state.leaving and not walk.saying else None

    def time_up(self, walk: Walk) -> str | None:
        """No answer in time."""
        walk.give_up_asking()
        raise FlowTrouble(f"no answer in {self.timeout_s:g} s")

    def _answered(self, walk: Walk, answer: Answered) -> str:
        if answer.outcome == "failed":
            raise FlowTrouble(answer.why or "the question was not answered")
        for variable in self.into:
            walk.put(variable, answer.values.get(self._field(variable), ""))
        if answer.outcome == "ok":
            return self.OK
        if self.NONE not in self.exits:
            raise FlowTrouble(answer.why or "there is nothing, and no exit for it")
        return self.NONE

    def _field(self, variable: str) -> str:
        """Under which name the answer has what goes into ``variable``."""
        return self.into[variable]

    def _key(self, walk: Walk) -> str:
        """Under this name what is asked happens at most once: call, node, and which question of the call."""
        return f"{walk.call}/{self.id}/{walk.state.asks + 1}"


def _variables_of(prompt: Any) -> set[str]:
    return variables_in(getattr(prompt, "text", ""))
