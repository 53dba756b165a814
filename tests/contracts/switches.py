"""Every switch at one table: the same stories are played on each, whatever its time is made of.

A story is ``async def test_…(table: Table)``; the decorator ``story`` makes it a test that is played on each
adapter in ``ADAPTERS``; a switch that takes long to start serves one story after the other, unless the story
is a ``fresh_story``. Whatever the story, these hold for what the switch told in it:

* the first fact is ``SwitchReady``, and there is one;
* a leg is answered and ended at most once, rings only before it is answered, and once it has ended nothing
  is told of it but that its recording is complete;
* a play ends at most once, and only one that was asked for; the same of recordings;
* when the switch has stopped, every leg has ended.
"""

import asyncio
import inspect
import itertools
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import pytest

from domain.ids import CallId, LegId, PlayId
from domain.instant import Instant
from domain.switch import (
    Answer,
    CallArrived,
    Dial,
    HangUp,
    LegAnswered,
    LegEnded,
    LegRinging,
    Listen,
    PickUp,
    Play,
    PlayEnded,
    Record,
    RecordingEnded,
    Ring,
    SwitchCommand,
    SwitchFact,
    SwitchReady,
    Tone,
    Transfer,
)
from telephony.embedded.switch import EmbeddedSettings, EmbeddedSwitch
from telephony.media.settings import MediaSettings
from telephony.simulated import SimulatedSwitch, VirtualCaller, VirtualTime
from telephony.sip.transport import SipTransport
from telephony.speech.library import Prompts
from telephony.speech.voice import ToneVoice

T = TypeVar("T")
F = TypeVar("F", bound=SwitchFact)

WITHIN_S = 10.0
"""Wall time given to what should happen at once; a busy machine may need some of it."""


class Time(ABC):
    """How a story waits."""

    @abstractmethod
    async def pass_by(self, seconds: float) -> None:
        """Let so much time pass."""

    @abstractmethod
    def now_s(self) -> float:
        """Seconds since some instant."""

    async def until(self, condition: Callable[[], T], what: str, within_s: float = WITHIN_S) -> T:
        """What ``condition`` gives as soon as that is true; AssertionError after ``within_s``."""
        for _ in range(int(within_s / _STEP_S)):
            if seen := condition():
                return seen
            await self.pass_by(_STEP_S)
        raise AssertionError(f"{what} did not come about within {within_s:g} s")


_STEP_S = 0.02


