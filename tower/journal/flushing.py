"""A job that writes nothing: when it is done, everything before it is on the disk."""

import threading

from sqlalchemy import Connection

from tower.journal.errors import JournalError


class Flush:
    """Waits its turn in the writer's queue; `done` is set then."""

    urgent = True

    def __init__(self) -> None:
        self.done = threading.Event()

    def prepare(self, connection: Connection) -> None:
        """Nothing to check."""

    def write(self, connection: Connection) -> None:
        """Nothing to write."""

    def committed(self) -> None:
        """Everything before is on the disk."""
        self.done.set()

    def failed(self, error: JournalError) -> None:  # noqa: ARG002 - told to those it concerns
        """The jobs before have told their senders."""
        self.done.set()
