"""Slack and Teams: outside threads and users, the outbox, edited and deleted messages, private ones"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "channel_users",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("workspace", sa.String(length=100), nullable=False),
        sa.Column("user_id", sa.String(length=200), nullable=False),
        sa.Column("customer_id", BIG, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_channel_users_customer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channel_users")),
        sa.UniqueConstraint("channel", "workspace", "user_id", name=op.f("uq_channel_users_channel_workspace_user_id")),
    )
    op.create_index("ix_channel_users_customer_id", "channel_users", ["customer_id"])
    op.create_table(
        "channel_threads",
        sa.Column("conversation_id", sa.String(length=40), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("workspace", sa.String(length=100), nullable=False),
        sa.Column("thread", sa.String(length=300), nullable=True),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("reference", JSON, nullable=False),
        sa.Column("lease_until", MOMENT, nullable=True),
        sa.Column("fence", BIG, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_channel_threads_conversation_id")
        ),
        sa.PrimaryKeyConstraint("conversation_id", name=op.f("pk_channel_threads")),
        sa.UniqueConstraint("channel", "workspace", "thread", name=op.f("uq_channel_threads_channel_workspace_thread")),
    )
    op.create_table(
        "deliveries",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("message_id", BIG, nullable=False),
        sa.Column("conversation_id", sa.String(length=40), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("attempts", BIG, nullable=False),
        sa.Column("parts_sent", BIG, nullable=False),
        sa.Column("outside_id", sa.String(length=300), nullable=True),
        sa.Column("error", sa.String(length=100), nullable=True),
        sa.Column("next_at", MOMENT, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("sent_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name=op.f("fk_deliveries_conversation_id")),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name=op.f("fk_deliveries_message_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint("message_id", "channel", name=op.f("uq_deliveries_message_id_channel")),
    )
    op.create_index("ix_deliveries_status_conversation_id", "deliveries", ["status", "conversation_id"])
    op.create_index("ix_deliveries_channel_outside_id", "deliveries", ["channel", "outside_id"])
    op.create_table(
        "message_changes",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("conversation_id", sa.String(length=40), nullable=False),
        sa.Column("message_id", BIG, nullable=False),
        sa.Column("source_id", sa.String(length=300), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_message_changes_conversation_id")
        ),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name=op.f("fk_message_changes_message_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_changes")),
        sa.UniqueConstraint("message_id", "source_id", name=op.f("uq_message_changes_message_id_source_id")),
    )
    op.create_index("ix_message_changes_conversation_id", "message_changes", ["conversation_id"])
    op.add_column("messages", sa.Column("private", sa.Boolean(), server_default=sa.false(), nullable=False))
    # Written out: SQLite can add a column that refers to another table, but no constraint afterwards.
    whole_number = "INTEGER" if op.get_bind().dialect.name == "sqlite" else "BIGINT"
    op.execute(
        f"ALTER TABLE messages ADD COLUMN channel_user_id {whole_number} "
        "CONSTRAINT fk_messages_channel_user_id REFERENCES channel_users (id)"
    )


def downgrade() -> None:
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.drop_constraint("fk_messages_channel_user_id", type_="foreignkey")
        batch_op.drop_column("channel_user_id")
        batch_op.drop_column("private")
    for table in ("message_changes", "deliveries", "channel_threads", "channel_users"):
        op.drop_table(table)
