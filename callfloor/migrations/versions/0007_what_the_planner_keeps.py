"""What the planner keeps: histories, findings, calendars, forecasts, overrides, versions, requirements."""

import sqlalchemy as sa
from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.create_table(
        "planning_calendars",
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("saves", sa.Integer(), nullable=False),
        sa.Column("changed_by", sa.String(length=64), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_planning_calendars")),
    )
    op.create_table(
        "planning_series",
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("interval_s", sa.Integer(), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("calendar", sa.String(length=64), nullable=False),
        sa.Column("model", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["calendar"],
            ["planning_calendars.id"],
            name=op.f("fk_planning_series_calendar_planning_calendars"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_planning_series")),
    )
    with op.batch_alter_table("planning_series") as table:
        table.create_index(table.f("ix_planning_series_calendar"), ["calendar"], unique=False)

    op.create_table(
        "planning_backtests",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("series", sa.String(length=64), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("results", sa.JSON(), nullable=False),
        sa.Column("chosen", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["series"],
            ["planning_series.id"],
            name=op.f("fk_planning_backtests_series_planning_series"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_planning_backtests")),
    )
    with op.batch_alter_table("planning_backtests") as table:
        table.create_index(table.f("ix_planning_backtests_series"), ["series"], unique=False)

    op.create_table(
        "planning_findings",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("series", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("methods", sa.JSON(), nullable=False),
        sa.Column("begin_at", sa.BigInteger(), nullable=False),
        sa.Column("end_at", sa.BigInteger(), nullable=False),
        sa.Column("sure", sa.Float(), nullable=False),
        sa.Column("calls", sa.Float(), nullable=True),
        sa.Column("expected", sa.Float(), nullable=True),
        sa.Column("action", sa.String(length=16), nullable=False),
        sa.Column("factor", sa.Float(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("columns", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("own_factor", sa.Float(), nullable=True),
        sa.Column("note", sa.String(length=512), nullable=False),
        sa.Column("decided_by", sa.String(length=64), nullable=False),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["series"],
            ["planning_series.id"],
            name=op.f("fk_planning_findings_series_planning_series"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_planning_findings")),
        sa.UniqueConstraint("series", "name", name=op.f("uq_planning_findings_series")),
    )
    with op.batch_alter_table("planning_findings") as table:
        table.create_index("ix_planning_findings_series", ["series", "begin_at"], unique=False)

    op.create_table(
        "planning_imports",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("series", sa.String(length=64), nullable=False),
        sa.Column("file", sa.String(length=255), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("interval_s", sa.Integer(), nullable=False),
        sa.Column("first_start", sa.BigInteger(), nullable=False),
        sa.Column("last_start", sa.BigInteger(), nullable=False),
        sa.Column("intervals", sa.Integer(), nullable=False),
        sa.Column("replaced", sa.Integer(), nullable=False),
        sa.Column("calls", sa.Float(), nullable=False),
        sa.Column("measures", sa.JSON(), nullable=False),
        sa.Column("undone_by", sa.String(length=64), nullable=False),
        sa.Column("undone_at", sa.BigInteger(), nullable=True),
        sa.Column("columns", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["series"],
            ["planning_series.id"],
            name=op.f("fk_planning_imports_series_planning_series"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_planning_imports")),
    )
    with op.batch_alter_table("planning_imports") as table:
        table.create_index(table.f("ix_planning_imports_series"), ["series"], unique=False)

    op.create_table(
        "planning_jobs",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("series", sa.String(length=64), nullable=False),
        sa.Column("asked", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("progress", sa.Float(), nullable=False),
        sa.Column("stage", sa.String(length=128), nullable=False),
        sa.Column("trouble", sa.Text(), nullable=False),
        sa.Column("result", sa.Integer(), nullable=True),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("begun_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["series"],
            ["planning_series.id"],
            name=op.f("fk_planning_jobs_series_planning_series"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_planning_jobs")),
    )
    with op.batch_alter_table("planning_jobs") as table:
        table.create_index(table.f("ix_planning_jobs_series"), ["series"], unique=False)
        table.create_index(table.f("ix_planning_jobs_state"), ["state"], unique=False)

    op.create_table(
        "planning_decisions",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("finding", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("factor", sa.Float(), nullable=True),
        sa.Column("note", sa.String(length=512), nullable=False),
        sa.ForeignKeyConstraint(
            ["finding"],
            ["planning_findings.id"],
            name=op.f("fk_planning_decisions_finding_planning_findings"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_planning_decisions")),
    )
    with op.batch_alter_table("planning_decisions") as table:
        table.create_index(table.f("ix_planning_decisions_finding"), ["finding"], unique=False)

    op.create_table(
        "planning_forecasts",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("series", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("period", sa.String(length=8), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("note", sa.String(length=512), nullable=False),
        sa.Column("model", sa.String(length=64), nullable=False),
        sa.Column("chosen", sa.String(length=64), nullable=False),
        sa.Column("backtest", sa.Integer(), nullable=True),
        sa.Column("interval_s", sa.Integer(), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("first_start", sa.BigInteger(), nullable=False),
        sa.Column("last_start", sa.BigInteger(), nullable=False),
        sa.Column("history_to", sa.BigInteger(), nullable=False),
        sa.Column("machine_calls", sa.Float(), nullable=False),
        sa.Column("human_calls", sa.Float(), nullable=False),
        sa.Column("columns", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["backtest"],
            ["planning_backtests.id"],
            name=op.f("fk_planning_forecasts_backtest_planning_backtests"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["series"],
            ["planning_series.id"],
            name=op.f("fk_planning_forecasts_series_planning_series"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_planning_forecasts")),
    )
    with op.batch_alter_table("planning_forecasts") as table:
        table.create_index(table.f("ix_planning_forecasts_series"), ["series"], unique=False)

    op.create_table(
        "planning_overrides",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("forecast", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("measure", sa.String(length=16), nullable=False),
        sa.Column("how", sa.String(length=16), nullable=False),
        sa.Column("value", sa.Float(), nullable=False),
        sa.Column("shape", sa.JSON(), nullable=False),
        sa.Column("first_day", sa.String(length=10), nullable=False),
        sa.Column("last_day", sa.String(length=10), nullable=False),
        sa.Column("from_slot", sa.Integer(), nullable=False),
        sa.Column("to_slot", sa.Integer(), nullable=False),
        sa.Column("weekly", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=128), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("carried_from", sa.Integer(), nullable=True),
        sa.Column("withdrawn_by", sa.String(length=64), nullable=False),
        sa.Column("withdrawn_at", sa.BigInteger(), nullable=True),
        sa.Column("withdrawn_why", sa.String(length=128), nullable=False),
        sa.ForeignKeyConstraint(
            ["forecast"],
            ["planning_forecasts.id"],
            name=op.f("fk_planning_overrides_forecast_planning_forecasts"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_planning_overrides")),
        sa.UniqueConstraint("forecast", "number", name=op.f("uq_planning_overrides_forecast")),
    )
    op.create_table(
        "planning_versions",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("series", sa.String(length=64), nullable=False),
        sa.Column("forecast", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("period", sa.String(length=8), nullable=False),
        sa.Column("calls", sa.Float(), nullable=False),
        sa.Column("overrides", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("note", sa.String(length=512), nullable=False),
        sa.Column("columns", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["forecast"],
            ["planning_forecasts.id"],
            name=op.f("fk_planning_versions_forecast_planning_forecasts"),
        ),
        sa.ForeignKeyConstraint(
            ["series"], ["planning_series.id"], name=op.f("fk_planning_versions_series_planning_series")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_planning_versions")),
        sa.UniqueConstraint("series", "kind", "period", "number", name=op.f("uq_planning_versions_series")),
    )
    with op.batch_alter_table("planning_versions") as table:
        table.create_index(table.f("ix_planning_versions_forecast"), ["forecast"], unique=False)
        table.create_index(table.f("ix_planning_versions_series"), ["series"], unique=False)

    op.create_table(
        "planning_requirements",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("forecast", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("asked", sa.JSON(), nullable=False),
        sa.Column("interval_s", sa.Integer(), nullable=False),
        sa.Column("sums", sa.JSON(), nullable=False),
        sa.Column("columns", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["forecast"],
            ["planning_forecasts.id"],
            name=op.f("fk_planning_requirements_forecast_planning_forecasts"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["version"],
            ["planning_versions.id"],
            name=op.f("fk_planning_requirements_version_planning_versions"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_planning_requirements")),
    )
    with op.batch_alter_table("planning_requirements") as table:
        table.create_index(table.f("ix_planning_requirements_forecast"), ["forecast"], unique=False)
