"""The floor: a machine that puts waiting calls and agents together.

Read in this order: ``tables`` (the states of an agent, an offer and a call), ``state`` (everything it
knows), ``machine`` (``Floor``: facts in, intents out), ``agents`` and ``offers`` (what each fact does),
``queues`` (who waits in which order), ``matching`` (who gets which call, and why), ``counters``,
``configure``; ``board`` holds the state and its derived indexes while a fact is dealt with.

It reads no clock, no database and no random source, so a journal of its facts replays to the same state.
"""

from acd.floor.machine import Floor
from acd.floor.state import FloorState

__all__ = ["Floor", "FloorState"]
