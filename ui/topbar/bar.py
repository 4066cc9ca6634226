"""The top bar from left to right."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QWidget

from ui.session import Session
from ui.theme import BODY_PX, TITLE_PX, Theme
from ui.topbar.filters import filter_pills
from ui.topbar.live import LivePill
from ui.widgets.pill import Pill, Run

_HEIGHT_PX = 44


class _Logo(QWidget):
    """The mark and the name."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setFixedSize(QSize(78, _HEIGHT_PX))
        theme.theme_changed.connect(self.update)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("accent"))
        middle = self.height() / 2
        roof = [QPointF(2, middle + 5), QPointF(8, middle - 6), QPointF(14, middle + 5)]
        painter.drawPolygon(QPolygonF(roof))
        painter.setPen(self._theme.color("text"))
        painter.setFont(self._theme.font(TITLE_PX, bold=True))
        painter.drawText(QRectF(20, 0, 58, self.height()), Qt.AlignmentFlag.AlignVCenter, "Tower")


class SearchField(QWidget):
    """Looks like a field; a click opens the palette."""

    clicked = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setAccessibleName("Find anything, Ctrl+K")
        self.setCursor(Qt.CursorShape.IBeamCursor)
        self.setMinimumWidth(90)
        self.setMaximumWidth(460)
        self.setFixedHeight(28)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.theme_changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """Wide where there is room."""
        return QSize(380, 28)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw an empty field with what can be typed."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self._theme.color("line_strong"))
        painter.setBrush(self._theme.color("field"))
        frame = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(frame, 6, 6)
        painter.setPen(self._theme.color("muted"))
        painter.setFont(self._theme.font(BODY_PX))
        words = "Search stops, vehicles, customers, parcels…  Ctrl+K"
        inner = frame.adjusted(11, 0, -8, 0)
        shown = painter.fontMetrics().elidedText(
            words, Qt.TextElideMode.ElideRight, int(inner.width())
        )
        painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter, shown)

    def mousePressEvent(self, _event: QMouseEvent) -> None:
        """Open the palette."""
        self.clicked.emit()


class ClockPill(Pill):
    """The time of the shift, in its time zone; how fast it runs where that is not x1."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session.theme, "Time of the shift", parent)
        self._session = session
        session.ticked.connect(self.refresh)
        session.state_replaced.connect(self.refresh)
        session.past_changed.connect(self.refresh)
        session.link_changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Say what time it is."""
        is_past, rate = self._session.past is not None, self._session.clock.rate
        colour = "past" if is_past else "muted" if self._session.is_stale else "text"
        time = self._session.clock_text(self._session.now, seconds=True)
        runs = [Run(time, colour, bold=is_past)]
        if rate != 1:
            runs.append(Run(f"  ×{rate:g}", "accent", bold=True))
        self.set_runs(runs)


class TopBar(QWidget):
    """Logo, filters, search, feed, clock, user.

    Attributes:
        search_wanted: the search field was clicked.
        refused_wanted: a carrier's id whose refused messages are to be shown.
    """

    search_wanted = Signal()
    refused_wanted = Signal(str)

    def __init__(
        self, session: Session, speed_menu: QMenu, user_menu: QMenu, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self.setObjectName("topbar")
        self.setFixedHeight(_HEIGHT_PX)
        self.search, self.live = SearchField(session.theme), LivePill(session)
        self.clock, self.user = ClockPill(session), Pill(session.theme, "User")
        self.clock.set_menu(speed_menu)
        self.user.set_menu(user_menu)
        self.filters = filter_pills(session, self)
        self._assemble()
        self.search.clicked.connect(self.search_wanted)
        self.live.refused_wanted.connect(self.refused_wanted)

    def set_user(self, name: str, role: str) -> None:
        """Say who sits here and in which role."""
        runs = [Run(f"{name} · ", "text_secondary")] if name not in {"", role} else []
        self.user.set_runs([*runs, Run(role, bold=True), Run(" ▾", "muted")])

    def _assemble(self) -> None:
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 0, 10, 0)
        layout.setSpacing(8)
        layout.addWidget(_Logo(self._session.theme))
        for pill in self.filters:
            layout.addWidget(pill)
        layout.addStretch(1)
        layout.addWidget(self.search, 3)
        layout.addStretch(1)
        for widget in (self.live, self.clock, self.user):
            layout.addWidget(widget)
