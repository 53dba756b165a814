"""The ``callfloor`` command."""

import argparse
import asyncio
import getpass
import logging
import os
import secrets
import select
import signal
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from callfloor import (
    __version__,
    flow_commands,
    forecast_commands,
    history_commands,
    logs,
    plan_month_command,
    schedule_commands,
    staff_commands,
)
from callfloor.lock import FolderInUse, folder_lock
from callfloor.settings import Data, Settings, SettingsError, load

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from callfloor.server import Platform

PROBLEM, USAGE = 1, 2


class CliError(Exception):
    """Something to say in one line, with exit code 1."""


def main(argv: list[str] | None = None) -> NoReturn:
    """Run one verb and exit: 0 well, 1 a problem (said in one line), 2 wrong usage."""
    arguments = _parser().parse_args(argv)
    try:
        code = arguments.run(arguments)
        sys.stdout.flush()
    except SettingsError as error:
        for line in error.problems:
            print(f"callfloor: {line}", file=sys.stderr)
        code = PROBLEM
    except (CliError, FolderInUse) as error:
        for line in str(error).splitlines():
            print(f"callfloor: {line}", file=sys.stderr)
        code = PROBLEM
    except OSError as error:
        if isinstance(error, BrokenPipeError) and _nobody_reads():
            code = 128 + signal.SIGPIPE
        else:
            where = f"{error.filename}: " if error.filename else ""
            print(f"callfloor: {where}{error.strerror or error}", file=sys.stderr)
            code = PROBLEM
    except KeyboardInterrupt:
        code = 130
    except Exception as error:  # noqa: BLE001 - the last wall before the user
        if os.environ.get("CALLFLOOR_LOG_LEVEL") == "debug":
            traceback.print_exc()
        print(
            f"callfloor: a fault of the program, {type(error).__name__}: {error}; "
            "with CALLFLOOR_LOG_LEVEL=debug it shows where",
            file=sys.stderr,
        )
        code = PROBLEM
    sys.exit(code)


def _nobody_reads() -> bool:
    """Whether whoever read standard output has seen enough, as ``head`` does; then the rest goes nowhere."""
    output = sys.stdout.fileno()
    poll = select.poll()
    poll.register(output, 0)
    gone = any(event & select.POLLERR for _, event in poll.poll(0))
    if gone:
        os.dup2(os.open(os.devnull, os.O_WRONLY), output)
    return gone


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="callfloor", description="Call-center telephony and workforce.")
    parser.add_argument("--version", action="version", version=f"callfloor {__version__}")
    verbs = parser.add_subparsers(metavar="VERB", required=True)

    def verb(name: str, words: str, run: Callable[[argparse.Namespace], int]) -> argparse.ArgumentParser:
        one = verbs.add_parser(name, help=words, description=words)
        one.set_defaults(run=run)
        one.add_argument("--config", type=Path, metavar="FILE", help="settings file (TOML)")
        return one

    verb("serve", "run the platform", _serve)
    demo = verb("demo", "run a living sample bank", _demo)
    demo.add_argument("--port", type=_port, default=8000, help="web port")
    demo.add_argument("--sip-port", type=_port, default=5060, help="SIP port (UDP)")
    demo.add_argument("--data", type=Path, help="keep database and recordings in this folder")
    demo.add_argument("--speed", type=float, default=1.0, help="scales arrivals and talk times")
    demo.add_argument("--lang", choices=("zh-CN", "en"), default="zh-CN", help="language of the demo")

    config = verb("config", "look at the settings", _config)
    config.add_argument("what", choices=("check",))
    db = verb("db", "care for the database", _db)
    db.add_argument("what", choices=("upgrade",))
    user = verb("user", "care for users", _user)
    user.add_argument("what", choices=("add", "password"), help="add one, or set the password of one")
    user.add_argument("name", help="sign-in name")
    user.add_argument("--role", choices=("agent", "supervisor", "planner", "admin"), default="agent")
    user.add_argument("--agent", help="the agent this user is")
    user.add_argument("--full-name", default="")
    user.add_argument("--password-stdin", action="store_true", help="read the password from standard input")
    setup = verb("setup", "configuration rows as YAML", _setup)
    setup.add_argument("what", choices=("export", "import"))
    setup.add_argument("file", nargs="?", type=Path, help="the file (default: standard output or input)")
    replay = verb("replay", "replay the journal under today's code and compare", _replay)
    replay.add_argument("--most", type=int, default=20, help="differences to print")
    flow_commands.add(verbs.add_parser("flow", help="check, try, test and draw flows"))
    history_commands.add(verbs.add_parser("history", help="take in, clean and show call history"))
    forecast_commands.add(verbs.add_parser("forecast", help="forecast calls, compare models on a history"))
    schedule_commands.add(verbs.add_parser("schedule", help="make, check and show rosters"))
    staff_commands.add(verbs.add_parser("staff", help="how many people, for a forecast or for one case"))
    plan = verbs.add_parser("plan-month", help="from past calls to a roster, and the service it will give")
    plan_month_command.add(plan)
    why = verb("why", "tell the story of a call", _why)
    why.add_argument("call")
    report = verb("report", "what a day was like, or the callers nobody spoke with", _report)
    report.add_argument("what", choices=("queues", "agents", "missed"))
    report.add_argument("--from", dest="since", metavar="DAY", help="or a time (default: today)")
    report.add_argument("--to", dest="until", metavar="DAY", help="or a time, excluded (default: now)")
    report.add_argument("--csv", action="store_true", help="everything there is, as CSV")
    return parser


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65_535:
        raise argparse.ArgumentTypeError(f"{text!r} is no port; it is a number from 0 to 65535")
    return int(text)


