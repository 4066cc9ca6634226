"""Plays the alert sounds where the system can, and beeps where it cannot."""

import importlib
import importlib.util
import logging
from pathlib import Path
from types import ModuleType
from typing import Any

from PySide6.QtCore import QLoggingCategory, QObject, QUrl
from PySide6.QtWidgets import QApplication

from ui.alerts.tones import SOUNDS
from ui.session import Session

_MODULE = "PySide6.QtMultimedia"
_LIBRARIES = (
    "QtMultimedia*",
    "libQt6Multimedia*",
    "libav*",
    "libsw*",
    "plugins/multimedia/*",
)
_QUIET_RULES = "qt.multimedia.symbolsresolver*=false\nqt.multimedia.ffmpeg*.info=false"
"""Which optional video libraries are missing is no news to a dispatcher."""

_log = logging.getLogger(__name__)


class Sounder(QObject):
    """Plays one sound at a time.

    Qt's multimedia is loaded when something is to sound for the first time, and from the disk's
    cache by then, so that the window does not wait for it.

    Args:
        session: does the reading off the GUI thread.
        parent: its Qt parent.
    """

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._effects: dict[str, Any] = {}
        self._multimedia: ModuleType | None = None
        self._is_loading, self._is_ready = False, False

    @property
    def can_play(self) -> bool:
        """True where the system plays sounds; before the first one nobody knows."""
        return self._multimedia is not None

    def play(self, name: str, volume: float) -> None:
        """Play the sound of that name.

        Args:
            name: a severity, or `escalated`.
            volume: from 0 to 1.
        """
        if self._is_ready:
            self._play(name, volume)
        elif not self._is_loading:
            self._is_loading = True
            self._session.compute(_warm, lambda _read: self._on_warm(name, volume))

    def _on_warm(self, name: str, volume: float) -> None:
        self._multimedia = _load()
        self._is_ready = True
        self._play(name, volume)

    def _play(self, name: str, volume: float) -> None:
        if self._multimedia is None:
            QApplication.beep()
            return
        effect = self._effects.get(name) or self._make(self._multimedia, name)
        effect.setVolume(volume)
        effect.play()

    def _make(self, multimedia: ModuleType, name: str) -> Any:  # noqa: ANN401 - may be missing
        effect = multimedia.QSoundEffect(self)
        effect.setSource(QUrl.fromLocalFile(str(SOUNDS / f"{name}.wav")))
        self._effects[name] = effect
        return effect


def _warm() -> int:
    """Read Qt's multimedia libraries once; what is in the disk's cache is loaded in 40 ms."""
    found = importlib.util.find_spec("PySide6")
    folders = [Path(one) for one in (found.submodule_search_locations or ())] if found else []
    size = 0
    for folder in folders:
        for root in (folder, folder / "Qt" / "lib", folder / "Qt"):
            for pattern in _LIBRARIES:
                size += sum(len(file.read_bytes()) for file in root.glob(pattern) if file.is_file())
    return size


def _load() -> ModuleType | None:
    """Qt's multimedia, where it is there and the system has something to play on."""
    QLoggingCategory.setFilterRules(_QUIET_RULES)
    try:
        module = importlib.import_module(_MODULE)
    except ImportError as error:
        _log.warning("alerts only beep: Qt's multimedia cannot be loaded (%s)", error)
        return None
    if not module.QMediaDevices.audioOutputs():
        _log.info("alerts only beep: this computer has no sound output")
        return None
    return module
