"""The main window: assembles menus, top bar, docks and status bar; decides nothing."""

from typing import NamedTuple

from PySide6.QtCore import QSettings, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QActionGroup, QCloseEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QMainWindow, QMenu, QMenuBar, QVBoxLayout, QWidget

from ui import layouts
from ui.banner import Banner
from ui.docks import Dock
from ui.draft.draft import Draft
from ui.draft_dialogs.leaving import Leaving
from ui.maphost import MapHost
from ui.menus import Handlers, fill_menu_bar, make_actions
from ui.palette.popup import Palette
from ui.panels import DOCKS, Panels
from ui.proposals.menus import ROUTE_MENU, STOP_MENU, RowMenu
from ui.replay.bar import TravelBar
from ui.replay.frame import PastFrame
from ui.replay.off import CommandsOff
from ui.replay.travel import TimeTravel
from ui.replay.words import title_words
from ui.session import Session
from ui.statusbar import StatusBar
from ui.topbar.bar import TopBar
from ui.undo import UndoLog
from ui.veil import StaleVeil
from ui.widgets.focusring import FocusRing

_SPEEDS = (1, 2, 5, 10, 30, 60)
_DEFAULT_SIZE = (1920, 1080)


class Parts(NamedTuple):
    """What the window is assembled from.

    Attributes:
        draft: the change of sequence being tried out.
        where: words for the gateway, for the status bar.
        travel: which moment of the shift is shown.
    """

    session: Session
    draft: Draft
    map: MapHost
    panels: Panels
    undo: UndoLog
    settings: QSettings
    where: str
    travel: TimeTravel