def _settings(arguments: argparse.Namespace) -> Settings:
    return load(arguments.config)


# ------------------------------------------------------------------ running


def _serve(arguments: argparse.Namespace) -> int:
    settings = _settings(arguments)
    logs.to_stderr(settings.log_level, logs.JsonLines())
    with _starting(settings, "the setting web.port", "the setting sip.port"):
        _upgrade(settings)
        from callfloor.server import Platform
        from callfloor.switches import embedded

        platform = Platform(settings, embedded)
        asyncio.run(platform.serve(lambda: print(_where(platform), flush=True)))
    return PROBLEM if platform.runner.failure is not None else 0


def _where(platform: "Platform") -> str:
    """Where a platform is reached, a line each."""
    settings = platform.settings
    web, sip = settings.web, settings.sip
    scheme = "https" if web.certificate or web.self_signed else "http"
    return "\n".join(
        (
            f"pages  {scheme}://{_in_url(web.host)}:{platform.web_port}/",
            f"SIP    {_in_url(sip.host)}:{sip.port} (UDP)",
            f"data   {settings.folder}",
        )
    )


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _demo(arguments: argparse.Namespace) -> int:
    if not 0.01 <= arguments.speed <= 100:
        raise CliError("--speed must be between 0.01 and 100")
    base = _settings(arguments)
    with ExitStack() as stack:
        folder = arguments.data or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="callfloor-")))
        settings = replace(
            base,
            web=replace(base.web, port=arguments.port),
            sip=replace(base.sip, port=arguments.sip_port),
            data=Data(str(folder)),
        )
        logs.to_stderr("warning", logs.PlainLines())
        stack.enter_context(_starting(settings, "--port", "--sip-port"))
        from callfloor.demo import run

        asyncio.run(run(settings, arguments.speed, arguments.lang))
    return 0


@contextmanager
def _starting(settings: Settings, web: str, sip: str) -> Iterator[None]:
    """The data folder is ours while a platform runs on it; what keeps one from starting is a CliError.

    ``web`` and ``sip`` are where other ports can be chosen.
    """
    from sqlalchemy.exc import SQLAlchemyError

    from callfloor import check
    from callfloor.migrate import MigrationError
    from callfloor.server import StartError
    from calls.journal import JournalError
    from telephony.media.process import MediaDied

    _raise_any(check.problems(settings))
    for line in [*check.warnings(settings), *check.voice_trouble(settings)]:
        logging.getLogger(__name__).warning("%s", line)
    try:
        with folder_lock(settings.folder):
            _raise_any(list(islice(check.ports(settings, web, sip), 1)))
            yield
    except (FolderInUse, MigrationError, StartError, JournalError, MediaDied) as error:
        raise CliError(str(error)) from error
    except SQLAlchemyError as error:
        raise CliError(_database_trouble(error)) from error


def _raise_any(problems: list[str]) -> None:
    if problems:
        raise CliError("\n".join(problems))


# ------------------------------------------------------------------ care


def _config(arguments: argparse.Namespace) -> int:
    settings = _settings(arguments)
    from callfloor import check

    _raise_any(check.problems(settings) or check.more_problems(settings))
    for line in [*check.warnings(settings), *check.voice_trouble(settings)]:
        print(f"warning: {line}")
    print(f"settings are good; data in {settings.folder}, web {settings.web.host}:{settings.web.port}")
    return 0


def _db(arguments: argparse.Namespace) -> int:
    settings = _settings(arguments)
    _upgrade(settings)
    print("the database is up to date")
    return 0


def _upgrade(settings: Settings) -> None:
    from callfloor import migrate

    settings.folder.mkdir(parents=True, exist_ok=True)
    try:
        migrate.upgrade(settings.database_url)
    except migrate.MigrationError as error:
        raise CliError(str(error)) from None


