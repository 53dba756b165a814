"""The kinds of node, one small file each. A new kind is a file, and a line in ``KINDS``."""

from ivr.flow import Node
from ivr.nodes.branch import Branch
from ivr.nodes.callback import Callback
from ivr.nodes.collect import Collect
from ivr.nodes.complaint import Complaint
from ivr.nodes.consent import Consent
from ivr.nodes.flows import Go, Return, Subflow
from ivr.nodes.hang_up import HangUp
from ivr.nodes.hours import HoursNode
from ivr.nodes.http import Http
from ivr.nodes.language import Language
from ivr.nodes.lookup import Lookup
from ivr.nodes.loop import Loop
from ivr.nodes.menu import Menu
from ivr.nodes.message import Message
from ivr.nodes.placeholder import Placeholder
from ivr.nodes.play import Play
from ivr.nodes.queue import Queue
from ivr.nodes.queue_state import QueueState
from ivr.nodes.record import Record
from ivr.nodes.say import SayNode
from ivr.nodes.set import Set
from ivr.nodes.split import Split
from ivr.nodes.survey import Survey
from ivr.nodes.tag import Tag
from ivr.nodes.tier import Tier
from ivr.nodes.transaction import Transaction
from ivr.nodes.transfer import Transfer
from ivr.nodes.voicemail import Voicemail

_KINDS: tuple[type[Node], ...] = (
    *(SayNode, Play, Menu, Collect, Language),
    *(Set, Branch, HoursNode, Tier, QueueState, Split, Loop),
    *(Lookup, Record, Http, Transaction, Message, Complaint),
    *(Queue, Callback, Transfer, Voicemail, Consent, Survey, Tag),
    *(Subflow, Go, Return),
    *(Placeholder, HangUp),
)
KINDS: dict[str, type[Node]] = {kind.TYPE: kind for kind in _KINDS}
"""The type as a flow writes it, and its class."""
