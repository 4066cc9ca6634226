"""Spares the window the search for garbage among what lasts as long as it does.

Python's full collection looks at every object. With a shift of 1,500 stops those are 120,000, which
took 60-130 ms of the window's thread; what is set apart here is not looked at any more, and then no
collection takes 10 ms. Objects that are set apart are still freed when nobody refers to them.
"""

import gc

from PySide6.QtCore import QObject, QTimer

from ui.session import Session

_SETTLED_MS = 3_000


class Lasting(QObject):
    """Sets apart what there is, a while after the start and after each whole new state.

    Args:
        session: says when its state is another one.
    """

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settling = QTimer(self)
        self._settling.setSingleShot(True)
        self._settling.setInterval(_SETTLED_MS)
        self._settling.timeout.connect(gc.freeze)
        session.state_replaced.connect(self._settling.start)
        session.shapes_changed.connect(self._settling.start)
        self._settling.start()
