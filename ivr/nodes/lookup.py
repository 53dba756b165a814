"""``lookup``: who is this customer?"""

from dataclasses import dataclass
from typing import Any, ClassVar

from domain.crm import CallerIdentified
from domain.flow import DigitHeard, LookUpCustomer
from ivr.flow import Fields, FlowTrouble, Node
from ivr.walk import KNOWN_OF_CUSTOMER, TYPED_LIMIT, Walk


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookup(Node):
    """Ask the customer records by a number (the caller's own by default), for at most ``timeout_s``.

    The answer's variables are ``KNOWN_OF_CUSTOMER``. An answer that comes too late still counts in the queue.
    """

    number: str = "caller"
    timeout_s: float = 3.0

    TYPE: ClassVar[str] = "lookup"
    NEEDS: ClassVar[tuple[str, ...]] = ("one", "many", "none")

    @classmethod
    def read(cls, fields: Fields) -> dict[str, Any]:
        """``number``: the variable that holds it (``caller``); ``timeout_s`` (3)."""
        return {
            "number": fields.variable("number", "caller"),
            "timeout_s": fields.number("timeout_s", 3.0, 0.5, 30.0),
        }

    def reads(self) -> frozenset[str]:
        """The number."""
        return frozenset({self.number})

    def writes(self) -> frozenset[str]:
        """What is known of the customer."""
        return frozenset(KNOWN_OF_CUSTOMER)

    def enter(self, walk: Walk) -> str | None:
        """Ask; a caller without a number (withheld) is nobody."""
        number = str(walk.get(self.number))
        if not number:
            return "none"
        walk.out.append(LookUpCustomer(walk.call, number))
        walk.wait(self.timeout_s)
        return None

    def hear(self, walk: Walk, fact: Any) -> str | None:
        """The records' answer; keys are kept for the node that will want them."""
        if isinstance(fact, CallerIdentified):
            if fact.match == "failed":
                raise FlowTrouble("the customer records are down")
            return fact.match
        if isinstance(fact, DigitHeard):
            walk.state.typed = (walk.state.typed + fact.digit)[:TYPED_LIMIT]
        return None

    def time_up(self, walk: Walk) -> str | None:
        """No answer in time."""
        raise FlowTrouble(f"the customer records gave no answer in {self.timeout_s:g} s")
