"""Trackers of developers, and the issues that were brought there"""

import sqlalchemy as sa
from alembic import op

revision = "0021_trackers"
down_revision = "0020_saved_views"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "trackers",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("url", sa.String(length=2000), nullable=False),
        sa.Column("project", sa.String(length=200), nullable=False),
        sa.Column("issue_type", sa.String(length=60), nullable=True),
        sa.Column("team", sa.String(length=40), nullable=True),
        sa.Column("account", sa.String(length=320), nullable=True),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("technician_id", BIG, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("removed_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["technician_id"], ["technicians.id"], name="fk_trackers_technician_id"),
        sa.PrimaryKeyConstraint("id", name="pk_trackers"),
    )
    op.create_table(
        "escalations",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("conversation_id", sa.String(length=40), nullable=False),
        sa.Column("issue_id", BIG, nullable=False),
        sa.Column("tracker_id", BIG, nullable=False),
        sa.Column("marker", sa.String(length=40), nullable=False),
        sa.Column("client_id", sa.String(length=200), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("outside_id", sa.String(length=100), nullable=True),
        sa.Column("url", sa.String(length=2000), nullable=True),
        sa.Column("technician_id", BIG, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("opened_at", MOMENT, nullable=True),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name="fk_escalations_conversation_id"),
        sa.ForeignKeyConstraint(["issue_id"], ["issues.id"], name="fk_escalations_issue_id"),
        sa.ForeignKeyConstraint(["tracker_id"], ["trackers.id"], name="fk_escalations_tracker_id"),
        sa.ForeignKeyConstraint(["technician_id"], ["technicians.id"], name="fk_escalations_technician_id"),
        sa.PrimaryKeyConstraint("id", name="pk_escalations"),
        sa.UniqueConstraint("client_id", name="uq_escalations_client_id"),
        sa.UniqueConstraint("marker", name="uq_escalations_marker"),
    )
    op.create_index("ix_escalations_conversation_id", "escalations", ["conversation_id"])
    op.create_index("ix_escalations_issue_id", "escalations", ["issue_id"])
    op.create_index("ix_escalations_tracker_id_outside_id", "escalations", ["tracker_id", "outside_id"])
