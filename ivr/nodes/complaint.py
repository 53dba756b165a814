"""``complaint``: take a complaint in, at any hour."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from ivr.flow import Fields
from ivr.nodes.outside import Outside, read_outside
from ivr.walk import AskKind, Walk

CATEGORIES = ("service", "work", "product", "other")


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint(Outside):
    """Write a complaint down: what it is about, words or a recording of the caller, where to call them back.

    The number it gets is in the variable ``complaint``.
    """

    category: str
    text: str
    recording: str
    contact: str
    read_back: bool

    TYPE: ClassVar[str] = "complaint"
    NEEDS: ClassVar[tuple[str, ...]] = ("taken",)
    OK: ClassVar[str] = "taken"

    @classmethod
    def read(cls, fields: Fields) -> dict[str, Any]:
        """``category``, ``text``, ``recording``, ``contact`` (the caller's number), ``read_back``."""
        return {
            "category": fields.text("category", "other", among=CATEGORIES),
            "text": fields.template("text", ""),
            "recording": fields.template("recording", ""),
            "contact": fields.template("contact", "{caller}"),
            "read_back": fields.flag("read_back", False),
            "into": {"complaint": "number"},
            **read_outside(fields, 10.0),
        }

    def fills(self) -> Iterable[str]:
        """What is written down."""
        return (self.text, self.recording, self.contact)

    def question(self, walk: Walk) -> tuple[AskKind, str, dict[str, str]]:
        """The complaint, with what is known of the caller."""
        customer = walk.state.customer
        asked = {
            "category": self.category,
            "text": walk.fill(self.text),
            "recording": walk.fill(self.recording),
            "contact": walk.fill(self.contact),
            "customer": (customer.customer or "") if customer else "",
            "caller": walk.state.caller,
            "language": walk.language,
            "read_back": "true" if self.read_back else "",
        }
        told = {name: value for name, value in asked.items() if value}
        return "complaint", "complaint", {**told, "key": self._key(walk)}
