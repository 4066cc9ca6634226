"""Something the gateway is asked again and again while somebody looks. Knows no widgets."""

from typing import Generic, TypeVar
from urllib.parse import quote

from PySide6.QtCore import QObject, QTimer, Signal

from ui.answers import AnswerFault, read
from ui.exchange import Answer
from ui.session import Session

_Told = TypeVar("_Told")


def arrival_path(stop_id: str) -> str:
    """Where everything about the arrival at a stop is asked for."""
    return f"/v1/stops/{quote(stop_id, safe='')}/arrival"


class Asked(QObject, Generic[_Told]):
    """Keeps the answer to one question fresh.

    Args:
        session: asks.
        kind: what the answer is.
        every_ms: asked again after so long.

    Attributes:
        told: the newest answer, None before there is one.
        trouble: why there is none, in words; "" while all is well.
        changed: there is another answer, or another trouble.
    """

    changed = Signal()

    def __init__(
        self, session: Session, kind: type[_Told], every_ms: int, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._kind, self._path = session, kind, ""
        self.told: _Told | None = None
        self.trouble = ""
        self._timer = QTimer(self)
        self._timer.setInterval(every_ms)
        self._timer.timeout.connect(self.ask)
        session.state_replaced.connect(self.ask)
        session.destroyed.connect(self._timer.stop)

    @property
    def path(self) -> str:
        """What is asked, "" for nothing."""
        return self._path

    def look_at(self, path: str) -> None:
        """Ask something else from now on; "" asks nothing."""
        if path == self._path:
            return
        self._path, self.told, self.trouble = path, None, ""
        self.changed.emit()
        self.ask()
        if path:
            self._timer.start()
        else:
            self._timer.stop()

    def ask(self) -> None:
        """Ask now."""
        path = self._path
        if path:
            self._session.ask(path, lambda answer: self._on_answer(path, answer))

    def _on_answer(self, path: str, answer: Answer) -> None:
        if path != self._path:
            return
        try:
            self.told, self.trouble = read(answer, self._kind), ""
        except AnswerFault as fault:
            self.told, self.trouble = None, str(fault)
        self.changed.emit()
