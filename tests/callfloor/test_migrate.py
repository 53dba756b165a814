"""Migrations bring any database to the tables of the models, or say why not."""

import logging
import shutil
import threading
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import create_engine, text

from acd.store import load_config
from callfloor import migrate
from callfloor.migrate import MigrationError
from common.db import Base, Database
from domain.config import AgentConfig, FloorConfigured, QueueConfig
from domain.ids import AgentId, DeviceId, QueueId


def differences(url: str) -> list[object]:
    """What ``migrate.differences`` finds, without the tables that tests of other rooms have of their own."""
    migrate.models()
    ours = {m.local_table for m in Base.registry.mappers if not m.class_.__module__.startswith("tests.")}
    strangers = [str(m.local_table) for m in Base.registry.mappers if m.local_table not in ours]
    engine = create_engine(url)
    with engine.connect() as connection:
        found = migrate.differences(connection)
    engine.dispose()
    return [one for one in found if not any(f"'{table}'" in repr(one) for table in strangers)]


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'cf.db'}"


def execute(url: str, *statements: str) -> list[object]:
    engine = create_engine(url)
    with engine.begin() as connection:
        found: list[object] = []
        for statement in statements:
            result = connection.execute(text(statement))
            found = list(result) if result.returns_rows else []
    engine.dispose()
    return found


def test_the_tables_after_all_migrations_are_those_of_the_models(url: str) -> None:
    """Nobody changes a model without a migration."""
    migrate.upgrade(url)
    assert differences(url) == []


def test_the_same_on_postgresql(postgres_url: str) -> None:
    """Types and constraints included."""
    migrate.upgrade(postgres_url)
    assert differences(postgres_url) == []
    migrate.upgrade(postgres_url)
    assert migrate.is_current(postgres_url)


def test_the_comparison_would_see_a_difference(url: str) -> None:
    """A column more, and it is said."""
    migrate.upgrade(url)
    execute(url, "ALTER TABLE skills ADD COLUMN colour VARCHAR(8)")
    assert "colour" in repr(differences(url))


def test_nothing_to_do_says_nothing(url: str, caplog: pytest.LogCaptureFixture) -> None:
    """The first time says where the database is now; the second time is silent."""
    with caplog.at_level(logging.INFO):
        assert not migrate.is_current(url)
        migrate.upgrade(url)
        assert "the database is now at" in caplog.text
        caplog.clear()
        migrate.upgrade(url)
        assert migrate.is_current(url)
    assert caplog.text == ""


def test_the_platform_s_own_engine_works_on_it(url: str) -> None:
    """Write-ahead log, foreign keys and rows."""
    migrate.upgrade(url)
    database = Database(url)
    with database.transaction() as session:
        session.execute(text("INSERT INTO skills (id, name) VALUES ('english', 'English')"))
    database.close()
    assert execute(url, "SELECT name FROM skills") == [("English",)]


