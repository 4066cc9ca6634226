"""Where panels stand: a layout for each role, saved as people leave it."""

from collections.abc import Mapping
from pathlib import Path

import platformdirs
from PySide6.QtCore import QByteArray, QSettings, QSize, Qt
from PySide6.QtWidgets import QMainWindow, QTabBar, QTabWidget

from ui.docks import Dock

ROLES: dict[str, str] = {
    "dispatcher": "Dispatcher",
    "supervisor": "Supervisor",
    "manager": "Regional manager",
}
"""Roles with a layout of their own, and their words."""

_VERSION = 2
_SIDE_PX = 452
_QUEUE_PX = 438
_BOTTOM_PX = 168
_SMALL_WINDOW_PX = 1500
_FRAME = QSize(16, 48)
_Area = Qt.DockWidgetArea


def open_settings() -> QSettings:
    """The desktop's own settings, in the user's configuration folder."""
    folder = Path(platformdirs.user_config_dir("tower", appauthor=False))
    return QSettings(str(folder / "desktop.ini"), QSettings.Format.IniFormat)


def fill_screen(window: QMainWindow, wanted: tuple[int, int]) -> None:
    """Make a window of this size, maximised where the screen has no room for it and its frame."""
    room = window.screen().availableSize() - _FRAME
    size = QSize(*wanted)
    window.resize(size.boundedTo(room))
    if size != size.boundedTo(room):
        window.setWindowState(Qt.WindowState.WindowMaximized)


def arrange(window: QMainWindow, docks: Mapping[str, Dock], role: str) -> None:
    """Put every panel where it belongs for a role."""
    for dock in docks.values():
        dock.setFloating(False)
        window.removeDockWidget(dock)
    window.setCorner(Qt.Corner.BottomLeftCorner, _Area.LeftDockWidgetArea)
    window.setCorner(Qt.Corner.BottomRightCorner, _Area.RightDockWidgetArea)
    for area in _Area.LeftDockWidgetArea, _Area.RightDockWidgetArea, _Area.BottomDockWidgetArea:
        window.setTabPosition(area, QTabWidget.TabPosition.North)
    _place(window, docks)
    for name in _HIDDEN.get(role, ()):
        docks[name].hide()
    _size(window, docks, role)


_HIDDEN = {"manager": ("routes",), "supervisor": ("failed_attempts",)}


def _place(window: QMainWindow, docks: Mapping[str, Dock]) -> None:
    window.addDockWidget(_Area.LeftDockWidgetArea, docks["routes"])
    window.addDockWidget(_Area.RightDockWidgetArea, docks["exceptions"])
    window.addDockWidget(_Area.BottomDockWidgetArea, docks["timeline"])
    window.splitDockWidget(docks["routes"], docks["on_time"], Qt.Orientation.Vertical)
    window.splitDockWidget(docks["exceptions"], docks["failed_attempts"], Qt.Orientation.Vertical)
    for name in ("event_log", "outbox"):
        window.tabifyDockWidget(docks["timeline"], docks[name])
    for dock in docks.values():
        dock.show()
    docks["timeline"].raise_()


def changes_class(before: QSize, after: QSize) -> bool:
    """Whether a window goes from large to small or back; the first size it gets is no change."""
    return before.isValid() and _is_small(before.width()) != _is_small(after.width())


def refit(window: QMainWindow, docks: Mapping[str, Dock], role: str) -> None:
    """Give the panels the widths of a window of this size; where they stand stays."""
    _size(window, docks, role)


def _is_small(width: int) -> bool:
    return width < _SMALL_WINDOW_PX


def _size(window: QMainWindow, docks: Mapping[str, Dock], role: str) -> None:
    small = _is_small(window.width())
    side = 372 if small else _SIDE_PX
    queue = (348 if small else _QUEUE_PX) + (160 if role == "supervisor" else 0)
    bottom = 150 if small else _BOTTOM_PX
    bottom += 120 if role == "manager" else 0
    window.resizeDocks(
        [docks["routes"], docks["exceptions"]], [side, queue], Qt.Orientation.Horizontal
    )
    tall = max(200, window.height() - bottom - 200)
    window.resizeDocks([docks["routes"], docks["on_time"]], [tall, bottom], Qt.Orientation.Vertical)
    window.resizeDocks(
        [docks["exceptions"], docks["failed_attempts"]], [tall, bottom], Qt.Orientation.Vertical
    )
    window.resizeDocks([docks["timeline"]], [bottom], Qt.Orientation.Vertical)


def save(settings: QSettings, window: QMainWindow, role: str) -> None:
    """Keep where the panels stand for a role, and the window's place."""
    settings.setValue("window/geometry", window.saveGeometry())
    settings.setValue(_key(window, role), window.saveState(_VERSION))
    settings.setValue("layout/role", role)


def forget(settings: QSettings, window: QMainWindow, role: str) -> None:
    """Drop what was kept for a role on a window of this size."""
    settings.remove(_key(window, role))


def _key(window: QMainWindow, role: str) -> str:
    """Small and large windows keep layouts of their own: panels have their widths in pixels."""
    return f"layout/{role}/{'small' if _is_small(window.width()) else 'large'}"


def restore(settings: QSettings, window: QMainWindow, docks: Mapping[str, Dock], role: str) -> None:
    """Put the panels where they were left in a role, or where they belong."""
    kept = settings.value(_key(window, role))
    arrange(window, docks, role)
    if isinstance(kept, QByteArray):
        window.restoreState(kept, _VERSION)
        _hide_spare_tabs(window)


def _hide_spare_tabs(window: QMainWindow) -> None:
    """Qt leaves a tab bar over that it does not use, in the corner over the menus."""
    for bar in window.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly):
        if not bar.count():
            bar.hide()


def kept_role(settings: QSettings) -> str:
    """The role worked in last."""
    role = str(settings.value("layout/role", "dispatcher"))
    return role if role in ROLES else "dispatcher"


def is_role_kept(settings: QSettings) -> bool:
    """True where somebody worked in a role here before."""
    return settings.contains("layout/role")
