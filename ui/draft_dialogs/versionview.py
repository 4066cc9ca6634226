"""One version of a conflict as a column: what it is, what it does, its stops, and its button."""

from typing import NamedTuple

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from tower.routes.impact import Impact
from ui.draft.consequences import as_text, consequences
from ui.draft_dialogs.versionlist import VersionList
from ui.draft_dialogs.versions import VersionRow
from ui.routes.phraseflow import PhraseFlow
from ui.session import Session
from ui.theme import SMALL_PX, TITLE_PX

_CONSEQUENCES_PX = 104


class Heading(NamedTuple):
    """What a version is called.

    Attributes:
        title: in a word or two.
        says: whose it is, and why.
        button: words of the button that chooses it.
    """

    title: str
    says: str
    button: str


class VersionView(QWidget):
    """A column of the conflict view.

    Attributes:
        list: its stops.
        button: chooses it.
    """

    def __init__(self, session: Session, heading: Heading, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._title, self._says = QLabel(), QLabel()
        self._flow, self._room = PhraseFlow(session.theme), QScrollArea()
        self.list = VersionList(session.theme, f"Stops: {heading.title}")
        self.button = QPushButton(heading.button)
        self._words = ""
        self._lay_out()
        self.set_heading(heading)
        session.theme.theme_changed.connect(self._dress)
        self._dress()

    def _lay_out(self) -> None:
        for label in (self._title, self._says):
            label.setTextFormat(Qt.TextFormat.PlainText)
        self._says.setWordWrap(True)
        self._says.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._says.setMinimumHeight(2 * self._says.fontMetrics().height())
        self._room.setWidget(self._flow)
        self._room.setWidgetResizable(True)
        self._room.setFrameShape(QFrame.Shape.NoFrame)
        self._room.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._room.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._room.setFixedHeight(_CONSEQUENCES_PX)
        self._room.viewport().installEventFilter(self)
        self.button.setAutoDefault(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for widget in (self._title, self._says, self._room):
            column.addWidget(widget)
        column.addWidget(self.list, 1)
        column.addWidget(self.button)

    @property
    def words(self) -> str:
        """What it says it does, as plain text."""
        return self._words

    @property
    def says(self) -> str:
        """Whose it is, and why."""
        return self._says.text()

    def set_heading(self, heading: Heading) -> None:
        """Say whose version it is."""
        self._title.setText(heading.title)
        self._says.setText(heading.says)
        self.button.setText(heading.button)

    def show_version(self, rows: tuple[VersionRow, ...], impact: Impact) -> None:
        """Show its stops and what it does against where both started from."""
        self.list.rows.show(rows)
        lines = consequences(self._session, impact)
        self._words = as_text(lines)
        self._flow.show_lines(lines)
        self._flow.setAccessibleName(self._words or "Nothing changes")
        self._fit()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """The words wrap at the width there is."""
        if event.type() == QEvent.Type.Resize:
            self._fit()
        return False

    def _fit(self) -> None:
        self._flow.setMinimumHeight(self._flow.heightForWidth(self._room.viewport().width()))

    def _dress(self) -> None:
        theme = self._session.theme
        self._title.setFont(theme.font(TITLE_PX, bold=True))
        self._says.setFont(theme.font(SMALL_PX))
        self._says.setStyleSheet(f"color: {theme.color('muted').name()};")
