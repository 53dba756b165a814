"""Long work for tests of jobs; in a module of its own, as another process imports it."""

import threading
from dataclasses import dataclass

from common.working import Tell
from scheduling.records.solving import Best


@dataclass(frozen=True)
class Endless:
    """A search that has a roster soon and goes on for ever."""

    best: Best

    def __call__(self, tell: Tell) -> Best:
        """Never."""
        tell(0.5, "better and better", self.best)
        threading.Event().wait()
        return self.best
