"""Remembers across a sudden end that a draft was not sent, so that the next start can say so."""

from PySide6.QtCore import QObject, QSettings

from tower.routes.change import changed_routes
from ui.draft.draft import Draft

_KEY = "draft/unsent"
_NAMED = 5


class UnsentMark(QObject):
    """Keeps on disk what the draft is about, as long as there is one.

    A window that is closed in peace discards its draft in front of its user; one that is killed
    leaves the mark.

    Attributes:
        lost: what was lost when the desktop ended last, in words; "" where nothing was.
    """

    def __init__(self, draft: Draft, settings: QSettings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._draft, self._settings = draft, settings
        self.lost = str(settings.value(_KEY, ""))
        self._about: tuple[object, ...] = ((), False)
        if self.lost:
            self._keep("")
        draft.changed.connect(self._on_changed)

    def forget(self) -> None:
        """The window is closed in peace."""
        self._keep("")

    def _on_changed(self) -> None:
        about = (self._draft.gestures, self._draft.is_sending)
        if about != self._about:
            self._about = about
            self._keep(self._words())

    def _words(self) -> str:
        draft = self._draft
        if draft.is_empty:
            return ""
        routes = sorted(changed_routes(draft.base, draft.arranged))
        named = ", ".join(routes[:_NAMED]) + (" and others" if len(routes) > _NAMED else "")
        count = len(draft.gestures)
        what = f"{count} change{'s' if count > 1 else ''}{f' of {named}' if named else ''}"
        if draft.is_sending:
            return f"{what}: it was being sent; the routes show whether it was taken in."
        return f"{what}: nothing of it was sent."

    def _keep(self, words: str) -> None:
        if words:
            self._settings.setValue(_KEY, words)
        else:
            self._settings.remove(_KEY)
        self._settings.sync()
