"""The one live runner: it reads the clock, feeds the engine, journals, and carries intents out.

The engine may run ahead of the disk; intents wait until the journal says their entry is safe. When the
disk or the engine fails, the floor stops (``failure``, ``stopped``) and a restart recovers from the journal.
"""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Literal, get_args

from calls.answering import Answer, answered, failed, nobody
from calls.engine import Engine
from calls.journal import Journal, read_entries, read_snapshot
from calls.vault import Question, Vault
from domain.calls import CallFinished, WrapUpNoted
from domain.codec import capture, dumps
from domain.config import FloorConfigured
from domain.crm import CallerIdentified
from domain.desk import TransferAsked
from domain.floor import AgentChanged, Offer, Rescind, WrapUpDone
from domain.flow import Ask, LookUpCustomer
from domain.instant import Instant, after
from domain.switch import Dial, LegEnded, Ring, SwitchCommand, SwitchReady
from telephony.port import Switch, UnsupportedFeature

log = logging.getLogger(__name__)
COMMANDS: tuple[type[SwitchCommand], ...] = get_args(SwitchCommand)
HISTORY = (AgentChanged, CallFinished, WrapUpNoted, WrapUpDone, Offer, Rescind)
"""Decisions the projector reads."""
SNAPSHOT_EVERY = 20_000
KEEP_DAYS = 30.0
LOOK_UPS = 8
"""Look-ups under way at once."""
ASKS = 16
"""Questions of flows under way at once. They are slower than look-ups and wait behind none of them."""
ANSWER_S = 60.0
"""A question that is not answered after so long has failed, whatever still becomes of it."""
CATCH_UP_PACE = 0.9
"""How fast time goes on while the wall clock, set back, lags behind it."""

Listener = Callable[[Any, Instant], None]


