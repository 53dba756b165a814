"""The Switch port: commands go in and are carried out in order, what happens comes back as facts."""

from collections.abc import Callable
from typing import Protocol

from domain.switch import SwitchCommand, SwitchFact


class UnsupportedFeature(Exception):
    """This switch cannot do what it was told; nothing happened."""

    def __init__(self, switch: str, command: str) -> None:
        super().__init__(f"the {switch} switch cannot {command}")
        self.switch = switch
        self.command = command


class Switch(Protocol):
    """A telephone switch.

    ``do`` never blocks and never fails for a leg that is gone: a command for an unknown leg is
    answered by the ``LegEnded`` that already happened. It raises ``UnsupportedFeature`` for a
    command this switch cannot carry out at all.
    """

    async def start(self, tell: Callable[[SwitchFact], None]) -> None:
        """Begin; the first fact told is ``SwitchReady``. ``tell`` is called on the event loop."""

    def do(self, command: SwitchCommand) -> None:
        """Carry out one command; its effects come back as facts."""

    async def stop(self) -> None:
        """Hang up every leg and release every socket and process."""
