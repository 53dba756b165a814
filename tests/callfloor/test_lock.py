"""One platform a data folder."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from callfloor.lock import FolderInUse, folder_lock, is_held

HOLD = """
import sys, pathlib
from callfloor.lock import folder_lock
with folder_lock(pathlib.Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_platform_is_refused_with_the_firsts_number(tmp_path: Path) -> None:
    """In one line; after the first has gone the folder is free."""
    folder = tmp_path / "new" / "data"
    assert not is_held(folder)
    with folder_lock(folder):
        assert is_held(folder)
        with pytest.raises(FolderInUse) as caught, folder_lock(folder):
            pass
        assert str(caught.value) == (
            f"another callfloor runs on the data folder {folder} (process {os.getpid()}); stop it first"
        )
    assert not is_held(folder)
    with folder_lock(folder):
        pass


def test_a_platform_that_was_killed_leaves_the_folder_free(tmp_path: Path) -> None:
    """The operating system keeps the lock, not a file that somebody has to delete."""
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(FolderInUse, match=f"process {holder.pid}"), folder_lock(tmp_path):
            pass
        holder.send_signal(signal.SIGKILL)
        holder.wait(10)
    with folder_lock(tmp_path):
        assert is_held(tmp_path)
