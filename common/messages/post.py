"""Which sender carries what, and how much of it one gets: callers may type the number of somebody else."""

import logging
from collections.abc import Callable
from time import monotonic
from typing import Final

from common.messages.message import Sender, read_message
from common.rate import Rate

log = logging.getLogger(__name__)


AT_ONCE: Final = 6
PER_S: Final = 6 / 3600
"""Messages to one number or address: so many at once, then six an hour."""
MOST_PEOPLE: Final = 50_000


class Post:
    """Takes what somebody wants to send, as they say it, to the sender of its channel."""

    def __init__(
        self, sms: Sender, email: Sender, region: str, steady: Callable[[], float] = monotonic
    ) -> None:
        """``steady`` gives seconds that go on evenly, by which messages are counted."""
        self._senders, self._region = {"sms": sms, "email": email}, region
        self._rate: Rate[str] = Rate(AT_ONCE, PER_S, MOST_PEOPLE, steady)

    def send(self, channel: str, to: str, text: str, subject: str = "", key: str = "") -> tuple[str, str]:
        """What became of it (``sent``, ``kept``, ``refused``, ``failed``) and why.

        Raises CannotAnswer for what is no message.
        """
        message = read_message(channel, to, text, subject, key, self._region)
        if message is None:
            return "refused", "nobody can be reached there"
        if not self._rate.passes(message.to):
            log.warning("a message by %s was not sent: too many to one recipient", channel)
            return "refused", "there were too many messages to there in the last hour"
        delivery = self._senders[channel].send(message)
        if delivery.state == "failed":
            log.warning("a message by %s was not sent: %s", channel, delivery.why)
        return delivery.state, delivery.why
