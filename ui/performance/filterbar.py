"""Above the panels: what counts. A chip a dimension, the period, the weeks before, clear all."""

from msgspec.structs import replace
from PySide6.QtWidgets import QCheckBox, QPushButton, QWidget

from tower.domain.reporting import Filters
from tower.kpi.facts import Dimension
from ui.performance.figures import Figures
from ui.performance.look import FIELDS, chosen, narrowed, shift_of, shift_words
from ui.performance.periodpill import PeriodPill
from ui.performance.phrases import filter_words, key_words
from ui.performance.valuepicker import ValuePicker
from ui.session import Session
from ui.widgets.flow import FlowLayout
from ui.widgets.pill import Pill, Run

_GAP_PX = 6


class FilterPill(Pill):
    """One dimension: what of it counts.

    Args:
        session: asked for values.
        figures: narrowed.
        dimension: which.
    """

    def __init__(self, session: Session, figures: Figures, dimension: Dimension) -> None:
        super().__init__(session.theme, FIELDS[dimension][1])
        self._session, self._figures, self.dimension = session, figures, dimension
        self._names = dict[str, str]()
        self.clicked.connect(self.open)
        figures.look_changed.connect(self.show_chosen)
        for inquiry in figures.inquiries.values():
            inquiry.answered.connect(self.show_chosen)
        self.show_chosen()

    def open(self) -> ValuePicker:
        """Let values be ticked."""
        names = {id_: self._name(id_) for id_ in chosen(self._figures.look.filters, self.dimension)}
        picker = ValuePicker(self._session, self.dimension, names, self)
        picker.picked.connect(self._on_picked)
        picker.open_below(self)
        return picker

    def _on_picked(self, values: dict[str, str]) -> None:
        self._names.update(values)
        look = self._figures.look
        filters = narrowed(look.filters, self.dimension, tuple(values))
        self._figures.show(replace(look, filters=filters))

    def show_chosen(self) -> None:
        """Say what counts."""
        ids = chosen(self._figures.look.filters, self.dimension)
        words = filter_words(tuple(self._name(id_) for id_ in ids))
        title, colour = FIELDS[self.dimension][1], "at_risk" if ids else "text_secondary"
        self.set_runs([Run(f"{title} ", "muted"), Run(words, colour, bold=bool(ids))])

    def _name(self, id_: str) -> str:
        """As it was picked, or as an answer called it."""
        if id_ in self._names:
            return self._names[id_]
        answers = (one.answers for one in self._figures.inquiries.values())
        known = (answer.names for by_name in answers for answer in by_name.values())
        named = next((names[id_] for names in known if id_ in names), None)
        return named or key_words(self.dimension, id_, {})


class FilterBar(QWidget):
    """The filters all panels share.

    Args:
        session: asked for values.
        figures: narrowed.
        views: the pill of saved views.

    Attributes:
        pills: by dimension.
    """

    def __init__(
        self, session: Session, figures: Figures, views: Pill, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._figures = figures
        self.period = PeriodPill(session.theme, figures)
        self.pills = {one: FilterPill(session, figures, one) for one in FIELDS}
        self.compare, self.clear_button = QCheckBox(), QPushButton("C&lear all")
        self.clear_button.setToolTip("Let everything through; the period stays")
        height = self.period.sizeHint().height()
        self.compare.setFixedHeight(height)
        self.clear_button.setFixedHeight(height)
        row = FlowLayout(self, gap_px=_GAP_PX, line_px=_GAP_PX)
        tools = (views, self.period, *self.pills.values(), self.compare, self.clear_button)
        for widget in tools:
            row.addWidget(widget)
        self.compare.toggled.connect(self._on_compare_toggled)
        self.clear_button.clicked.connect(self.clear)
        figures.look_changed.connect(self._show)
        self._show()

    def clear(self) -> None:
        """Let everything of the period through."""
        look = self._figures.look
        kept = look.filters
        fresh = Filters(days=kept.days, since=kept.since, until=kept.until)
        self._figures.show(replace(look, filters=fresh))

    def take_focus(self) -> None:
        """Put the keyboard on the first filter."""
        self.period.setFocus()

    def _on_compare_toggled(self, on: bool) -> None:
        self._figures.show(replace(self._figures.look, compares=on))

    def _show(self) -> None:
        look = self._figures.look
        shift = shift_of(look.filters, self._figures.today)
        self.compare.setText(f"Compare with {shift_words(shift)}" if shift else "Compare")
        self.compare.setEnabled(bool(shift))
        self.compare.setChecked(look.compares)
        is_narrow = any(chosen(look.filters, one) for one in FIELDS)
        self.clear_button.setEnabled(is_narrow)
