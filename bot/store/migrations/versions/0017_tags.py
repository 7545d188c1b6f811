"""Tags of issues"""

import sqlalchemy as sa
from alembic import op

revision = "0017_tags"
down_revision = "0016_staff_channels"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "tags",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("technician_id", BIG, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["technician_id"], ["technicians.id"], name="fk_tags_technician_id"),
        sa.PrimaryKeyConstraint("id", name="pk_tags"),
        sa.UniqueConstraint("key", name="uq_tags_key"),
    )
    op.create_table(
        "issue_tags",
        sa.Column("issue_id", BIG, nullable=False),
        sa.Column("tag_id", BIG, nullable=False),
        sa.Column("technician_id", BIG, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["issue_id"], ["issues.id"], name="fk_issue_tags_issue_id"),
        sa.ForeignKeyConstraint(["tag_id"], ["tags.id"], name="fk_issue_tags_tag_id"),
        sa.ForeignKeyConstraint(["technician_id"], ["technicians.id"], name="fk_issue_tags_technician_id"),
        sa.PrimaryKeyConstraint("issue_id", "tag_id", name="pk_issue_tags"),
    )
    op.create_index("ix_issue_tags_tag_id", "issue_tags", ["tag_id"])
