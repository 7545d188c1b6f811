"""Dialogues that Rasa must forget, because words of them were removed"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "dialogues_to_forget",
        sa.Column("conversation_id", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", name=op.f("pk_dialogues_to_forget")),
    )
    with op.batch_alter_table("dialogues_to_forget", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dialogues_to_forget_at"), ["at"], unique=False)


def downgrade() -> None:
    op.drop_table("dialogues_to_forget")
