"""What can go wrong with the store of figures, in words a dispatcher can act on."""

from pathlib import Path


class StoreError(Exception):
    """Base of everything the store refuses or cannot do."""


class StoreLocked(StoreError):
    """Another process writes this store."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path} is in use by another gateway. Connect to that one, stop it, or choose another "
            "data folder."
        )


class StoreFailed(StoreError):
    """The database could not do what was asked; what it held before is still there."""


class AskUnfit(StoreError):
    """What was asked for cannot be: no such measure, no such day."""
