"""Simulated people: callers who ring, choose, wait, give up, are called back or asked how it was; agents who
answer and note.

They live on any switch that offers a ``World`` (the simulated one, or the embedded one's local legs) and
on any clock with ``call_later``; chance comes from a seeded generator, so that a day is a seed.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from domain.desk import AgentReady, AgentSignedIn, CallNoted, WrapUpEnded
from domain.floor import AgentChanged, CallbackKept, ProposeCallback
from domain.ids import AgentId, CallId, DeviceId
from domain.instant import Instant

PROFILE = (1, 0.6, 0.4, 0.3, 0.4, 0.8, 2, 5, 11, 15, 16, 14, 10, 11, 14, 14, 13, 11, 8, 7, 6, 5, 3, 2)
"""Relative calls per hour of the day, after the shape banks see: a morning and an afternoon peak."""


class Timer(Protocol):
    """A timer that can be taken back."""

    def cancel(self) -> None: ...


class Clock(Protocol):
    """Where time comes from."""

    def call_later(self, delay: float, callback: Callable[..., Any], *args: Any) -> Timer: ...


class Party(Protocol):
    """Somebody with a telephone in the simulated world."""

    call: CallId | None
    on_change: Any
    """Called as ``on_change(party, what)`` with what = answered, connected, ended, ringing, heard …"""

    def press(self, digits: str) -> None: ...
    def hang_up(self) -> None: ...
    def answer(self) -> None: ...
    def speak(self, text: str, language: str) -> None: ...


class Phone(Party, Protocol):
    """A desk telephone."""

    def register(self) -> None: ...


class World(Protocol):
    """A switch that simulated people can live on."""

    def dial(self, caller: str, dialled: str, name: str = "") -> Party: ...
    def phone(self, device: str) -> Phone: ...


@dataclass(frozen=True, slots=True)
class Habits:
    """How people behave, on average. Seconds; ``calls_per_hour`` at the average hour."""

    calls_per_hour: float = 90.0
    talk_s: float = 45.0
    patience_s: float = 90.0
    answer_s: float = 3.0
    miss_share: float = 0.03
    note_s: float = 8.0
    keys: tuple[str, ...] = ("1", "1", "1", "2", "3", "0")
    first_key_s: float = 6.0
    callback_share: float = 0.5
    """Of those who are asked, how many would rather be called back."""
    away_share: float = 0.3
    """Of those who are called back, how many do not pick up."""
    rating_share: float = 0.6
    """Of those who are asked how it was, how many say so."""
    ratings: str = "5554433215"
    """The keys they press, as often as they do."""


@dataclass(slots=True)
class Tally:
    """What the simulated people saw."""

    rang: int = 0
    spoke: int = 0
    gave_up: int = 0
    called_back: int = 0
    picked_up: int = 0
    """Of those called back."""
    rated: int = 0
    """Keys pressed by those who were asked how it was."""


class Crowd:
    """The callers: they arrive by the profile of the day and each lives through one call."""

    def __init__(
        self,
        world: World,
        clock: Clock,
        chance: random.Random,
        numbers: Sequence[str],
        dialled: str,
        habits: Habits,
        speed: float = 1.0,
        hour: Callable[[], float] = lambda: 10.0,
        phrases: Sequence[tuple[str, str]] = (),
        at_home: Callable[[str], Party] | None = None,
    ) -> None:
        """``at_home`` gives whoever can be dialled under a number; without it nobody is called back."""
        self._world, self._clock, self._chance = world, clock, chance
        self._numbers, self._dialled, self._habits = numbers, dialled, habits
        self._speed, self._hour, self._phrases = speed, hour, phrases
        self._next: Timer | None = None
        self._at_home = at_home
        self._on_line: dict[CallId, _Caller] = {}
        self.tally = Tally()

    def start(self) -> None:
        """Let the first caller come."""
        self._plan()

    def stop(self) -> None:
        """No more callers; those on the line finish by themselves."""
        if self._next is not None:
            self._next.cancel()
            self._next = None

    def _plan(self) -> None:
        mean = sum(PROFILE) / len(PROFILE)
        weight = PROFILE[int(self._hour()) % 24] / mean
        rate = self._habits.calls_per_hour * max(weight, 0.2) * self._speed / 3600
        self._next = self._clock.call_later(self._chance.expovariate(rate), self._arrive)

    def _arrive(self) -> None:
        self.ring()
        self._plan()

    def ring(self) -> Party:
        """One caller rings now."""
        self.tally.rang += 1
        party = self._world.dial(self._chance.choice(self._numbers), self._dialled)
        caller = _Caller(self, party)
        if party.call is not None:
            self._on_line[party.call] = caller
        return party

    def on_intent(self, intent: Any, _at: Instant) -> None:
        """A runner listener: callers answer whether they want to be called back, and are at home then."""
        if self._at_home is None:
            return
        if isinstance(intent, ProposeCallback) and intent.call in self._on_line:
            self._on_line[intent.call].think_about_callback()
        elif isinstance(intent, CallbackKept):
            _CalledBack(self, self._at_home(intent.number))

    def left(self, call: CallId | None) -> None:
        """A caller has gone."""
        if call is not None:
            self._on_line.pop(call, None)


class _Caller:
    def __init__(self, crowd: Crowd, party: Party) -> None:
        self._crowd, self._party = crowd, party
        self._timers: list[Timer] = []
        self._connected = self._agent_gone = False
        party.on_change = self._changed

    def _later(self, delay: float, act: Callable[[], None]) -> None:
        self._timers.append(self._crowd._clock.call_later(delay, act))

    def _changed(self, _party: Party, what: str) -> None:
        crowd = self._crowd
        habits, chance = crowd._habits, crowd._chance
        if what == "answered":
            first = habits.first_key_s * chance.uniform(0.7, 1.5)
            key = chance.choice(habits.keys)
            self._later(first, lambda: self._party.press(chance.choice("12")))
            self._later(first * 2, lambda: self._party.press(key))
            patience = chance.expovariate(1 / habits.patience_s) + first * 2
            self._later(patience, self._give_up)
        elif what == "parted":
            self._agent_gone = True
        elif what == "heard":
            self._asked_how_it_was()
        elif what == "music":
            self._agent_gone = False  # only for a while
        elif what == "connected":
            self._agent_gone = False
            if not self._connected:
                self._connected = True
                crowd.tally.spoke += 1
                # Usually the agent ends the call before; a caller who talks with a real person does it here.
                goodbye = chance.lognormvariate(0, 0.4) * habits.talk_s * 2.5 / crowd._speed
                self._later(goodbye, self._party.hang_up)
            self._chat()
        elif what == "ended":
            for timer in self._timers:
                timer.cancel()
            self._timers.clear()
            crowd.left(self._party.call)

    def _asked_how_it_was(self) -> None:
        """Words after a conversation are a question: some answer with a key, some hang up."""
        if not self._agent_gone:
            return
        habits, chance = self._crowd._habits, self._crowd._chance
        if chance.random() < habits.rating_share:
            self._later(chance.uniform(2, 6), lambda: self._rate(chance.choice(habits.ratings)))
        else:
            self._later(chance.uniform(1, 3), self._party.hang_up)

    def _rate(self, key: str) -> None:
        self._crowd.tally.rated += 1
        self._party.press(key)

    def think_about_callback(self) -> None:
        """Yes or no, after a moment."""
        habits, chance = self._crowd._habits, self._crowd._chance
        key = "1" if chance.random() < habits.callback_share else "2"
        self._later(chance.uniform(2, 8), lambda: self._party.press(key))

    def _chat(self) -> None:
        crowd = self._crowd
        if crowd._phrases:
            text, language = crowd._chance.choice(crowd._phrases)
            self._party.speak(text, language)
            self._later(crowd._chance.uniform(6, 14), self._chat)

    def _give_up(self) -> None:
        if not self._connected:
            self._crowd.tally.gave_up += 1
            self._party.hang_up()


class _CalledBack:
    """Somebody at home whose telephone may ring: they pick up, or do not, and talk until they hang up."""

    def __init__(self, crowd: Crowd, party: Party) -> None:
        self._crowd, self._party = crowd, party
        self._timer: Timer | None = None
        party.on_change = self._changed

    def _later(self, delay: float, act: Callable[[], None]) -> None:
        self._timer = self._crowd._clock.call_later(delay, act)

    def _changed(self, _party: Party, what: str) -> None:
        habits, chance, tally = self._crowd._habits, self._crowd._chance, self._crowd.tally
        if what == "ringing":
            tally.called_back += 1
            if chance.random() >= habits.away_share:
                self._later(chance.uniform(2, 10), self._party.answer)
        elif what == "connected":
            tally.picked_up += 1
            goodbye = chance.lognormvariate(0, 0.4) * habits.talk_s * 2.5 / self._crowd._speed
            self._later(goodbye, self._party.hang_up)
        elif what == "ended" and self._timer is not None:
            self._timer.cancel()


class Team:
    """The simulated agents: each has a telephone, answers it, talks, hangs up and writes a note."""

    def __init__(
        self,
        world: World,
        clock: Clock,
        chance: random.Random,
        agents: Sequence[str],
        tell: Callable[[Any], None],
        habits: Habits,
        speed: float = 1.0,
        phrases: Sequence[tuple[str, str]] = (),
    ) -> None:
        self._clock, self._chance, self._tell = clock, chance, tell
        self._habits, self._speed, self._phrases = habits, speed, phrases
        self._world = world
        self.agents = frozenset(agents)
        self._order = tuple(agents)
        self.phones: dict[str, Phone] = {}
        self._connected: set[str] = set()
        self._calls: dict[str, CallId | None] = {}
        self._noting: set[str] = set()

    def start(self) -> None:
        """Everybody signs in and is ready."""
        for agent in self._order:
            device = DeviceId(f"desk-{agent}")
            phone = self._world.phone(device)
            phone.on_change = lambda party, what, agent=agent: self._changed(agent, what)
            self.phones[agent] = phone
            phone.register()
            self._tell(AgentSignedIn(AgentId(agent), device))
            self._tell(AgentReady(AgentId(agent)))

    def on_intent(self, intent: Any, _at: Instant) -> None:
        """A runner listener: an agent whose wrap-up began writes the note; one who missed comes back."""
        if not isinstance(intent, AgentChanged) or intent.agent not in self.agents:
            return
        agent = intent.agent
        if intent.state == "wrap_up" and agent not in self._noting:
            self._noting.add(agent)
            delay = self._chance.expovariate(1 / self._habits.note_s) / self._speed
            self._clock.call_later(delay, self._note, agent, self._calls.get(agent))
        elif intent.state == "missed":
            self._clock.call_later(15 / self._speed, self._tell, AgentReady(AgentId(agent)))

    def _changed(self, agent: str, what: str) -> None:
        phone = self.phones[agent]
        if what == "ringing":
            self._calls[agent] = phone.call
            if self._chance.random() >= self._habits.miss_share:
                delay = self._chance.uniform(0.5, 1.5) * self._habits.answer_s
                self._clock.call_later(delay, self._answer, agent, phone.call)
        elif what == "connected" and agent not in self._connected:
            self._connected.add(agent)
            talk = self._chance.lognormvariate(0, 0.6) * self._habits.talk_s / self._speed
            self._clock.call_later(talk, self._hang_up, agent, phone.call)
            self._chat(agent, phone.call)
        elif what == "ended":
            self._connected.discard(agent)

    def _answer(self, agent: str, call: CallId | None) -> None:
        phone = self.phones[agent]
        if phone.call == call:
            phone.answer()

    def _chat(self, agent: str, call: CallId | None) -> None:
        phone = self.phones[agent]
        if self._phrases and agent in self._connected and phone.call == call:
            text, language = self._chance.choice(self._phrases)
            phone.speak(text, language)
            self._clock.call_later(self._chance.uniform(6, 14), self._chat, agent, call)

    def _hang_up(self, agent: str, call: CallId | None) -> None:
        phone = self.phones[agent]
        if agent in self._connected and phone.call == call:
            phone.hang_up()

    def _note(self, agent: str, call: CallId | None) -> None:
        self._noting.discard(agent)
        if call is not None:
            code = self._chance.choice(("enquiry", "enquiry", "enquiry", "complaint", "confirmation"))
            self._tell(CallNoted(AgentId(agent), call, code, ""))
        self._tell(WrapUpEnded(AgentId(agent)))
