"""A small live floor for tests: one queue, a short flow, the real floor and flow machines."""

from pathlib import Path
from typing import Any

from acd.floor import Floor
from callfloor.simulation import VirtualFloor
from calls.engine import Engine
from calls.journal import Journal
from calls.runner import concerned, is_history
from domain.calls import CallChanged, CallFinished, CallRecord
from domain.codec import dumps, loads
from domain.config import AgentConfig, EntryNumber, FloorConfigured, FrontDoorConfigured, QueueConfig
from domain.crm import CallerIdentified
from domain.desk import AgentReady, AgentSignedIn
from domain.floor import CallbackKept
from domain.flow import LookUpCustomer
from domain.ids import AgentId, CallId, CustomerId, DeviceId, QueueId, TierId
from domain.instant import Instant
from domain.switch import SwitchReady
from ivr.load import load_flow
from telephony.simulated import VirtualCaller, VirtualPhone
from tests.calls.wishes import WISHES, Book, answer

START = Instant(1_790_125_200_000_000)
SALES = QueueId("sales")
NUMBER = "95588"
FLOW = load_flow(
    """\
flow: small
version: 1
languages: [en]
default_queue: sales
entry: who
nodes:
  who: {type: lookup, number: caller, timeout_s: 2, exits: {one: main, many: main, none: main, failed: main}}
  main:
    type: menu
    timeout_s: 4
    retries: 0
    prompts: {en: For sales press one or leave a message with two.}
    exits: {1: wait, 2: message, no_input: wait, no_match: wait}
  wait: {type: queue, queue: sales, exits: {default: message}}
  message: {type: voicemail, max_s: 30, prompts: {en: After the tone.}, exits: {taken: bye, failed: bye}}
  bye: {type: hang_up, outcome: voicemail}
""",
    "small.yaml",
)


def make_book() -> Book:
    """The flow of ``FLOW``, and that of wishes."""
    book = Book(())
    book.add(FLOW)
    return book


def make_engine(state: Any = None) -> Engine:
    """A fresh engine, or one as ``state`` says: what a runner is given."""
    if state is None:
        return Engine(Floor(), make_book())
    return Engine.restore(state, Floor.restore(state.floor), make_book())


def look_up(question: LookUpCustomer) -> CallerIdentified:
    """Everybody is known and gold."""
    return CallerIdentified(
        question.call, "one", CustomerId("k1"), "Wang Fang", TierId("gold"), 10.0, language="en"
    )


def device_of(agent: str) -> DeviceId:
    """The device an agent signs in on."""
    return DeviceId(f"desk-{agent}")


def configuration(
    agents: tuple[str, ...],
    ring_s: float = 15,
    wrap_up_s: float = 30,
    more: dict[str, tuple[str, ...]] | None = None,
    pullers: tuple[str, ...] = (),
    **rules: Any,
) -> list[Any]:
    """What the floor is told first. ``more`` are other queues with their agents, ``rules`` those of sales."""
    others = more or {}
    queues = {
        agent: (SALES, *(QueueId(q) for q, members in others.items() if agent in members)) for agent in agents
    }
    return [
        FloorConfigured(
            (
                QueueConfig(SALES, "Sales", ring_s=ring_s, wrap_up_s=wrap_up_s, **rules),
                *(QueueConfig(QueueId(q), q, ring_s=ring_s, wrap_up_s=wrap_up_s) for q in others),
            ),
            tuple(AgentConfig(AgentId(a), a, device_of(a), queues[a], may_pull=a in pullers) for a in agents),
        ),
        FrontDoorConfigured((EntryNumber(NUMBER, "small"),), default_flow="small"),
    ]


