"""``transaction``: let something be done in the records, at most once."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from domain.flow import DigitHeard, PromptEnded
from ivr.flow import Fields, FlowTrouble, Prompts
from ivr.nodes.outside import Outside, read_outside
from ivr.walk import AskKind, Walk

ANSWER_S = 6.0
"""How long a caller may take to say whether they want it, once they were asked."""
TIMES = 2
"""How often they are asked again."""

_CONFIRM = "confirm"


@dataclass(frozen=True, slots=True, kw_only=True)
class Transaction(Outside):
    """Ask with a key under which it happens at most once, and again with the same key if no answer comes.

    With ``confirm`` the caller must press 1 first. The key is a new one each time the node is entered, unless
    the flow says what it is.
    """

    transaction: str
    parameters: dict[str, str]
    key: str
    confirm: Prompts
    retries: int

    TYPE: ClassVar[str] = "transaction"
    NEEDS: ClassVar[tuple[str, ...]] = ("done", "refused")
    MAY: ClassVar[tuple[str, ...]] = ("cancelled",)
    OK: ClassVar[str] = "done"
    NONE: ClassVar[str] = "refused"

    @classmethod
    def read(cls, fields: Fields) -> dict[str, Any]:
        """``transaction``, ``parameters``, ``key``, ``confirm``, ``retries`` (1), ``into``."""
        return {
            "transaction": fields.text("transaction"),
            "parameters": fields.pairs("parameters", required=False),
            "key": fields.template("key", ""),
            "confirm": fields.prompts("confirm", required=False),
            "retries": fields.whole("retries", 1, 0, 5),
            "into": fields.results("into"),
            **read_outside(fields, 10.0),
        }

    @classmethod
    def exits_needed(cls, parameters: dict[str, Any]) -> tuple[str, ...]:
        """Who is asked may say no."""
        return (*cls.NEEDS, *(("cancelled",) if parameters["confirm"] else ()))

    def sends(self) -> Iterable[str]:
        """The parameters."""
        return self.parameters.values()

    def fills(self) -> Iterable[str]:
        """The key, which is kept."""
        return (self.key,)

    def names(self) -> tuple[tuple[str, str], ...]:
        """The transaction."""
        return (("transaction", self.transaction),)

    def question(self, walk: Walk) -> tuple[AskKind, str, dict[str, str]]:
        """The transaction with its parameters and its key."""
        key = walk.fill(self.key) if self.key else self._key(walk)
        if not key:
            raise FlowTrouble("the key of the transaction is empty")
        asked = {name: walk.parameter(text) for name, text in self.parameters.items()}
        return "transaction", self.transaction, {**asked, "key": key}

    def enter(self, walk: Walk) -> str | None:
        """Ask the caller, if it is so written, then the records."""
        if not self.confirm:
            return Outside.enter(self, walk)
        walk.state.typed = ""  # nobody agrees to what they have not heard
        self._confirm(walk)
        return None

    def hear(self, walk: Walk, fact: Any) -> str | None:
        """What the caller says, then what the records say."""
        if walk.state.step != _CONFIRM:
            return Outside.hear(self, walk, fact)
        if isinstance(fact, PromptEnded):
            walk.wait(ANSWER_S)
        elif isinstance(fact, DigitHeard):
            walk.hush()
            if fact.digit == "1":
                walk.state.step = ""
                walk.understood("1")
                self._begin(walk)
            elif fact.digit == "2":
                return self._cancelled(walk)
            else:
                return self._again(walk)
        return None

    def time_up(self, walk: Walk) -> str | None:
        """The caller says nothing, or the records do."""
        state = walk.state
        if state.step == _CONFIRM:
            return self._again(walk)
        if state.tries >= self.retries:
            return Outside.time_up(self, walk)
        state.tries += 1
        walk.ask_again(self.timeout_s)
        return None

    def _confirm(self, walk: Walk) -> None:
        walk.state.step = _CONFIRM
        if not walk.say(self.confirm):
            walk.wait(ANSWER_S)

    def _again(self, walk: Walk) -> str | None:
        walk.state.tries += 1
        if walk.state.tries > TIMES:
            return self._cancelled(walk)
        self._confirm(walk)
        return None

    def _cancelled(self, walk: Walk) -> str:
        walk.state.tries = 0
        return "cancelled"

    def _begin(self, walk: Walk) -> None:
        walk.state.tries = 0
        Outside._begin(self, walk)
