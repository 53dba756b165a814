"""``queue``: wait for an agent."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from domain.calls import CallbackChosen
from domain.crm import CallerIdentified
from domain.floor import Announce, CallbackKept, ProposeCallback
from domain.flow import (
    CallerTaken,
    ContactOver,
    DigitHeard,
    Enqueue,
    PromptEnded,
    QueueReturned,
    Reprioritise,
)
from domain.ids import AgentId, QueueId
from domain.switch import Prompt, Speak
from ivr.flow import CALLED_BACK, CLOSED, ENTRY, GOODBYE, MESSAGE, Fields, Node
from ivr.nodes import queue_words
from ivr.walk import Walk

ANSWER_S = 10.0
"""How long a caller may take to answer whether they want to be called back, once they were asked."""

_CAN_BE_DIALLED = re.compile(r"\+?[0-9]{3,}")
_BUILT_IN = {
    "closed": CLOSED,
    "voicemail": MESSAGE,
    "hang_up": GOODBYE,
    "callback": CALLED_BACK,
    "after": CLOSED,
}
"""Where a call goes whose node has no exit for the reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue(Node):
    """Let the call wait, and tell it how long. The exits say what happens if the queue gives it back.

    The priority is ``priority`` plus that of the customer's tier.
    """

    queue: str
    priority: float = 0.0
    skills: tuple[str, ...] = ()
    prefer: str = ""
    prefer_owner: bool = False
    prefer_s: float = 0.0
    backup: str = ""
    branch: str = ""

    TYPE: ClassVar[str] = "queue"
    NEEDS: ClassVar[tuple[str, ...]] = ("default",)
    MAY: ClassVar[tuple[str, ...]] = (
        "no_agents",
        "full",
        "timeout",
        "unknown_queue",
        "unknown_skill",
        "closed",
        "voicemail",
        "flow",
        "hang_up",
        "after",
    )
    TYPE_AHEAD: ClassVar[bool] = False

    @classmethod
    def read(cls, fields: Fields) -> dict[str, Any]:
        """The queue and what it is told of the call; ``{variable}`` is allowed in the texts but ``queue``."""
        return {
            "queue": fields.text("queue"),
            "priority": fields.number("priority", 0.0, -10_000, 10_000),
            "skills": fields.texts("skills"),
            "prefer": fields.template("prefer", ""),
            "prefer_owner": fields.flag("prefer_owner", False),
            "prefer_s": fields.number("prefer_s", 0.0, 0, 86_400),
            "backup": fields.template("backup", ""),
            "branch": fields.template("branch", ""),
        }

    def templates(self) -> Iterable[str]:
        """What the queue is told."""
        return (*self.skills, self.prefer, self.backup, self.branch)

    def writes(self) -> frozenset[str]:
        """Why the queue gave the call back."""
        return frozenset({"queue_reason", "queue_target"})

    def names(self) -> tuple[tuple[str, str], ...]:
        """The queue, and agents that are asked first."""
        agents = (("agent", one) for one in (self.prefer, self.backup) if one and "{" not in one)
        return (("queue", self.queue), *agents)

    def enter(self, walk: Walk) -> str | None:
        """Into the queue."""
        self._enqueue(walk)
        return None

    def _enqueue(self, walk: Walk) -> None:
        """With all that is known of the customer."""
        customer = walk.state.customer
        attributes = {"language": walk.language}
        if customer is not None and customer.customer:
            attributes["customer"] = customer.customer
            attributes["customer_name"] = customer.name
        preferred = walk.fill(self.prefer) or (walk.fill("{owner}") if self.prefer_owner else "")
        backup = walk.fill(self.backup)
        walk.out.append(
            Enqueue(
                walk.call,
                QueueId(self.queue),
                base_priority=self._priority(customer),
                skills=tuple(filled for skill in self.skills if (filled := walk.fill(skill))),
                tier=(customer.tier or "") if customer else "",
                preferred=AgentId(preferred) if preferred else None,
                attributes=attributes,
                branch=walk.fill(self.branch),
                backup=AgentId(backup) if backup else None,
                prefer_s=self.prefer_s or None,
                comes_back="after" in self.exits,
            )
        )

    def _priority(self, customer: CallerIdentified | None) -> float:
        return self.priority + (customer.priority if customer else 0.0)

    def hear(self, walk: Walk, fact: Any) -> str | None:
        """The queue speaks, the caller answers, or the call is given back."""
        if isinstance(fact, QueueReturned):
            return self._returned(walk, fact)
        if isinstance(fact, ContactOver):
            return self._leave(walk, "after", [])
        if isinstance(fact, CallbackKept):
            return self._leave(walk, "callback", queue_words.confirmation(walk.language))
        if isinstance(fact, CallerIdentified):
            customer = walk.state.customer
            if customer is not None:
                walk.out.append(Reprioritise(walk.call, self._priority(customer), customer.tier or ""))
        elif isinstance(fact, CallerTaken):
            walk.said()
            walk.state.to_tell, walk.state.proposed = [], False
        elif walk.state.leaving:
            return self._exit(walk) if isinstance(fact, PromptEnded) else None
        elif isinstance(fact, Announce | ProposeCallback):
            self._tell(walk, fact)
        elif isinstance(fact, PromptEnded):
            self._told(walk)
        elif isinstance(fact, DigitHeard) and walk.state.proposed:
            self._answered(walk, fact.digit)
        return None

    def time_up(self, walk: Walk) -> str | None:
        """No answer to the proposal is a no."""
        walk.state.proposed = False
        self._go_on(walk)
        return None

    # ------------------------------------------------------------ while it waits

    def _tell(self, walk: Walk, fact: Announce | ProposeCallback) -> None:
        # One thing at a time, each to its end; figures that were not told yet give way to newer ones.
        state = walk.state
        if isinstance(fact, Announce) and not fact.message:
            state.to_tell = [one for one in state.to_tell if not isinstance(one, Announce) or one.message]
        state.to_tell.append(fact)
        if not walk.saying and not state.proposed:
            self._go_on(walk)

    def _go_on(self, walk: Walk) -> None:
        while walk.state.to_tell and not walk.saying:
            fact = walk.state.to_tell.pop(0)
            if isinstance(fact, Announce):
                said = queue_words.announcement(walk.language, fact.position, fact.wait_s, fact.message)
            elif can_be_dialled(walk.state.caller):
                said = queue_words.proposal(walk.language, fact.position, fact.wait_s)
                walk.state.proposed = True
            else:
                continue  # nobody can be called back who hides their number
            _say(walk, said)

    def _told(self, walk: Walk) -> None:
        if walk.state.proposed:
            walk.wait(ANSWER_S)
        else:
            self._go_on(walk)

    def _answered(self, walk: Walk, digit: str) -> None:
        walk.state.proposed = False
        walk.hush()
        walk.said()
        if digit == "1":
            walk.out.append(CallbackChosen(walk.call, walk.state.caller))
        self._go_on(walk)

    # ------------------------------------------------------------ it is over

    def _returned(self, walk: Walk, fact: QueueReturned) -> str | None:
        walk.put("queue_reason", fact.reason)
        walk.put("queue_target", fact.target)
        message = fact.message.strip() if fact.reason == "closed" else ""
        said = [Speak(message, queue_words.language_of(message, walk.language))] if message else []
        return self._leave(walk, fact.reason, said)

    def _leave(self, walk: Walk, reason: str, last_words: Sequence[Prompt]) -> str | None:
        state = walk.state
        state.leaving, state.to_tell, state.proposed = reason, [], False
        walk.said()
        return None if _say(walk, last_words) else self._exit(walk)

    def _exit(self, walk: Walk) -> str:
        reason = walk.state.leaving
        if reason in self.exits:
            return reason
        if reason == "unknown_skill" and "no_agents" in self.exits:
            return "no_agents"
        if reason == "flow":
            if walk.enter_flow(str(walk.state.variables.get("queue_target", ""))):
                return ENTRY
            return "timeout" if "timeout" in self.exits else "default"
        return _BUILT_IN.get(reason, "default")


def can_be_dialled(number: str) -> bool:
    """Whether somebody with this number can be called back."""
    return _CAN_BE_DIALLED.fullmatch(number) is not None


def _say(walk: Walk, prompts: Sequence[Prompt]) -> bool:
    return walk.say({walk.language: tuple(prompts)})
