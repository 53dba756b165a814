"""The twin in memory."""

from threading import Lock

from common.messages.message import Delivery, Message


class MemorySender:
    """Keeps what it is given in ``sent``, the same key once."""

    def __init__(self) -> None:
        self.sent: list[Message] = []
        self._lock = Lock()

    def send(self, message: Message) -> Delivery:
        """Keep it."""
        with self._lock:
            if not message.key or all(one.key != message.key for one in self.sent):
                self.sent.append(message)
        return Delivery("sent")
