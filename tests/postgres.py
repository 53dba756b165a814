"""A private PostgreSQL for the tests: a cluster of its own in a temporary folder, on a Unix socket only.

``postgres_url`` gives each test an empty database, ``postgres_tables`` one with every table. Without the
program the tests that need it are skipped, or fail under CI.
"""

import grp
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from callfloor import migrate
from tests.peers import missing

START_S = 30
QUICK = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "autovacuum=off",
    "max_connections=30",
)

_LEAVE = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""
_CLEAR = """
DO $$
DECLARE one record;
BEGIN
    PERFORM set_config('session_replication_role', 'replica', true);  -- in whatever order: no foreign keys
    FOR one IN
        SELECT oid::regclass AS name, relkind AS kind FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'S') AND relname <> 'alembic_version'
    LOOP
        IF one.kind = 'r' THEN
            EXECUTE format('DELETE FROM %s', one.name);
        ELSE
            PERFORM setval(one.name, 1, false);
        END IF;
    END LOOP;
END $$
"""
"""Emptied is quicker than dropped and made again, by far: some hundreds of files."""


class Cluster:
    """A running cluster; ``folder`` holds its data, its socket and its log."""

    def __init__(self, folder: Path, programs: Path, who: dict[str, Any]) -> None:
        self.folder = folder
        self.made = 0
        data = folder / "data"
        made = subprocess.run(
            [
                programs / "initdb",
                "-D",
                data,
                "-N",
                "-A",
                "trust",
                "-U",
                "postgres",
                "-E",
                "UTF8",
                "--locale=C",
            ],
            capture_output=True,
            text=True,
            cwd=folder,
            **who,
        )
        assert made.returncode == 0, f"initdb failed:\n{made.stdout}\n{made.stderr}"
        options = [part for option in QUICK for part in ("-c", option)]
        with (folder / "log").open("wb") as log:
            self.process = subprocess.Popen(
                [programs / "postgres", "-D", data, "-k", folder, "-c", "listen_addresses=", *options],
                stdout=log,
                stderr=log,
                cwd=folder,
                **who,
            )
        self._wait()

    def _wait(self) -> None:
        end = time.monotonic() + START_S
        while not self._up():
            log = (self.folder / "log").read_text(errors="replace")
            assert self.process.poll() is None, f"PostgreSQL ended at once:\n{log}"
            assert time.monotonic() < end, f"PostgreSQL is not up after {START_S} s:\n{log}"
            time.sleep(0.05)

    def _up(self) -> bool:
        try:
            psycopg.connect(self._where("postgres")).close()
        except psycopg.OperationalError:
            return False
        return True

    def _where(self, database: str) -> str:
        return f"host={self.folder} user=postgres dbname={database}"

    def new_database(self) -> tuple[str, str]:
        """An empty database: its name and its SQLAlchemy URL."""
        self.made += 1
        name = f"test_{self.made}"
        self._run(f"CREATE DATABASE {name}")
        return name, f"postgresql+psycopg://postgres@/{name}?host={self.folder}"

    def drop(self, name: str) -> None:
        """Take a database away, with whoever is still connected to it."""
        self._run(f"DROP DATABASE {name} WITH (FORCE)")

    def clear(self, name: str) -> None:
        """Take all rows out of a database, and whoever is still connected to it."""
        self._run(_LEAVE, name)
        self._run(_CLEAR, name)

    def _run(self, statement: str, database: str = "postgres") -> None:
        connection = psycopg.connect(self._where(database), autocommit=True)
        try:
            connection.execute(statement.encode())
        finally:
            connection.close()

    def stop(self) -> None:
        """A fast shutdown; AssertionError if it takes too long."""
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(10)
            raise AssertionError("PostgreSQL did not stop in 20 s") from None


def programs() -> Path | None:
    """The folder of initdb and postgres, the newest if there are several; Debian keeps them off the path."""
    found = shutil.which("initdb")
    if found is not None:
        return Path(found).resolve().parent
    versions = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest = max(versions, key=lambda p: int(p.parts[-3]) if p.parts[-3].isdigit() else 0, default=None)
    return None if newest is None else newest.parent


def servant(folder: Path) -> dict[str, Any]:
    """As whom PostgreSQL runs: it refuses to be root, so root lends the folder to ``postgres``."""
    if os.geteuid() != 0:
        return {}
    try:
        user, group = pwd.getpwnam("postgres"), grp.getgrnam("postgres")
    except KeyError:
        missing("there is no user postgres (Debian: postgresql), and PostgreSQL does not run as root")
        raise
    os.chown(folder, user.pw_uid, group.gr_gid)
    return {"user": user.pw_uid, "group": group.gr_gid, "extra_groups": []}


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """The cluster of this test run."""
    found = programs()
    if found is None:
        missing("PostgreSQL is not installed (Debian: postgresql)")
    assert found is not None
    folder = Path(tempfile.mkdtemp(prefix="callfloor-pg-"))  # short: a socket's path has at most 107 bytes
    try:
        cluster = Cluster(folder, found, servant(folder))
        try:
            yield cluster
        finally:
            cluster.stop()
    finally:
        shutil.rmtree(folder)


@pytest.fixture
def postgres_url(postgres: Cluster) -> Iterator[str]:
    """The SQLAlchemy URL of an empty PostgreSQL database."""
    name, url = postgres.new_database()
    yield url
    postgres.drop(name)


@pytest.fixture(scope="session")
def _postgres_migrated(postgres: Cluster) -> tuple[str, str]:
    """The name and the URL of a database with every table; each is a file or more, and no quick copy."""
    name, url = postgres.new_database()
    migrate.upgrade(url)
    return name, url


@pytest.fixture
def postgres_tables(postgres: Cluster, _postgres_migrated: tuple[str, str]) -> Iterator[str]:
    """The SQLAlchemy URL of a PostgreSQL database with every table, and nothing in them.

    It is the same one for every test; whoever changes more than rows takes ``postgres_url``.
    """
    name, url = _postgres_migrated
    yield url
    postgres.clear(name)
