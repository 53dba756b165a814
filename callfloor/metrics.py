"""Figures for operators, read when Prometheus asks; labels are queues, states and reasons, never people.

Everything is read on the event loop, between two steps of the floor.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any, get_args

from prometheus_client import CollectorRegistry, GCCollector, PlatformCollector, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from agent_desktop.hub import Hub
from calls.history import Projector
from calls.runner import Runner
from domain.calls import CallFinished, Outcome, Phase
from domain.floor import AgentChanged, AgentState, Offer, Rescind
from domain.instant import Instant
from telephony.media.protocol import MediaFigures
from telephony.port import Switch

OFFER_OUTCOMES = ("accepted", "missed", "rejected", "unreachable", "withdrawn")
_RESCINDED = {"timed_out": "missed", "declined": "rejected"}


class Tally:
    """A runner listener that counts offers and finished calls since the start."""

    def __init__(self) -> None:
        self.made = 0
        self.offers: Counter[str] = Counter()
        self.finished: Counter[str] = Counter()
        self._pending: dict[str, str] = {}
        """Agent to the offer held out to them."""

    def on_intent(self, intent: Any, _at: Instant) -> None:
        """Count what ends here."""
        if isinstance(intent, Offer):
            if intent.agent in self._pending:
                self._end(intent.agent, "rejected")
            self.made += 1
            self._pending[intent.agent] = intent.offer
        elif isinstance(intent, Rescind):
            if self._pending.get(intent.agent) == intent.offer:
                self._end(intent.agent, _RESCINDED.get(intent.reason, "withdrawn"))
        elif isinstance(intent, AgentChanged):
            if intent.agent in self._pending and intent.state != "offered":
                self._end(intent.agent, _outcome(intent))
        elif isinstance(intent, CallFinished):
            self.finished[intent.record.outcome] += 1

    def _end(self, agent: str, outcome: str) -> None:
        del self._pending[agent]
        self.offers[outcome] += 1


def _outcome(agent: AgentChanged) -> str:
    """What became of an offer that was not rescinded: the device answered it, or did not take it."""
    if agent.state == "on_contact":
        return "accepted"
    return "unreachable" if agent.state == "paused" and agent.reason == "unreachable" else "rejected"


class Figures(Collector):
    """The platform as metrics."""

    def __init__(
        self,
        runner: Runner,
        hub: Hub,
        projector: Projector,
        switch: Switch,
        tally: Tally,
        clock: Callable[[], Instant],
    ) -> None:
        self._runner = runner
        self._hub = hub
        self._projector = projector
        self._switch = switch
        self._tally = tally
        self._clock = clock

    def collect(self) -> Iterator[Metric]:
        """Everything, now."""
        yield from self._floor()
        yield from self._queues()
        yield from self._machinery()
        figures = getattr(self._switch, "figures", None)
        if isinstance(figures, MediaFigures):
            yield from _media(figures)

    def _floor(self) -> Iterator[Metric]:
        phases = Counter(str(call.state.phase) for call in self._runner.engine.calls.values())
        yield _gauges("callfloor_calls", "Calls that are up", "phase", _all(phases, Phase, but="ended"))
        states = Counter(agent["state"] for agent in self._hub.desk.agents.values())
        yield _gauges("callfloor_agents", "Agents by what they do", "state", _all(states, AgentState))
        yield CounterMetricFamily("callfloor_offers_made", "Calls held out to an agent", self._tally.made)
        ended = {outcome: self._tally.offers[outcome] for outcome in OFFER_OUTCOMES}
        yield _counters("callfloor_offers_ended", "Offers that are over", "outcome", ended)
        finished = _all(self._tally.finished, Outcome)
        yield _counters("callfloor_calls_finished", "Calls that are over", "outcome", finished)

    def _queues(self) -> Iterator[Metric]:
        now_ms = self._clock() // 1000
        waiting, oldest, available = {}, {}, {}
        for key, queue in self._hub.desk.queues.items():
            waiting[key] = queue["waiting"]
            available[key] = queue["available"]
            since = queue["oldest"]
            oldest[key] = 0.0 if since is None else max(0, now_ms - since) / 1000
        yield _gauges("callfloor_queue_waiting", "Calls that wait", "queue", waiting)
        yield _gauges("callfloor_queue_oldest_wait_seconds", "The longest wait now", "queue", oldest)
        yield _gauges("callfloor_queue_available_agents", "Agents a call could go to", "queue", available)

    def _machinery(self) -> Iterator[Metric]:
        yield GaugeMetricFamily(
            "callfloor_up", "Whether the floor runs (0: it has stopped)", float(self._runner.failure is None)
        )
        yield CounterMetricFamily("callfloor_facts", "Facts taken since the start", self._runner.facts)
        yield GaugeMetricFamily(
            "callfloor_journal_uncommitted", "Entries that are not safe yet", self._runner.uncommitted
        )
        yield GaugeMetricFamily("callfloor_journal_entries", "Last entry", self._runner.journal.last_seq)
        yield GaugeMetricFamily(
            "callfloor_history_lag_seconds", "How long history waits to be written", self._projector.behind_s
        )
        yield GaugeMetricFamily("callfloor_pages", "Open pages", self._hub.pages)


def _media(figures: MediaFigures) -> Iterator[Metric]:
    yield GaugeMetricFamily("callfloor_media_legs", "Legs with sound", figures.legs)
    packets = {"in": figures.packets_in, "out": figures.packets_out}
    yield _counters("callfloor_media_packets", "RTP packets", "direction", packets)
    yield GaugeMetricFamily(
        "callfloor_media_late_seconds", "The worst lateness of a tick lately", figures.late_ms / 1000
    )
    yield CounterMetricFamily("callfloor_media_cpu_seconds", "CPU of the media process", figures.cpu_s)


def registry(figures: Figures) -> CollectorRegistry:
    """These figures and the process's own."""
    made = CollectorRegistry()
    made.register(figures)
    ProcessCollector(registry=made)
    PlatformCollector(registry=made)
    GCCollector(registry=made)
    return made


def _all(counted: Mapping[str, int], kinds: Any, but: str = "") -> dict[str, int]:
    """Every kind with its number, so that a figure does not vanish when it is 0."""
    return {kind: counted.get(kind, 0) for kind in get_args(kinds) if kind != but}


def _gauges(name: str, words: str, label: str, values: Mapping[str, float]) -> Metric:
    family = GaugeMetricFamily(name, words, labels=[label])
    for key, value in sorted(values.items()):
        family.add_metric([key], value)
    return family


def _counters(name: str, words: str, label: str, values: Mapping[str, float]) -> Metric:
    family = CounterMetricFamily(name, words, labels=[label])
    for key, value in sorted(values.items()):
        family.add_metric([key], value)
    return family
