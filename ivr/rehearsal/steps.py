"""What a scripted caller does and expects: one small class a step, read from YAML, played on a call."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol, cast, get_args

import yaml

from domain.floor import ReturnReason
from domain.flow import Ask, LookUpCustomer
from ivr.document import Section, line_of
from ivr.flow import Value
from ivr.rehearsal.call import NotNow, Rehearsal, Said
from ivr.rehearsal.world import World, read_world, seconds


class Unexpected(Exception):
    """The call did not go as the step says."""


class Step(Protocol):
    """One step of a scenario."""

    def play(self, call: Rehearsal) -> None:
        """Do it, or look whether it is so. Raises Unexpected or NotNow."""


# ------------------------------------------------------------------ what the caller hears


@dataclass(frozen=True, slots=True)
class Words:
    """A text that must be part of what is said, or a pattern written ``/like this/``."""

    text: str
    pattern: re.Pattern[str] | None = None

    def fit(self, said: str) -> bool:
        """Whether they are said; blanks and line ends count as one blank."""
        said = " ".join(said.split())
        if self.pattern is not None:
            return self.pattern.search(said) is not None
        return " ".join(self.text.split()) in said


@dataclass(frozen=True, slots=True)
class Hears:
    """The next thing said is this. It is heard to its end, unless keys are pressed over it."""

    words: Words
    press: str = ""

    def play(self, call: Rehearsal) -> None:
        """Wait for the next thing said; answers may come meanwhile, but the flow's patience stays."""
        said = _next_said(call)
        while said is None and call.step(timers=False):
            said = _next_said(call)
        if said is None:
            raise Unexpected(f"nothing is said; {standing(call)}")
        said.heard = True
        if not self.words.fit(said.text):
            raise Unexpected(f"heard instead: {said.text}")
        if self.press:
            if said.over:
                raise Unexpected("it was already over when the key was to be pressed")
            call.press(self.press)
        elif not said.over:
            call.listen()


@dataclass(frozen=True, slots=True)
class Listens:
    """Whatever is said until the flow waits for somebody is heard, and not looked at."""

    def play(self, call: Rehearsal) -> None:
        """Let it all be said."""
        call.settle()
        _all_heard(call)


def _next_said(call: Rehearsal) -> Said | None:
    return next((said for said in call.said if not said.heard), None)


def _all_heard(call: Rehearsal) -> None:
    for said in call.said:
        said.heard = True


# ------------------------------------------------------------------ what somebody does


@dataclass(frozen=True, slots=True)
class Press:
    """Keys, pressed at once."""

    keys: str

    def play(self, call: Rehearsal) -> None:
        """Press them."""
        call.press(self.keys)


@dataclass(frozen=True, slots=True)
class Wait:
    """Time passes, the caller says nothing."""

    seconds: float

    def play(self, call: Rehearsal) -> None:
        """Let it pass."""
        call.wait(self.seconds)


@dataclass(frozen=True, slots=True)
class Message:
    """The caller speaks for so long after the tone."""

    seconds: float

    def play(self, call: Rehearsal) -> None:
        """Speak."""
        call.leave_message(self.seconds)


@dataclass(frozen=True, slots=True)
class Does:
    """Something that needs no particulars."""

    act: Callable[[Rehearsal], None]

    def play(self, call: Rehearsal) -> None:
        """Let it happen."""
        self.act(call)


@dataclass(frozen=True, slots=True)
class Returns:
    """The queue gives the call back."""

    reason: ReturnReason
    target: str = ""
    message: str = ""

    def play(self, call: Rehearsal) -> None:
        """Give it back."""
        call.give_back(self.reason, self.target, self.message)


@dataclass(frozen=True, slots=True)
class Told:
    """The queue tells the caller where they stand."""

    position: int | None = None
    wait_s: float | None = None
    message: str = ""

    def play(self, call: Rehearsal) -> None:
        """Tell them."""
        call.announce(self.position, self.wait_s, self.message)


@dataclass(frozen=True, slots=True)
class Proposed:
    """The queue asks whether the caller would rather be called back."""

    position: int = 1
    wait_s: float | None = None

    def play(self, call: Rehearsal) -> None:
        """Ask them."""
        call.propose(self.position, self.wait_s)


@dataclass(frozen=True, slots=True)
class Now:
    """The world changes."""

    change: Callable[[World], World]

    def play(self, call: Rehearsal) -> None:
        """From now on it is so."""
        call.change(self.change(call.world))


# ------------------------------------------------------------------ what must be so


@dataclass(frozen=True, slots=True)
class Queued:
    """The call waits in a queue that was told this."""

    expected: Mapping[str, Any]

    def play(self, call: Rehearsal) -> None:
        """Let everything be said; then it must wait."""
        call.settle()
        _all_heard(call)
        if call.waiting is None:
            raise Unexpected(f"the call waits in no queue; {standing(call)}")
        for key, value in self.expected.items():
            _same(key, value, getattr(call.waiting, _ENQUEUE.get(key, key)))


