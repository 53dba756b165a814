"""``collect``: a number typed by the caller, into a variable, or into the vault where nobody may see it."""

from dataclasses import dataclass
from typing import Any, ClassVar

from calls.vault import has_form
from domain.flow import Answered, DigitHeard, PromptEnded, SecretHeard, SecretLost
from domain.instant import after
from ivr.flow import Fields, FlowTrouble, Prompts
from ivr.nodes.asking import Asking, read_question
from ivr.nodes.entry import FORMATS, KINDS, read_amount, read_back, read_date
from ivr.patterns import fits
from ivr.templates import SECRET
from ivr.walk import SWALLOW_S, Walk

CHECK_S = 5.0
"""How long the vault may take to say whether what was typed is of the right form."""

_ENTRY, _CHECK, _CONFIRM = "", "check", "confirm"
"""The steps: the caller types, the vault looks (``check0``, ``check1``), the caller says if it is right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Collect(Asking):
    """Take ``min`` to ``max`` digits: done at ``max``, at the terminator, or after a silence.

    ``*`` begins the entry again, but of an amount it is the point; other keys that are not digits are not
    heard. An entry that is not of the right form counts as a wrong key. Of a ``sensitive`` entry only the
    count of its digits is known here: the variable holds a name for it that may be passed on and no more.
    """

    into: str
    min: int = 1
    max: int = 20
    terminator: str = "#"
    kind: str = "digits"
    format: str = ""
    decimals: int = 2
    pattern: str = ""
    luhn: bool = False
    confirm: bool = False
    confirm_prompts: Prompts
    sensitive: bool = False

    TYPE: ClassVar[str] = "collect"
    NEEDS: ClassVar[tuple[str, ...]] = ("done",)

    @classmethod
    def read(cls, fields: Fields) -> dict[str, Any]:
        """Those of a question, and what the entry must be like."""
        kind = fields.text("kind", "digits", among=KINDS)
        order = fields.text("format", "YYYYMMDD", among=FORMATS)
        low, high = fields.whole("min", 1, 1, 64), fields.whole("max", 20, 1, 64)
        if kind == "date":
            low = high = len(order)
        if low > high:
            fields.wrong(f"min {low} is more than max {high}", "min")
        into, confirm = fields.variable("into", written=True), fields.flag("confirm", False)
        own_words = fields.prompts("confirm_prompts", required=False)
        made = {
            **read_question(fields),
            "into": into,
            "min": low,
            "max": high,
            "terminator": fields.text("terminator", "#", among=("#", "*", "")),
            "kind": kind,
            "format": order if kind == "date" else "",
            "decimals": fields.whole("decimals", 2, 0, 4),
            "pattern": fields.pattern("pattern"),
            "luhn": fields.flag("luhn", False),
            "confirm": confirm,
            "confirm_prompts": (own_words or read_back(into, kind, fields.languages)) if confirm else {},
            "sensitive": fields.flag("sensitive", False),
        }
        if kind == "amount" and made["terminator"] == "*":
            fields.wrong("of an amount * is the point and cannot be the terminator", "terminator")
        if made["luhn"] and kind != "digits":
            fields.wrong("only digits have a check digit", "luhn")
        if made["sensitive"] and confirm:
            fields.wrong("what nobody may see cannot be read back", "confirm")
        if made["sensitive"] and kind != "digits":
            fields.wrong("what nobody may see can only be digits", "kind")
        return made

    def writes(self) -> frozenset[str]:
        """The entry."""
        return frozenset({self.into})

    def reads(self) -> frozenset[str]:
        """What is said, but for the entry that is read back."""
        return Asking.reads(self) - {self.into}

    def hides(self) -> frozenset[str]:
        """The entry, if nobody may see it."""
        return frozenset({self.into}) if self.sensitive else frozenset()

    # ------------------------------------------------------------ keys and what follows

    def enter(self, walk: Walk) -> str | None:
        """Ask; what was typed ahead was heard by everybody, so it is no entry nobody may see."""
        if self.sensitive:
            walk.state.typed = ""
        return Asking.enter(self, walk)

    def hear(self, walk: Walk, fact: Any) -> str | None:
        """The end of the question, a key, a hidden digit, the vault's answer."""
        state = walk.state
        if isinstance(fact, Answered):
            return self._judge(walk, self._checked(walk, fact))
        if not self.sensitive:
            return Asking.hear(self, walk, fact)
        if isinstance(fact, SecretHeard) and state.step == _ENTRY:
            return self._hidden(walk, fact.count)
        if isinstance(fact, SecretLost) and fact.secret == self.into:
            self._ask(walk)
        elif isinstance(fact, PromptEnded) and not self.barge_in:
            self._begin(walk)
        if isinstance(fact, DigitHeard) and (fact.digit not in "*#" or (walk.saying and not self.barge_in)):
            return None
        return Asking.hear(self, walk, fact)

    def time_up(self, walk: Walk) -> str | None:
        """The caller says nothing (more), or the vault gave no answer."""
        if walk.state.step.startswith(_CHECK):
            raise FlowTrouble(f"nobody said in {CHECK_S:g} s whether the entry is of the right form")
        return Asking.time_up(self, walk)

    def key(self, walk: Walk, digit: str) -> str | None:
        """One more key of the entry, its end, or whether it is right."""
        state = walk.state
        if state.step == _CONFIRM:
            return self._confirmed(walk, digit)
        if state.step != _ENTRY:
            return None
        if digit and digit == self.terminator:
            return self._full(walk) if len(state.digits) >= self.min else "no_match"
        if digit == "*":
            self._star(walk)
            return None
        if len(digit) != 1 or digit not in "0123456789":
            return None
        state.digits += digit
        return self._closed(walk) if len(state.digits) >= self.max else None

    def silence(self, walk: Walk) -> str | None:
        """Enough digits and then silence is an entry too."""
        if walk.state.step == _CONFIRM or not walk.state.digits:
            return "no_input"
        return self._full(walk) if len(walk.state.digits) >= self.min else "no_match"

    def _ask(self, walk: Walk, before: Prompts | None = None) -> None:
        walk.state.step = _ENTRY
        walk.give_up_asking()
        if self.sensitive:
            self._begin(walk)
        Asking._ask(self, walk, before)

    def _begin(self, walk: Walk) -> None:
        walk.state.digits = ""
        walk.conceal(self.into, self.max)

    def _star(self, walk: Walk) -> None:
        if self.sensitive:
            self._begin(walk)
        elif self.kind == "amount" and "*" not in walk.state.digits:
            walk.state.digits += "*"
        else:
            walk.state.digits = ""

    def _hidden(self, walk: Walk, count: int) -> str | None:
        if walk.saying and not self.barge_in:
            return None
        walk.hush()
        walk.state.digits = "*" * min(count, self.max)
        if count < self.max:
            walk.wait(self.timeout_s)
            return None
        return self._judge(walk, self._closed(walk))

    # ------------------------------------------------------------ a whole entry

    def _closed(self, walk: Walk) -> str | None:
        """As many digits as there may be; a terminator that follows closes nothing more."""
        state = walk.state
        state.swallow, state.swallow_until = self.terminator, after(walk.now, SWALLOW_S)
        if state.swallow and state.typed.startswith(state.swallow):
            state.typed, state.swallow = state.typed[1:], ""
        return self._full(walk)

    def _full(self, walk: Walk) -> str | None:
        if self.sensitive:
            return self._check(walk, 0)
        value = self._value(walk.state.digits)
        if value is None:
            return "no_match"
        walk.put(self.into, value)
        if self.confirm:
            walk.state.typed = ""  # nobody agrees with what they have not heard
            self._read_back(walk)
            return None
        return self._done(walk)

    def _value(self, keys: str) -> str | None:
        """What the keys stand for; None if they are not of the right form."""
        if self.luhn and not has_form("luhn", keys):
            return None
        if self.pattern and not fits(self.pattern, keys):
            return None
        if self.kind == "amount":
            return read_amount(keys, self.decimals)
        return read_date(keys, self.format) if self.kind == "date" else keys

    def _done(self, walk: Walk) -> str:
        walk.understood(walk.state.digits)
        return "done"

    # ------------------------------------------------------------ is it right?

    def _read_back(self, walk: Walk) -> None:
        walk.state.step = _CONFIRM
        if not walk.say(self.confirm_prompts):
            walk.wait(self.timeout_s)

    def _confirmed(self, walk: Walk, digit: str) -> str | None:
        if digit == "1":
            return self._done(walk)
        if digit != "2":
            return "no_match"
        walk.put(self.into, "")
        self._ask(walk)
        return None

    def _judge(self, walk: Walk, exit: str | None) -> str | None:
        if walk.state.step != _CONFIRM or exit not in ("no_input", "no_match"):
            return Asking._judge(self, walk, exit)
        walk.state.tries += 1
        if walk.state.tries > self.retries:
            walk.put(self.into, "")
            return exit
        self._read_back(walk)
        return None

    # ------------------------------------------------------------ the vault

    def _check(self, walk: Walk, number: int) -> str | None:
        """Ask the vault for the next form the entry must have; with all of them it is done."""
        forms = [*([f"pattern:{self.pattern}"] if self.pattern else []), *(["luhn"] if self.luhn else [])]
        if number == len(forms):
            walk.put(self.into, SECRET + self.into)
            return self._done(walk)
        walk.state.step = f"{_CHECK}{number}"
        walk.ask("secret", forms[number], {"value": SECRET + self.into}, CHECK_S)
        return None

    def _checked(self, walk: Walk, answer: Answered) -> str | None:
        if answer.outcome == "ok":
            return self._check(walk, int(walk.state.step.removeprefix(_CHECK)) + 1)
        if answer.outcome == "none" or answer.why == "lost":
            return "no_match"
        raise FlowTrouble(f"whether the entry is of the right form: {answer.why}")
