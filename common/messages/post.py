"""Which sender carries what."""

import logging

from common.messages.message import Sender, read_message

log = logging.getLogger(__name__)


class Post:
    """Takes what somebody wants to send, as they say it, to the sender of its channel."""

    def __init__(self, sms: Sender, email: Sender, region: str) -> None:
        self._senders, self._region = {"sms": sms, "email": email}, region

    def send(self, channel: str, to: str, text: str, subject: str = "", key: str = "") -> tuple[str, str]:
        """What became of it (``sent``, ``kept``, ``refused``, ``failed``) and why.

        Raises CannotAnswer for what is no message.
        """
        message = read_message(channel, to, text, subject, key, self._region)
        if message is None:
            return "refused", "nobody can be reached there"
        delivery = self._senders[channel].send(message)
        if delivery.state == "failed":
            log.warning("a message by %s was not sent: %s", channel, delivery.why)
        return delivery.state, delivery.why
