"""Ctrl-C during long work."""

import signal
import subprocess
import sys
import threading

import pytest

from callfloor.interrupts import held


def test_the_first_asks_for_the_end(capsys: pytest.CaptureFixture[str]) -> None:
    """Work that hears of it ends by itself, and what it found is kept."""
    main = threading.main_thread().ident
    assert main is not None

    def work() -> str:
        signal.pthread_kill(main, signal.SIGINT)
        while not asked.is_set():
            threading.Event().wait(0.001)
        return "the best so far"

    with held() as asked:
        assert not asked.is_set()
        assert asked.while_running(work, "stopping") == "the best so far"
    assert capsys.readouterr().err == "\nstopping\n"


def test_what_goes_wrong_is_told() -> None:
    """An exception of the work is the caller's."""
    with held() as asked, pytest.raises(ZeroDivisionError):
        asked.while_running(lambda: 1 // 0, "stopping")


def test_the_second_breaks_off() -> None:
    """Work that does not listen is left with exit code 130."""
    script = """
import signal, threading
from callfloor.interrupts import held

def work():
    while True:
        signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)
        threading.Event().wait(0.01)

with held() as asked:
    asked.while_running(work, "stopping")
"""
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (130, "\nstopping\n")
