"""Alembic's entry point: runs on the connection that the journal opened."""

from alembic import context

from kneeroll.journal.tables import Base

context.configure(connection=context.config.attributes["connection"], target_metadata=Base.metadata)
with context.begin_transaction():
    context.run_migrations()
