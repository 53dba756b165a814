"""The one live runner: it reads the clock, feeds the engine, journals, and carries intents out.

The engine may run ahead of the disk; intents wait until the journal says their entry is safe.
"""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

from calls.engine import Engine
from calls.journal import Journal, read_entries, read_snapshot
from domain.calls import CallFinished, WrapUpNoted
from domain.flow import LookUpCustomer
from domain.instant import Instant, after
from domain.switch import SwitchCommand
from telephony.port import Switch, UnsupportedFeature

log = logging.getLogger(__name__)
COMMANDS: tuple[type[SwitchCommand], ...] = get_args(SwitchCommand)
SNAPSHOT_EVERY = 20_000
KEEP_DAYS = 30.0

Listener = Callable[[Any, Instant], None]


def wall_clock() -> Instant:
    """Microseconds UTC."""
    return Instant(time.time_ns() // 1000)


class Runner:
    """Owns engine, journal and switch while the platform is up. Everything happens on one event loop.

    ``make_engine(state)`` gives an engine: a fresh one for None, else one restored from a snapshot's
    state. ``look_up`` answers a ``LookUpCustomer`` in a worker thread. ``code`` is the code version.
    """

    def __init__(
        self,
        journal_path: Path,
        make_engine: Callable[[Any], Engine],
        switch: Switch,
        look_up: Callable[[LookUpCustomer], Any],
        code: str,
        clock: Callable[[], Instant] = wall_clock,
    ) -> None:
        self._path = journal_path
        self._make_engine = make_engine
        self._switch = switch
        self._look_up = look_up
        self._code = code
        self._clock = clock
        self._listeners: list[Listener] = []
        self._pending: deque[tuple[int, Instant, list[Any]]] = deque()
        self._timer: asyncio.TimerHandle | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._since_snapshot = 0
        self.failure: BaseException | None = None
        self.facts = 0
        self.stopped = asyncio.Event()
        self.engine: Engine
        self.journal: Journal

    # ------------------------------------------------------------ life

    def listen(self, listener: Listener) -> None:
        """Tell this listener every intent, after it is safe, on the event loop."""
        self._listeners.append(listener)

    async def start(self) -> None:
        """Recover the floor from the journal, then bring the switch up (which says what is alive)."""
        self._loop = asyncio.get_running_loop()
        self.journal = Journal(self._path, self._on_committed, self._on_failed)
        self.engine = await asyncio.to_thread(self._recover)
        self.journal.snapshot(self.engine.now, self._code, self.engine.state)
        await self._switch.start(self.tell)

    def _recover(self) -> Engine:
        snapshot = read_snapshot(self._path)
        engine = self._make_engine(None if snapshot is None else snapshot.state)
        replayed = 0
        for entry in read_entries(self._path, 0 if snapshot is None else snapshot.seq):
            replayed += 1
            if entry.fact is None:
                engine.wake(entry.at)
            else:
                engine.handle(entry.fact, entry.at)
        if snapshot is not None:
            log.info(
                "floor recovered: %d calls, %d entries replayed after the snapshot",
                len(engine.calls),
                replayed,
            )
        return engine

    async def stop(self) -> None:
        """End calls through the switch, write the last snapshot and close the journal."""
        if self._timer is not None:
            self._timer.cancel()
        await self._switch.stop()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self.failure is None:
            self.journal.snapshot(self.engine.now, self._code, self.engine.state)
        await asyncio.to_thread(self.journal.close)

    # ------------------------------------------------------------ facts in

    def tell(self, fact: Any) -> None:
        """Take one outside fact. Call it on the event loop."""
        if self.failure is not None:
            return
        now = self._now()
        made = self.engine.handle(fact, now)
        self.facts += 1
        self._record(now, fact, made)

    def _wake(self) -> None:
        self._timer = None
        if self.failure is not None:
            return
        now = self._now()
        made = self.engine.wake(now)
        if made:
            self._record(now, None, made)
        else:
            self._set_timer(now)

    def _now(self) -> Instant:
        return max(self._clock(), self.engine.now)

    def _record(self, now: Instant, fact: Any, made: list[Any]) -> None:
        history = any(isinstance(m, CallFinished | WrapUpNoted) for m in made)
        calls = _concerned([fact, *made])
        seq = self.journal.append(now, fact, made, calls, history=history)
        self._pending.append((seq, now, made))
        self._since_snapshot += 1
        if self._since_snapshot >= SNAPSHOT_EVERY:
            self._since_snapshot = 0
            self.journal.snapshot(now, self._code, self.engine.state)
            self.journal.forget_before(after(now, -KEEP_DAYS * 86_400))
        self._set_timer(now)

    def _set_timer(self, now: Instant) -> None:
        at = self.engine.wake_at()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if at is not None:
            # A millisecond late rather than early: an early wake finds nothing due and asks again.
            self._timer = self._loop.call_later(max(0.0, (at - now) / 1e6 + 0.001), self._wake)

    # ------------------------------------------------------------ intents out

    def _on_committed(self, seq: int) -> None:
        self._loop.call_soon_threadsafe(self._release, seq)

    def _on_failed(self, error: BaseException) -> None:
        self._loop.call_soon_threadsafe(self._fail, error)

    def _fail(self, error: BaseException) -> None:
        self.failure = error
        log.critical("the journal cannot be written, the floor stops: %s", error)
        self.stopped.set()

    def _release(self, seq: int) -> None:
        while self._pending and self._pending[0][0] <= seq:
            _, at, made = self._pending.popleft()
            for intent in made:
                self._carry_out(intent, at)

    def _carry_out(self, intent: Any, at: Instant) -> None:
        if isinstance(intent, COMMANDS):
            try:
                self._switch.do(intent)
            except UnsupportedFeature as error:
                log.error("%s", error)
        elif isinstance(intent, LookUpCustomer):
            task = self._loop.create_task(self._ask(intent))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        for listener in self._listeners:
            listener(intent, at)

    async def _ask(self, question: LookUpCustomer) -> None:
        self.tell(await asyncio.to_thread(self._look_up, question))


def _concerned(items: list[Any]) -> tuple[str, ...]:
    """The calls named in these facts and intents, once each, in order."""
    seen: dict[str, None] = {}
    for item in items:
        call = getattr(item, "call", None)
        if call is None:
            # A leg is named after its call: ``CALL`` itself or ``CALL.n``.
            leg = getattr(item, "leg", None)
            call = leg.partition(".")[0] if leg is not None else None
        if call is None and isinstance(item, CallFinished):
            call = item.record.call
        if call is not None:
            seen[call] = None
    return tuple(seen)
