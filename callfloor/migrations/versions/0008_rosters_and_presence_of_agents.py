"""Rosters: problems, drafts, versions, requests, feeds; since when agents were at work, paused or gone."""

import sqlalchemy as sa
from alembic import op

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.create_table(
        "agent_presence",
        sa.Column("agent", sa.String(length=64), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("presence", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=128), nullable=False),
        sa.PrimaryKeyConstraint("agent", "since", name=op.f("pk_agent_presence")),
    )
    op.create_table(
        "roster_feeds",
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("person", name=op.f("pk_roster_feeds")),
        sa.UniqueConstraint("hash", name=op.f("uq_roster_feeds_hash")),
    )
    op.create_table(
        "roster_problems",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("grp", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("start_day", sa.String(length=10), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("derived_from", sa.Integer(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("note", sa.String(length=512), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["derived_from"],
            ["roster_problems.id"],
            name=op.f("fk_roster_problems_derived_from_roster_problems"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_problems")),
    )
    with op.batch_alter_table("roster_problems") as table:
        table.create_index(table.f("ix_roster_problems_grp"), ["grp"], unique=False)

    op.create_table(
        "roster_jobs",
        sa.Column("objective", sa.BigInteger(), nullable=True),
        sa.Column("bound", sa.BigInteger(), nullable=True),
        sa.Column("problem", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
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
            ["problem"],
            ["roster_problems.id"],
            name=op.f("fk_roster_jobs_problem_roster_problems"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_jobs")),
    )
    with op.batch_alter_table("roster_jobs") as table:
        table.create_index(table.f("ix_roster_jobs_problem"), ["problem"], unique=False)
        table.create_index(table.f("ix_roster_jobs_state"), ["state"], unique=False)

    op.create_table(
        "roster_people",
        sa.Column("problem", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["problem"],
            ["roster_problems.id"],
            name=op.f("fk_roster_people_problem_roster_problems"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("problem", "person", name=op.f("pk_roster_people")),
    )
    with op.batch_alter_table("roster_people") as table:
        table.create_index(table.f("ix_roster_people_person"), ["person"], unique=False)

    op.create_table(
        "roster_versions",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("grp", sa.String(length=64), nullable=False),
        sa.Column("start_day", sa.String(length=10), nullable=False),
        sa.Column("end_day", sa.String(length=10), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("problem", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("how", sa.String(length=16), nullable=False),
        sa.Column("note", sa.String(length=512), nullable=False),
        sa.Column("cost", sa.BigInteger(), nullable=False),
        sa.Column("violations", sa.Integer(), nullable=False),
        sa.Column("shifts", sa.Integer(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["problem"], ["roster_problems.id"], name=op.f("fk_roster_versions_problem_roster_problems")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_versions")),
        sa.UniqueConstraint("grp", "start_day", "number", name=op.f("uq_roster_versions_grp")),
    )
    with op.batch_alter_table("roster_versions") as table:
        table.create_index("ix_roster_versions_end_day", ["end_day"], unique=False)
        table.create_index(table.f("ix_roster_versions_problem"), ["problem"], unique=False)

    op.create_table(
        "roster_drafts",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("problem", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("saves", sa.Integer(), nullable=False),
        sa.Column("based_on", sa.Integer(), nullable=True),
        sa.Column("cost", sa.BigInteger(), nullable=False),
        sa.Column("violations", sa.Integer(), nullable=False),
        sa.Column("shifts", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("created_by", sa.String(length=64), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_by", sa.String(length=64), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["based_on"], ["roster_versions.id"], name=op.f("fk_roster_drafts_based_on_roster_versions")
        ),
        sa.ForeignKeyConstraint(
            ["problem"], ["roster_problems.id"], name=op.f("fk_roster_drafts_problem_roster_problems")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_drafts")),
    )
    with op.batch_alter_table("roster_drafts") as table:
        table.create_index(table.f("ix_roster_drafts_problem"), ["problem"], unique=False)

    op.create_table(
        "roster_requests",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("grp", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("other", sa.String(length=64), nullable=True),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("other_day", sa.String(length=10), nullable=True),
        sa.Column("shift", sa.String(length=128), nullable=False),
        sa.Column("start_minute", sa.Integer(), nullable=True),
        sa.Column("length", sa.Integer(), nullable=True),
        sa.Column("want", sa.Boolean(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(length=512), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("verdict", sa.JSON(), nullable=True),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("agreed_at", sa.BigInteger(), nullable=True),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.Column("decided_by", sa.String(length=64), nullable=False),
        sa.Column("decision", sa.String(length=512), nullable=False),
        sa.Column("applied", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["applied"], ["roster_versions.id"], name=op.f("fk_roster_requests_applied_roster_versions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_requests")),
    )
    with op.batch_alter_table("roster_requests") as table:
        table.create_index(table.f("ix_roster_requests_grp"), ["grp"], unique=False)
        table.create_index(table.f("ix_roster_requests_other"), ["other"], unique=False)
        table.create_index(table.f("ix_roster_requests_person"), ["person"], unique=False)
        table.create_index(table.f("ix_roster_requests_state"), ["state"], unique=False)

    op.create_table(
        "roster_draft_changes",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("draft", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("how", sa.String(length=16), nullable=False),
        sa.Column("note", sa.String(length=512), nullable=False),
        sa.Column("cost", sa.BigInteger(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["draft"],
            ["roster_drafts.id"],
            name=op.f("fk_roster_draft_changes_draft_roster_drafts"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_draft_changes")),
    )
    with op.batch_alter_table("roster_draft_changes") as table:
        table.create_index(table.f("ix_roster_draft_changes_draft"), ["draft"], unique=False)
