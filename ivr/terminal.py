"""A call with a flow in a terminal: what it says is printed, what you type are keys or what happens to it.

Time is virtual: prompts are over once they are printed, and nothing waits for a clock. It works as well with
lines from a file or a pipe.
"""

import re
import shlex
from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any, Final, get_args

from domain.floor import ReturnReason
from domain.flow import LookUpCustomer
from domain.switch import Tone
from ivr.flow import Flow, Value
from ivr.rehearsal.call import Event, NotNow, Rehearsal
from ivr.rehearsal.steps import standing
from ivr.rehearsal.transcript import clock, spoken
from ivr.rehearsal.world import Match, Outcome, Person, Reply, World
from ivr.walk import no_flows

HELP: Final = """\
1 2 * # ...        keys, pressed at once
(an empty line)    say nothing until the flow gives up waiting
wait 5             let five seconds pass
hang up            leave
answer ...         ok a=1 b=two, none or failed; of a look-up: one name=Ada tier=gold, many, none or failed
message 5          speak for five seconds after the tone (0: say nothing)
agent              an agent answers; agent leaves: the agent hangs up
back no_agents     the queue gives the call back: {reasons}
place 3 120        the queue tells the place and the wait in seconds
propose            the queue asks whether to call back
reached            the number the call is handed to answers
not reached        it cannot be had
calendar bank open   or closed
crash              the platform dies and comes back
variables          all there are
where              where the call stands
help               this
"""

_KEYS = frozenset("0123456789*#")


class Terminal:
    """One call. ``write`` prints a line, ``read`` gives the next line typed (None: there are no more).

    ``echo`` writes down what was typed, for where it does not stand there anyway.
    """

    def __init__(
        self,
        flow: Flow,
        world: World,
        write: Callable[[str], None],
        read: Callable[[str], str | None],
        flows: Callable[[str], Flow | None] = no_flows,
        verbose: bool = False,
        echo: bool = False,
    ) -> None:
        self.call = Rehearsal(flow, world, flows, strict=False)
        self._write, self._read = write, read
        self._verbose, self._echo = verbose, echo
        self._shown = 0

    def run(self) -> str:
        """Talk until the call is over; how it ended."""
        self.call.begin()
        while True:
            self._go_on()
            if self.call.over:
                self._write(f"the call is over: {self.call.ending}")
                return self.call.ending
            line = self._read(f"{self._wanted()} > ")
            if line is None:
                self._say("there is nothing more to read: the caller hangs up")
                self.call.hang_up()
                continue
            line = line.strip()
            if self._echo:
                self._write(f"> {self._hidden(line)}".rstrip())
            try:
                self._do(line)
            except NotNow as why:
                self._say(f"{why}; help shows what can be typed")
            except ValueError as why:
                self._say(str(why))

    # ------------------------------------------------------------ what is shown

    def _go_on(self) -> None:
        """Let prompts end and answers come, and show what happens."""
        self._show()
        while self.call.step(timers=False):
            self._show()
        if self._verbose and not self.call.over and self.call.timer is not None:
            self._say(f"node {self.call.node} waits until {self._clock(self.call.timer)}")

    def _show(self) -> None:
        events = self.call.events
        for event in events[self._shown :]:
            for line in self._lines(event):
                self._write(f"{self._clock(event.at):>7}  {line}" if self._verbose else line)
        self._shown = len(events)

    def _lines(self, event: Event) -> list[str]:
        if event.kind == "says":
            return [_prompt(prompt) for prompt in event.what.prompts]
        if event.kind == "node":
            return [f"[{event.text}]"] if self._verbose else []
        if event.kind == "caller":
            return []
        return [f"-- {event.text}"]

    def _wanted(self) -> str:
        """What is waited for, in a word."""
        call = self.call
        if call.connected:
            return "agent"
        if call.waiting is not None:
            return f"queue {call.waiting.queue}"
        if call.recording is not None:
            return "message"
        if call.handing_over is not None:
            return "reached"
        return "answer" if call.unanswered else call.node

    def _say(self, text: str) -> None:
        self._write(f"-- {text}")

    def _clock(self, at: Any) -> str:
        return clock(self.call.world.at, at)

    def _hidden(self, line: str) -> str:
        return "." * len(line) if self.call.concealed and set(line) <= _KEYS else line

    # ------------------------------------------------------------ what is typed

    def _do(self, line: str) -> None:
        """Do what a line says. Raises NotNow, ValueError."""
        if not line:
            self.call.stay_silent()
        elif set(line) <= _KEYS:
            self.call.press(line)
        else:
            word, *rest = shlex.split(line)
            act = _COMMANDS.get(word)
            if act is None:
                raise ValueError(f"{word!r} is neither keys nor a command; help shows what there is")
            act(self, rest)

    def _wait(self, rest: list[str]) -> None:
        self.call.wait(_number(rest, 0, "wait SECONDS"))

    def _hang(self, rest: list[str]) -> None:
        self.call.hang_up()

    def _message(self, rest: list[str]) -> None:
        self.call.leave_message(_number(rest, 0, "message SECONDS"))

    def _agent(self, rest: list[str]) -> None:
        if rest:
            self.call.agent_leaves()
        else:
            self.call.connect()

    def _back(self, rest: list[str]) -> None:
        reason = next((one for one in get_args(ReturnReason) if rest and one == rest[0]), None)
        if reason is None:
            raise ValueError(f"back REASON; there are {', '.join(get_args(ReturnReason))}")
        self.call.give_back(reason, " ".join(rest[1:2]), " ".join(rest[2:]))

    def _place(self, rest: list[str]) -> None:
        wait_s = _number(rest, 1, "place POSITION SECONDS") if len(rest) > 1 else None
        self.call.announce(int(_number(rest, 0, "place POSITION SECONDS")), wait_s, "")

    def _propose(self, rest: list[str]) -> None:
        self.call.propose(1, None)

    def _not(self, rest: list[str]) -> None:
        self.call.not_reached()

    def _reached(self, rest: list[str]) -> None:
        self.call.reached()

    def _calendar(self, rest: list[str]) -> None:
        if len(rest) != 2 or rest[1] not in ("open", "closed"):
            raise ValueError("calendar NAME open, or closed")
        world = self.call.world
        self.call.change(replace(world, open={**world.open, rest[0]: rest[1] == "open"}))

    def _crash(self, rest: list[str]) -> None:
        self.call.crash()

    def _variables(self, rest: list[str]) -> None:
        for name, value in sorted(self.call.state.variables.items()):
            self._say(f"{name} = {value!r}")

    def _help(self, rest: list[str]) -> None:
        for line in HELP.format(reasons=", ".join(get_args(ReturnReason))).splitlines():
            self._write(line)

    def _answer(self, rest: list[str]) -> None:
        if not self.call.unanswered:
            raise NotNow("nothing is asked")
        question = self.call.unanswered[-1]
        self.call.answer(question, _person(rest) if isinstance(question, LookUpCustomer) else _reply(rest))

    def _where(self, rest: list[str]) -> None:
        self._say(standing(self.call))


