"""The journal's tables.

A new database gets them as they stand here; an older one gets there by the migrations beside
this file. A test holds that both ways end in the same tables.
"""

from sqlalchemy import (
    BigInteger,
    Column,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
)

REVISIONS = ("0001", "0002")
"""Schema revisions this Tower knows, oldest first."""

HEAD = REVISIONS[-1]
"""The revision this Tower writes."""

WITHOUT_CHECKSUMS = frozenset({"0001"})
"""Revisions in which events have no checksum."""

metadata = MetaData()

_SEQ = BigInteger().with_variant(Integer, "sqlite")

meta = Table(
    "meta",
    metadata,
    Column("key", String, primary_key=True),
    Column("value", String, nullable=False),
)
"""Facts about the journal itself: its epoch."""

events = Table(
    "events",
    metadata,
    Column("seq", _SEQ, primary_key=True, autoincrement=False),
    Column("id", String, nullable=False),
    Column("type", String, nullable=False),
    Column("at_us", BigInteger, nullable=False),
    Column("recorded_us", BigInteger, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("checksum", BigInteger),
    Index("events_by_id", "id", unique=True),
)
"""The journal: `body` is the whole event in MessagePack, `checksum` tells whether it still is."""

subjects = Table(
    "subjects",
    metadata,
    Column("kind", String, primary_key=True),
    Column("id", String, primary_key=True),
    Column("seq", _SEQ, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)
"""Which events are about which thing."""

versions = Table(
    "versions",
    metadata,
    Column("kind", String, primary_key=True),
    Column("id", String, primary_key=True),
    Column("version", Integer, nullable=False),
    sqlite_with_rowid=False,
)
"""The newest decided version of each exception and route; `WHERE version = …` rests on it."""

snapshots = Table(
    "snapshots",
    metadata,
    Column("seq", _SEQ, primary_key=True, autoincrement=False),
    Column("format", String, nullable=False),
    Column("checksum", BigInteger, nullable=False),
    Column("state", LargeBinary, nullable=False),
)
"""Folded states, so that opening need not fold everything."""

answers = Table(
    "answers",
    metadata,
    Column("key", String, primary_key=True),
    Column("request_hash", String, nullable=False),
    Column("status", SmallInteger, nullable=False),
    Column("response", LargeBinary, nullable=False),
    Column("recorded_us", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)
"""What each idempotency key was answered."""

refusals = Table(
    "refusals",
    metadata,
    Column("id", _SEQ, primary_key=True),
    Column("carrier_id", String, nullable=False),
    Column("adapter", String, nullable=False),
    Column("at_us", BigInteger, nullable=False),
    Column("reason", String, nullable=False),
    Column("excerpt", LargeBinary, nullable=False),
    Index("refusals_by_carrier", "carrier_id", "id"),
    sqlite_autoincrement=True,
)
"""Messages that were not believed, newest kept."""

refusal_counts = Table(
    "refusal_counts",
    metadata,
    Column("carrier_id", String, primary_key=True),
    Column("refused", BigInteger, nullable=False),
)
"""How many messages of each carrier were ever refused."""

breadcrumbs = Table(
    "breadcrumbs",
    metadata,
    Column("vehicle_id", String, primary_key=True),
    Column("at_us", BigInteger, primary_key=True),
    Column("lat", Float, nullable=False),
    Column("lon", Float, nullable=False),
    Column("speed_mps", Float),
    Column("heading_deg", Float),
    Column("temperature_c", Float),
    Column("battery_pct", Float),
    sqlite_with_rowid=False,
)
"""Where vehicles were, thinned."""