@contextmanager
def records(settings: Settings) -> "Iterator[Session]":
    """One transaction on the database. Raises CliError when there is trouble with it."""
    from sqlalchemy.exc import SQLAlchemyError

    from callfloor import migrate
    from common.db import Database
    from common.problems import Problem

    if not settings.data.database and not (settings.folder / "callfloor.db").is_file():
        raise CliError(f"there is no database in {settings.folder} yet; make it with: callfloor db upgrade")
    try:
        current = migrate.is_current(settings.database_url)
    except migrate.MigrationError as error:
        raise CliError(str(error)) from None
    if not current:
        raise CliError("the database is not up to date; run first: callfloor db upgrade")
    database = Database(settings.database_url)
    try:
        with database.transaction() as session:
            yield session
    except Problem as problem:
        raise CliError(problem.detail) from None
    except SQLAlchemyError as error:
        raise CliError(_database_trouble(error)) from None
    finally:
        database.close()


def _database_trouble(error: Exception) -> str:
    cause = getattr(error, "orig", None) or error
    return f"the database: {str(cause).splitlines()[0]}"


def _user(arguments: argparse.Namespace) -> int:
    settings = _settings(arguments)
    from callfloor.setup import kinds
    from common.auth.users import USERS, UserBody, create_user, sign_in_name

    kinds()  # a user's agent is looked for only where agents are known
    name = sign_in_name(arguments.name)
    password, shown = _password(arguments)
    try:
        with records(settings) as session:
            if arguments.what == "add":
                create_user(
                    session,
                    name,
                    password,
                    role=arguments.role,
                    name=arguments.full_name or arguments.name,
                    agent=arguments.agent,
                )
            else:
                row = session.get(USERS.model, name)
                if row is None:
                    raise CliError(f"there is no user {name}; add one with: callfloor user add {name}")
                if not password:
                    raise CliError("the password is empty")
                USERS.update(session, row, UserBody.model_validate({**USERS.show(row), "password": password}))
    except ValueError as error:
        raise CliError(str(error)) from None
    done = f"user {name} added" if arguments.what == "add" else f"user {name} has a new password"
    print(done + (f", password {password}" if shown else ""))
    return 0


def _password(arguments: argparse.Namespace) -> tuple[str, bool]:
    """(password, whether we made it up and must show it)."""
    if arguments.password_stdin:
        return sys.stdin.readline().rstrip("\n"), False
    if sys.stdin.isatty():
        typed = getpass.getpass("Password (empty: make one): ")
        if typed:
            return typed, False
    return secrets.token_urlsafe(9), True


def _setup(arguments: argparse.Namespace) -> int:
    settings = _settings(arguments)
    from callfloor import setup

    file: Path | None = arguments.file
    where = str(file or "standard input")
    try:
        if arguments.what == "import":
            text = file.read_text(encoding="utf-8") if file else sys.stdin.buffer.read().decode("utf-8")
        with records(settings) as session:
            if arguments.what == "import":
                said = setup.import_text(session, text, where)
            else:
                text = setup.export_text(session)
    except setup.SetupError as error:
        raise CliError(str(error)) from None
    except UnicodeDecodeError as error:
        raise CliError(f"{where}: this is not UTF-8 ({error.reason} at byte {error.start})") from None
    if arguments.what == "import":
        print(said)
    elif file:
        file.write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text)
    return 0


@contextmanager
def _journal(settings: Settings) -> Iterator[Path]:
    """The journal's file. Raises CliError when it is not there or cannot be read."""
    from calls.journal import JournalError

    if not settings.journal_path.is_file():
        raise CliError(f"there is no journal at {settings.journal_path}")
    try:
        yield settings.journal_path
    except JournalError as error:
        raise CliError(str(error)) from error


def _replay(arguments: argparse.Namespace) -> int:
    settings = _settings(arguments)
    from callfloor.replay import replay
    from callfloor.wiring import engine_maker

    with _journal(settings) as journal:
        audit = replay(journal, engine_maker(settings), print, arguments.most)
    print(f"{audit.entries} entries, {audit.differences} decided otherwise, state {audit.hash}")
    return PROBLEM if audit.differences else 0


def _why(arguments: argparse.Namespace) -> int:
    settings = _settings(arguments)
    from calls.story import story

    with _journal(settings) as journal:
        lines = story(journal, arguments.call)
    if not lines:
        raise CliError(f"the journal knows no call {arguments.call}")
    for line in lines:
        at = datetime.fromtimestamp(line.at / 1e6, UTC).isoformat(timespec="milliseconds")
        print(f"{at}  {line.what:<12}  {line.detail}")
    return 0


def _report(arguments: argparse.Namespace) -> int:
    settings = _settings(arguments)
    from callfloor.report import report
    from calls.reports import TooMuch
    from calls.runner import wall_clock

    with records(settings) as session:
        try:
            text = report(
                session,
                arguments.what,
                arguments.since,
                arguments.until,
                settings.region,
                wall_clock(),
                as_csv=arguments.csv,
            )
        except TooMuch as much:
            raise CliError(f"these are {much}; choose a shorter time") from None
        except ValueError as error:
            raise CliError(str(error)) from None
    sys.stdout.write(text)
    return 0
