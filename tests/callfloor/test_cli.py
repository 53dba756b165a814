"""The ``callfloor`` command: right exit codes, one line a problem, never a traceback."""

import io
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from callfloor import __version__
from callfloor.cli import main
from common.auth.passwords import verify
from common.auth.tables import UserRow
from common.db import Database
from tests.hashes import quick_hashes
from tests.tables import make_tables

__all__ = ["quick_hashes"]

HOUSE = """\
queues: [{id: personal, name: Personal}]
agents: [{id: zoe, name: Zoe, queues: [personal]}]
users: [{id: sue, name: Sue, role: supervisor}]
"""


class Shell:
    """Runs verbs in this process, with settings of its own."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str], patch: pytest.MonkeyPatch) -> None:
        self.folder = folder / "data"
        self._capsys = capsys
        self._patch = patch
        for name in [n for n in os.environ if n.startswith("CALLFLOOR_")]:
            patch.delenv(name)
        patch.setenv("CALLFLOOR_DATA_FOLDER", str(self.folder))

    def __call__(self, *argv: str, stdin: str | bytes = "", code: int = 0) -> str:
        """What it said; AssertionError for another exit code or anything that looks like a traceback."""
        raw = stdin if isinstance(stdin, bytes) else stdin.encode()
        self._patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw), "utf-8"))
        with pytest.raises(SystemExit) as caught:
            main(list(argv))
        said = self._capsys.readouterr()
        assert caught.value.code == code, said
        assert "Traceback" not in said.err
        assert bool(said.err) == (code != 0)
        return said.err if code else said.out

    def fails(self, *argv: str, stdin: str | bytes = "", code: int = 1) -> str:
        """What it said of its problem, a line each without the program's name."""
        said = self(*argv, stdin=stdin, code=code)
        lines = said.splitlines()
        assert code == 2 or all(line.startswith("callfloor: ") for line in lines)
        return "\n".join(line.removeprefix("callfloor: ") for line in lines)

    def user(self, name: str) -> UserRow:
        database = Database(f"sqlite:///{self.folder / 'callfloor.db'}")
        with database.transaction() as session:
            row = session.get_one(UserRow, name)
        database.close()
        return row


@pytest.fixture
def shell(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, quick_hashes: None
) -> Shell:
    return Shell(tmp_path, capsys, monkeypatch)


@pytest.fixture
def house(shell: Shell) -> Shell:
    """With a database, a queue, an agent and a user without a password."""
    shell.folder.mkdir()
    make_tables(f"sqlite:///{shell.folder / 'callfloor.db'}")
    shell("setup", "import", stdin=HOUSE)
    return shell


# ------------------------------------------------------------------ usage


def test_it_tells_its_version_and_its_verbs(shell: Shell) -> None:
    """0 for what was asked for."""
    assert shell("--version").strip() == f"callfloor {__version__}"
    assert all(verb in shell("--help") for verb in ("serve", "demo", "config", "db", "user", "setup", "why"))


@pytest.mark.parametrize(
    "argv", [[], ["dance"], ["db"], ["user", "add"], ["user", "add", "x", "--role", "king"]]
)
def test_wrong_usage_is_exit_code_2(shell: Shell, argv: list[str]) -> None:
    """With a usage line."""
    assert "usage: callfloor" in shell.fails(*argv, code=2)


