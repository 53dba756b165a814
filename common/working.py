"""Long work in a process of its own, at a low priority: calls go on beside it.

The owner sends one task over a pipe and hears of progress until there is an answer. The process ends when its
owner does, and is ended when the work is not wanted any more.
"""

import contextlib
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from typing import Any, Protocol

log = logging.getLogger(__name__)

LOOK_S = 0.2
"""How often it is looked whether the work is still wanted."""
END_S = 5.0

Tell = Callable[..., None]
"""How far the work is (0 to 1), what it is at, and whatever else its owner wants to hear, to be pickled."""


class Task(Protocol):
    """Work that can be sent to another process: pickled, with arrays in it and no connection."""

    def __call__(self, tell: Tell) -> Any:
        """Do it. A ValueError or LookupError says to the one who asked why it cannot be done."""


class CannotBeDone(Exception):
    """The work has no answer; the text says why, for the one who asked."""


class NotWanted(Exception):
    """The work was given up because nobody wants it any more."""


def apart(task: Task, tell: Tell, wanted: Callable[[], bool]) -> Any:
    """The answer of ``task``, from a process of its own. Blocks; call it from a worker thread.

    Raises CannotBeDone, or NotWanted soon after ``wanted`` says no; the process is gone in any case.
    """
    ours, theirs = Pipe()
    with ours:
        with theirs:
            process = _start(theirs.fileno())
        try:
            ours.send(task)
            return _hear(ours, tell, wanted)
        except (EOFError, ConnectionError):
            code = process.wait(END_S)
            log.error("the process of long work ended with code %s", code)
            said = f"The process that worked on it ended with code {code}; the log says more. Try again."
            raise CannotBeDone(said) from None
        finally:
            _end(process)


def here(task: Task, tell: Tell, wanted: Callable[[], bool]) -> Any:
    """The answer of ``task``, in this thread. Raises as ``apart`` does."""

    def told(*words: Any) -> None:
        if not wanted():
            raise NotWanted
        tell(*words)

    try:
        return task(told)
    except (ValueError, LookupError) as error:
        raise CannotBeDone(_words(error)) from error


def _start(descriptor: int) -> subprocess.Popen[bytes]:
    # One thread of linear algebra: the other processors are for calls.
    threads = {f"{library}_NUM_THREADS": "1" for library in ("OPENBLAS", "OMP", "MKL")}
    return subprocess.Popen(
        [sys.executable, "-m", "common.working", str(descriptor)],
        pass_fds=(descriptor,),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        env={**os.environ, **threads},
        start_new_session=True,  # the terminal's Ctrl-C is our business, not its
    )


def _hear(ours: Connection, tell: Tell, wanted: Callable[[], bool]) -> Any:
    while True:
        if not wanted():
            raise NotWanted
        if not ours.poll(LOOK_S):
            continue
        kind, *rest = ours.recv()
        if kind == "progress":
            tell(*rest)
        elif kind == "log":
            name, level, text = rest
            logging.getLogger(name).log(level, "%s", text)
        elif kind == "done":
            return rest[0]
        else:
            raise CannotBeDone(rest[0])


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()


def _words(error: Exception) -> str:
    text = str(error.args[0]) if isinstance(error, KeyError) and error.args else str(error)
    return f"{text[:1].upper()}{text[1:]}" if text else type(error).__name__


def main() -> None:
    """The process: one task from the pipe, its answer into it."""
    with contextlib.suppress(OSError):
        os.nice(10)
    owner = Connection(int(sys.argv[1]))
    logging.basicConfig(handlers=[_ToOwner(owner)], level=logging.WARNING, format="%(message)s")
    task = owner.recv()
    threading.Thread(target=_leave_with, args=(owner,), daemon=True).start()
    telling = threading.Lock()

    def tell(*words: Any) -> None:
        with telling:  # a task may have threads of its own
            owner.send(("progress", *words))

    try:
        answer = ("done", task(tell))
    except (ValueError, LookupError) as error:
        answer = ("failed", _words(error))
    except Exception:
        logging.getLogger(__name__).exception("the process of long work failed")
        sys.exit(1)
    owner.send(answer)


class _ToOwner(logging.Handler):
    """What is logged here is logged by the owner."""

    def __init__(self, owner: Connection) -> None:
        super().__init__()
        self._owner = owner

    def emit(self, record: logging.LogRecord) -> None:
        """Send a record, its traceback in the text."""
        self._owner.send(("log", record.name, record.levelno, self.format(record)))


def _leave_with(owner: Connection) -> None:
    """End as soon as the owner is gone: nobody would hear the answer."""
    try:
        owner.recv()
    except (EOFError, OSError):
        os._exit(1)


if __name__ == "__main__":
    main()
