"""The first journal: sessions, events, holds, traces."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "sessions",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("started_at", sa.String(40), nullable=False, index=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("clip", sa.String()),
        sa.Column("engine", sa.String(), nullable=False),
        sa.Column("estimator", sa.String(), nullable=False),
        sa.Column("plan", sa.JSON(), nullable=False),
        sa.Column("view", sa.String(16)),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("duration_s", sa.Float(), nullable=False),
        sa.Column("end_reason", sa.String(24)),
    )
    op.create_table(
        "events",
        *_key(),
        sa.Column("t_s", sa.Float(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("record", sa.JSON(), nullable=False),
    )
    op.create_table(
        "holds",
        *_key(),
        sa.Column("side", sa.String(8), nullable=False),
        sa.Column("start_s", sa.Float(), nullable=False),
        sa.Column("end_s", sa.Float(), nullable=False),
        sa.Column("record", sa.JSON(), nullable=False),
    )
    op.create_table(
        "traces", *_key(), sa.Column("rows", sa.Integer(), nullable=False), sa.Column("packed", sa.LargeBinary(), nullable=False)
    )


def _key() -> "tuple[sa.Column[str], sa.Column[int]]":
    session = sa.Column("session_id", sa.String(32), sa.ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True)
    return session, sa.Column("seq", sa.Integer(), primary_key=True)


def downgrade() -> None:
    for name in ("traces", "holds", "events", "sessions"):
        op.drop_table(name)
