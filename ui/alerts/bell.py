"""Gathers alerts and lets them out at a bearable rate: one sound, one notice for many."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QObject, QTimer, Signal

from tower.domain.words import Severity
from ui.alerts.choices import Quiet
from ui.alerts.news import Alert, Why

APART_MS = 4_000
"""Milliseconds between two calls; what comes meanwhile is summarised in the next."""

_WHY_WORDS = {
    Why.NEW: "",
    Why.WORSE: "graver now",
    Why.ESCALATED: "escalated",
    Why.ASSIGNED: "assigned to you",
    Why.WOKEN: "back from its snooze",
}
_NAMED_MOST = 3


class Call(NamedTuple):
    """What is let out at once.

    Attributes:
        sound: name of the sound, "" for none.
        title: how many of what.
        words: the gravest ones, a line each.
        severity: of the gravest.
        exception_id: the gravest, to be opened by a click.
        is_shown: False where only a sound is wanted.
    """

    sound: str
    title: str
    words: str
    severity: Severity
    exception_id: str
    is_shown: bool


class Bell(QObject):
    """Says when to sound and what to show.

    Args:
        quiet: what is wanted, and whether nobody is to be disturbed.
        parent: its Qt parent.

    Attributes:
        rung: a `Call`.
    """

    rung = Signal(object)

    def __init__(self, quiet: Quiet, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._quiet = quiet
        self._held: list[Alert] = []
        self._resting = QTimer(self)
        self._resting.setSingleShot(True)
        self._resting.setInterval(APART_MS)
        self._resting.timeout.connect(self._let_out)

    def take(self, alerts: Sequence[Alert]) -> None:
        """Take alerts: ring at once, or with those that came since the last time."""
        if self._quiet.is_on:
            for alert in alerts:
                self._quiet.miss(alert.severity)
            return
        self._held.extend(alert for alert in alerts if self._is_wanted(alert))
        if self._held and not self._resting.isActive():
            self._let_out()

    def _is_wanted(self, alert: Alert) -> bool:
        choices = self._quiet.choices
        return _is_called(alert, choices.sounds) or _is_called(alert, choices.notices)

    def _let_out(self) -> None:
        if not self._held:
            return
        held, self._held = sorted(self._held, key=_gravity), []
        self._resting.start()
        if self._quiet.is_on:
            for alert in held:
                self._quiet.miss(alert.severity)
        else:
            self.rung.emit(self._call(held))

    def _call(self, held: Sequence[Alert]) -> Call:
        choices = self._quiet.choices
        sounding = [one for one in held if _is_called(one, choices.sounds)]
        shown = [one for one in held if _is_called(one, choices.notices)]
        return Call(
            sound=_sound(sounding[0]) if sounding else "",
            title=title_words(shown or held),
            words=_lines(shown or held),
            severity=held[0].severity,
            exception_id=(shown or held)[0].id,
            is_shown=bool(shown),
        )


def _is_called(alert: Alert, severities: frozenset[Severity]) -> bool:
    """What is asked of somebody by name sounds whatever its severity."""
    return alert.severity in severities or (
        bool(severities) and alert.why in (Why.ESCALATED, Why.ASSIGNED)
    )


def _gravity(alert: Alert) -> tuple[int, bool]:
    return alert.severity.rank, alert.why is not Why.ESCALATED


def _sound(alert: Alert) -> str:
    return "escalated" if alert.why is Why.ESCALATED else alert.severity.value


def _lines(alerts: Sequence[Alert]) -> str:
    if len(alerts) == 1:
        return alerts[0].words
    return "\n".join(_line(one) for one in alerts[:_NAMED_MOST])


def _line(alert: Alert) -> str:
    why = _WHY_WORDS[alert.why]
    return f"{why}: {alert.words}" if why else alert.words


def title_words(alerts: Sequence[Alert]) -> str:
    """`Critical exception, escalated`, or `5 exceptions: 1 critical, 4 major`."""
    if len(alerts) == 1:
        why = _WHY_WORDS[alerts[0].why]
        return f"{alerts[0].severity.value.capitalize()} exception{f', {why}' if why else ''}"
    counts = Counter(alert.severity for alert in alerts)
    parts = ", ".join(f"{counts[one]} {one.value}" for one in Severity if counts[one])
    return f"{len(alerts)} exceptions: {parts}"
