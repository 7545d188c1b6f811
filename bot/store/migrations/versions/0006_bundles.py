"""An item of the outbox sends one message or several, and knows the last part of what it sent"""

import sqlalchemy as sa
from alembic import op

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0006_bundles"
down_revision = "0005_contract_number_once"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outbox", sa.Column("last_message_id", BIG, nullable=True))
    op.add_column("outbox", sa.Column("last_outside_id", sa.String(length=300), nullable=True))
    op.create_index("ix_outbox_target_last_outside_id", "outbox", ["target", "last_outside_id"], unique=False)
    op.execute("UPDATE outbox SET last_message_id = message_id")
    op.execute("UPDATE outbox SET last_outside_id = outside_id WHERE parts_sent = 1")


def downgrade() -> None:
    op.drop_index("ix_outbox_target_last_outside_id", "outbox")
    op.drop_column("outbox", "last_outside_id")
    op.drop_column("outbox", "last_message_id")
