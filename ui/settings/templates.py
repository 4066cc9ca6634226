"""The messages a gateway has, by name, as it lists them."""

import msgspec
from PySide6.QtCore import QObject, Signal

from ui.session import Answer, Session

_OK = 200


class _Listed(msgspec.Struct, frozen=True):
    name: str
    title: str = ""


class TemplateNames(QObject):
    """Asks the gateway for its messages once.

    Attributes:
        titles: name to title.
        trouble: why there are none, in words.
        changed: they arrived.
    """

    changed = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.titles: dict[str, str] = {}
        self.trouble = ""
        session.ask("/v1/outreach/templates", self._on_answer)

    def _on_answer(self, answer: Answer) -> None:
        if answer.status != _OK:
            self.trouble = answer.message
        else:
            try:
                listed = msgspec.json.decode(answer.body, type=list[_Listed])
            except msgspec.MsgspecError as error:
                self.trouble = f"The gateway's list cannot be read: {error}."
            else:
                self.titles = {one.name: one.title or one.name for one in listed}
        self.changed.emit()
