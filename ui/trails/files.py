"""Where files are saved: the name is asked for once, and the folder is kept."""

from pathlib import Path

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QFileDialog, QWidget

_FOLDER = "files/folder"


def suggested(settings: QSettings, name: str) -> str:
    """A file name in the folder that was used last; at first in the user's own."""
    kept = str(settings.value(_FOLDER, ""))
    folder = kept if kept and Path(kept).is_dir() else str(Path.home())
    return str(Path(folder) / name)


def keep_folder(settings: QSettings, path: Path) -> None:
    """Suggest the folder of a file next time."""
    settings.setValue(_FOLDER, str(path.parent))


def file_named(name: str) -> str:
    """Words as part of a file name: letters, digits, dots and dashes."""
    kept = (letter if letter.isalnum() or letter in ".-" else "-" for letter in name)
    return "-".join(filter(None, "".join(kept).split("-"))) or "tower"


def ask_where(
    parent: QWidget, settings: QSettings, title: str, name: str, kind: str, suffix: str
) -> Path | None:
    """Ask where to save; None where the user thinks better of it.

    Args:
        parent: the window it lies over.
        settings: keep the folder.
        title: of the dialog.
        name: suggested file name.
        kind: the dialog's filter, such as `CSV (*.csv)`.
        suffix: put behind a name without one.
    """
    given, _ = QFileDialog.getSaveFileName(parent, title, suggested(settings, name), kind)
    if not given:
        return None
    path = Path(given)
    path = path if path.suffix else path.with_suffix(suffix)
    keep_folder(settings, path)
    return path
