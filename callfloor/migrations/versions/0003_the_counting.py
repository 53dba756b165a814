"""The counting: how each visit ends, wrap-up and short abandonment, offers."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | None = None
depends_on: str | None = None

CALLS: tuple[tuple[str, sa.types.TypeEngine[Any], str], ...] = (
    ("direction", sa.String(length=8), "'in'"),
    ("transferred_to", sa.String(length=64), "''"),
)
VISITS: tuple[tuple[str, sa.types.TypeEngine[Any], str], ...] = (
    ("priority", sa.Float(), "0"),
    ("short_us", sa.BigInteger(), "5000000"),
    ("wrap_us", sa.BigInteger(), "0"),
    ("transferred", sa.Boolean(), "false"),
)
TARGETS: tuple[tuple[str, sa.types.TypeEngine[Any], str], ...] = (
    ("short_us", sa.BigInteger(), "5000000"),
    (
        "timezone",
        sa.String(length=64),
        "coalesce((SELECT timezone FROM queues WHERE queues.id = queue_targets.queue), 'Asia/Shanghai')",
    ),
)
INTERVALS = (
    "offered",
    "answered",
    "abandoned",
    "overflowed",
    "callback",
    "voicemail",
    "refused",
    "lost",
    "short_abandoned",
    "answered_in_target",
    "abandoned_in_target",
    "transferred",
)
TIMES = ("answer_us", "wait_us", "longest_us", "talk_us", "hold_us", "wrap_us")
QUARTER_US = 900_000_000


def upgrade() -> None:
    _add("calls", CALLS)
    _add("queue_visits", VISITS)
    op.add_column("queue_visits", sa.Column("offer", sa.String(length=64), nullable=True))
    op.execute("UPDATE queue_visits SET outcome = 'overflowed' WHERE outcome = 'timeout'")
    with op.batch_alter_table("queue_visits") as visits:
        visits.create_index("ix_queue_visits_agent_entered", ["agent", "entered"], unique=False)
        visits.create_index("ix_queue_visits_entered", ["entered"], unique=False)
    _add("queue_targets", TARGETS)
    _make_offers()
    _count_anew()


def _add(table: str, columns: tuple[tuple[str, sa.types.TypeEngine[Any], str], ...]) -> None:
    """Columns without a default of the database's own; rows there are get this value."""
    for name, kind, _ in columns:
        op.add_column(table, sa.Column(name, kind, nullable=True))
    given = {name: sa.text(value) for name, _, value in columns}
    op.execute(sa.table(table, *(sa.column(name) for name in given)).update().values(given))
    with op.batch_alter_table(table) as altered:
        for name, kind, _ in columns:
            altered.alter_column(name, existing_type=kind, nullable=False)


def _make_offers() -> None:
    op.create_table(
        "offers",
        sa.Column("call", sa.String(length=64), nullable=False),
        sa.Column("offer", sa.String(length=64), nullable=False),
        sa.Column("queue", sa.String(length=64), nullable=False),
        sa.Column("agent", sa.String(length=64), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("counted", sa.BigInteger(), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("leg", sa.String(length=72), nullable=False),
        sa.Column("transferred", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("call", "offer", name=op.f("pk_offers")),
    )
    op.create_index(op.f("ix_offers_counted"), "offers", ["counted"], unique=False)
    op.create_table(
        "wrap_ups",
        sa.Column("call", sa.String(length=64), nullable=False),
        sa.Column("offer", sa.String(length=64), nullable=False),
        sa.Column("queue", sa.String(length=64), nullable=False),
        sa.Column("agent", sa.String(length=64), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("wrap_us", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("call", "offer", name=op.f("pk_wrap_ups")),
    )


def _count_anew() -> None:
    """Intervals are always counted from the visits, so the table is made anew and filled from them."""
    op.drop_table("queue_intervals")
    op.create_table(
        "queue_intervals",
        sa.Column("queue", sa.String(length=64), nullable=False),
        sa.Column("start", sa.BigInteger(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in INTERVALS),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in TIMES),
        sa.PrimaryKeyConstraint("queue", "start", name=op.f("pk_queue_intervals")),
    )
    op.create_index("ix_queue_intervals_start", "queue_intervals", ["start"], unique=False)
    wait = "left_at - entered"

    def number(condition: str) -> str:
        return f"sum(CASE WHEN {condition} THEN 1 ELSE 0 END)"

    counted = {
        "offered": "count(*)",
        **{
            name: number(f"outcome = '{name}'")
            for name in ("answered", "abandoned", "overflowed", "callback", "voicemail", "refused", "lost")
        },
        "short_abandoned": number(f"outcome = 'abandoned' AND {wait} <= short_us"),
        "answered_in_target": number(f"outcome = 'answered' AND {wait} <= target_us"),
        "abandoned_in_target": number(f"outcome = 'abandoned' AND {wait} <= target_us"),
        "transferred": "0",
        "answer_us": f"sum(CASE WHEN outcome = 'answered' THEN {wait} ELSE 0 END)",
        "wait_us": f"sum({wait})",
        "longest_us": f"max({wait})",
        "talk_us": "sum(talk_us)",
        "hold_us": "sum(hold_us)",
        "wrap_us": "0",
    }
    names, sums = ", ".join(counted), ", ".join(counted.values())
    op.execute(
        f"INSERT INTO queue_intervals (queue, start, {names}) "  # noqa: S608 - only names of ours
        f"SELECT queue, entered - entered % {QUARTER_US}, {sums} FROM queue_visits "
        f"GROUP BY queue, entered - entered % {QUARTER_US}"
    )
