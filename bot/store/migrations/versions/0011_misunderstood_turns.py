"""A technician marks a turn in which a customer was misunderstood"""

import sqlalchemy as sa
from alembic import op

revision = "0011_misunderstood_turns"
down_revision = "0010_manual_pages"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("turns", sa.Column("marked_at", sa.DateTime(timezone=True), nullable=True))
