"""Issues count their revisions, and know the id that a telephoned one was sent with"""

import sqlalchemy as sa
from alembic import op

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0002_issue_revision"
down_revision = "0001_first_schema"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("issues", sa.Column("revision", BIG, nullable=False, server_default="1"))
    op.add_column("issues", sa.Column("client_call_id", sa.String(length=200), nullable=True))
    op.create_index("ix_issues_client_call_id", "issues", ["client_call_id"], unique=True)


def downgrade() -> None:
    op.drop_index("ix_issues_client_call_id", "issues")
    op.drop_column("issues", "client_call_id")
    op.drop_column("issues", "revision")