def test_a_database_of_newer_code_is_left_alone(url: str) -> None:
    """It names both versions and what to do, and changes nothing."""
    migrate.upgrade(url)
    execute(url, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(MigrationError, match=r"newer version of Callfloor \(its tables are at 9999"):
        migrate.upgrade(url)
    assert execute(url, "SELECT version_num FROM alembic_version") == [("9999",)]
    assert not migrate.is_current(url)


def test_tables_of_other_origin_are_left_alone(url: str) -> None:
    """A database that has a table of that name but no version is somebody else's."""
    execute(url, "CREATE TABLE users (id INTEGER)")
    with pytest.raises(MigrationError, match=r"has tables of other origin \(such as users\)"):
        migrate.upgrade(url)
    assert execute(url, "SELECT name FROM sqlite_master WHERE type = 'table'") == [("users",)]


def test_a_migration_that_fails_leaves_no_trace(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All or nothing, on SQLite too: tables made before the failure are gone again."""
    broken = tmp_path / "migrations"
    shutil.copytree(migrate.FOLDER, broken)
    (broken / "versions" / "0900_broken.py").write_text(
        '"""Broken."""\n\nimport sqlalchemy as sa\nfrom alembic import op\n\n'
        f'revision = "0900"\ndown_revision = "{newest()}"\nbranch_labels = depends_on = None\n\n\n'
        "def upgrade() -> None:\n"
        '    op.create_table("half", sa.Column("id", sa.Integer))\n'
        '    op.execute("INSERT INTO nowhere VALUES (1)")\n',
        encoding="utf-8",
    )
    monkeypatch.setattr(migrate, "FOLDER", broken)
    with pytest.raises(MigrationError, match="no such table: nowhere"):
        migrate.upgrade(url)
    assert execute(url, "SELECT name FROM sqlite_master WHERE type = 'table'") == []


def newest() -> str:
    """The newest revision there is."""
    return max(file.name[:4] for file in (migrate.FOLDER / "versions").glob("[0-9]*.py"))


def test_rows_that_would_point_nowhere_keep_the_database_as_it_was(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite rebuilds tables without looking at foreign keys, so they are looked at before the commit."""
    migrate.upgrade(url)
    careless = tmp_path / "migrations"
    shutil.copytree(migrate.FOLDER, careless)
    (careless / "versions" / "0901_careless.py").write_text(
        '"""Careless."""\n\nfrom alembic import op\n\n'
        f'revision = "0901"\ndown_revision = "{newest()}"\nbranch_labels = depends_on = None\n\n\n'
        "def upgrade() -> None:\n"
        "    op.execute(\"INSERT INTO agent_skills VALUES ('nobody', 'nothing', 1)\")\n",
        encoding="utf-8",
    )
    monkeypatch.setattr(migrate, "FOLDER", careless)
    with pytest.raises(MigrationError, match="a row of agent_skills points to a row of"):
        migrate.upgrade(url)
    assert execute(url, "SELECT * FROM agent_skills") == []


OLD_ROWS = (
    "INSERT INTO queues (id, name, target_s, target_share, ring_s, wrap_up_s, max_wait_s, max_length, "
    "when_no_agents, age_rate, age_cap, weight, busy_window_s, timezone) VALUES "
    "('patient', 'P', 20, 0.8, 15, 30, 0, 0, 'wait', 0.05, 200, 0, 3600, 'UTC'), "
    "('strict', 'S', 20, 0.8, 15, 30, 0, 0, 'return', 0.05, 200, 3, 3600, 'UTC')",
    "INSERT INTO skills (id, name) VALUES ('english', 'English')",
    "INSERT INTO agents (id, name, branch) VALUES ('ann', 'Ann', 'East')",
    "INSERT INTO agent_queues (agent, queue) VALUES ('ann', 'patient'), ('ann', 'strict')",
    "INSERT INTO agent_skills (agent, skill) VALUES ('ann', 'english')",
)


def check_old_rows(url: str) -> None:
    with migrate._transaction(url) as connection:
        command.upgrade(migrate._config(connection), "0001")
    for statement in OLD_ROWS:
        execute(url, statement)
    migrate.upgrade(url)
    database = Database(url)
    with database.transaction() as session:
        config = load_config(session)
    database.close()
    ids = QueueId("patient"), QueueId("strict")
    assert config == FloorConfigured(
        (
            QueueConfig(ids[0], "P", join_empty=(), leave_empty=(), timezone="UTC"),
            QueueConfig(ids[1], "S", weight=3, timezone="UTC"),
        ),
        (AgentConfig(AgentId("ann"), "Ann", DeviceId("desk-ann"), ids, ("english",), branch="East"),),
    )


def test_the_first_version_s_queues_and_agents_mean_what_they_meant(url: str) -> None:
    """Waiting without agents becomes empty lists, returning the signed out; all else has its default."""
    check_old_rows(url)


def test_they_mean_the_same_on_postgresql(postgres_url: str) -> None:
    """Its columns are stricter about types."""
    check_old_rows(postgres_url)


def test_several_processes_may_upgrade_at_once(url: str) -> None:
    """One does it, the others wait and find nothing to do."""
    errors: list[BaseException] = []

    def upgrade() -> None:
        try:
            migrate.upgrade(url)
        except MigrationError as error:
            errors.append(error)

    threads = [threading.Thread(target=upgrade) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert errors == []
    assert migrate.is_current(url)


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ("nonsense", "the database URL cannot be used"),
        ("oracle+nothing://x", "the database URL cannot be used"),
        ("sqlite:////nowhere/at/all.db", "unable to open database file"),
        ("postgresql+psycopg://u:secret@127.0.0.1:1/x", "127.0.0.1"),
    ],
)
def test_a_database_that_cannot_be_reached_is_said_without_its_password(bad: str, said: str) -> None:
    """In one line."""
    with pytest.raises(MigrationError) as caught:
        migrate.upgrade(bad)
    assert said in str(caught.value)
    assert "secret" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_no_database_is_said_so(tmp_path: Path) -> None:
    """And is not written to."""
    file = tmp_path / "letter.db"
    file.write_text("Dear customer, " * 100)
    with pytest.raises(MigrationError, match="file is not a database"):
        migrate.upgrade(f"sqlite:///{file}")
    assert file.read_text().startswith("Dear customer")


def test_every_migration_is_shipped(url: str) -> None:
    """They lie inside the package, beside the code that runs them, and need no file of settings."""
    package = Path(migrate.__file__).parent
    assert package in migrate.FOLDER.parents
    assert (migrate.FOLDER / "env.py").is_file()
    assert (migrate.FOLDER / "script.py.mako").is_file()
    assert not list(package.parent.glob("alembic.ini"))
