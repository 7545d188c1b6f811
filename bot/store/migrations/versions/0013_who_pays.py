"""Who pays, and proof of who is asking: payments, worked minutes, one-time codes"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def _to(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_{table}_{column}"))


def upgrade() -> None:
    op.create_table(
        "payments",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("issue_id", BIG, nullable=False),
        sa.Column("customer_id", BIG, nullable=False),
        sa.Column("provider", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("minutes", BIG, nullable=False),
        sa.Column("amount", BIG, nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("brand", sa.String(length=40), nullable=True),
        sa.Column("authorisation", sa.String(length=120), nullable=True),
        sa.Column("checkout_id", sa.String(length=200), nullable=True),
        sa.Column("technician_id", BIG, nullable=True),
        sa.Column("refund_reference", sa.String(length=120), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("paid_at", MOMENT, nullable=True),
        sa.Column("refunded_at", MOMENT, nullable=True),
        _to("payments", "issue_id", "issues.id"),
        _to("payments", "customer_id", "customers.id"),
        _to("payments", "technician_id", "technicians.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payments")),
        sa.UniqueConstraint("checkout_id", name=op.f("uq_payments_checkout_id")),
    )
    op.create_table(
        "work_minutes",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("issue_id", BIG, nullable=False),
        sa.Column("technician_id", BIG, nullable=False),
        sa.Column("minutes", BIG, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        _to("work_minutes", "issue_id", "issues.id"),
        _to("work_minutes", "technician_id", "technicians.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_minutes")),
    )
    op.create_table(
        "one_time_codes",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("conversation_id", sa.String(length=40), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("contract_number", sa.String(length=64), nullable=True),
        sa.Column("email", sa.String(length=320), nullable=True),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("tries", BIG, nullable=False),
        sa.Column("technician_id", BIG, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        _to("one_time_codes", "conversation_id", "conversations.id"),
        _to("one_time_codes", "contract_number", "contracts.number"),
        _to("one_time_codes", "technician_id", "technicians.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_codes")),
    )
    for table, columns in (
        ("payments", ("issue_id", "customer_id", "state")),
        ("work_minutes", ("issue_id",)),
        ("one_time_codes", ("conversation_id",)),
    ):
        for column in columns:
            op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)
    op.create_index("ix_one_time_codes_subject_created_at", "one_time_codes", ["subject", "created_at"], unique=False)
    with op.batch_alter_table("conversations", schema=None) as batch_op:
        batch_op.add_column(sa.Column("proof_asked_at", MOMENT, nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("conversations", schema=None) as batch_op:
        batch_op.drop_column("proof_asked_at")
    for table in ("one_time_codes", "work_minutes", "payments"):
        op.drop_table(table)
