"""When a waiting hand-off was assigned to a technician"""

import sqlalchemy as sa
from alembic import op

revision = "0023_assigned_at"
down_revision = "0022_products"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("hand_offs", sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=True))
