"""Actions that can be undone for a few seconds, and who wants that for chat replies too"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013_delayed_actions"
down_revision = "0012_conversation_reads"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "delayed_actions",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("conversation_id", sa.String(length=40), nullable=False),
        sa.Column("technician_id", BIG, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("payload", JSON, nullable=False),
        sa.Column("seen_seq", BIG, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name="fk_delayed_actions_conversation_id"),
        sa.ForeignKeyConstraint(["technician_id"], ["technicians.id"], name="fk_delayed_actions_technician_id"),
        sa.PrimaryKeyConstraint("id", name="pk_delayed_actions"),
    )
    op.create_index("ix_delayed_actions_conversation_id", "delayed_actions", ["conversation_id"])
    op.create_index("ix_delayed_actions_technician_id", "delayed_actions", ["technician_id"])
    op.create_index("ix_delayed_actions_state_due_at", "delayed_actions", ["state", "due_at"])
    op.add_column("technicians", sa.Column("delays_replies", sa.Boolean(), server_default=sa.false(), nullable=False))