def test_a_reader_who_has_seen_enough_is_no_problem() -> None:
    """As ``callfloor flow schema | head``: it ends without a word, by the code shells know."""
    command = [sys.executable, "-m", "callfloor", "flow", "schema"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None and process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(30) == 141


def test_every_wrong_setting_is_a_line(shell: Shell, tmp_path: Path) -> None:
    """Of every verb, before anything is done."""
    file = tmp_path / "bad.toml"
    file.write_text('colour = "red"\nlog_level = "loud"\n')
    for argv in (["config", "check"], ["db", "upgrade"], ["serve"], ["why", "c1"]):
        said = shell.fails(*argv, "--config", str(file))
        assert said.splitlines() == [
            f"{file}: colour: unknown setting; "
            "known are acd, data, flows, log_level, messages, region, sip, speech, web",
            "log_level: must be debug, info, warning or error, is 'loud'",
        ]
    assert not shell.folder.exists()


def test_good_settings_and_flows_are_said_so(shell: Shell) -> None:
    """And where things are."""
    assert shell("config", "check") == f"settings are good; data in {shell.folder}, web 127.0.0.1:8000\n"


def test_a_flow_that_is_none_is_said_with_file_and_line(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By ``config check`` and by ``serve``, before a caller finds out."""
    (tmp_path / "flows").mkdir()
    (tmp_path / "flows" / "bad.yaml").write_text("flow: bad\nversion: 0\n")
    monkeypatch.setenv("CALLFLOOR_FLOWS_FOLDERS", str(tmp_path / "flows"))
    monkeypatch.setenv("CALLFLOOR_WEB_PORT", "0")
    monkeypatch.setenv("CALLFLOOR_SIP_PORT", "0")
    for argv in (["config", "check"], ["serve"]):
        said = shell.fails(*argv)
        assert f"{tmp_path / 'flows' / 'bad.yaml'}:2: flow: version must be a number" in said
    monkeypatch.setenv("CALLFLOOR_FLOWS_FOLDERS", str(tmp_path / "none"))
    assert shell.fails("config", "check") == f"{tmp_path / 'none'}: No such file or directory"


# ------------------------------------------------------------------ database


def test_the_database_is_made_and_kept_up_to_date(shell: Shell) -> None:
    """Twice is as good as once."""
    for _ in range(2):
        assert shell("db", "upgrade") == "the database is up to date\n"


def test_verbs_that_need_the_database_say_how_to_get_one(shell: Shell) -> None:
    """And make none by the way."""
    for argv in (["user", "add", "x"], ["setup", "export"], ["setup", "import"]):
        assert shell.fails(*argv) == (
            f"there is no database in {shell.folder} yet; make it with: callfloor db upgrade"
        )
    assert not shell.folder.exists()


def test_an_old_or_a_foreign_database_is_said_so(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not up to date, not reachable, not a database."""
    shell.folder.mkdir()
    (shell.folder / "callfloor.db").touch()
    assert shell.fails("user", "add", "x") == (
        "the database is not up to date; run first: callfloor db upgrade"
    )
    (shell.folder / "callfloor.db").write_text("no database " * 100)
    assert shell.fails("db", "upgrade").endswith("file is not a database")
    monkeypatch.setenv("CALLFLOOR_DATA_DATABASE", "postgresql+psycopg://u:secret@127.0.0.1:1/x")
    said = shell.fails("db", "upgrade")
    assert "127.0.0.1" in said
    assert "secret" not in said


def test_a_folder_that_cannot_be_made_is_said_so(shell: Shell) -> None:
    """With its name and the reason."""
    shell.folder.write_text("in the way")
    assert shell.fails("db", "upgrade") == f"{shell.folder}: File exists"


# ------------------------------------------------------------------ users


def test_a_user_is_added_with_a_password_from_standard_input(house: Shell) -> None:
    """It is not printed."""
    said = house(
        *("user", "add", "Ann", "--role", "agent", "--agent", "zoe", "--password-stdin"),
        stdin="correct horse\n",
    )
    assert said == "user ann added\n"
    row = house.user("ann")
    assert (row.name, row.role, row.agent) == ("Ann", "agent", "zoe")
    assert verify(row.hash, "correct horse")


def test_without_a_password_one_is_made_and_shown_once(house: Shell) -> None:
    """Whoever runs the command hands it on."""
    said = house("user", "add", "bob", "--full-name", "Bob Stone")
    start, _, password = said.strip().partition(", password ")
    assert start == "user bob added"
    assert verify(house.user("bob").hash, password)
    assert house.user("bob").name == "Bob Stone"


def test_a_password_is_set_for_a_user_who_has_none_or_forgot(house: Shell) -> None:
    """Role and name stay."""
    assert house.user("sue").hash == ""
    assert house("user", "password", "SUE", "--password-stdin", stdin="correct horse\n") == (
        "user sue has a new password\n"
    )
    row = house.user("sue")
    assert (row.role, row.name) == ("supervisor", "Sue")
    assert verify(row.hash, "correct horse")
    made = house("user", "password", "sue").strip().partition(", password ")[2]
    assert verify(house.user("sue").hash, made)


@pytest.mark.parametrize(
    ("argv", "stdin", "said"),
    [
        (["add", "sue"], "correct horse", "There is already a 'sue' among the users."),
        (["add", "ann"], "short", "password has 5 characters and needs at least 10."),
        (["add", "ann"], "", "password is missing; a new user needs one."),
        (
            ["add", "ann", "--agent", "none"],
            "correct horse",
            "agent is 'none', which is not among the agents.",
        ),
        (["add", "a b"], "correct horse", "id "),
        (["password", "ann"], "correct horse", "there is no user ann; add one with: callfloor user add ann"),
        (["password", "sue"], "", "the password is empty"),
        (["password", "sue"], "short", "password has 5 characters and needs at least 10."),
    ],
)
def test_a_user_that_cannot_be_is_said_why(house: Shell, argv: list[str], stdin: str, said: str) -> None:
    """In one line; nothing is written."""
    assert house.fails("user", *argv, "--password-stdin", stdin=stdin).startswith(said)
    assert house.user("sue").hash == ""


# ------------------------------------------------------------------ setup


def test_rows_go_out_and_come_in(house: Shell, tmp_path: Path) -> None:
    """By standard output and input, and by file."""
    text = house("setup", "export")
    file = tmp_path / "house.yaml"
    assert house("setup", "export", str(file)) == ""
    assert file.read_text(encoding="utf-8") == text
    assert house("setup", "import", str(file)).startswith("nothing changed")
    file.write_text(text.replace("name: Personal", "name: 个人业务"), encoding="utf-8")
    assert house("setup", "import", str(file)).startswith("queues: 0 new, 1 changed")
    assert "name: 个人业务" in house("setup", "export")


def test_a_bad_file_is_a_line_for_each_problem_and_changes_nothing(house: Shell, tmp_path: Path) -> None:
    """With the file's name and the line."""
    before = house("setup", "export")
    file = tmp_path / "bad.yaml"
    file.write_text("queues:\n  - {id: new, name: New}\n  - {id: q, name: Q, ring_s: 0}\ncolours: []\n")
    assert house.fails("setup", "import", str(file)).splitlines() == [
        f"{file}:3: queues q: ring_s is not right: input should be greater than or equal to 1",
        f"{file}:4: colours is no kind of rows; they are "
        "agents, calendars, entry-numbers, flows, groups, queues, skills, tiers, users",
    ]
    assert house.fails("setup", "import", stdin="queues: 7").startswith("standard input:1: queues must be")
    assert house("setup", "export") == before


def test_files_that_cannot_be_read_or_written_are_said_so(house: Shell, tmp_path: Path) -> None:
    """Missing, not UTF-8, no such folder."""
    missing = tmp_path / "none" / "x.yaml"
    for what in ("import", "export"):
        assert house.fails("setup", what, str(missing)) == f"{missing}: No such file or directory"
    said = house.fails("setup", "import", stdin="名".encode("gbk"))
    assert said.startswith("standard input: this is not UTF-8")


# ------------------------------------------------------------------ the rest


def test_without_a_journal_there_is_no_story(shell: Shell) -> None:
    """``why`` and ``replay`` say where they looked."""
    for argv in (["why", "c1"], ["replay"]):
        assert shell.fails(*argv) == f"there is no journal at {shell.folder / 'journal.db'}"


@pytest.mark.parametrize(("verb", "elsewhere"), [("serve", "the setting web.port"), ("demo", "--port")])
def test_a_port_in_use_is_said_in_one_line(
    shell: Shell, verb: str, elsewhere: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Which port, why, and what to do."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        monkeypatch.setenv("CALLFLOOR_WEB_PORT", str(port))
        argv = [verb, "--port", str(port), "--sip-port", "0"] if verb == "demo" else [verb]
        said = shell.fails(*argv)
    assert said == (
        f"the web port {port} on 127.0.0.1 cannot be used (Address already in use); "
        f"stop the program that has it or choose another with {elsewhere}"
    )


def test_a_fault_of_ours_is_a_line_too(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """The traceback is for those who ask for it."""

    def broken(path: object) -> None:
        raise KeyError("oops")

    monkeypatch.setattr("callfloor.cli.load", broken)
    assert shell.fails("config", "check") == (
        "a fault of the program, KeyError: 'oops'; with CALLFLOOR_LOG_LEVEL=debug it shows where"
    )


def test_the_installed_command_does_the_same(tmp_path: Path) -> None:
    """As a process of its own: by its name and by ``python -m``, exit code and streams."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("CALLFLOOR_")}
    environment["CALLFLOOR_DATA_FOLDER"] = str(tmp_path / "data")

    def run(*argv: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(argv, capture_output=True, text=True, env=environment, cwd=tmp_path)

    module = [sys.executable, "-m", "callfloor"]
    assert run(*module, "db", "upgrade").stdout == "the database is up to date\n"
    done = run(str(Path(sys.executable).parent / "callfloor"), "user", "password", "nobody")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "callfloor: there is no user nobody; add one with: callfloor user add nobody\n"
