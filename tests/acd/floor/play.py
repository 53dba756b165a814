"""A floor and a watch, for transcripts: facts go in with their second, decisions come out as lines."""

from dataclasses import replace
from typing import Any

from acd.floor import Floor
from acd.floor.strategies import Strategy
from domain.calls import CallQueued, ContactEnded, DeviceReachable, Ignored, OfferAccepted
from domain.config import AgentConfig, FloorConfigured, GroupConfig, Membership, QueueConfig
from domain.desk import AgentReady, AgentSignedIn
from domain.floor import (
    AgentChanged,
    Announce,
    CallbackKept,
    CallbackOver,
    Offer,
    Overflow,
    ProposeCallback,
    QueueChanged,
    Rescind,
    ReturnToFlow,
    WrapUpDone,
)
from domain.ids import AgentId, CallId, DeviceId, OfferId, QueueId
from domain.instant import Instant, after

T0 = Instant(1_767_225_600_000_000)  # 2026-01-01T00:00:00Z, 08:00 in Shanghai


def line(intent: Any) -> str:
    """One decision as a line of a transcript."""
    if isinstance(intent, Offer):
        return f"offer {intent.offer} {intent.call} to {intent.agent}"
    if isinstance(intent, Rescind):
        return f"rescind {intent.offer} {intent.reason}"
    if isinstance(intent, ReturnToFlow):
        return f"return {intent.call} {intent.reason}"
    if isinstance(intent, Overflow):
        return f"overflow {intent.call} {intent.queue} to {intent.target}"
    if isinstance(intent, Announce):
        wait = "" if intent.wait_s is None else f" {intent.wait_s:.0f}s"
        return f"announce {intent.call} {intent.message or f'{intent.position}{wait}'}"
    if isinstance(intent, ProposeCallback):
        return f"propose {intent.call}"
    if isinstance(intent, CallbackKept):
        return f"kept {intent.callback} {intent.number}"
    if isinstance(intent, CallbackOver):
        return f"over {intent.callback} {intent.reason}"
    assert isinstance(intent, Ignored)
    return f"ignored {intent.fact}"


class Play:
    """A floor and a watch: ``play(12, fact)`` answers with the decisions as lines."""

    def __init__(
        self,
        *,
        agents: str | tuple[AgentConfig, ...] = "ann",
        missed_limit: int = 2,
        more: tuple[QueueConfig, ...] = (),
        groups: dict[str, str] | None = None,
        strategies: dict[str, Strategy] | None = None,
        **queue: Any,
    ) -> None:
        self.floor = Floor(strategies=strategies)
        self.queue = QueueConfig(QueueId("q"), "Q", **queue)
        if isinstance(agents, str):
            agents = tuple(self.agent(name) for name in agents.split())
        self.agents = agents
        self.more = more
        self.groups = tuple(
            GroupConfig(name, name, tuple(map(AgentId, who.split()))) for name, who in (groups or {}).items()
        )
        self.missed_limit = missed_limit
        self.last: list[Any] = []
        self.every: list[Any] = []
        assert self(0, self.rows()) == []

    def rows(self, **changed: Any) -> FloorConfigured:
        """The configuration, with the queue changed."""
        if changed:
            self.queue = replace(self.queue, **changed)
        return FloorConfigured((self.queue, *self.more), self.agents, self.missed_limit, self.groups)

    @staticmethod
    def agent(
        name: str, *skills: str, queues: str = "q", level: int = 1, penalty: int = 0, **more: Any
    ) -> AgentConfig:
        ids = tuple(QueueId(q) for q in queues.split())
        special = tuple(Membership(q, level, penalty) for q in ids)
        return AgentConfig(AgentId(name), name, DeviceId(f"d-{name}"), ids, skills, special, **more)

    def __call__(self, at: float, fact: Any = None) -> list[str]:
        now = after(T0, at)
        self.last = self.floor.wake(now) if fact is None else self.floor.handle(fact, now)
        self.every += self.last
        return [line(i) for i in self.last if not isinstance(i, AgentChanged | QueueChanged | WrapUpDone)]

    def ready(self, at: float, *names: str) -> None:
        for name in names:
            self(at, AgentSignedIn(AgentId(name), DeviceId(f"d-{name}")))
            self(at, DeviceReachable(DeviceId(f"d-{name}"), True))
            self(at, AgentReady(AgentId(name)))

    def queued(self, at: float, call: str, queue: str = "q", **more: Any) -> list[str]:
        since = after(T0, more.pop("since", at))
        return self(at, CallQueued(CallId(call), QueueId(queue), since, **more))

    def accept(self, at: float, offer: str, agent: str = "ann") -> list[str]:
        return self(at, OfferAccepted(OfferId(offer), AgentId(agent)))

    def end(self, at: float, offer: str, agent: str = "ann") -> list[str]:
        return self(at, ContactEnded(OfferId(offer), AgentId(agent)))

    def state(self, name: str = "ann") -> str:
        return self.floor.state.agents[name].state

    def counters(self) -> QueueChanged:
        return next(v for v in self.floor.views() if isinstance(v, QueueChanged))

    def until(self, at: float) -> list[str]:
        """Let time pass: every deadline up to and at ``at`` is dealt with at its own time."""
        lines: list[str] = []
        while (due := self.floor.wake_at()) is not None and due <= after(T0, at):
            lines += [f"{(due - T0) / 1e6:g}: {text}" for text in self((due - T0) / 1e6)]
        return lines

    def call(self, name: str) -> Any:
        """What the floor knows of a call."""
        return self.floor.state.calls[name]

    def offers(self) -> list[Offer]:
        """The offers of the last answer."""
        return [one for one in self.last if isinstance(one, Offer)]


def agent_fact(kind: type, name: str, *more: Any) -> Any:
    """A fact about an agent."""
    return kind(AgentId(name), *more)
