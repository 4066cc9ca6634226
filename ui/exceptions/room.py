"""Room for the card while it shows more than facts: taken from the queue above, and given back."""

from PySide6.QtWidgets import QSplitter, QWidget

LEAST_ABOVE_PX = 128
"""What the queue keeps: its filter and two rows."""


class Room:
    """Moves the line between the queue and the card.

    Args:
        card: the lower part of a splitter; anywhere else nothing moves.
    """

    def __init__(self, card: QWidget) -> None:
        self._card = card
        self._before: list[int] = []

    def make(self, wanted_px: int) -> None:
        """Let the card be as tall as this, if the queue can spare it."""
        split = self._split
        if split is None:
            return
        above, below = split.sizes()
        taken = min(wanted_px - below, above - LEAST_ABOVE_PX)
        if taken > 0:
            self._before = self._before or [above, below]
            split.setSizes([above - taken, below + taken])

    def give_back(self) -> None:
        """Put the line back to where it was."""
        split, before = self._split, self._before
        self._before = []
        if split is not None and before:
            split.setSizes(before)

    @property
    def _split(self) -> QSplitter | None:
        parent = self._card.parentWidget()
        return parent if isinstance(parent, QSplitter) and parent.count() == 2 else None
