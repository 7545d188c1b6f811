"""An index for the newest change of an issue, which the desk asks for whenever its queue may look different"""

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_issues_updated_at"), "issues", ["updated_at"])


def downgrade() -> None:
    op.drop_index(op.f("ix_issues_updated_at"), "issues")
