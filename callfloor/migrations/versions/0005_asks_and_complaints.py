"""What flows ask of the records: the books of the bank, transactions, complaints."""

import sqlalchemy as sa
from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.create_table(
        "bank_applications",
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("changed", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_bank_applications")),
    )
    op.create_table(
        "bank_orders",
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("expected", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_bank_orders")),
    )
    op.create_table(
        "complaint_days",
        sa.Column("day", sa.String(length=8), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_complaint_days")),
    )
    op.create_table(
        "complaints",
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("taken", sa.BigInteger(), nullable=False),
        sa.Column("call", sa.String(length=64), nullable=False),
        sa.Column("customer", sa.String(length=64), nullable=True),
        sa.Column("caller", sa.String(length=64), nullable=False),
        sa.Column("contact", sa.String(length=64), nullable=False),
        sa.Column("category", sa.String(length=16), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("purpose", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("recording", sa.String(length=128), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("read_back", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_complaints")),
        sa.UniqueConstraint("key", name=op.f("uq_complaints_key")),
    )
    with op.batch_alter_table("complaints") as table:
        table.create_index(table.f("ix_complaints_call"), ["call"], unique=False)
        table.create_index(table.f("ix_complaints_customer"), ["customer"], unique=False)
        table.create_index("ix_complaints_taken", ["taken", "number"], unique=False)

    op.create_table(
        "recharge_cards",
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("hash", sa.String(length=255), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("expires", sa.Date(), nullable=True),
        sa.Column("wrong", sa.Integer(), nullable=False),
        sa.Column("wrong_at", sa.BigInteger(), nullable=False),
        sa.Column("used_by", sa.String(length=128), nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_recharge_cards")),
    )
    op.create_table(
        "transactions",
        sa.Column("key", sa.String(length=128), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("call", sa.String(length=64), nullable=False),
        sa.Column("caller", sa.String(length=64), nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("card_tail", sa.String(length=4), nullable=False),
        sa.Column("done", sa.Boolean(), nullable=False),
        sa.Column("told", sa.JSON(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_transactions")),
    )
    with op.batch_alter_table("transactions") as table:
        table.create_index("ix_transactions_call", ["call", "at"], unique=False)
        table.create_index("ix_transactions_caller", ["caller", "at"], unique=False)

    op.create_table(
        "bank_accounts",
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("customer", sa.String(length=64), nullable=True),
        sa.Column("balance", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["customer"],
            ["customers.id"],
            name=op.f("fk_bank_accounts_customer_customers"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_bank_accounts")),
    )
    with op.batch_alter_table("bank_accounts") as table:
        table.create_index(table.f("ix_bank_accounts_customer"), ["customer"], unique=False)

    op.create_table(
        "bank_bills",
        sa.Column("account", sa.String(length=32), nullable=False),
        sa.Column("period", sa.String(length=7), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("paid", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account"],
            ["bank_accounts.number"],
            name=op.f("fk_bank_bills_account_bank_accounts"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("account", "period", name=op.f("pk_bank_bills")),
    )
