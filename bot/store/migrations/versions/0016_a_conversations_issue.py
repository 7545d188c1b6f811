"""A conversation's issue exists: PostgreSQL was not told so when the tables were made, each naming the other"""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

NAME, TABLE = "fk_conversations_issue_id", "conversations"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.create_foreign_key(NAME, TABLE, "issues", ["issue_id"], ["id"])


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint(NAME, TABLE, type_="foreignkey")
