"""The journal: events, subjects, versions, snapshots, answers, refusals, breadcrumbs."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_SEQ = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make every table of the first journal."""
    _make_events()
    _make_decisions()
    _make_telemetry()


def _make_events() -> None:
    op.create_table(
        "meta",
        sa.Column("key", sa.String, primary_key=True),
        sa.Column("value", sa.String, nullable=False),
    )
    op.create_table(
        "events",
        sa.Column("seq", _SEQ, primary_key=True, autoincrement=False),
        sa.Column("id", sa.String, nullable=False),
        sa.Column("type", sa.String, nullable=False),
        sa.Column("at_us", sa.BigInteger, nullable=False),
        sa.Column("recorded_us", sa.BigInteger, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
    )
    op.create_index("events_by_id", "events", ["id"], unique=True)
    op.create_table(
        "subjects",
        sa.Column("kind", sa.String, primary_key=True),
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("seq", _SEQ, primary_key=True, autoincrement=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "snapshots",
        sa.Column("seq", _SEQ, primary_key=True, autoincrement=False),
        sa.Column("format", sa.String, nullable=False),
        sa.Column("checksum", sa.BigInteger, nullable=False),
        sa.Column("state", sa.LargeBinary, nullable=False),
    )


def _make_decisions() -> None:
    op.create_table(
        "versions",
        sa.Column("kind", sa.String, primary_key=True),
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "answers",
        sa.Column("key", sa.String, primary_key=True),
        sa.Column("request_hash", sa.String, nullable=False),
        sa.Column("status", sa.SmallInteger, nullable=False),
        sa.Column("response", sa.LargeBinary, nullable=False),
        sa.Column("recorded_us", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )


def _make_telemetry() -> None:
    op.create_table(
        "refusals",
        sa.Column("id", _SEQ, primary_key=True),
        sa.Column("carrier_id", sa.String, nullable=False),
        sa.Column("adapter", sa.String, nullable=False),
        sa.Column("at_us", sa.BigInteger, nullable=False),
        sa.Column("reason", sa.String, nullable=False),
        sa.Column("excerpt", sa.LargeBinary, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("refusals_by_carrier", "refusals", ["carrier_id", "id"])
    op.create_table(
        "refusal_counts",
        sa.Column("carrier_id", sa.String, primary_key=True),
        sa.Column("refused", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "breadcrumbs",
        sa.Column("vehicle_id", sa.String, primary_key=True),
        sa.Column("at_us", sa.BigInteger, primary_key=True),
        sa.Column("lat", sa.Float, nullable=False),
        sa.Column("lon", sa.Float, nullable=False),
        sa.Column("speed_mps", sa.Float),
        sa.Column("heading_deg", sa.Float),
        sa.Column("temperature_c", sa.Float),
        sa.Column("battery_pct", sa.Float),
        sqlite_with_rowid=False,
    )
