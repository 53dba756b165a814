"""Work in a process of its own: an answer, progress, a reason, an end."""

import os
from pathlib import Path

import pytest

from forecasting.working import CannotBeDone, NotWanted, Task, apart, here
from tests.forecasting.tasks import Dies, Forever, Square, Warns, WhoAmI, Wrong


def gone(pid: int) -> bool:
    """Whether no process has this number."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def test_the_answer_comes_from_another_process_that_is_nicer() -> None:
    """Calls on the telephone go first; the process ends with its answer."""
    pid, niceness = apart(WhoAmI(), lambda share, stage: None, lambda: True)
    assert pid != os.getpid() and niceness > os.nice(0) and gone(pid)


@pytest.mark.parametrize("do", [apart, here])
def test_progress_comes_before_the_answer(do: object) -> None:
    """Here and in a process alike."""
    told: list[tuple[float, str]] = []
    assert do(Square(12), lambda share, stage: told.append((share, stage)), lambda: True) == 144  # type: ignore[operator]
    assert told == [(0.5, "half of it")]


@pytest.mark.parametrize(
    ("task", "said"),
    [
        (Wrong(ValueError("there is no day to learn from")), "There is no day to learn from"),
        (Wrong(KeyError("mondays")), "Mondays"),
    ],
)
def test_what_cannot_be_done_says_why(task: Task, said: str) -> None:
    """In words for the one who asked."""
    for do in (apart, here):
        with pytest.raises(CannotBeDone, match=said):
            do(task, lambda share, stage: None, lambda: True)


def test_a_process_that_dies_is_told(caplog: pytest.LogCaptureFixture) -> None:
    """With its code, in words and in the log."""
    with pytest.raises(CannotBeDone, match="ended with code 7"):
        apart(Dies(), lambda share, stage: None, lambda: True)
    assert "ended with code 7" in caplog.text


def test_work_nobody_wants_is_ended(tmp_path: Path) -> None:
    """As soon as it is not wanted any more, whatever it is at."""
    told: list[str] = []
    file = tmp_path / "pid"
    with pytest.raises(NotWanted):
        apart(Forever(str(file)), lambda share, stage: told.append(stage), lambda: not told)
    assert told == ["at it"] and gone(int(file.read_text()))


def test_what_is_logged_there_is_logged_here(caplog: pytest.LogCaptureFixture) -> None:
    """Under its own name; a fault of the program with its traceback, and the one who asked is told."""
    apart(Warns(), lambda share, stage: None, lambda: True)
    assert caplog.record_tuples == [("forecasting.calendar", 30, "3 days are not known")]
    with pytest.raises(CannotBeDone, match="ended with code 1"):
        apart(Wrong(RuntimeError("a fault of ours")), lambda share, stage: None, lambda: True)
    assert "Traceback" in caplog.text and "a fault of ours" in caplog.text