@dataclass(frozen=True, slots=True)
class Asks:
    """The flow asks somebody something; look-ups of customers are of the kind ``lookup``."""

    kind: str
    name: str
    parameters: Mapping[str, str]

    def play(self, call: Rehearsal) -> None:
        """Look among the questions no step has looked at yet."""
        while True:
            for at, question in enumerate(call.asked):
                if self._is(question):
                    del call.asked[: at + 1]
                    return
            if not call.step(timers=False):
                break
        asked = ", ".join(_question(one) for one in call.asked) or "nothing"
        raise Unexpected(f"asked was {asked}; {standing(call)}")

    def _is(self, question: Ask | LookUpCustomer) -> bool:
        if isinstance(question, LookUpCustomer):
            return self.kind == "lookup" and self.name in ("", question.number)
        if self.kind not in ("", question.kind) or self.name not in ("", question.name):
            return False
        return all(question.parameters.get(key) == value for key, value in self.parameters.items())


def _question(question: Ask | LookUpCustomer) -> str:
    if isinstance(question, LookUpCustomer):
        return f"lookup {question.number}"
    return f"{question.kind} {question.name} {dict(question.parameters)}"


@dataclass(frozen=True, slots=True)
class HandedOver:
    """The call is being connected with an outside number."""

    number: str

    def play(self, call: Rehearsal) -> None:
        """Let everything be said; then it must be so."""
        call.settle()
        _all_heard(call)
        if call.handing_over is None:
            raise Unexpected(f"the call is not handed over; {standing(call)}")
        _same("number", self.number, call.handing_over.number)


@dataclass(frozen=True, slots=True)
class Ends:
    """The call is over, with this outcome."""

    outcome: str

    def play(self, call: Rehearsal) -> None:
        """Let everything be said; then it must be over."""
        call.settle()
        _all_heard(call)
        if not call.over:
            raise Unexpected(f"the call goes on; {standing(call)}")
        _same("outcome", self.outcome, call.ending)


@dataclass(frozen=True, slots=True)
class Marks:
    """The call bears these marks."""

    expected: Mapping[str, str]

    def play(self, call: Rehearsal) -> None:
        """Look at the last mark of each name."""
        marks = {mark.key: mark.value for mark in call.marks}
        for key, value in self.expected.items():
            _same(f"mark {key}", value, marks.get(key))


@dataclass(frozen=True, slots=True)
class Variables:
    """Variables of the call have these values now."""

    expected: Mapping[str, Value]

    def play(self, call: Rehearsal) -> None:
        """Look at them."""
        known = call.state.variables
        for name, value in self.expected.items():
            _same(f"variable {name}", value, known.get(name))


@dataclass(frozen=True, slots=True)
class At:
    """The call stands at this node."""

    node: str

    def play(self, call: Rehearsal) -> None:
        """Look where it stands."""
        _same("node", self.node, call.node)


@dataclass(frozen=True, slots=True)
class Trouble:
    """The flow made a mistake, and the scenario means it to; without this step it fails."""

    words: Words

    def play(self, call: Rehearsal) -> None:
        """Look at the last mistake."""
        state = call.state
        if not state.trouble:
            raise Unexpected("nothing went wrong")
        if not self.words.fit(state.trouble):
            raise Unexpected(f"what went wrong is: {state.trouble}")
        call.forgiven = state.troubles


def _same(what: str, expected: Any, found: Any) -> None:
    if _plain(expected) != _plain(found):
        shown = "not set" if found is None else repr(_plain(found))
        raise Unexpected(f"{what} is {shown}, not {_plain(expected)!r}")


def _plain(value: Any) -> Any:
    """Values as scenarios write them: ``1`` is ``1.0`` and ``"1"``."""
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)


def standing(call: Rehearsal) -> str:
    """Where the call stands, in words."""
    if call.over:
        return f"the call is over: {call.ending}"
    if call.connected:
        return "an agent has the caller"
    if call.waiting is not None:
        return f"the call waits in queue {call.waiting.queue}"
    if call.recording is not None:
        return f"node {call.node} records a message"
    if call.handing_over is not None:
        return f"node {call.node} hands the call over to {call.handing_over.number}"
    if call.unanswered:
        return f"node {call.node} waits for an answer: {_question(call.unanswered[-1])}"
    return f"node {call.node} waits for the caller"


# ------------------------------------------------------------------ reading


_ENQUEUE: Final = {"priority": "base_priority", "prefer": "preferred"}
_QUEUED: Final = (
    "queue",
    "priority",
    "tier",
    "skills",
    "prefer",
    "prefer_s",
    "backup",
    "branch",
    "comes_back",
)

PLAIN: Final[dict[str, Step]] = {
    "says nothing": Does(Rehearsal.stay_silent),
    "hangs up": Does(Rehearsal.hang_up),
    "listens": Listens(),
    "agent answers": Does(Rehearsal.connect),
    "agent hangs up": Does(Rehearsal.agent_leaves),
    "reached": Does(Rehearsal.reached),
    "not reached": Does(Rehearsal.not_reached),
    "crash": Does(Rehearsal.crash),
}
"""Steps that are one word of their own."""


