"""What Alembic runs for every command; ``callfloor.migrate`` hands the connection in."""

from alembic import context
from sqlalchemy import Connection

from callfloor.migrate import models

connection: Connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=models(),
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
