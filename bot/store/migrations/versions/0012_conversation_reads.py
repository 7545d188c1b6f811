"""Each technician's position in a conversation, by which the desk marks what is unread"""

import sqlalchemy as sa
from alembic import op

revision = "0012_conversation_reads"
down_revision = "0011_misunderstood_turns"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "conversation_reads",
        sa.Column("technician_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("conversation_id", sa.String(length=40), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name="fk_conversation_reads_conversation_id"
        ),
        sa.ForeignKeyConstraint(["technician_id"], ["technicians.id"], name="fk_conversation_reads_technician_id"),
        sa.PrimaryKeyConstraint("technician_id", "conversation_id", name="pk_conversation_reads"),
    )
    op.create_index("ix_conversation_reads_conversation_id", "conversation_reads", ["conversation_id"])
