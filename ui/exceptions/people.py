"""The people of the room, as far as the journal tells of them. Knows no widgets."""

from collections.abc import Iterable

from PySide6.QtCore import QObject

from tower.domain.events import Event
from ui.exceptions.offers import Person
from ui.session import Session

_PERSON = "person"


class People(QObject):
    """Who did something at a desktop of this room: the one heard of last comes first.

    Args:
        session: whose events tell of people.
        parent: its Qt parent.
    """

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._names: dict[str, str] = {}
        session.events_arrived.connect(self._on_events_arrived)
        session.state_replaced.connect(self._read_state)
        self._read_state()

    @property
    def known(self) -> tuple[Person, ...]:
        """Everybody but the one who sits here."""
        return tuple(
            Person(id_, name or id_)
            for id_, name in reversed(self._names.items())
            if id_ != self._session.actor_id
        )

    def _read_state(self) -> None:
        """Those who hold or held exceptions, or were asked to look at one."""
        for record in self._session.state.exceptions.values():
            work = record.work
            self._meet(work.assigned_to, work.assigned_name)
            self._meet(work.owner, work.owner_name)

    def _on_events_arrived(self, events: Iterable[Event]) -> None:
        for event in events:
            if event.actor.kind == _PERSON:
                self._meet(event.actor.id, event.actor.name)

    def _meet(self, id_: str, name: str) -> None:
        if id_:
            known = self._names.pop(id_, "")
            self._names[id_] = name or known
