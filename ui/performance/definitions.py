"""What the measures mean, and which targets hold. Knows no widgets."""

from collections.abc import Iterable, Mapping

import msgspec
from PySide6.QtCore import QObject, Signal

from tower.domain.reporting import Reporting, Target
from tower.domain.state import Changed
from tower.gateway.kpi_answers import MeasuresAnswer
from tower.kpi.measures.catalogue import DEFINITIONS_VERSION, MEASURES
from tower.kpi.measures.definition import Definition
from ui.answers import AnswerFault, read
from ui.exchange import Answer
from ui.performance.frames import Scales
from ui.session import Session

_PATH = "/v1/kpi/measures"
_BEHIND_LEAST = 100
"""Fewer events are counted before anybody reads that they are not."""


class Definitions(QObject):
    """The measures' definitions, and the targets the room set.

    Attributes:
        known: every definition by its key.
        version: of the definitions.
        behind: events of the journal that are not in the figures yet.
        trouble: why the figures stand still, "" while all is well.
        has_simulated_past: days of the figures were made up, for a demonstration.
        changed: another target holds, or other definitions.
        progressed: the figures are further.
    """

    changed = Signal()
    progressed = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.known: Mapping[str, Definition] = MEASURES
        self.version = DEFINITIONS_VERSION
        self.behind, self.trouble = 0, ""
        self.has_simulated_past = False
        session.records_changed.connect(self._on_records_changed)
        session.state_replaced.connect(self.changed)

    def ask(self) -> None:
        """Ask what the gateway measures, and how far its figures are."""
        self._session.ask(_PATH, self._on_reply)

    def _on_reply(self, reply: Answer) -> None:
        try:
            answer = read(reply, MeasuresAnswer)
        except AnswerFault as error:
            self.trouble = str(error)
        else:
            self.behind, self.trouble = answer.behind, answer.trouble
            self.has_simulated_past = answer.has_simulated_past
            if answer.definitions != self.version:
                self.version = answer.definitions
                self.known = {one.key: one for one in answer.measures}
                self.changed.emit()
        self.progressed.emit()

    def target(self, key: str) -> float | None:
        """What a measure should reach: as the room set it, else as it is defined."""
        for one in self._session.state.room_reporting.reporting.targets:
            if one.measure == key:
                return one.value
        definition = self.known.get(key)
        return definition.target if definition is not None else None

    @property
    def is_catching_up(self) -> bool:
        """True while so much is not in the figures yet that people see it is missing."""
        return self.behind > _BEHIND_LEAST

    @property
    def scales(self) -> Scales:
        """Definitions and targets as they are now, for a worker."""
        return Scales(self.known, {key: self.target(key) for key in self.known})

    def _on_records_changed(self, changed: Iterable[Changed]) -> None:
        if any(one.table == "reportings" for one in changed):
            self.changed.emit()


def with_target(reporting: Reporting, definition: Definition, value: float | None) -> Reporting:
    """What managers set, with another target; the definition's own is not kept apart.

    Args:
        reporting: what is set now.
        definition: whose target.
        value: in the measure's unit; None for the definition's own.
    """
    others = tuple(one for one in reporting.targets if one.measure != definition.key)
    is_own = value is None or value == definition.target
    mine = () if is_own else (Target(measure=definition.key, value=value or 0.0),)
    return msgspec.structs.replace(reporting, targets=(*others, *mine))
