"""The state machines of the floor, each one table: state -> event -> the states it may lead to.

The machine refuses a fact whose event is not in the table of the present state, and checks every
step against it; ``scripts/diagrams.py`` prints the diagrams of docs/machines.md from here.
An empty tuple means that the event is heard in that state and leaves it as it is.
"""

from typing import Final

Table = dict[str, dict[str, tuple[str, ...]]]

RESTS: Final = ("available", "paused", "signed_out")
"""Where an agent goes who is done: available, or paused (asked, or device away), or signed out (asked)."""

AGENT: Final[Table] = {
    "signed_out": {"signs in": ("paused",)},
    "paused": {
        "signs in": ("paused",),
        "signs out": ("signed_out",),
        "ready": ("available", "paused"),
        "pauses": ("paused",),
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
        "signs in": ("available", "paused"),
        "signs out": ("signed_out",),
        "pauses": ("paused",),
        "accepted": ("on_contact",),
        "rejected": ("available",),
        "unreachable": ("paused",),
        "timed out": ("available", "missed"),
        "caller gone": ("available",),
        "device up": (),
        "device down": ("paused",),
    },
    "on_contact": {
        "signs in": (),
        "signs out": (),
        "ready": (),
        "pauses": (),
        "contact ended": ("wrap_up", *RESTS),
        "device up": (),
        "device down": (),
    },
    "wrap_up": {
        "signs in": (),
        "signs out": ("signed_out",),
        "ready": ("available", "paused"),
        "pauses": (),
        "wrap-up ended": RESTS,
        "device up": (),
        "device down": (),
    },
    "missed": {
        "signs in": ("missed",),
        "signs out": ("signed_out",),
        "ready": ("available", "paused"),
        "pauses": ("paused",),
        "device up": (),
        "device down": (),
    },
}
"""An agent. Only ``offered`` and ``wrap_up`` have a deadline; every state has an exit."""

OFFER: Final[Table] = {
    "pending": {
        "accepted": ("accepted",),
        "refused": ("rejected",),
        "deadline": ("timed_out",),
        "withdrawn": ("rescinded",),
    },
    "accepted": {"contact ended": ("completed",)},
    "rejected": {},
    "timed_out": {},
    "rescinded": {},
    "completed": {},
}
"""An offer: one call held out to one agent."""

CALL: Final[Table] = {
    "waiting": {
        "offered": ("offered",),
        "caller gone": ("abandoned",),
        "returned": ("returned",),
    },
    "offered": {
        "accepted": ("answered",),
        "not taken": ("waiting", "returned"),
        "caller gone": ("abandoned",),
    },
    "answered": {"contact ended": ("over",), "caller gone": ("over",)},
    "abandoned": {},
    "returned": {},
    "over": {},
}
"""A call's stay on the floor: one queue visit, then the contact."""


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
