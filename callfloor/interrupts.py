"""Ctrl-C during long work: the first asks it to come to an end, the second breaks off."""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Final, TypeVar

_Result = TypeVar("_Result")
_LOOK_S: Final = 0.1
BROKEN_OFF: Final = 130


class Interrupts:
    """Signals that wait to be taken; nobody's handler sees them."""

    def __init__(self) -> None:
        self._asked = False

    def is_set(self) -> bool:
        """Whether somebody asked for the end."""
        return self._asked

    def while_running(self, run: Callable[[], _Result], words: str) -> _Result:
        """What ``run`` answers, from a thread beside this one; ``words`` are said at the first Ctrl-C.

        A second one ends the process at once: what runs may be deep inside somebody else's code, which cannot
        be broken off otherwise.
        """
        with ThreadPoolExecutor(1) as pool:
            future = pool.submit(run)
            while not future.done():
                if signal.sigtimedwait([signal.SIGINT], _LOOK_S) is None:
                    continue
                if self._asked:
                    sys.stderr.flush()
                    os._exit(BROKEN_OFF)
                self._asked = True
                print(f"\n{words}", file=sys.stderr, flush=True)
            return future.result()


@contextmanager
def held() -> Iterator[Interrupts]:
    """Ctrl-C is held back and looked at by ``while_running`` only.

    Threads that are started inside inherit this. So libraries that start threads of their own or take signals
    themselves (CP-SAT does, while it solves) should be loaded inside.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield Interrupts()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