class Scene:
    """A virtual floor with agents at their telephones; ``log`` of intents by kind."""

    def __init__(
        self, agents: tuple[str, ...] = ("li", "wu"), answers_after_s: float | None = None, **rules: Any
    ) -> None:
        self.floor = VirtualFloor(make_engine(), START, look_up, answer)
        for fact in configuration(agents, **rules):
            self.floor.tell(fact)
        self.phones: dict[str, VirtualPhone] = {}
        for agent in agents:
            phone = self.floor.switch.phone(device_of(agent))
            phone.answers_after_s = answers_after_s
            phone.register()
            self.phones[agent] = phone
            self.floor.tell(AgentSignedIn(AgentId(agent), phone.device))
            self.floor.tell(AgentReady(AgentId(agent)))
        self.run(1)

    def run(self, seconds: float) -> None:
        """Let time pass."""
        self.floor.run_for(seconds)

    def tell(self, fact: Any) -> None:
        """One fact, and whatever happens at that very instant."""
        self.floor.tell(fact)
        self.run(0)

    def dial(self, dialled: str = NUMBER) -> VirtualCaller:
        """Somebody rings and is picked up."""
        caller = self.floor.switch.dial("+8613800000001", dialled)
        self.run(0.1)
        return caller

    def wishes(self, keys: str = "") -> VirtualCaller:
        """Somebody rings who may wish anything, and presses these keys."""
        caller = self.dial(WISHES)
        self.press(caller, keys)
        return caller

    def press(self, caller: VirtualCaller, keys: str) -> None:
        """They press keys, and what comes of that happens."""
        caller.press(keys)
        self.run(0.1)

    def queued(self) -> VirtualCaller:
        """Somebody rings, presses 1 and waits (or is offered)."""
        caller = self.dial()
        caller.press("1")
        self.run(0.1)
        return caller

    def at_home(self, number: str) -> VirtualCaller:
        """Somebody who can be dialled."""
        return self.floor.switch.outside.setdefault(number, VirtualCaller(self.floor.switch, number))

    def phase(self, caller: VirtualCaller | str) -> str:
        """The phase of a caller's call, or of one by its name; ``gone`` when it is over."""
        name = caller if isinstance(caller, str) else caller.call or ""
        call = self.floor.engine.calls.get(CallId(name))
        return "gone" if call is None else call.state.phase

    def ringing(self) -> list[str]:
        """The agents whose telephones ring or talk."""
        return [a for a, p in self.phones.items() if p.leg in self.floor.switch.legs]

    def state(self, agent: str) -> str:
        """An agent's state on the floor."""
        state: str = self.floor.engine.floor.state.agents[agent].state
        return state

    def rung(self) -> str:
        """The agent whose telephone rings or talks."""
        (agent,) = self.ringing()
        return agent

    def records(self) -> list[CallRecord]:
        """Finished calls."""
        return [m.record for m in self.floor.made(CallFinished)]

    def record(self, call: str) -> CallRecord:
        """A finished call by its name; there is one record of it."""
        (record,) = [r for r in self.records() if r.call == call]
        return record

    def since(self, step: int, *kinds: type) -> list[Any]:
        """Intents of these kinds from ``step`` on."""
        return [m for _, _, made in self.floor.steps[step:] for m in made if isinstance(m, kinds)]

    def restart(self, *, crash: bool = False) -> None:
        """The switch says again who is alive; after a ``crash`` the engine is restored, the vault empty."""
        switch = self.floor.switch
        if crash:
            self.floor.engine = make_engine(loads(dumps(self.floor.engine.state)))
            self.floor.vault.clear()
        self.tell(SwitchReady(tuple(switch.legs), tuple(switch.registered)))

    def journal(self, path: Path, *, keep: bool = False) -> Path:
        """Everything that happened, as the runner's journal at ``path``; ``keep`` adds to the one there."""
        if not keep:
            path.unlink(missing_ok=True)
        failed: list[BaseException] = []
        journal = Journal(path, lambda seq: None, failed.append)
        for at, fact, made in self.floor.steps[journal.last_seq :]:
            calls, history = concerned([fact, *made]), is_history(fact, made)
            journal.append(at, fact, made, calls, history=history)
        journal.close()
        assert not failed
        return path

    def is_quiet(self) -> None:
        """Nothing is left behind once every caller is gone."""
        engine = self.floor.engine
        assert not self.floor.switch.legs
        assert not engine.calls
        assert not engine.sessions
        assert not engine.floor.state.calls
        assert not engine.floor.state.offers
        assert engine._alarms.next() is None
        finished = [r.call for r in self.records()]
        began = {m.call for m in self.floor.made(CallChanged)}
        assert sorted(finished) == sorted(began)
        assert len(began - {m.callback for m in self.floor.made(CallbackKept)}) >= self.floor.switch._next - 1
        for agent in self.phones:
            assert self.state(agent) in ("available", "paused", "missed"), (agent, self.state(agent))
