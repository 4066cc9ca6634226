"""Where a desktop on a recording has its gateway: nowhere. No Qt here."""

from pathlib import Path


class NoGateway:
    """Stands where the gateway of a desktop comes from; there is none.

    Args:
        file: the recording that is looked at.
    """

    token = ""

    def __init__(self, file: Path) -> None:
        self.words = file.name

    def wait_ready(self) -> str:
        """Nobody waits: the feed is not started."""
        return ""

    def revive(self) -> bool:
        """There is nothing to start again."""
        return False

    def stop(self) -> None:
        """There is nothing to stop."""
