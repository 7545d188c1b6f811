"""What the dialogue remembers: a claimed contract, an impatient customer, the message taken in last"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("customers", schema=None) as batch_op:
        batch_op.add_column(sa.Column("contract_claimed", sa.Boolean(), server_default=sa.false(), nullable=False))
    with op.batch_alter_table("intakes", schema=None) as batch_op:
        batch_op.add_column(sa.Column("brief", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("taken", JSON, nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("intakes", schema=None) as batch_op:
        batch_op.drop_column("taken")
        batch_op.drop_column("brief")
    with op.batch_alter_table("customers", schema=None) as batch_op:
        batch_op.drop_column("contract_claimed")