def wall_clock() -> Instant:
    """Microseconds UTC."""
    return Instant(time.time_ns() // 1000)


class Runner:
    """Owns engine, journal and switch while the platform is up. Everything happens on one event loop.

    ``make_engine(state)`` gives an engine: a fresh one for None, else one restored from a snapshot's
    state. ``look_up`` answers a ``LookUpCustomer``, ``answer`` an ``Ask``, each in worker threads of its
    own. ``code`` is the code version.
    """

    def __init__(
        self,
        journal_path: Path,
        make_engine: Callable[[Any], Engine],
        switch: Switch,
        look_up: Callable[[LookUpCustomer], Any],
        code: str,
        clock: Callable[[], Instant] = wall_clock,
        snapshot_every: int = SNAPSHOT_EVERY,
        answer: Answer = nobody,
        answer_s: float = ANSWER_S,
    ) -> None:
        self._path = journal_path
        self._make_engine = make_engine
        self._switch = switch
        self._look_up = look_up
        self._answer, self._answer_s = answer, answer_s
        self._vault = Vault()
        self._code = code
        self._clock = clock
        self._snapshot_every = snapshot_every
        self._listeners: list[Listener] = []
        self._pending: deque[tuple[int, Instant, list[Any]]] = deque()
        self._timer: asyncio.TimerHandle | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._asking = ThreadPoolExecutor(LOOK_UPS, "look-up")
        self._answering = ThreadPoolExecutor(ASKS, "answer")
        self._since_snapshot = 0
        self._state: Literal["new", "up", "stopping", "closed"] = "new"
        self.failure: BaseException | None = None
        self.facts = 0
        self.stopped = asyncio.Event()
        self.engine: Engine
        self.journal: Journal

    # ------------------------------------------------------------ life

    def listen(self, listener: Listener) -> None:
        """Tell this listener every intent, after it is safe, on the event loop; what it raises is logged."""
        self._listeners.append(listener)

    async def start(self) -> None:
        """Recover the floor from the journal, then bring the switch up (which says what is alive).

        Raises JournalError, or what the switch raises; nothing is left running then.
        """
        self._loop = asyncio.get_running_loop()
        self.journal = await self._open_journal()
        try:
            self.engine = await asyncio.to_thread(self._recover)
            self._last, self._last_steady = self.engine.now, self._loop.time()
            behind_s = (self.engine.now - self._clock()) / 1e6
            if behind_s > 1:
                log.warning("the clock is %.0f s behind the journal; time goes on from the journal", behind_s)
            self.journal.snapshot(self.engine.now, self._code, self.engine.state)
            self._state = "up"
            await self._switch.start(self.tell)
        except BaseException:
            await self._close()
            raise

    async def _open_journal(self) -> Journal:
        opening = asyncio.ensure_future(
            asyncio.to_thread(Journal, self._path, self._on_committed, self._on_failed)
        )
        try:
            return await asyncio.shield(opening)
        except asyncio.CancelledError:
            # A thread cannot be called back: what it opens would stay open and go on writing.
            await asyncio.to_thread((await opening).close)
            raise

    def _recover(self) -> Engine:
        snapshot = read_snapshot(self._path)
        engine = self._make_engine(None if snapshot is None else snapshot.state)
        other_code = snapshot is not None and snapshot.code != self._code
        replayed = different = 0
        for entry in read_entries(self._path, 0 if snapshot is None else snapshot.seq):
            made = engine.wake(entry.at) if entry.fact is None else engine.handle(entry.fact, entry.at)
            replayed += 1
            if other_code and dumps(made) != entry.decisions:
                different += 1
        if snapshot is not None:
            log.info(
                "floor recovered: %d calls, %d entries replayed after the snapshot",
                len(engine.calls),
                replayed,
            )
        if snapshot is not None and different:
            log.warning(
                "%d of these entries were decided otherwise under code %s; callfloor replay shows them",
                different,
                snapshot.code,
            )
        return engine

    async def stop(self) -> None:
        """End calls through the switch, write the last snapshot and close the journal."""
        if self._state != "up":
            return
        self._state = "stopping"
        await self._switch.stop()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self.failure is None:
            self.journal.snapshot(self.engine.now, self._code, self.engine.state)
        await self._close()

    async def _close(self) -> None:
        self._state = "closed"
        if self._timer is not None:
            self._timer.cancel()
        self._asking.shutdown(wait=False, cancel_futures=True)
        self._answering.shutdown(wait=False, cancel_futures=True)
        self._vault.clear()
        await asyncio.to_thread(self.journal.close)

    # ------------------------------------------------------------ facts in

    @property
    def hears(self) -> bool:
        """Whether facts are taken."""
        return self.failure is None and self._state in ("up", "stopping")

    def tell(self, fact: Any) -> None:
        """Take one outside fact. Call it on the event loop. Nothing is heard after a failure or ``stop``."""
        self.ask(fact)

    def ask(self, fact: Any) -> list[Any]:
        """As ``tell``, and give what was decided, which is not safe yet: to see whether it was ignored."""
        if not self.hears:
            return []
        self.facts += 1
        made = self._step(self._vault.hide(fact, self.engine), self._now())
        if isinstance(fact, SwitchReady):
            for lost in self._vault.lost(self.engine):
                self.tell(lost)
        return made

    def _wake(self) -> None:
        self._timer = None
        if self.failure is not None or self._state == "closed":
            return
        now, due = self._now(), self.engine.wake_at()
        if due is not None and due <= now:
            self._step(None, now)
        else:
            self._set_timer(now)

    @property
    def uncommitted(self) -> int:
        """Journal entries that are not safe yet; their intents wait."""
        return len(self._pending)

    def _step(self, fact: Any, now: Instant) -> list[Any]:
        """One fact (None: a wake) through the engine and into the journal."""
        try:
            made = self.engine.wake(now) if fact is None else self.engine.handle(fact, now)
            self._vault.follow(made)
            self._record(now, fact, made)
            return made
        except Exception as error:
            # The engine may stand half changed, and the journal does not know this fact: to go on would
            # part the two. A restart recovers the floor as it was before.
            log.exception("the engine cannot take %s", "a wake" if fact is None else type(fact).__name__)
            self._fail(error)
            return []

    def _now(self) -> Instant:
        """The wall clock; while it lags behind what was said before, time goes on a little slower."""
        steady = self._loop.time()
        crept = self._last + int((steady - self._last_steady) * 1e6 * CATCH_UP_PACE)
        self._last, self._last_steady = Instant(max(self._clock(), crept)), steady
        return self._last

    def _record(self, now: Instant, fact: Any, made: list[Any]) -> None:
        calls, history = concerned([fact, *made]), is_history(fact, made)
        seq = self.journal.append(now, fact, made, calls, history=history)
        self._pending.append((seq, now, made))
        self._since_snapshot += 1
        if self._since_snapshot >= self._snapshot_every:
            self._since_snapshot = 0
            self._keep(self._snapshot(seq, now, capture(self.engine.state)))
        self._set_timer(now)

    async def _snapshot(self, seq: int, now: Instant, state: Any) -> None:
        # Writing the text of a large floor takes tens of milliseconds: not on the event loop.
        text = await asyncio.to_thread(dumps, state)
        self.journal.snapshot_text(seq, now, self._code, text)
        self.journal.forget_before(after(now, -KEEP_DAYS * 86_400))

    def _keep(self, work: Coroutine[Any, Any, None]) -> None:
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

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
        if self.failure is None:
            self.failure = error
            log.critical("the floor stops: %s", error)
            self.stopped.set()

    def _release(self, seq: int) -> None:
        while self._pending and self._pending[0][0] <= seq:
            _, at, made = self._pending.popleft()
            for intent in made:
                self._carry_out(intent, at)

    def _carry_out(self, intent: Any, at: Instant) -> None:
        # While stopping, the switch has hung up already and nobody waits for answers.
        if self._state == "up":
            if isinstance(intent, COMMANDS):
                self._command(intent)
            elif isinstance(intent, LookUpCustomer):
                self._keep(self._ask(intent))
            elif isinstance(intent, Ask):
                self._keep(self._put(self._vault.question(intent)))
        if isinstance(intent, CallFinished):
            self._vault.forget(intent.record.call)
        for listener in self._listeners:
            try:
                listener(intent, at)
            except Exception:
                log.exception("a listener failed at %s; the floor goes on", type(intent).__name__)

    def _command(self, command: SwitchCommand) -> None:
        try:
            self._switch.do(command)
        except UnsupportedFeature as error:
            log.error("%s", error)
            if isinstance(command, Ring | Dial):
                # There will be no such leg, ever: whoever waits for it need not wait for a deadline.
                self._loop.call_soon(self.tell, LegEnded(command.leg, "failed"))
        except Exception:
            # One command that went wrong must not keep the others back; deadlines take care of its call.
            log.exception("the switch failed at %s of leg %s", type(command).__name__, command.leg)

    async def _ask(self, question: LookUpCustomer) -> None:
        try:
            answer = await self._loop.run_in_executor(self._asking, self._look_up, question)
        except Exception:
            log.exception("the records did not answer for call %s", question.call)
            answer = CallerIdentified(question.call, "failed")
        self.tell(answer)

    async def _put(self, question: Question) -> None:
        try:
            async with asyncio.timeout(self._answer_s):
                answer = await self._loop.run_in_executor(self._answering, answered, question, self._answer)
        except TimeoutError:
            log.error("the question %s of call %s has no answer", question.ask.ask, question.ask.call)
            answer = failed(question.ask, f"no answer after {self._answer_s:g} s")
        self.tell(answer)


def is_history(fact: Any, made: list[Any]) -> bool:
    """Whether the projector must see this step."""
    # What became of an agent is all that is said of a call their telephone did not take.
    return isinstance(fact, FloorConfigured | TransferAsked) or any(isinstance(m, HISTORY) for m in made)


def concerned(items: list[Any]) -> tuple[str, ...]:
    """The calls named in these facts and intents, once each, in order; a callback is a call too."""
    seen: dict[str, None] = {}
    for item in items:
        callback = getattr(item, "callback", None)
        if callback is not None:
            seen[callback] = None
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
