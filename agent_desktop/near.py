"""The calls each agent could pick up now: what rings at colleagues in their queues, and what waits there if
they may take waiting calls. Without saying who calls.
"""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from agent_desktop.messages import Told, drop, put
from domain.config import FloorConfigured

FREE = ("paused", "available", "missed")
"""States of an agent who has a hand free."""

View = Mapping[str, Any]


class Near:
    """Kept up by the views of agents, calls and offers; answers with who is to be told."""

    def __init__(self, agents: Mapping[str, View], calls: Mapping[str, View]) -> None:
        self._agents = agents
        self._calls = calls
        self._serves: dict[str, tuple[str, ...]] = {}
        self._members: dict[str, list[str]] = {}
        self._pulling: dict[str, set[str]] = {}
        """Agent to queues; queue to its agents, and to those who may take waiting calls."""
        self._offers: dict[str, dict[str, View]] = {}
        """Call to its pending offers."""
        self._ringing: defaultdict[str, set[str]] = defaultdict(set)
        self._waiting: defaultdict[str, set[str]] = defaultdict(set)
        """Queue to the calls that ring at somebody there, and to those that wait."""
        self._of: dict[str, set[str]] = {}
        self._to: dict[str, set[str]] = {}
        """Agent to the calls they are shown, and call to the agents it is shown to."""
        self._views: dict[str, View] = {}

    def of(self, agent: str) -> dict[str, Any]:
        """What an agent's page shows first."""
        return {call: self._views[call] for call in sorted(self._of.get(agent, ()))}

    def configured(self, fact: FloorConfigured) -> None:
        """Who is in which queue; agents hear of it with their next view."""
        self._serves = {a.id: a.queues for a in fact.agents}
        self._members, self._pulling = {}, {}
        for agent in fact.agents:
            for queue in agent.queues:
                self._members.setdefault(queue, []).append(agent.id)
                if agent.may_pull:
                    self._pulling.setdefault(queue, set()).add(agent.id)

    # ------------------------------------------------------------ what changed

    def offered(self, offer: View) -> list[Told]:
        """A call rings at somebody."""
        call = offer["call"]
        self._offers.setdefault(call, {})[offer["id"]] = offer
        self._ringing[offer["queue"]].add(call)
        return self.call(call)

    def withdrawn(self, offer: View) -> list[Told]:
        """It does so no longer."""
        call = offer["call"]
        offers = self._offers.get(call, {})
        offers.pop(offer["id"], None)
        if not offers:
            self._offers.pop(call, None)
            self._ringing[offer["queue"]].discard(call)
        return self.call(call)

    def moved(self, before: View | None, after: View) -> None:
        """A call's view is another one now; ``call`` says what follows."""
        if before is not None and before["phase"] == "waiting" and before["queue"]:
            self._waiting[before["queue"]].discard(before["id"])
        if after["phase"] == "waiting" and after["queue"]:
            self._waiting[after["queue"]].add(after["id"])

    def call(self, call: str) -> list[Told]:
        """Who could pick the call up now, and who no longer."""
        queue = self._where(call)
        could: list[str] = []
        if queue is not None:
            who = self._members if call in self._offers else self._pulling
            could = [agent for agent in sorted(who.get(queue, ())) if self._may(agent, call, queue)]
        told = [self._hide(agent, call) for agent in sorted(self._to.get(call, set()).difference(could))]
        if queue is None or not could:
            self._views.pop(call, None)
            return told
        view = self._view(call, queue)
        news = view != self._views.get(call)
        self._views[call] = view
        already = set() if news else self._to.get(call, set()).copy()
        return told + [self._show(agent, call) for agent in could if agent not in already]

    def agent(self, agent: str) -> list[Told]:
        """Which calls the agent could pick up now, and which no longer."""
        told: list[Told] = []
        for call in sorted(self._of.get(agent, ())):
            queue = self._where(call)
            if queue is None or not self._may(agent, call, queue):
                told.append(self._hide(agent, call))
        if self._agents[agent]["state"] not in FREE:
            return told
        for queue in self._serves.get(agent, ()):
            calls = self._ringing[queue]
            if agent in self._pulling.get(queue, ()):
                calls = calls | self._waiting[queue]
            for call in sorted(calls - self._of.get(agent, set())):
                if self._where(call) == queue and self._may(agent, call, queue):
                    self._views.setdefault(call, self._view(call, queue))
                    told.append(self._show(agent, call))
        return told

    # ------------------------------------------------------------ looking

    def _where(self, call: str) -> str | None:
        """The queue in which somebody could pick the call up, if any."""
        offers = self._offers.get(call)
        if offers:
            offer = next(iter(offers.values()))
            # Who asked for a call, or dialled it, has it as good as in hand.
            return None if offer["auto_answer"] else str(offer["queue"])
        view = self._calls.get(call)
        # Behind an outgoing call that waits there is nobody on the line.
        waits = view is not None and (view["phase"], view["direction"]) == ("waiting", "in")
        return view["queue"] if view is not None and waits else None

    def _may(self, agent: str, call: str, queue: str) -> bool:
        view = self._agents.get(agent)
        if view is None or view["state"] not in FREE:
            return False
        offers = self._offers.get(call)
        if offers:
            return queue in self._serves.get(agent, ()) and all(o["agent"] != agent for o in offers.values())
        return agent in self._pulling.get(queue, ())

    def _view(self, call: str, queue: str) -> View:
        view, offers = self._calls.get(call, {}), self._offers.get(call, {})
        named = next(iter(offers.values()), view)
        return {
            "id": call,
            "queue": queue,
            "queue_name": named.get("queue_name", queue),
            "tier_name": view.get("tier_name", ""),
            "since": view.get("at"),
            "rings_at": sorted(self._agents[o["agent"]]["name"] for o in offers.values()),
        }

    def _show(self, agent: str, call: str) -> Told:
        self._of.setdefault(agent, set()).add(call)
        self._to.setdefault(call, set()).add(agent)
        return agent, put("near", call, dict(self._views[call]))

    def _hide(self, agent: str, call: str) -> Told:
        for index, key, other in ((self._of, agent, call), (self._to, call, agent)):
            index[key].discard(other)
            if not index[key]:
                del index[key]
        return agent, drop("near", call)
