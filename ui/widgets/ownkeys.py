"""Keys that are a widget's own while it has the focus, before they are the window's shortcuts."""

from collections.abc import Container

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent

ENTERS = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})
"""Both keys that say Enter."""

ESCAPE = frozenset({Qt.Key.Key_Escape})


def claims(event: QEvent, keys: Container[int]) -> bool:
    """Claim a key for the widget where Qt asks whose it is; for the beginning of `event`.

    Args:
        event: any event of the widget.
        keys: those that are its own now.

    Returns:
        True where it was such a question about one of the keys; it is answered then.
    """
    if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.ShortcutOverride:
        return False
    if event.key() not in keys:
        return False
    event.accept()
    return True
