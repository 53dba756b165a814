"""``message``: send an SMS or an e-mail."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from ivr.flow import Fields, FlowTrouble
from ivr.nodes.outside import Outside, read_outside
from ivr.walk import AskKind, Walk

CHANNELS = ("sms", "email")


@dataclass(frozen=True, slots=True, kw_only=True)
class Message(Outside):
    """Send ``text`` in the language of the call, to the caller if nobody else is named."""

    channel: str
    to: str
    text: dict[str, str]
    subject: dict[str, str]

    TYPE: ClassVar[str] = "message"
    NEEDS: ClassVar[tuple[str, ...]] = ("sent",)
    OK: ClassVar[str] = "sent"

    @classmethod
    def read(cls, fields: Fields) -> dict[str, Any]:
        """``channel``, ``to``, ``text`` and ``subject`` per language."""
        channel = fields.text("channel", "sms", among=CHANNELS)
        subject = fields.words("subject", required=channel == "email")
        if channel == "sms" and subject:
            fields.wrong("an SMS has no subject", "subject")
        to = fields.template("to", "{caller}")
        if channel == "email" and not fields.has("to"):
            fields.wrong("to is missing: an e-mail needs an address", "channel")
        return {
            "channel": channel,
            "to": to,
            "text": fields.words("text"),
            "subject": subject,
            "into": {},
            **read_outside(fields, 10.0),
        }

    def fills(self) -> Iterable[str]:
        """To whom, and the words: messages are kept, so nothing hidden may be in them."""
        return (self.to, *self.text.values(), *self.subject.values())

    def question(self, walk: Walk) -> tuple[AskKind, str, dict[str, str]]:
        """The message."""
        to = walk.fill(self.to)
        if not to:
            raise FlowTrouble("there is nobody to send the message to")
        sent = {"to": to, "text": walk.fill(self.text.get(walk.language, ""))}
        if self.channel == "email":
            sent["subject"] = walk.fill(self.subject.get(walk.language, ""))
        return "message", self.channel, {**sent, "key": self._key(walk)}
