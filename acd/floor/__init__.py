"""The floor: a machine that puts waiting calls and agents together.

Read in this order:

* ``tables``: the states of an agent, an offer and a call, and what leads from one to the other
* ``state``: everything the floor knows, as plain data; ``board``: that with its derived indexes
* ``machine``: ``Floor``, facts in, intents out
* ``people``: what agents do, and their devices; ``offers``: held out, taken, missed, wrapped up
* ``waiting``: calls come, change priority and go; ``holding``: kept for somebody; ``callbacks``: a place kept
  for who hung up; ``picking``: out of turn; ``telling``: what waiting callers hear
* ``need``: whom a call is for; ``queues``: who waits in which order; ``strategies``: who is asked first;
  ``matching``: who gets which call, and why
* ``recipe``: what happens to a call that waits; ``figures``: what its conditions look at; ``estimate``: how
  long it will wait
* ``deadlines``, ``counters``, ``views``: when, how much, what is shown; ``configure``, ``validate``: by what

It reads no clock, no database and no random source, so a journal of its facts replays to the same state.
"""

from acd.floor.machine import Floor
from acd.floor.state import FloorState

__all__ = ["Floor", "FloorState"]
