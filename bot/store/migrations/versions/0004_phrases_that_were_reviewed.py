"""Phrases that were not understood and have been labelled or dismissed"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reviewed_phrases",
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("intent", sa.String(length=100), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_reviewed_phrases")),
    )
    op.create_index("ix_turns_intent_created_at", "turns", ["intent", "created_at"])


def downgrade() -> None:
    op.drop_index("ix_turns_intent_created_at", table_name="turns")
    op.drop_table("reviewed_phrases")
