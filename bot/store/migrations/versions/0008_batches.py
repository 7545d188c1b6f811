"""An event names the first event of the batch that it was worked on with"""

import sqlalchemy as sa
from alembic import op

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0008_batches"
down_revision = "0007_turn_plans"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("inbound_events", sa.Column("lead_event_id", BIG, nullable=True))
