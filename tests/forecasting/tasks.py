"""Tasks for the planner's process."""

import logging
import os
import time
from dataclasses import dataclass

from forecasting.working import Tell


@dataclass(frozen=True)
class Square:
    """A number squared, with a word before."""

    number: int

    def __call__(self, tell: Tell) -> int:
        """The square."""
        tell(0.5, "half of it")
        return self.number**2


@dataclass(frozen=True)
class WhoAmI:
    """Which process it is, and how nice."""

    def __call__(self, tell: Tell) -> tuple[int, int]:
        """Its number and priority."""
        return os.getpid(), os.nice(0)


@dataclass(frozen=True)
class Wrong:
    """What cannot be done."""

    error: Exception

    def __call__(self, tell: Tell) -> int:
        """Say why."""
        raise self.error


@dataclass(frozen=True)
class Forever:
    """What never ends by itself, with a file that tells which process works on it."""

    file: str

    def __call__(self, tell: Tell) -> int:
        """Go on until the process is ended."""
        with open(self.file, "w", encoding="ascii") as out:
            out.write(str(os.getpid()))
        tell(0.1, "at it")
        while True:
            time.sleep(60)


@dataclass(frozen=True)
class Dies:
    """A process that is ended from outside."""

    def __call__(self, tell: Tell) -> int:
        """Be gone."""
        os._exit(7)


@dataclass(frozen=True)
class Warns:
    """What has something to say in the log."""

    def __call__(self, tell: Tell) -> int:
        """Warn."""
        logging.getLogger("forecasting.calendar").warning("%d days are not known", 3)
        return 0
