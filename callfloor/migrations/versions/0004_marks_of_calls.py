"""What flows remember of calls."""

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.add_column("calls", sa.Column("marks", sa.Text(), nullable=True))
    op.execute("UPDATE calls SET marks = '{}'")
    with op.batch_alter_table("calls") as calls:
        calls.alter_column("marks", existing_type=sa.Text(), nullable=False)
