"""One platform a data folder."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from callfloor.cli import main
from callfloor.lock import FolderInUse, folder_lock, is_held

HOLD = """
import sys, pathlib
from callfloor.cli import main
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


@pytest.mark.parametrize("verb", ["serve", "demo"])
def test_the_command_says_so_in_one_line(
    tmp_path: Path, verb: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit code 1, no traceback, and the running platform's data are not touched."""
    folder = tmp_path / "data"
    for name, value in (("DATA_FOLDER", str(folder)), ("WEB_PORT", "0"), ("SIP_PORT", "0")):
        monkeypatch.setenv(f"CALLFLOOR_{name}", value)
    demo = ["--port", "0", "--sip-port", "0", "--data", str(folder)]
    with folder_lock(folder), pytest.raises(SystemExit) as ended:
        main([verb, *(demo if verb == "demo" else [])])
    assert ended.value.code == 1
    said = capsys.readouterr().err
    assert said.startswith("callfloor: another callfloor runs on the data folder")
    assert said.count("\n") == 1
    assert [path.name for path in folder.iterdir()] == ["lock"]
