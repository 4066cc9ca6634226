"""Depot, Shift and Carriers: menus with ticks that take things off the screen."""

from collections.abc import Callable, Mapping

from msgspec.structs import replace
from PySide6.QtGui import QAction, QMouseEvent
from PySide6.QtWidgets import QMenu, QWidget

from tower.domain.state import Changed
from ui.filter import Hidden
from ui.session import Session
from ui.widgets.pill import Pill, Run


class TickMenu(QMenu):
    """A menu that stays open while its ticks are set."""

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Tick without closing; anything else as usual."""
        action = self.actionAt(event.position().toPoint())
        if self._is_tick(action):
            action.trigger()
        else:
            super().mouseReleaseEvent(event)

    @staticmethod
    def _is_tick(action: QAction | None) -> bool:
        return action is not None and action.isCheckable() and action.isEnabled()


class FilterPill(Pill):
    """One filter: its name, what it lets through, and a menu to change it.

    Args:
        session: filtered.
        title: word on the pill, such as `Carriers`.
        field: field of `Hidden` it sets.
        choices: reads ids and names off the session.
    """

    def __init__(
        self,
        session: Session,
        title: str,
        field: str,
        choices: Callable[[Session], Mapping[str, str]],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(session.theme, title, parent)
        self._session, self._title, self._field = session, title, field
        self._read, self._choices = choices, dict[str, str]()
        self._ticks = TickMenu(self)
        self.set_menu(self._ticks)
        session.state_replaced.connect(self.refresh)
        session.hidden_changed.connect(self._show)
        session.records_changed.connect(self._on_records_changed)
        self.refresh()

    def refresh(self) -> None:
        """Read the choices again."""
        choices = dict(self._read(self._session))
        if choices != self._choices or self._ticks.isEmpty():
            self._choices = choices
            self._fill()
        self._show()

    def _on_records_changed(self, changed: frozenset[Changed]) -> None:
        if any(one.table == self._field for one in changed):
            self.refresh()

    @property
    def _hidden_ids(self) -> frozenset[str]:
        ids: frozenset[str] = getattr(self._session.hidden, self._field)
        return ids

    def _fill(self) -> None:
        self._ticks.clear()
        for id_, name in self._choices.items():
            action = self._tick(id_, name)
            action.toggled.connect(lambda on, which=id_: self._set(which, shown=on))
            self._ticks.addAction(action)
        self._ticks.addSeparator()
        everything = QAction("Show all", self._ticks)
        everything.triggered.connect(lambda: self._hide(frozenset()))
        self._ticks.addAction(everything)

    def _tick(self, id_: str, name: str) -> QAction:
        action = QAction(name.replace("&", "&&"), self._ticks)
        action.setData(id_)
        action.setCheckable(True)
        action.setChecked(id_ not in self._hidden_ids)
        return action

    def _set(self, id_: str, *, shown: bool) -> None:
        ids = self._hidden_ids
        self._hide(ids - {id_} if shown else ids | {id_})

    def _hide(self, ids: frozenset[str]) -> None:
        hidden: Hidden = replace(self._session.hidden, **{self._field: ids})
        self._session.hide(hidden)

    def _show(self) -> None:
        hidden = self._hidden_ids
        for action in self._ticks.actions():
            if action.isCheckable():
                action.blockSignals(True)
                action.setChecked(action.data() not in hidden)
                action.blockSignals(False)
        shown = [name for id_, name in self._choices.items() if id_ not in hidden]
        colour = "at_risk" if len(shown) < len(self._choices) else "text"
        words = _words(shown, len(self._choices))
        self.set_runs(
            [Run(f"{self._title} ", "muted"), Run(words, colour, bold=True), Run(" ▾", "muted")]
        )


def _words(shown: list[str], count: int) -> str:
    if not count:
        return "—"
    if len(shown) == 1:
        return shown[0] if len(shown[0]) <= 26 else shown[0][:25] + "…"
    if len(shown) == count:
        return f"All {count}"
    return f"{len(shown)} of {count}" if shown else "none"


def depots(session: Session) -> dict[str, str]:
    """Depots by id."""
    return {id_: entry.value.name for id_, entry in session.state.depots.items()}


def shifts(session: Session) -> dict[str, str]:
    """Shifts by id, with their day."""
    return {
        id_: f"{entry.value.name} · {session.local(entry.value.starts_at):%a %-d %b}"
        for id_, entry in session.state.shifts.items()
    }


def carriers(session: Session) -> dict[str, str]:
    """Carriers by id."""
    return {id_: entry.value.name for id_, entry in session.state.carriers.items()}


def filter_pills(session: Session, parent: QWidget) -> list[FilterPill]:
    """The three filters in their order."""
    return [
        FilterPill(session, "Depot", "depots", depots, parent),
        FilterPill(session, "Shift", "shifts", shifts, parent),
        FilterPill(session, "Carriers", "carriers", carriers, parent),
    ]
