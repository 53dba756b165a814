"""Rosters made better to be looked at, and shifts that are open to bids."""

import sqlalchemy as sa
from alembic import op

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.create_table(
        "roster_openings",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("grp", sa.String(length=64), nullable=False),
        sa.Column("start_day", sa.String(length=10), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("shift", sa.String(length=128), nullable=False),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("begin_minute", sa.Integer(), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("given", sa.Integer(), nullable=False),
        sa.Column("skills", sa.JSON(), nullable=False),
        sa.Column("note", sa.String(length=512), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_openings")),
    )
    with op.batch_alter_table("roster_openings") as table:
        table.create_index(table.f("ix_roster_openings_grp"), ["grp"], unique=False)
        table.create_index(table.f("ix_roster_openings_day"), ["day"], unique=False)
        table.create_index(table.f("ix_roster_openings_state"), ["state"], unique=False)
    op.create_table(
        "roster_proposals",
        sa.Column("grp", sa.String(length=64), nullable=False),
        sa.Column("draft", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("saves", sa.Integer(), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("proposed", sa.JSON(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("problem_body", sa.LargeBinary(), nullable=True),
        sa.Column("accepted_at", sa.BigInteger(), nullable=True),
        sa.Column("accepted_by", sa.String(length=64), nullable=False),
        sa.Column("made_draft", sa.Integer(), nullable=True),
        sa.Column("made_version", sa.Integer(), nullable=True),
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
            ["draft"],
            ["roster_drafts.id"],
            name=op.f("fk_roster_proposals_draft_roster_drafts"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["version"], ["roster_versions.id"], name=op.f("fk_roster_proposals_version_roster_versions")
        ),
        sa.ForeignKeyConstraint(
            ["made_version"],
            ["roster_versions.id"],
            name=op.f("fk_roster_proposals_made_version_roster_versions"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_proposals")),
    )
    with op.batch_alter_table("roster_proposals") as table:
        table.create_index(table.f("ix_roster_proposals_draft"), ["draft"], unique=False)
        table.create_index(table.f("ix_roster_proposals_version"), ["version"], unique=False)
        table.create_index(table.f("ix_roster_proposals_state"), ["state"], unique=False)
    with op.batch_alter_table("roster_requests") as table:
        table.add_column(sa.Column("opening", sa.Integer(), nullable=True))
        table.create_foreign_key(
            table.f("fk_roster_requests_opening_roster_openings"), "roster_openings", ["opening"], ["id"]
        )
        table.create_index(table.f("ix_roster_requests_opening"), ["opening"], unique=False)
