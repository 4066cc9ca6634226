"""Which alerts sound and show, and when not: kept from one day to the next. Knows no widgets."""

import logging
import time
from collections import Counter
from collections.abc import Callable

import msgspec
from PySide6.QtCore import QObject, QSettings, Signal

from tower.domain.words import Severity

_KEY = "alerts/choices"
_GRAVE = frozenset({Severity.CRITICAL, Severity.MAJOR})
_log = logging.getLogger(__name__)


class AlertChoices(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody wants to be told of, and how.

    Attributes:
        sounds: severities that sound.
        notices: severities that are shown, in the window or by the tray.
        volume: from 0 to 1.
        quiet_until: nothing sounds or shows until then, seconds since 1970 of the wall's clock;
            None until it is switched off, 0 for not at all.
    """

    sounds: frozenset[Severity] = _GRAVE
    notices: frozenset[Severity] = _GRAVE
    volume: float = 0.7
    quiet_until: float | None = 0.0


class Quiet(QObject):
    """The choices in force, and what was held back while nobody was to be disturbed.

    Args:
        settings: where the choices are kept.
        wall: seconds since 1970.
        parent: its Qt parent.

    Attributes:
        choices: what is wanted.
        missed: how many alerts of each severity were held back.
        changed: either of them is another.
    """

    changed = Signal()

    def __init__(
        self,
        settings: QSettings,
        wall: Callable[[], float] = time.time,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._settings, self._wall = settings, wall
        self.choices = _kept(str(settings.value(_KEY, "")))
        self.missed: Counter[Severity] = Counter()

    @property
    def is_on(self) -> bool:
        """True while nobody is to be disturbed."""
        until = self.choices.quiet_until
        return until is None or until > self._wall()

    @property
    def until(self) -> float | None:
        """When it ends, seconds since 1970; None where it lasts until it is switched off."""
        return self.choices.quiet_until

    def begin(self, seconds: float | None) -> None:
        """Do not disturb for so long, or until it is switched off."""
        until = None if seconds is None else self._wall() + seconds
        self._choose(msgspec.structs.replace(self.choices, quiet_until=until))

    def end(self) -> None:
        """Disturb again; what was held back was seen."""
        self.missed.clear()
        self._choose(msgspec.structs.replace(self.choices, quiet_until=0.0))

    def look(self) -> None:
        """End what is over by now, so that everybody hears of it."""
        if self.choices.quiet_until != 0.0 and not self.is_on:
            self.end()

    def miss(self, severity: Severity) -> None:
        """Count an alert that was held back."""
        self.missed[severity] += 1
        self.changed.emit()

    def choose_some(self, **changes: object) -> None:
        """Want something else of what `AlertChoices` names."""
        self._choose(msgspec.structs.replace(self.choices, **changes))

    def _choose(self, choices: AlertChoices) -> None:
        if choices != self.choices:
            self.choices = choices
            self._settings.setValue(_KEY, msgspec.json.encode(choices).decode())
        self.changed.emit()


def _kept(text: str) -> AlertChoices:
    if not text:
        return AlertChoices()
    try:
        return msgspec.json.decode(text, type=AlertChoices)
    except msgspec.MsgspecError as error:
        _log.warning("the choices of alerts cannot be read; the usual ones hold: %s", error)
        return AlertChoices()
