"""Whose manual a page that was written at the desk belongs to, where several products have one each"""

import sqlalchemy as sa
from alembic import op

revision = "0025_page_product"
down_revision = "0024_no_outbox_for_calls"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("page_versions", sa.Column("product", sa.String(40), nullable=True))
