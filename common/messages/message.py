"""A message, what may become of one, and the port ``Sender``."""

import hashlib
import re
from dataclasses import dataclass, field
from typing import Literal, Protocol

from common import phones
from common.asks import CannotAnswer

Channel = Literal["sms", "email"]

LONGEST = {"sms": 1_000, "email": 20_000}
"""Characters of a text."""
LONGEST_SUBJECT = 200

_ADDRESS = re.compile(
    r"(?=.{6,254}\Z)[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\Z"
)


@dataclass(frozen=True, slots=True)
class Message:
    """``to`` is E.164 or an e-mail address; ``key`` names the message: the same key is the same message."""

    channel: Channel
    to: str = field(repr=False)
    text: str = field(repr=False)
    subject: str = field(default="", repr=False)
    key: str = ""

    @property
    def token(self) -> str:
        """The key as 32 letters and digits, for providers; empty without a key."""
        return hashlib.sha256(self.key.encode()).hexdigest()[:32] if self.key else ""


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of a message; ``why`` holds nothing of it.

    ``sent``: the provider has it. ``kept``: it lies where somebody will fetch it. ``refused``: nobody can be
    reached there. ``failed``: not now.
    """

    state: Literal["sent", "kept", "refused", "failed"]
    why: str = ""


class Sender(Protocol):
    """Carries messages. Blocks, for some seconds at most; never raises for what a provider does."""

    def send(self, message: Message) -> Delivery:
        """Send one message."""


def read_message(channel: str, to: str, text: str, subject: str, key: str, region: str) -> Message | None:
    """What is to be sent; None if ``to`` is nobody an SMS or e-mail can reach. Numbers become E.164.

    ``region`` is the country of numbers without a country code. Raises CannotAnswer for what is no message.
    """
    if channel not in ("sms", "email"):
        raise CannotAnswer("there are messages by sms and by email, and by nothing else")
    text = "".join(c for c in text.replace("\r\n", "\n") if c == "\n" or c.isprintable()).strip()
    if not text:
        raise CannotAnswer("a message needs a text")
    if len(text) > LONGEST[channel]:
        raise CannotAnswer(f"the text is longer than {LONGEST[channel]} characters")
    if channel == "sms":
        number = phones.normalise(to, region)
        return None if number is None else Message("sms", number, text, key=key)
    subject = " ".join("".join(c if c.isprintable() else " " for c in subject).split())
    if not subject or len(subject) > LONGEST_SUBJECT:
        raise CannotAnswer(f"an e-mail needs a subject of up to {LONGEST_SUBJECT} characters")
    to = to.strip()
    return Message("email", to, text, subject, key) if _ADDRESS.match(to) else None


def is_address(text: str) -> bool:
    """Whether this is an e-mail address, without a name around it."""
    return _ADDRESS.match(text) is not None
