"""How long the start took, measured from when the process was started."""

import time

from PySide6.QtCore import QObject, Signal

_MARKS = ("window", "map", "live")


class Timings(QObject):
    """Marks of the start: first paint of the window, of the map, of the vehicles.

    Attributes:
        completed: all three are known.
    """

    completed = Signal()

    def __init__(self, started_at: float, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._started_at = started_at
        self._marks: dict[str, float] = {}

    def mark(self, name: str) -> None:
        """Note that `window`, `map` or `live` was reached; only the first time counts."""
        if name in self._marks:
            return
        self._marks[name] = time.time() - self._started_at
        if len(self._marks) == len(_MARKS):
            self.completed.emit()

    @property
    def is_complete(self) -> bool:
        """True once all three are known."""
        return len(self._marks) == len(_MARKS)

    def seconds(self) -> dict[str, float | None]:
        """Seconds from the start of the process to each mark; None where not reached."""
        return {
            f"start_to_{name}_s": round(self._marks[name], 3) if name in self._marks else None
            for name in _MARKS
        }

    def line(self) -> str:
        """The line `tower --timings` prints."""
        reached = [f"{name} {self._marks[name]:.2f} s" for name in _MARKS if name in self._marks]
        return "start to " + ", ".join(reached)
