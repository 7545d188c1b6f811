"""Drop items of the outbox for callers, whom no channel reaches"""

from alembic import op

revision = "0024_no_outbox_for_calls"
down_revision = "0023_assigned_at"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("UPDATE outbox SET state = 'dropped' WHERE target = 'phone' AND state IN ('queued', 'failed')")
