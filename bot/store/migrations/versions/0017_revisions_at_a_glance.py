"""Conversations count the changes of their messages, so that an open chat need not look through them"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "conversations",
        sa.Column(
            "revisions",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            server_default=sa.text("0"),
            nullable=False,
        ),
    )
    op.execute(
        "UPDATE conversations SET revisions = 1 WHERE id IN (SELECT conversation_id FROM messages WHERE revision > 1)"
    )


def downgrade() -> None:
    op.drop_column("conversations", "revisions")
