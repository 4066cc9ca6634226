"""How a journal of an older Tower becomes one of this Tower (Alembic)."""
