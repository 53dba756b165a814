"""SMS and e-mail out of the house.

* ``message`` - a message, what may become of one, and the port ``Sender``
* ``post``    - which sender carries what; what is no message is refused here
* ``memory``  - the twin in memory
* ``spool``   - files in a folder, for a house without a provider
* ``smtp``    - e-mail over a mail server
* ``gateway`` - SMS over a provider's HTTP interface
"""

from common.messages.gateway import GatewaySender, check_template
from common.messages.memory import MemorySender
from common.messages.message import Channel, Delivery, Message, Sender, read_message
from common.messages.post import Post
from common.messages.smtp import SECURITY, SmtpSender
from common.messages.spool import SpoolSender

__all__ = [
    "SECURITY",
    "Channel",
    "Delivery",
    "GatewaySender",
    "MemorySender",
    "Message",
    "Post",
    "Sender",
    "SmtpSender",
    "SpoolSender",
    "check_template",
    "read_message",
]