def read_step(node: yaml.Node, section: Section, number: int) -> Step | None:
    """One item of ``steps``; None if it is not understood, which is noted."""
    where = f"{section.where}: step {number}"
    if isinstance(node, yaml.ScalarNode):
        step = PLAIN.get(node.value)
        if step is None:
            section.notes.add(line_of(node), f"{where}: there is no step {node.value!r}; {_known()}")
        return step
    one = Section(node, where, section.notes)
    names = [key for key in one.items if key in _READERS]
    if not names:
        if one.items:
            one.wrong(f"there is no step {next(iter(one.items))!r}; {_known()}")
        return None
    step = _READERS[names[0]](one)
    one.finish()
    return step


def _known() -> str:
    return f"there are {', '.join([*_READERS, *PLAIN])}"


def _words(section: Section, key: str) -> Words:
    text = section.text(key)
    if len(text) > 2 and text.startswith("/") and text.endswith("/"):
        try:
            return Words(text, re.compile(text[1:-1]))
        except re.error as error:
            section.wrong(f"{text} is no pattern: {error}", key)
    return Words(text)


def _keys(section: Section) -> str:
    keys = section.text("press")
    if not re.fullmatch(r"[0-9*#A-D]*", keys):
        section.wrong(f"press is {keys!r}; keys are 0 to 9, * and #", "press")
    return keys


def _hears(section: Section) -> Step:
    return Hears(_words(section, "hears"), _keys(section) if section.has("press") else "")


def _returns(section: Section) -> Step:
    one = _inner(section, "returns")
    if one is None:
        reason, target, message = section.text("returns", among=get_args(ReturnReason)), "", ""
    else:
        reason = one.text("reason", among=get_args(ReturnReason))
        target, message = one.text("target", ""), one.text("message", "")
        one.finish()
    return Returns(cast(ReturnReason, reason), target, message)


def _inner(section: Section, key: str) -> Section | None:
    node = section.take(key)
    return (
        Section(node, f"{section.where}: {key}", section.notes)
        if isinstance(node, yaml.MappingNode)
        else None
    )


def _told(section: Section) -> Step:
    one = _inner(section, "told")
    if one is None:
        return Told(message=section.text("told"))
    step = Told(_position(one), seconds(one, "wait") if one.has("wait") else None, one.text("message", ""))
    one.finish()
    return step


def _proposed(section: Section) -> Step:
    one = _inner(section, "proposed")
    if one is None:
        return Proposed(section.whole("proposed", None, 1, 1_000_000))
    step = Proposed(_position(one) or 1, seconds(one, "wait") if one.has("wait") else None)
    one.finish()
    return step


def _position(section: Section) -> int | None:
    return section.whole("position", None, 1, 1_000_000) if section.has("position") else None


def _queued(section: Section) -> Step:
    one = _inner(section, "queued")
    if one is None:
        return Queued({"queue": section.text("queued")})
    expected: dict[str, Any] = {}
    for key in one.items:
        if key == "skills":
            expected[key] = one.texts(key)
        elif key in _QUEUED:
            expected[key] = one.value(key)
    one.finish()
    return Queued(expected)


def _asks(section: Section) -> Step:
    one = _inner(section, "asks")
    if one is None:
        return Asks("", section.text("asks"), {})
    inner = one.take("parameters", required=False)
    parameters: dict[str, str] = {}
    if inner is not None:
        listed = Section(inner, f"{one.where}: parameters", one.notes)
        parameters = {key: listed.text(key) for key in listed.items}
    step = Asks(one.text("kind", ""), one.text("name", ""), parameters)
    one.finish()
    return step


def _marks(section: Section) -> Step:
    one = _inner(section, "marks")
    if one is None:
        section.wrong("marks must be a mapping of names to values", "marks")
        return Marks({})
    return Marks({key: one.text(key) for key in one.items})


def _variables(section: Section) -> Step:
    one = _inner(section, "variables")
    if one is None:
        section.wrong("variables must be a mapping of names to values", "variables")
        return Variables({})
    found = {key: value for key in one.items if not isinstance(value := one.value(key), tuple)}
    return Variables(found)


def _now(section: Section) -> Step:
    one = _inner(section, "now")
    if one is None:
        section.wrong("now must be a mapping such as calendars: {bank: closed}", "now")
        return Listens()
    read_world(one, World())
    one.finish()
    silent = type(section.notes)(section.notes.file)
    node = section.items["now"]
    return Now(lambda world: read_world(Section(node, "now", silent), world))


_READERS: Final[dict[str, Callable[[Section], Step]]] = {
    "hears": _hears,
    "press": lambda section: Press(_keys(section)),
    "wait": lambda section: Wait(seconds(section, "wait")),
    "message": lambda section: Message(seconds(section, "message")),
    "queued": _queued,
    "returns": _returns,
    "told": _told,
    "proposed": _proposed,
    "transferred": lambda section: HandedOver(section.text("transferred")),
    "asks": _asks,
    "ends": lambda section: Ends(section.text("ends")),
    "marks": _marks,
    "variables": _variables,
    "at": lambda section: At(section.text("at")),
    "trouble": lambda section: Trouble(_words(section, "trouble")),
    "now": _now,
}

__all__ = ["NotNow", "Step", "Unexpected", "read_step"]