class WallTime(Time):
    """Time of the machine."""

    async def pass_by(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    def now_s(self) -> float:
        return asyncio.get_running_loop().time()


@dataclass(slots=True)
class Table:
    """A started switch, the world it stands in, and everything it told."""

    switch: Any
    """The switch, which is its own world: it has ``dial`` and ``phone`` besides the port."""
    time: Time
    cannot: frozenset[type] = frozenset()
    """Commands this adapter says it cannot carry out."""
    outside: Callable[[str], Any] | None = None
    """Makes somebody with an outside number who can be dialled."""
    facts: list[SwitchFact] = field(default_factory=list)
    commands: list[SwitchCommand] = field(default_factory=list)
    phones: list[Any] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    listener: Callable[[SwitchFact], None] | None = None
    """Hears the facts besides, as they come."""

    def hear(self, fact: SwitchFact) -> None:
        """What the switch tells."""
        self.facts.append(fact)
        if self.listener is not None:
            self.listener(fact)

    def do(self, *commands: SwitchCommand) -> None:
        """Tell the switch."""
        for command in commands:
            self.commands.append(command)
            self.switch.do(command)

    def told(self, kind: type[F], leg: LegId | None = None) -> list[F]:
        """The facts of a kind so far (of one leg)."""
        found = [fact for fact in self.facts if isinstance(fact, kind)]
        return found if leg is None else [fact for fact in found if getattr(fact, "leg", None) == leg]

    def of_leg(self, leg: LegId) -> list[SwitchFact]:
        """Everything told of a leg."""
        return [fact for fact in self.facts if getattr(fact, "leg", None) == leg]

    async def hears(self, fact: SwitchFact) -> None:
        """Wait until this was told."""
        await self.time.until(lambda: fact in self.facts, f"{fact}; told was {self.facts};")

    async def settles(self) -> None:
        """Give what must not happen the time to happen: longer than the plays that must not end."""
        await self.time.pass_by(0.2)

    def new_leg(self) -> LegId:
        """A name for an outgoing leg."""
        return LegId(f"out{next(self.numbers)}")

    # ------------------------------------------------------------ scenes

    async def arrival(self, number: str = "13800138000") -> tuple[Any, LegId]:
        """Somebody rings 95588; they and their leg."""
        before = len(self.told(CallArrived))
        caller = self.switch.dial(number, "95588")
        await self.time.until(lambda: len(self.told(CallArrived)) > before, "the arrival of a call")
        return caller, self.told(CallArrived)[before].leg

    async def caller(self, number: str = "13800138000") -> tuple[Any, LegId]:
        """Somebody rang and was answered; they and their leg."""
        caller, leg = await self.arrival(number)
        self.do(Answer(leg))
        await self.hears(LegAnswered(leg))
        return caller, leg

    async def phone(self, device: str = "desk-1") -> Any:
        """A registered telephone."""
        phone = self.switch.phone(device)
        phone.register()
        self.phones.append(phone)
        return phone

    async def rings(self, phone: Any, *, auto_answer: bool = False) -> LegId:
        """The telephone rings; the new leg."""
        leg = self.new_leg()
        self.do(Ring(leg, phone.device, CallId("call-1"), "13800138000", auto_answer))
        await self.hears(LegRinging(leg))
        return leg

    async def agent(self, device: str = "desk-1") -> tuple[Any, LegId]:
        """Somebody at a telephone of ours who picked up; they and their leg."""
        phone = await self.phone(device)
        leg = await self.rings(phone)
        phone.answer()
        await self.hears(LegAnswered(leg))
        return phone, leg

    async def somebody_outside(self, number: str) -> Any:
        """Somebody who can be dialled from here."""
        assert self.outside is not None, "this adapter can dial out: give its table somebody outside"
        return self.outside(number)

    def plays(self, leg: LegId, name: str, ms: int) -> PlayId:
        """Play a tone."""
        self.do(Play(leg, PlayId(name), (Tone(440, ms),)))
        return PlayId(name)


def watch(party: Any) -> list[str]:
    """The list in which what a party is told is kept from now on."""
    seen: list[str] = []
    party.on_change = lambda _party, what: seen.append(what)
    return seen


# ------------------------------------------------------------------ what always holds


def check(facts: list[SwitchFact], commands: list[SwitchCommand]) -> None:
    """What no story may break."""
    assert isinstance(facts[0], SwitchReady), "the first fact is SwitchReady"
    assert sum(isinstance(fact, SwitchReady) for fact in facts) == 1
    for kind in (LegAnswered, LegEnded, CallArrived):
        for leg, times in Counter(fact.leg for fact in facts if isinstance(fact, kind)).items():
            assert times == 1, f"{kind.__name__} of {leg} was told {times} times"
    ended: set[LegId] = set()
    answered: set[LegId] = set()
    for fact in facts:
        leg = getattr(fact, "leg", None)
        if leg is None:
            continue
        assert leg not in ended or isinstance(fact, RecordingEnded), f"{fact} after its leg had ended"
        if isinstance(fact, LegEnded):
            ended.add(leg)
        elif isinstance(fact, LegAnswered):
            answered.add(leg)
        elif isinstance(fact, LegRinging):
            assert leg not in answered, f"{fact} after it was answered"
        elif isinstance(fact, PlayEnded | RecordingEnded):
            assert leg in answered, f"{fact} of a leg that was never answered"
    asked_plays = Counter((c.leg, c.play) for c in commands if isinstance(c, Play))
    assert not Counter((f.leg, f.play) for f in facts if isinstance(f, PlayEnded)) - asked_plays
    asked_recordings = Counter((c.leg, c.recording) for c in commands if isinstance(c, Record))
    assert (
        not Counter((f.leg, f.recording) for f in facts if isinstance(f, RecordingEnded)) - asked_recordings
    )


def check_stopped(facts: list[SwitchFact]) -> None:
    """What holds besides when the switch has stopped."""
    assert not _alive(facts), f"the switch stopped and left {_alive(facts)} up"


def _alive(facts: list[SwitchFact]) -> set[LegId]:
    ended = {fact.leg for fact in facts if isinstance(fact, LegEnded)}
    return {fact.leg for fact in facts if isinstance(fact, CallArrived | LegRinging | LegAnswered)} - ended


# ------------------------------------------------------------------ adapters

Adapter = Callable[[Path], AbstractAsyncContextManager[Table]]
Story = Callable[[Table], Awaitable[None]]


@asynccontextmanager
async def played_on(table: Table) -> Any:
    """The table with its switch started; stopped afterwards, with all that always holds checked."""
    await table.switch.start(table.hear)
    try:
        yield table
    finally:
        await table.switch.stop()
    check(table.facts, table.commands)
    check_stopped(table.facts)


class SimulatedTime(Time):
    """Time that moves only when told to."""

    def __init__(self, clock: VirtualTime) -> None:
        self._clock = clock

    async def pass_by(self, seconds: float) -> None:
        self._clock.run_for(seconds)

    def now_s(self) -> float:
        return self._clock.now / 1e6


@asynccontextmanager
async def simulated(_folder: Path) -> Any:
    """The simulated switch in virtual time."""
    clock = VirtualTime(Instant(1_790_125_200_000_000))
    async with played_on(_simulated(SimulatedSwitch(clock), SimulatedTime(clock))) as table:
        yield table


@asynccontextmanager
async def simulated_by_the_clock(_folder: Path) -> Any:
    """The simulated switch on the event loop's own time."""
    switch = SimulatedSwitch(asyncio.get_running_loop())
    async with played_on(_simulated(switch, WallTime())) as table:
        yield table


def _simulated(switch: SimulatedSwitch, time: Time) -> Table:
    def outside(number: str) -> VirtualCaller:
        switch.outside[number] = VirtualCaller(switch, number)
        return switch.outside[number]

    return Table(switch, time, outside=outside)


@asynccontextmanager
async def embedded(folder: Path) -> Any:
    """The embedded switch with its media process; callers and telephones are its local legs."""
    names = (CallId(f"E{number}") for number in itertools.count(1))
    prompts = Prompts(folder / "cache", None, ToneVoice())
    switch = EmbeddedSwitch(
        EmbeddedSettings(MediaSettings(), "127.0.0.1", folder),
        prompts,
        lambda on_event: SipTransport(
            host="127.0.0.1",
            port=0,
            password_of=lambda device: None,
            is_entry_number=lambda number: False,
            name_session=lambda: next(names),
            on_event=on_event,
        ),
        lambda: next(names),
    )
    cannot = frozenset({Dial, Transfer, PickUp, Listen})
    try:
        async with played_on(Table(switch, WallTime(), cannot)) as table:
            yield table
    finally:
        await prompts.close()


ADAPTERS: dict[str, Adapter] = {
    "simulated": simulated,
    "simulated-wall": simulated_by_the_clock,
    "embedded": embedded,
}
"""Every switch. A new one needs a line here and a context manager that gives its table."""

SLOW_TO_START = frozenset({"embedded"})

# ------------------------------------------------------------------ stories


class Stage:
    """Where stories are played on one adapter; a slow one starts with the first story and stays up."""

    def __init__(self, name: str, folder: Path) -> None:
        self._adapter, self._shared, self._folder = ADAPTERS[name], name in SLOW_TO_START, folder
        self._runner = asyncio.Runner()
        self._house: tuple[AbstractAsyncContextManager[Table], Table] | None = None
        self._past: set[LegId] = set()

    def play(self, story: Story, folder: Path, *, fresh: bool) -> None:
        """Play one story."""
        self._runner.run(self._alone(story, folder) if fresh or not self._shared else self._together(story))

    def close(self) -> None:
        """Stop the shared switch; what always holds is checked over all that it told."""
        try:
            if self._house is not None:
                self._runner.run(self._house[0].__aexit__(None, None, None))
        finally:
            self._runner.close()

    async def _alone(self, story: Story, folder: Path) -> None:
        async with self._adapter(folder) as table:
            await story(table)

    async def _together(self, story: Story) -> None:
        if self._house is None:
            context = self._adapter(self._folder)
            self._house = context, await context.__aenter__()
        house = self._house[1]
        table = Table(house.switch, house.time, house.cannot, house.outside, numbers=house.numbers)
        table.facts.append(house.facts[0])
        house.listener = lambda fact: None if getattr(fact, "leg", "") in self._past else table.hear(fact)
        try:
            await story(table)
            check(table.facts, table.commands)
        finally:
            house.commands += table.commands
            await self._leave(table)
            house.listener = None

    async def _leave(self, table: Table) -> None:
        """Nobody of this story is there for the next."""
        for phone in table.phones:
            phone.unregister()
        for leg in _legs(table.facts):
            table.switch.do(HangUp(leg))
        await table.time.until(lambda: not _alive(table.facts), "the end of every leg")
        self._past |= _legs(table.facts)


def _legs(facts: list[SwitchFact]) -> set[LegId]:
    return {fact.leg for fact in facts if isinstance(fact, CallArrived | LegRinging | LegAnswered | LegEnded)}


@pytest.fixture(scope="module", params=ADAPTERS)
def stage(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Each adapter in turn."""
    made = Stage(request.param, tmp_path_factory.mktemp(request.param))
    yield made
    made.close()


def story(play: Story) -> Callable[[Stage, Path], None]:
    """A test of the story on every adapter."""
    return _test(play, fresh=False)


def fresh_story(play: Story) -> Callable[[Stage, Path], None]:
    """A story that needs a switch which was started for it alone."""
    return _test(play, fresh=True)


def _test(play: Story, *, fresh: bool) -> Callable[[Stage, Path], None]:
    def test(stage: Stage, tmp_path: Path) -> None:
        stage.play(play, tmp_path, fresh=fresh)

    test.__doc__, test.__name__, test.__module__ = inspect.getdoc(play), play.__name__, play.__module__
    return test
