"""A live runner for tests: a real journal, the small floor, the simulated switch on asyncio's clock."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from calls.runner import Runner, wall_clock
from domain.desk import AgentReady, AgentSignedIn
from domain.ids import AgentId
from domain.instant import Instant
from telephony.simulated import SimulatedSwitch, VirtualPhone
from tests.calls.floor import configuration, device_of, look_up, make_engine

PATIENCE_S = 10.0


class Live:
    """``said`` are the intents a listener was told, in order, with their times."""

    def __init__(self, folder: Path, prefix: str = "S", **options: Any) -> None:
        self.path = folder / "journal.db"
        self.switch = SimulatedSwitch(asyncio.get_running_loop(), prefix=prefix)
        settings = {"look_up": look_up, "code": "v1", "clock": wall_clock, **options}
        self.runner = Runner(self.path, make_engine, self.switch, **settings)
        self.said: list[tuple[Any, Instant]] = []
        self.phones: dict[str, VirtualPhone] = {}
        self._changed = asyncio.Event()
        self.runner.listen(self._hear)

    def _hear(self, intent: Any, at: Instant) -> None:
        self.said.append((intent, at))
        self._changed.set()

    def of(self, kind: type) -> list[Any]:
        """What was said of a kind."""
        return [intent for intent, _ in self.said if isinstance(intent, kind)]

    async def until(self, look: Callable[[], Any], what: str = "") -> Any:
        """What ``look`` gives as soon as that is true; AssertionError after ``PATIENCE_S``."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                while not (seen := look()):
                    await asyncio.sleep(0.002)
                return seen
        except TimeoutError:
            raise AssertionError(f"{what or look} did not come about; said: {self.said[-5:]}") from None

    async def safe(self) -> None:
        """Everything told so far is journaled and carried out."""
        await self.until(lambda: not self.runner._pending, "an empty queue of the journal")

    def staff(self, *agents: str, answers_after_s: float | None = None, **rules: float) -> None:
        """Configure the floor and sit these agents down, ready."""
        for fact in configuration(agents, **rules):
            self.runner.tell(fact)
        for agent in agents:
            phone = self.switch.phone(device_of(agent))
            phone.answers_after_s = answers_after_s
            phone.register()
            self.phones[agent] = phone
            self.runner.tell(AgentSignedIn(AgentId(agent), phone.device))
            self.runner.tell(AgentReady(AgentId(agent)))

    def phase(self, call: Any) -> str:
        """The phase of a call; ``gone`` when it is over."""
        machine = self.runner.engine.calls.get(call)
        return "gone" if machine is None else machine.state.phase


@asynccontextmanager
async def live(folder: Path, **options: Any) -> AsyncIterator[Live]:
    """A runner that is up; stopped at the end."""
    running = Live(folder, **options)
    await running.runner.start()
    try:
        yield running
    finally:
        await running.runner.stop()
