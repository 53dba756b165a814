"""The router: every rule of a queue, levels and penalties, groups."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | None = None
depends_on: str | None = None

QUEUES: tuple[tuple[str, sa.types.TypeEngine[Any], str], ...] = (
    ("short_s", sa.Float(), "5"),
    ("wrap_up_open", sa.Boolean(), "0"),
    ("wrap_up_cap_s", sa.Float(), "0"),
    ("join_empty", sa.JSON(), '["signed_out"]'),
    ("leave_empty", sa.JSON(), '["signed_out"]'),
    ("base_priority", sa.Float(), "0"),
    ("strategy", sa.String(length=64), "least_busy"),
    ("busy_by", sa.String(length=16), "handled"),
    ("ring_next_s", sa.Float(), "5"),
    ("seed", sa.Integer(), "0"),
    ("channel", sa.String(length=32), "voice"),
    ("branch", sa.String(length=128), ""),
    ("home_branch_s", sa.Float(), "0"),
    ("home_branch_first", sa.Boolean(), "0"),
    ("prefer_s", sa.Float(), "0"),
    ("resume_s", sa.Float(), "0"),
    (
        "callback",
        sa.JSON(),
        '{"expires_s": 86400.0, "quiet": ["21:00", "08:00"], "attempts": 3, "retry_s": 1800.0}',
    ),
    (
        "announce",
        sa.JSON(),
        '{"first_s": 0.0, "every_s": 0.0, "position": true, "wait": false, "only_improved": false}',
    ),
    ("recipe", sa.JSON(), "[]"),
)
AGENTS = (("capacity", sa.JSON(), "{}"), ("may_pull", sa.Boolean(), "0"))
AGENT_QUEUES = (("level", sa.Integer(), "1"), ("penalty", sa.Integer(), "0"))
AGENT_SKILLS = (("level", sa.Integer(), "1"),)


def upgrade() -> None:
    _add("queues", QUEUES)
    _convert_empty()
    with op.batch_alter_table("queues") as queues:
        queues.drop_column("when_no_agents")
    _add("agents", AGENTS)
    op.add_column("agents", sa.Column("wrap_up_s", sa.Float(), nullable=True))
    _add("agent_queues", AGENT_QUEUES)
    _add("agent_skills", AGENT_SKILLS)
    op.create_table(
        "agent_groups",
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agent_groups")),
    )
    op.create_table(
        "group_agents",
        sa.Column("group", sa.String(length=64), nullable=False),
        sa.Column("agent", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["agent"], ["agents.id"], name=op.f("fk_group_agents_agent_agents")),
        sa.ForeignKeyConstraint(
            ["group"],
            ["agent_groups.id"],
            name=op.f("fk_group_agents_group_agent_groups"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("group", "agent", name=op.f("pk_group_agents")),
    )
    with op.batch_alter_table("group_agents") as members:
        members.create_index(members.f("ix_group_agents_agent"), ["agent"], unique=False)


def _add(table: str, columns: tuple[tuple[str, sa.types.TypeEngine[Any], str], ...]) -> None:
    """Columns without a default of the database's own; rows there are get this value."""
    for name, kind, _ in columns:
        op.add_column(table, sa.Column(name, kind, nullable=True))
    for name, kind, start in columns:
        if isinstance(kind, sa.Boolean):
            value: object = sa.true() if start == "1" else sa.false()
        else:
            value = sa.text(f"'{start}'" if isinstance(kind, sa.String | sa.JSON) else start)
        op.execute(sa.table(table, sa.column(name)).update().values({name: value}))
    with op.batch_alter_table(table) as altered:
        for name, kind, _ in columns:
            altered.alter_column(name, existing_type=kind, nullable=False)


def _convert_empty() -> None:
    """A queue that let callers wait without agents lets them in and keeps them, whoever is there."""
    queues = sa.table(
        "queues", sa.column("when_no_agents"), sa.column("join_empty"), sa.column("leave_empty")
    )
    nobody = sa.text("'[]'")
    op.execute(
        queues.update().where(queues.c.when_no_agents == "wait").values(join_empty=nobody, leave_empty=nobody)
    )
