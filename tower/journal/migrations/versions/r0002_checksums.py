"""Each event gets a checksum; those recorded before have none."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make room for it."""
    op.add_column("events", sa.Column("checksum", sa.BigInteger))
