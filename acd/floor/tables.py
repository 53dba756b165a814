"""The state machines of the floor, each one table: state -> event -> the states it may lead to.

The machine refuses a fact whose event is not in the table of the present state, and checks every
step against it; ``scripts/diagrams.py`` prints the diagrams of docs/machines.md from here.
An empty tuple means that the event is heard in that state and leaves it as it is.
"""

from typing import Final

Table = dict[str, dict[str, tuple[str, ...]]]

RESTS: Final = ("available", "paused", "missed", "signed_out")
"""Where an agent goes who has nothing left to do: available; or paused (asked, or the device is away);
or missed (too many offers in a row); or signed out (asked)."""

AGENT: Final[Table] = {
    "signed_out": {"signs in": ("paused",)},
    "paused": {
        "signs in": ("paused",),
        "signs out": ("signed_out",),
        "ready": ("available", "paused"),
        "pauses": ("paused",),
        "offered": ("offered",),
        "recovers": ("available", "paused"),
        "device up": ("available",),
        "device down": (),
    },
    "available": {
        "signs in": ("available", "paused"),
        "signs out": ("signed_out",),
        "pauses": ("paused",),
        "offered": ("offered",),
        "device up": (),
        "device down": ("paused",),
    },
    "offered": {
        "signs in": ("wrap_up", "available", "paused"),
        "signs out": ("wrap_up", "signed_out"),
        "ready": (),
        "pauses": ("wrap_up", "paused"),
        "offered": (),
        "accepted": ("on_contact",),
        "rejected": ("wrap_up", *RESTS),
        "unreachable": ("wrap_up", "paused", "signed_out"),
        "timed out": ("wrap_up", *RESTS),
        "withdrawn": ("wrap_up", *RESTS),
        "wrap-up ended": (),
        "device up": (),
        "device down": ("paused",),
    },
    "on_contact": {
        "signs in": (),
        "signs out": (),
        "ready": (),
        "pauses": (),
        "offered": (),
        "accepted": (),
        "rejected": (),
        "unreachable": (),
        "timed out": (),
        "withdrawn": (),
        "contact ended": ("offered", "wrap_up", *RESTS),
        "wrap-up ended": (),
        "device up": (),
        "device down": (),
    },
    "wrap_up": {
        "signs in": (),
        "signs out": ("signed_out",),
        "ready": RESTS,
        "pauses": (),
        "offered": ("offered",),
        "wrap-up ended": RESTS,
        "device up": (),
        "device down": (),
    },
    "missed": {
        "signs in": ("missed",),
        "signs out": ("signed_out",),
        "ready": ("available", "paused"),
        "pauses": ("paused",),
        "offered": ("offered",),
        "device up": (),
        "device down": (),
    },
}
"""An agent: what they are busiest with. ``offered`` and ``wrap_up`` have deadlines (their offers'), a pause
for a failure too; every state has an exit. On several contacts at a time (chats) the first of on_contact,
offered, wrap_up that is true is the state."""

OFFER: Final[Table] = {
    "pending": {
        "accepted": ("accepted",),
        "refused": ("rejected",),
        "deadline": ("timed_out",),
        "withdrawn": ("rescinded",),
    },
    "accepted": {"contact ended": ("wrapping", "completed")},
    "wrapping": {"wrap-up ended": ("completed",)},
    "rejected": {},
    "timed_out": {},
    "rescinded": {},
    "completed": {},
}
"""An offer: one call held out to one agent, through the contact to the end of its wrap-up."""

CALL: Final[Table] = {
    "waiting": {
        "offered": ("offered",),
        "caller gone": ("abandoned",),
        "returned": ("returned",),
        "place kept": ("kept",),
        "not now": ("parked",),
        "callback over": ("over",),
    },
    "parked": {"its time has come": ("waiting",), "callback over": ("over",)},
    "offered": {
        "offered": (),
        "accepted": ("answered",),
        "not taken": ("waiting", "returned", "over"),
        "caller gone": ("abandoned",),
    },
    "answered": {"contact ended": ("over",), "not reached": ("parked", "over")},
    "abandoned": {},
    "returned": {},
    "kept": {},
    "over": {},
}
"""A call's stay on the floor: one queue visit, then the contact. ``kept`` is a caller who will be called
back: their callback waits on in their place; ``parked`` is one whose number is not to be rung now."""


class Refused(Exception):
    """A fact that means nothing now; raised before anything is changed."""


def hears(table: Table, state: str, event: str, who: str) -> None:
    """Raise Refused when ``event`` means nothing in ``state``."""
    if event not in table[state]:
        raise Refused(f"{who} is {state}: {event!r} means nothing now")


def check(table: Table, state: str, event: str, target: str) -> None:
    """Raise AssertionError when the table does not lead from ``state`` to ``target`` by ``event``."""
    if target not in table[state].get(event, ()):
        raise AssertionError(f"{state} --{event}--> {target} is not in the table")
