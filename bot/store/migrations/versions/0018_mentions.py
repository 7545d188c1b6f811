"""Colleagues who are mentioned in notes"""

import sqlalchemy as sa
from alembic import op

revision = "0018_mentions"
down_revision = "0017_tags"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "mentions",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("note_id", BIG, nullable=False),
        sa.Column("technician_id", BIG, nullable=False),
        sa.Column("conversation_id", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name="fk_mentions_conversation_id"),
        sa.ForeignKeyConstraint(["note_id"], ["notes.id"], name="fk_mentions_note_id"),
        sa.ForeignKeyConstraint(["technician_id"], ["technicians.id"], name="fk_mentions_technician_id"),
        sa.PrimaryKeyConstraint("id", name="pk_mentions"),
        sa.UniqueConstraint("note_id", "technician_id", name="uq_mentions_note_id_technician_id"),
    )
    op.create_index("ix_mentions_technician_id", "mentions", ["technician_id", "read_at"])
    op.create_index("ix_mentions_conversation_id", "mentions", ["conversation_id"])
