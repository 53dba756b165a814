"""The kinds of node, one small file each. A new kind is a file, and a line in ``KINDS``."""

from ivr.flow import Node
from ivr.nodes.branch import Branch
from ivr.nodes.collect import Collect
from ivr.nodes.hang_up import HangUp
from ivr.nodes.hours import HoursNode
from ivr.nodes.lookup import Lookup
from ivr.nodes.menu import Menu
from ivr.nodes.queue import Queue
from ivr.nodes.say import SayNode
from ivr.nodes.set import Set
from ivr.nodes.voicemail import Voicemail

KINDS: dict[str, type[Node]] = {
    kind.TYPE: kind
    for kind in (SayNode, Menu, Collect, Set, Branch, HoursNode, Lookup, Queue, Voicemail, HangUp)
}
"""The type as a flow writes it, and its class."""
