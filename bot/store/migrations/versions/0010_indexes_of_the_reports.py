"""Indexes of the reports: by when something happened"""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

INDEXES = (
    ("conversations", ("created_at",)),
    ("messages", ("author", "conversation_id", "created_at")),
    ("hand_offs", ("created_at",)),
    ("audit", ("action", "at")),
    ("searches", ("created_at",)),
)


def upgrade() -> None:
    for table, columns in INDEXES:
        op.create_index(f"ix_{table}_{'_'.join(columns)}", table, list(columns))


def downgrade() -> None:
    for table, columns in INDEXES:
        op.drop_index(f"ix_{table}_{'_'.join(columns)}", table_name=table)
