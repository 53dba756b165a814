"""``queue``: wait for an agent."""

from dataclasses import dataclass
from typing import Any, ClassVar

from domain.flow import Enqueue, QueueReturned
from domain.ids import QueueId
from ivr.flow import Fields, Node
from ivr.walk import Walk


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue(Node):
    """Let the call wait. The exits say what happens if the queue gives it back; ``default`` takes the rest.

    The priority is ``priority`` plus that of the customer's tier.
    """

    queue: str
    priority: float = 0.0
    skills: tuple[str, ...] = ()
    prefer_owner: bool = False

    TYPE: ClassVar[str] = "queue"
    NEEDS: ClassVar[tuple[str, ...]] = ("default",)
    MAY: ClassVar[tuple[str, ...]] = ("no_agents", "full", "timeout", "unknown_queue")
    TYPE_AHEAD: ClassVar[bool] = False

    @classmethod
    def read(cls, fields: Fields) -> dict[str, Any]:
        """``queue``, ``priority`` (0), ``skills`` (``{variable}`` allowed), ``prefer_owner`` (false)."""
        return {
            "queue": fields.text("queue"),
            "priority": fields.number("priority", 0.0, -10_000, 10_000),
            "skills": fields.texts("skills"),
            "prefer_owner": fields.flag("prefer_owner", False),
        }

    def enter(self, walk: Walk) -> str | None:
        """Into the queue, with all that is known of the customer."""
        customer = walk.state.customer
        attributes = {"language": walk.language}
        if customer is not None and customer.customer:
            attributes["customer"] = customer.customer
            attributes["customer_name"] = customer.name
        walk.out.append(
            Enqueue(
                walk.call,
                QueueId(self.queue),
                base_priority=self.priority + (customer.priority if customer else 0.0),
                skills=tuple(filled for skill in self.skills if (filled := walk.fill(skill))),
                tier=(customer.tier or "") if customer else "",
                preferred=customer.owner if customer and self.prefer_owner else None,
                attributes=attributes,
            )
        )
        return None

    def hear(self, walk: Walk, fact: Any) -> str | None:
        """The queue gave the call back."""
        if not isinstance(fact, QueueReturned) or fact.queue != self.queue:
            return None
        walk.put("queue_reason", fact.reason)
        return fact.reason if fact.reason in self.exits else "default"
