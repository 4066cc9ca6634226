"""The performance window: assembles filters, tiles, panels, pages and what stands behind them."""

from msgspec.structs import replace
from PySide6.QtCore import QSettings, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QHideEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QDockWidget,
    QLabel,
    QMainWindow,
    QMenu,
    QProgressBar,
    QPushButton,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from tower.kpi.query import Behind
from ui.layouts import fill_screen
from ui.performance.aboutmeasure import AboutMeasure
from ui.performance.asks import NOW, TILES
from ui.performance.behind import BehindPanel
from ui.performance.definitions import Definitions
from ui.performance.figures import Figures, Shown
from ui.performance.filterbar import FilterBar
from ui.performance.grid import PanelGrid
from ui.performance.keeping import Keeping
from ui.performance.panels import Panels
from ui.performance.phrases import span_words
from ui.performance.pictures import TileFigure
from ui.performance.plotting import Plotting
from ui.performance.tiles import TileStrip
from ui.performance.viewsmenu import ViewsPill
from ui.session import Session
from ui.widgets.focusring import FocusRing
from ui.widgets.notice import Notice
from ui.widgets.sidebyside import side_by_side

_SIZE = (1600, 980)
_LEAST = (1000, 600)
_BEHIND_PX = 560
_SAID_MS = 6_000
_SIMULATED = "Simulated history: the days before the shift were made up"