_COMMANDS: Final[dict[str, Callable[[Terminal, list[str]], None]]] = {
    "wait": Terminal._wait,
    "hang": Terminal._hang,
    "quit": Terminal._hang,
    "answer": Terminal._answer,
    "message": Terminal._message,
    "agent": Terminal._agent,
    "back": Terminal._back,
    "place": Terminal._place,
    "propose": Terminal._propose,
    "not": Terminal._not,
    "reached": Terminal._reached,
    "calendar": Terminal._calendar,
    "crash": Terminal._crash,
    "variables": Terminal._variables,
    "where": Terminal._where,
    "help": Terminal._help,
}


def _prompt(prompt: Any) -> str:
    return spoken(prompt) if isinstance(prompt, Tone) else f"{prompt.language}: {spoken(prompt)}"


def _number(rest: list[str], at: int, usage: str) -> float:
    try:
        number = float(rest[at].removesuffix("s"))
    except (IndexError, ValueError):
        raise ValueError(usage) from None
    if not 0 <= number <= 86_400:
        raise ValueError(usage)
    return number


def _person(rest: list[str]) -> Person:
    match = next((one for one in get_args(Match) if rest and one == rest[0]), None)
    if match is None:
        raise ValueError(f"answer one name=Ada ..., or {', '.join(get_args(Match))}")
    known = {one.name for one in fields(Person)} - {"match", "after_s"}
    values = _values(rest[1:])
    if unknown := set(values) - known:
        raise ValueError(
            f"{sorted(unknown)[0]} is nothing a customer has; there are {', '.join(sorted(known))}"
        )
    priority = values.pop("priority", 0)
    if not isinstance(priority, int | float):
        raise ValueError("priority is a number")
    texts: dict[str, Any] = {key: str(value) for key, value in values.items()}
    return replace(Person(match=match, priority=float(priority)), **texts)


def _reply(rest: list[str]) -> Reply:
    outcome = next((one for one in get_args(Outcome) if rest and one == rest[0]), None)
    if outcome is None:
        raise ValueError(f"answer ok a=1 ..., or {', '.join(get_args(Outcome))}")
    if outcome == "failed":
        return Reply("failed", why=" ".join(rest[1:]))
    return Reply(outcome, _values(rest[1:]))


def _values(rest: list[str]) -> dict[str, Value]:
    values: dict[str, Value] = {}
    for one in rest:
        name, equals, text = one.partition("=")
        if not equals or not name:
            raise ValueError(f"{one!r} is no value; write name=value")
        values[name] = _value(text)
    return values


def _value(text: str) -> Value:
    """As YAML would take it: numbers, but not those with zeros before them, and true and false."""
    if text in ("true", "false"):
        return text == "true"
    if re.fullmatch(r"-?(0|[1-9]\d{0,17})", text, re.ASCII):
        return int(text)
    return float(text) if re.fullmatch(r"-?(0|[1-9]\d*)\.\d+", text, re.ASCII) else text
