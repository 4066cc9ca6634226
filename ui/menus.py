"""Qt's actions and the menu bar, made from the declared actions."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

from ui.actions import ACTIONS, MENUS, Action

Handlers = Mapping[str, Callable[[], None]]
"""What each action does, by the action's id."""


class MissingHandlerError(KeyError):
    """An action is declared and nobody carries it out."""


def make_actions(window: QWidget, handlers: Handlers) -> dict[str, QAction]:
    """One Qt action for each declared one, added to the window so that its keys work.

    Raises:
        MissingHandlerError: an action has no handler.
    """
    actions = {}
    for declared in ACTIONS:
        if declared.id not in handlers:
            raise MissingHandlerError(declared.id)
        actions[declared.id] = _make_action(declared, window, handlers[declared.id])
        window.addAction(actions[declared.id])
    return actions


def _make_action(declared: Action, window: QWidget, handler: Callable[[], None]) -> QAction:
    action = QAction(declared.title, window)
    action.setObjectName(declared.id)
    keys = [key for key in (declared.shortcut, *declared.more) if key]
    action.setShortcuts([QKeySequence(key) for key in keys])
    action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
    action.setStatusTip(declared.says)
    action.setCheckable(declared.checkable)
    action.triggered.connect(lambda _checked=False: handler())
    return action


def fill_menu_bar(bar: QMenuBar, actions: Mapping[str, QAction]) -> dict[str, QMenu]:
    """Put every action into its menu.

    Returns:
        The menus by path, such as `View` and `View/Theme`.
    """
    menus = {name: bar.addMenu(f"&{name}") for name in MENUS}
    for declared in ACTIONS:
        menu = menus.get(declared.menu) or _submenu(menus, declared)
        if declared.group and declared.menu in MENUS:
            menu.addSeparator()
        menu.addAction(actions[declared.id])
    return menus


def _submenu(menus: dict[str, QMenu], declared: Action) -> QMenu:
    parent, _, title = declared.menu.rpartition("/")
    if declared.group:
        menus[parent].addSeparator()
    menus[declared.menu] = menus[parent].addMenu(title)
    return menus[declared.menu]