class PerformanceWindow(QMainWindow):
    """How the operation did; every number opens the stops behind it.

    Args:
        session: the shift; asked and commanded.
        settings: keeps the window's place and its default view.

    Attributes:
        definitions: of the measures.
        keeping: keeps targets, views and schedules.
        figures: what is looked at, and every panel's figures.
        pages: tabs; the first is the overview.
        tools_menu: what can be exported.
        behind_dock: where the list behind a number stands.
        panels: of the overview, made a moment after the window.
        completed: they are made.
        map_wanted: a stop was selected, the main window is to show it.
    """

    panels: Panels
    completed = Signal()
    map_wanted = Signal()

    def __init__(self, session: Session, settings: QSettings) -> None:
        super().__init__()
        self._session, self._settings = session, settings
        self.setWindowTitle("Performance")
        self.setMinimumSize(*_LEAST)
        self.definitions = Definitions(session, self)
        self.keeping = Keeping(session, self)
        self.figures = Figures(session, self.definitions, self)
        self._views = ViewsPill(session, self.figures, self.keeping, settings)
        self.filters = FilterBar(session, self.figures, self._views)
        self.tiles = TileStrip(session.theme, TILES)
        self._overview = PanelGrid()
        self.pages, self.tools_menu = QTabWidget(), QMenu(self)
        self.progress, self.notice = QProgressBar(), Notice(session.theme)
        self.export_button = QPushButton("&Export")
        self.retry_button = QPushButton("Try a&gain")
        self._behind: BehindPanel | None = None
        self.behind_dock = QDockWidget("Stops behind", self)
        self._days = QLabel()
        self._assemble()
        self._listen()
        self._ring = FocusRing(session.theme, self, self.statusBar())
        self._on_progressed(0, 0)
        # The window is up before its panels are made.
        QTimer.singleShot(0, self, self._complete)

    # Assembling

    def _complete(self) -> None:
        plotting = Plotting(self._session, self)
        self.panels = Panels(self._session.theme, self.figures, self.definitions, plotting, self)
        self.panels.about_wanted.connect(self.open_about)
        self.panels.behind_wanted.connect(self.open_behind)
        self._overview.hold(self.panels.frames)
        self.completed.emit()

    def _assemble(self) -> None:
        self.progress.setFixedHeight(3)
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName("Figures asked for")
        policy = self.progress.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.progress.setSizePolicy(policy)
        self.export_button.setMenu(self.tools_menu)
        self.retry_button.hide()
        body = QWidget()
        # From the outside in: what is put into a window is styled anew with all it holds.
        self.setCentralWidget(body)
        column = QVBoxLayout(body)
        column.setContentsMargins(8, 8, 8, 4)
        column.setSpacing(6)
        top = side_by_side(self.filters, self.export_button)
        top.setStretch(0, 1)
        top.setAlignment(self.export_button, Qt.AlignmentFlag.AlignTop)
        column.addLayout(top)
        column.addWidget(self.progress)
        said = side_by_side(self.notice, self.retry_button)
        said.setStretch(0, 1)
        column.addLayout(said)
        column.addWidget(self.tiles)
        column.addWidget(self.pages, 1)
        self.pages.setDocumentMode(True)
        self.pages.addTab(self._overview, "Overview")
        self.pages.tabBar().setAutoHide(True)
        self._assemble_behind()
        self.statusBar().addPermanentWidget(self._days)

    def _assemble_behind(self) -> None:
        dock = self.behind_dock
        dock.setObjectName("behind")
        dock.setAllowedAreas(
            Qt.DockWidgetArea.RightDockWidgetArea | Qt.DockWidgetArea.BottomDockWidgetArea
        )
        self.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, dock)
        dock.hide()

    def _listen(self) -> None:
        self.tiles.chosen.connect(self._on_tile_chosen)
        self.tiles.about_wanted.connect(self.open_about)
        self.figures.inquiries["tiles"].answered.connect(self._on_tiles_answered)
        self.figures.look_changed.connect(lambda: self.tiles.mark(self.figures.look.measure))
        self.figures.progressed.connect(self._on_progressed)
        self.retry_button.clicked.connect(self.figures.retry)
        self.definitions.progressed.connect(self._show_days)
        self.keeping.said.connect(lambda words: self.statusBar().showMessage(words, _SAID_MS))
        for key, then in (
            ("Ctrl+F", self.filters.take_focus),
            ("Esc", self.close_behind),
            ("F5", self.figures.ask_again),
            ("Ctrl+W", self.close),
        ):
            QShortcut(QKeySequence(key), self, then)

    # What is asked of it

    @property
    def behind(self) -> BehindPanel:
        """The list behind a number, made when it is first wanted."""
        if self._behind is None:
            self._behind = BehindPanel(self._session, self.definitions)
            self._behind.story.shown_on_map.connect(self.map_wanted)
            self.behind_dock.setWidget(self._behind)
        return self._behind

    def add_page(self, title: str, page: QWidget) -> None:
        """Add a page beside the overview."""
        self.pages.addTab(page, title)

    def current_answers(self) -> tuple[Shown, ...]:
        """What the panels show, as it was asked and answered."""
        return self.figures.answers()

    def open_at_last_place(self) -> None:
        """Show the window where it was left, with the default view."""
        if self.isVisible():
            self.raise_()
            self.activateWindow()
            return
        geometry = self._settings.value("performance/geometry")
        if geometry is None or not self.restoreGeometry(geometry):
            fill_screen(self, _SIZE)
        self.show()
        self.raise_()
        self.activateWindow()

    def open_behind(self, wanted: Behind, title: str) -> None:
        """Show the stops behind a number."""
        is_new = not self.behind_dock.isVisible()
        self.behind.show_behind(wanted, title)
        self.behind_dock.show()
        self.behind_dock.raise_()
        if is_new:
            width = min(_BEHIND_PX, self.width() * 2 // 5)
            self.resizeDocks([self.behind_dock], [width], Qt.Orientation.Horizontal)

    def close_behind(self) -> None:
        """Close the list behind a number; the keyboard goes back to the panels."""
        if self.behind_dock.isVisible():
            self.behind_dock.close()
            self.tiles.tiles[TILES[0]].setFocus()

    def open_about(self, key: str, beside: QWidget) -> AboutMeasure:
        """Say what a measure means."""
        about = AboutMeasure(self._session.theme, self.definitions, key, self.keeping, beside)
        about.open_below(beside)
        return about

    # Happenings

    def _on_tile_chosen(self, key: str) -> None:
        self.figures.show(replace(self.figures.look, measure=key))
        figure, asks = self.tiles.tiles[key].figure, self.figures.inquiries["tiles"].asks
        if figure is not None and NOW in asks:
            wanted = Behind(measure=key, filters=asks[NOW].filters)
            self.open_behind(wanted, f"{figure.title}: {figure.text}")

    def _on_tiles_answered(self) -> None:
        inquiry = self.figures.inquiries["tiles"]
        if inquiry.trouble:
            self.tiles.forget()
        elif isinstance(inquiry.picture, tuple):
            found = tuple(one for one in inquiry.picture if isinstance(one, TileFigure))
            self.tiles.show_figures(found)
            self.tiles.mark(self.figures.look.measure)
        self.notice.say("before", self.figures.before_words)
        self._show_days()

    def _show_days(self) -> None:
        """Say which days the figures are of, and what is not in them yet."""
        answer = self.figures.inquiries["tiles"].answers.get(NOW)
        days = span_words(answer.since, answer.until) if answer is not None else ""
        behind = self.definitions.behind
        late = f"{behind:,} events not counted yet" if self.definitions.is_catching_up else ""
        made_up = _SIMULATED if self.definitions.has_simulated_past else ""
        said = (made_up, days, late, self.definitions.trouble)
        self._days.setText(" · ".join(filter(None, said)))

    def _on_progressed(self, done: int, asked: int) -> None:
        self.progress.setRange(0, max(1, asked))
        self.progress.setValue(done)
        self.progress.setVisible(done < asked)
        trouble = self.figures.trouble
        self.notice.say("trouble", trouble and f"Figures are missing: {trouble}")
        self.retry_button.setVisible(bool(trouble))

    def showEvent(self, event: QShowEvent) -> None:
        """Begin to keep up with today."""
        super().showEvent(event)
        if self._views.default and not self._views.current:
            self._views.choose(self._views.default)
        self.figures.follow(on=True)

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody looks: ask nothing."""
        super().hideEvent(event)
        self.figures.follow(on=False)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Remember the place."""
        self._settings.setValue("performance/geometry", self.saveGeometry())
        super().closeEvent(event)
