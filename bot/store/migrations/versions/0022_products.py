"""Which of several products a conversation, an issue, a search, a contract or a known problem is about"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0022_products"
down_revision = "0021_trackers"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    for table in ("conversations", "issues", "known_problems", "searches"):
        op.add_column(table, sa.Column("product", sa.String(length=40), nullable=True))
    op.add_column("conversations", sa.Column("product_asked", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("contracts", sa.Column("products", JSON, nullable=True))
