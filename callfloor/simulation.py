"""Simulated days: the real engine on the simulated switch in virtual time. A day is a seed."""

import random
from collections.abc import Callable, Sequence
from typing import Any, get_args

from callfloor.people import Crowd, Habits, Team
from calls.answering import Answer, answered, nobody
from calls.engine import Engine
from calls.vault import Question, Vault
from domain.calls import CallFinished
from domain.crm import CallerIdentified
from domain.flow import Ask, LookUpCustomer
from domain.instant import Instant
from domain.switch import SwitchCommand, SwitchReady
from telephony.simulated import SimulatedSwitch, Timer, VirtualCaller, VirtualTime

ANSWER_S = 0.02
"""How long the answer to a question of a flow takes."""
COMMANDS: tuple[type[SwitchCommand], ...] = get_args(SwitchCommand)


class VirtualFloor:
    """An engine whose intents are carried out at once, on a clock that moves when told to.

    ``steps`` keeps every outside fact (None: a wake) with its time and answer: what a journal would hold.
    """

    def __init__(
        self,
        engine: Engine,
        start: Instant,
        look_up: Callable[[LookUpCustomer], CallerIdentified] | None = None,
        answer: Answer = nobody,
    ) -> None:
        self.engine = engine
        self.clock = VirtualTime(start)
        self.switch = SimulatedSwitch(self.clock)
        self.steps: list[tuple[Instant, Any, list[Any]]] = []
        self.listeners: list[Callable[[Any, Instant], None]] = []
        self.vault = Vault()
        self._look_up, self._answer = look_up, answer
        self._timer: Timer | None = None
        self._timer_at: Instant | None = None
        self.switch.begin(self.tell)

    def tell(self, fact: Any) -> None:
        """One outside fact, now."""
        now, seen = self.clock.now, self.vault.hide(fact, self.engine)
        self._carry_out(seen, self.engine.handle(seen, now), now)
        if isinstance(fact, SwitchReady):
            for lost in self.vault.lost(self.engine):
                self.tell(lost)

    def run_for(self, seconds: float) -> None:
        """Let time pass."""
        self.clock.run_for(seconds)

    def made(self, kind: type) -> list[Any]:
        """Every intent of a kind so far."""
        return [m for _, _, made in self.steps for m in made if isinstance(m, kind)]

    def _wake(self) -> None:
        self._timer = None
        now = self.clock.now
        self._carry_out(None, self.engine.wake(now), now)

    def _carry_out(self, fact: Any, made: list[Any], now: Instant) -> None:
        self.steps.append((now, fact, made))
        self.vault.follow(made)
        for intent in made:
            if isinstance(intent, COMMANDS):
                # A command may be answered at once; the answer is a fact of its own, after this one.
                self.clock.call_later(0, self.switch.do, intent)
            elif isinstance(intent, LookUpCustomer) and self._look_up is not None:
                self.clock.call_later(0.005, self.tell, self._look_up(intent))
            elif isinstance(intent, Ask):
                self.clock.call_later(ANSWER_S, self._put, self.vault.question(intent))
            elif isinstance(intent, CallFinished):
                self.vault.forget(intent.record.call)
            for listener in self.listeners:
                listener(intent, now)
        self._set_timer()

    def _put(self, question: Question) -> None:
        self.tell(answered(question, self._answer))

    def _set_timer(self) -> None:
        at = self.engine.wake_at()
        if self._timer is not None:
            if at == self._timer_at:
                return
            self._timer.cancel()
            self._timer = None
        if at is not None:
            self._timer_at = at
            self._timer = self.clock.call_at(at, self._wake)


def simulate(
    floor: VirtualFloor,
    *,
    seed: int,
    hours: float,
    agents: Sequence[str],
    numbers: Sequence[str],
    dialled: str,
    habits: Habits,
) -> Crowd:
    """Callers and agents live for some hours; then no more callers come and the rest finishes."""
    chance = random.Random(seed)
    day = Team(floor.switch, floor.clock, chance, agents, floor.tell, habits)
    floor.listeners.append(day.on_intent)
    day.start()
    start = floor.clock.now

    def hour() -> float:
        return 9 + (floor.clock.now - start) / 3.6e9

    def at_home(number: str) -> VirtualCaller:
        return floor.switch.outside.setdefault(number, VirtualCaller(floor.switch, number))

    crowd = Crowd(floor.switch, floor.clock, chance, numbers, dialled, habits, hour=hour, at_home=at_home)
    floor.listeners.append(crowd.on_intent)
    crowd.start()
    floor.run_for(hours * 3600)
    crowd.stop()
    floor.run_for(3600)
    return crowd
