"""What is said between sessions; and a deleted session can be brought back for a while."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "diary",
        sa.Column("seq", sa.Integer(), primary_key=True),
        sa.Column("at", sa.String(40), nullable=False, index=True),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("record", sa.JSON(), nullable=False),
    )
    op.add_column("sessions", sa.Column("deleted_at", sa.String(40)))


def downgrade() -> None:
    op.drop_column("sessions", "deleted_at")
    op.drop_table("diary")
