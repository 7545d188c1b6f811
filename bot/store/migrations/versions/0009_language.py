"""A conversation remembers the language that its customer writes"""

import sqlalchemy as sa
from alembic import op

revision = "0009_language"
down_revision = "0008_batches"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("conversations", sa.Column("language", sa.String(length=8), nullable=True))
