"""Cards of hand-offs in staff channels, and what is written under them"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0016_staff_channels"
down_revision = "0015_webhooks"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "staff_places",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("platform", sa.String(length=20), nullable=False),
        sa.Column("workspace", sa.String(length=100), nullable=False),
        sa.Column("channel", sa.String(length=300), nullable=False),
        sa.Column("reference", JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_places")),
        sa.UniqueConstraint(
            "platform", "workspace", "channel", name=op.f("uq_staff_places_platform_workspace_channel")
        ),
    )
    op.create_table(
        "staff_threads",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("hand_off_id", BIG, nullable=False),
        sa.Column("conversation_id", sa.String(length=40), nullable=False),
        sa.Column("place_id", BIG, nullable=False),
        sa.Column("thread", sa.String(length=300), nullable=True),
        sa.Column("shown", sa.String(length=64), nullable=True),
        sa.Column("explained", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["hand_off_id"], ["hand_offs.id"], name=op.f("fk_staff_threads_hand_off_id")),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_staff_threads_conversation_id")
        ),
        sa.ForeignKeyConstraint(["place_id"], ["staff_places.id"], name=op.f("fk_staff_threads_place_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_threads")),
        sa.UniqueConstraint("hand_off_id", name=op.f("uq_staff_threads_hand_off_id")),
        sa.UniqueConstraint("place_id", "thread", name=op.f("uq_staff_threads_place_id_thread")),
    )
    op.create_index("ix_staff_threads_conversation_id", "staff_threads", ["conversation_id"], unique=False)
    op.create_table(
        "staff_messages",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("thread_id", BIG, nullable=False),
        sa.Column("outside_id", sa.String(length=300), nullable=False),
        sa.Column("user_id", sa.String(length=200), nullable=False),
        sa.Column("technician_id", BIG, nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("note_id", BIG, nullable=True),
        sa.Column("message_id", BIG, nullable=True),
        sa.Column("changed", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["thread_id"], ["staff_threads.id"], name=op.f("fk_staff_messages_thread_id")),
        sa.ForeignKeyConstraint(["technician_id"], ["technicians.id"], name=op.f("fk_staff_messages_technician_id")),
        sa.ForeignKeyConstraint(["note_id"], ["notes.id"], name=op.f("fk_staff_messages_note_id")),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name=op.f("fk_staff_messages_message_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_messages")),
        sa.UniqueConstraint("thread_id", "outside_id", name=op.f("uq_staff_messages_thread_id_outside_id")),
    )
    op.create_index("ix_staff_messages_message_id", "staff_messages", ["message_id"], unique=False)
