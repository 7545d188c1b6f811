"""An authorisation of a payment counts once

One that was recorded twice before keeps both rows: the later ones are marked in their authorisation, so that somebody
can look into them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003_authorisation_once"
down_revision = "0002_issue_revision"
branch_labels = None
depends_on = None

COUNTS = "authorisation IS NOT NULL AND state <> 'refunded'"
MARK_REPEATED = """
UPDATE payments SET authorisation = substr(authorisation, 1, 80) || ' (recorded again as ' || id || ')'
WHERE authorisation IS NOT NULL AND state <> 'refunded' AND EXISTS (
  SELECT 1 FROM payments AS earlier
  WHERE earlier.provider = payments.provider AND earlier.authorisation = payments.authorisation
    AND earlier.id < payments.id AND earlier.state <> 'refunded'
)
"""


def upgrade() -> None:
    op.execute(MARK_REPEATED)
    op.create_index(
        "uq_payments_provider_authorisation",
        "payments",
        ["provider", "authorisation"],
        unique=True,
        sqlite_where=sa.text(COUNTS),
        postgresql_where=sa.text(COUNTS),
    )
