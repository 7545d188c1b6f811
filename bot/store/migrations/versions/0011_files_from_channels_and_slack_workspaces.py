"""Files that come with messages from Slack and Teams; the Slack workspaces that installed the app"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "incoming_files",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("conversation_id", sa.String(length=40), nullable=False),
        sa.Column("message_id", BIG, nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("source", JSON, nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("attempts", BIG, nullable=False),
        sa.Column("error", sa.String(length=100), nullable=True),
        sa.Column("next_at", MOMENT, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_incoming_files_conversation_id")
        ),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name=op.f("fk_incoming_files_message_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incoming_files")),
    )
    op.create_index("ix_incoming_files_conversation_id", "incoming_files", ["conversation_id"])
    op.create_index("ix_incoming_files_status_next_at", "incoming_files", ["status", "next_at"])
    op.create_table(
        "slack_workspaces",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("bot_user", sa.String(length=40), nullable=True),
        sa.Column("scopes", JSON, nullable=False),
        sa.Column("installed_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slack_workspaces")),
    )


def downgrade() -> None:
    op.drop_table("slack_workspaces")
    op.drop_table("incoming_files")