class MainWindow(QMainWindow):
    """Tower's window.

    Attributes:
        painted: after the first paint.
        closing: the window is about to close.
        speed_wanted: another rate of the simulated shift's clock.
        refused_wanted: a carrier's id whose refused messages are to be shown.
    """

    painted = Signal()
    closing = Signal()
    speed_wanted = Signal(float)
    refused_wanted = Signal(str)

    def __init__(self, parts: Parts) -> None:
        super().__init__()
        self._parts, self._painted = parts, False
        self.role = layouts.kept_role(parts.settings)
        self.actions_by_id: dict[str, QAction] = {}
        self.docks: dict[str, Dock] = {}
        self.setWindowTitle("Tower")
        self.setMinimumSize(1180, 660)
        self.setDockNestingEnabled(True)
        self.setAnimated(False)
        self.setDocumentMode(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self._menu_bar = QMenuBar()
        self._user_menu = QMenu(self)
        self._leaving = Leaving(parts.draft, self)
        self.top_bar = TopBar(parts.session, self._speed_menu(), self._user_menu)
        self.banner = Banner(parts.session)
        self.travel_bar = TravelBar(parts.session, parts.travel)
        self.status = StatusBar(parts.session, parts.where)
        self._assemble()

    @property
    def is_behind(self) -> bool:
        """True while some panel does not show yet what its session holds."""
        return self._parts.panels.is_behind

    # Assembling

    def _assemble(self) -> None:
        top = QWidget()
        top.setObjectName("top")
        column = QVBoxLayout(top)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (
            self._menu_bar,
            self.top_bar,
            self.banner,
            self.travel_bar,
            self._parts.panels.strip,
        ):
            column.addWidget(widget)
        self.setMenuWidget(top)
        self.setCentralWidget(self._parts.map)
        self.setStatusBar(self.status)
        self._add_docks()
        self.palette_popup = Palette(self._parts.session, self)
        self._ring = FocusRing(self._parts.session.theme, self, self._parts.map)
        self._veil = StaleVeil(self._parts.session, self, self._parts.panels.strip)
        self.top_bar.search_wanted.connect(self.palette_popup.open)
        self.top_bar.refused_wanted.connect(self.refused_wanted)
        self._frames = [PastFrame(self._parts.session, one) for one in (self, *self.docks.values())]
        self._parts.travel.changed.connect(self._show_travel)
        self._parts.session.past_changed.connect(self._show_title)
        self._parts.undo.stack.undoTextChanged.connect(self.status.set_undo)

    def _add_docks(self) -> None:
        for name, title in DOCKS.items():
            panel = self._parts.panels.docked[name]
            self.docks[name] = Dock(self._parts.session, name, title, panel)

    def bind(self, handlers: Handlers) -> None:
        """Give every action its handler and fill the menus; then the window is whole."""
        self.actions_by_id = make_actions(self, handlers)
        menus = fill_menu_bar(self._menu_bar, self.actions_by_id)
        self._fill_window_menu(menus["Window"])
        self._add_row_menus()
        self._parts.panels.routes.show_actions(self.actions_by_id, self._parts.undo.stack)
        self._fill_user_menu()
        self.travel_bar.show_actions(self.actions_by_id)
        CommandsOff(self._parts.session, self.actions_by_id, self._parts.panels.commanding)
        self._group("theme_dark", "theme_light")
        self._group(*(f"layout_{role}" for role in layouts.ROLES))
        self._group("trail_span_hour", "trail_span_shift", "trail_span_moment")
        self.actions_by_id["trail_span_hour"].setChecked(True)
        self.palette_popup.command_chosen.connect(lambda name: self.actions_by_id[name].trigger())
        self._parts.session.theme.theme_changed.connect(self._show_theme)
        self._parts.session.actor_changed.connect(self._on_actor_changed)
        self._show_theme(self._parts.session.theme.name)
        self._show_role()

    def _add_row_menus(self) -> None:
        panels, actions = self._parts.panels, self.actions_by_id
        for names, lists in ((ROUTE_MENU, panels.route_lists), (STOP_MENU, panels.stop_lists)):
            for rows in lists:
                RowMenu(rows, names, actions)

    def _group(self, *names: str) -> None:
        group = QActionGroup(self)
        for name in names:
            group.addAction(self.actions_by_id[name])

    def _fill_window_menu(self, menu: QMenu) -> None:
        menu.addSeparator()
        for dock in self.docks.values():
            menu.addAction(dock.toggleViewAction())

    def _fill_user_menu(self) -> None:
        for role in layouts.ROLES:
            self._user_menu.addAction(self.actions_by_id[f"layout_{role}"])
        self._user_menu.addSeparator()
        for name in ("theme_toggle", "keyboard", "about"):
            self._user_menu.addAction(self.actions_by_id[name])
        self._user_menu.addSeparator()
        self._user_menu.addAction(self.actions_by_id["quit"])

    def _speed_menu(self) -> QMenu:
        menu = QMenu(self)
        title = menu.addAction("Speed of the simulated shift")
        title.setEnabled(False)
        for speed in _SPEEDS:
            action = menu.addAction(f"×{speed}")
            action.triggered.connect(
                lambda _checked=False, rate=speed: self.speed_wanted.emit(float(rate))
            )
        return menu

    # Showing

    def open_at(self, size: tuple[int, int] | None) -> None:
        """Show the window: at a size, where it was left, or as large as the screen has room."""
        geometry = self._parts.settings.value("window/geometry")
        if size is not None:
            self.resize(*size)
        elif geometry is None or not self.restoreGeometry(geometry):
            layouts.fill_screen(self, _DEFAULT_SIZE)
        layouts.restore(self._parts.settings, self, self.docks, self.role)
        self.show()
        self._parts.map.setFocus(Qt.FocusReason.OtherFocusReason)

    def set_role(self, role: str) -> None:
        """Keep this role's layout and put the panels where another role left them."""
        layouts.save(self._parts.settings, self, self.role)
        self.role = role
        layouts.restore(self._parts.settings, self, self.docks, role)
        self._show_role()

    def reset_layout(self) -> None:
        """Put every panel back to where it belongs in this role."""
        layouts.forget(self._parts.settings, self, self.role)
        layouts.arrange(self, self.docks, self.role)

    def bring_back(self) -> None:
        """Dock every floating panel and show every hidden one."""
        for dock in self.docks.values():
            dock.setFloating(False)
            dock.show()

    def show_dock(self, name: str) -> None:
        """Bring one panel to the front."""
        self.docks[name].show()
        self.docks[name].raise_()

    def _on_actor_changed(self) -> None:
        """A supervisor who never chose a layout here sits down at the supervisors'."""
        if self._parts.session.is_supervisor and not layouts.is_role_kept(self._parts.settings):
            self.set_role("supervisor")
        self._show_role()

    def _show_role(self) -> None:
        self.actions_by_id[f"layout_{self.role}"].setChecked(True)
        self.top_bar.set_user(self._parts.session.actor_name, layouts.ROLES[self.role])

    def _show_travel(self) -> None:
        """Say in title and menu whether the past is shown."""
        self._show_title()
        self.actions_by_id["time_travel"].setChecked(self._parts.travel.is_open)

    def _show_title(self) -> None:
        self.setWindowTitle(title_words(self._parts.session, self._parts.travel))

    def _show_theme(self, name: str) -> None:
        self.actions_by_id[f"theme_{name}"].setChecked(True)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Tell once that the window is on the screen."""
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            QTimer.singleShot(0, self, self.painted.emit)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep room for the map where the window becomes a small one."""
        super().resizeEvent(event)
        if layouts.changes_class(event.oldSize(), event.size()):
            QTimer.singleShot(0, self, lambda: layouts.refit(self, self.docks, self.role))

    def leave(self) -> None:
        """Close, unless something would be forgotten: then the user decides."""
        if self._leaving.may_leave():
            self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Keep the layout, and let the map and the feed close first.

        Whoever closes the window by its frame is asked first where changes are not sent.
        """
        if event.spontaneous() and not self._leaving.may_leave():
            event.ignore()
            return
        layouts.save(self._parts.settings, self, self.role)
        self.closing.emit()
        super().closeEvent(event)
