"""Who is asked first, of the agents who may be offered a call: each strategy is one small function.

A strategy gives an agent's score as a tuple of numbers; the smallest is asked first, ties go to the longest
idle, then by id. Before any strategy counts who missed this very call least often, who is preferred, who is
of the call's own branch, and (but for ``weighted_random``) whose penalty in the queue is lowest.

A callable of your own, named in the settings, is called the same way. It must depend on nothing but what it
is given, or a replay of the journal would decide otherwise.
"""

import hashlib
from collections.abc import Callable
from math import log
from typing import Final, NamedTuple

from acd.floor import counters
from acd.floor.state import FloorAgent, FloorCall, FloorOffer, FloorQueue
from domain.instant import Instant

Score = tuple[float, ...]


class Look(NamedTuple):
    """An agent looked at for a call, and what can be known of them."""

    agent: FloorAgent
    call: FloorCall
    queue: FloorQueue
    live: list[FloorOffer]
    now: Instant

    @property
    def window_s(self) -> float:
        """The queue's rolling window."""
        return self.queue.config.busy_window_s

    def handled_us(self) -> int:
        """Contacts and wrap-up in the window, in microseconds."""
        return counters.handled_us(self.agent, self.live, self.now, self.window_s)

    def talked_us(self) -> int:
        """Contacts without wrap-up in the window, in microseconds."""
        return counters.talked_us(self.agent, self.live, self.now, self.window_s)

    def contacts(self) -> int:
        """How many contacts reach into the window."""
        return counters.contacts_in(self.agent, self.live, self.now, self.window_s)

    def occupancy(self) -> float:
        """Handled time over time at work in the window, 0 for somebody who just came."""
        staffed = counters.staffed_us(self.agent, self.now, self.window_s)
        return self.handled_us() / staffed if staffed else 0.0

    def penalty(self) -> int:
        """The agent's penalty in the queue."""
        return self.agent.memberships.get(self.call.queue, (1, 0))[1]


Strategy = Callable[[Look], Score]


def least_busy(look: Look) -> Score:
    """Least traffic in the rolling window: handled seconds, or talk, occupancy or calls as the queue says."""
    by = look.queue.config.busy_by
    if by == "talk":
        return (look.talked_us(),)
    if by == "occupancy":
        return (look.occupancy(),)
    if by == "calls":
        return (look.contacts(),)
    return (look.handled_us(),)


def longest_idle(look: Look) -> Score:
    """Whoever has had nothing to do for longest."""
    return ()


def fewest_calls(look: Look) -> Score:
    """Fewest contacts in the rolling window."""
    return (look.contacts(),)


def least_talk(look: Look) -> Score:
    """Least talk time in the rolling window."""
    return (look.talked_us(),)


def round_robin(look: Look) -> Score:
    """One after the other by id, going on after whoever was asked last."""
    return (int(look.agent.id <= look.queue.last_agent), *_by_id(look))


def linear(look: Look) -> Score:
    """Always in the same order: by penalty, then by id."""
    return _by_id(look)


def weighted_random(look: Look) -> Score:
    """By lot, the less likely the higher the penalty; the lot follows from the queue's seed and the call."""
    text = f"{look.queue.config.seed} {look.call.id} {len(look.call.missed)} {look.agent.id}"
    drawn = int.from_bytes(hashlib.blake2b(text.encode(), digest_size=7).digest(), "big")
    share = (drawn + 1) / (1 << 56)
    return (-log(share) * (1 + look.penalty()),)


def best_proficiency(look: Look) -> Score:
    """Highest levels in the skills the call asks for, then least busy."""
    return (-sum(look.agent.skills.get(skill, 0) for skill in look.call.skills), look.handled_us())


def _by_id(look: Look) -> Score:
    # As a score of numbers, so that longest idle does not come before it.
    return tuple(float(ord(letter)) for letter in look.agent.id)


BUILT_IN: Final[dict[str, Strategy]] = {
    "least_busy": least_busy,
    "longest_idle": longest_idle,
    "fewest_calls": fewest_calls,
    "least_talk": least_talk,
    "round_robin": round_robin,
    "linear": linear,
    "weighted_random": weighted_random,
    "best_proficiency": best_proficiency,
    "ring_all": least_busy,
    "ring_progressively": least_busy,
}
DEFAULT: Final = "least_busy"
RINGS_ALL: Final = "ring_all"
"""Every agent who may take the call rings at once; one wins."""
RINGS_ON: Final = "ring_progressively"
"""One rings, then one more every ``ring_next_s`` seconds."""
BY_LOT: Final = "weighted_random"
"""Penalty is a weight here, not an order."""
