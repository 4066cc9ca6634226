"""The exception panel: the queue above, the card of one exception below."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSettings, Qt, Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from tower.domain.records import ExceptionRecord
from tower.domain.words import ExceptionState
from ui.exceptions.asking import Asking
from ui.exceptions.card import ExceptionCard
from ui.exceptions.delegate import ExceptionDelegate
from ui.exceptions.filterbar import FilterBar
from ui.exceptions.list import QueueList
from ui.exceptions.model import ExceptionModel
from ui.exceptions.offers import Asked, Person
from ui.exceptions.people import People
from ui.exceptions.prompt import Prompt
from ui.exceptions.rows import View
from ui.exceptions.sorting import ORDER_WORDS
from ui.exceptions.views import SavedView, SavedViews
from ui.exceptions.work import ExceptionWork
from ui.exchange import Selection
from ui.session import Session
from ui.widgets.empty import EmptyState
from ui.widgets.split import Split
from ui.widgets.tabs import TabHeader

_EMPTY = {
    View.OPEN: ("No open exceptions", "New ones appear here at once."),
    View.MINE: ("Nothing is yours", "C claims the selected exception."),
    View.SNOOZED: ("Nothing is snoozed", "S puts the selected exception aside for a while."),
    View.RESOLVED: ("Nothing resolved yet", "What is resolved today appears here."),
}
_HELD_BACK = ("Nothing passes the filter", "Esc in the filter, or a click on its chips, clears it.")

_LEAST_PX = 280

OPENING_TICKS = 6
"""Seconds after a shift was opened in which the card follows the gravest exception, unasked."""

Records = Sequence[ExceptionRecord]


class ExceptionsPanel(QWidget):
    """The queue by severity and SLA, and the work on the exception shown.

    Attributes:
        header: stands in the dock's title.
        filters: what of the queue is shown.
        queue: the rows.
        prompt: asks for what a piece of work needs.
        card: the exception shown.
        views: the views under a name.
        told: what became of a piece of work, for the status bar.
        moment_wanted: id of the exception whose moment is to be seen.
    """

    told = Signal(str)
    moment_wanted = Signal(str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.model, self.views = ExceptionModel(session, self), SavedViews(self)
        self.header = TabHeader(
            session.theme, ("Exceptions", "Mine", "Snoozed", "Resolved"), "Exceptions"
        )
        self.filters = FilterBar(session, self.model, self.views)
        self.queue = QueueList(session.theme, "Exceptions")
        self.queue.show_model(self.model, ExceptionDelegate(session, self.model, self.queue))
        self.model.anchor = self.queue.anchor
        self._work = ExceptionWork(session, self)
        self._asking = Asking(session, self.model, self._work, People(session, self))
        self.prompt = Prompt(session.theme)
        self.card = ExceptionCard(session, self._work)
        self._walked, self._opening_ticks = False, OPENING_TICKS
        self._empty = EmptyState(session.theme, *_EMPTY[View.OPEN])
        self._layers = QStackedWidget()
        self._layers.addWidget(self.queue)
        self._layers.addWidget(self._empty)
        self.setMinimumWidth(_LEAST_PX)
        self._assemble()
        self._listen()
        self._on_counted()
        self._on_selection_changed(session.selection)

    def _assemble(self) -> None:
        upper = QWidget()
        above = QVBoxLayout(upper)
        column = QVBoxLayout(self)
        for layout in (above, column):
            layout.setContentsMargins(0, 0, 0, 0)
            layout.setSpacing(0)
        for part in (self.filters, self._layers, self.prompt):
            above.addWidget(part, part is self._layers)
        column.addWidget(Split(self._session.theme, upper, self.card, (1, 1)))

    def _listen(self) -> None:
        session = self._session
        self.header.tab_chosen.connect(self._on_tab_chosen)
        self.model.counted.connect(self._on_counted)
        self.filters.view_chosen.connect(self.show_saved)
        self.filters.list_wanted.connect(self._enter_queue)
        self.queue.chosen.connect(lambda id_: session.select("exception", id_))
        self.queue.opened.connect(lambda _id: self.open_current())
        self.queue.pointer_left.connect(self.model.settle)
        self.prompt.closing.connect(self._focus_queue)
        self.queue.picked_changed.connect(self._on_picked_changed)
        self.card.buttons.wanted.connect(self._on_button_pressed)
        self.card.bubbles.focus_gone.connect(self._focus_queue)
        self._work.told.connect(self.told)
        session.selection_changed.connect(self._on_selection_changed)
        session.ticked.connect(self._on_ticked)

    # What menus ask

    def walk(self, step: int) -> None:
        """Select the exception `step` rows further down; at first the one shown."""
        shown = self.card.exception_id
        is_first = not self._walked and self.model.place_of(shown) >= 0
        if wanted := shown if is_first else self.queue.walk(step):
            self._session.select("exception", wanted)
            self.queue.show_around()
        self._focus_queue()

    def open_current(self) -> None:
        """Select the stop, vehicle or route the exception shown is about."""
        record = self._session.state.exceptions.get(self.card.exception_id)
        subject = record.finding.subject if record and record.finding else None
        for kind in ("stop", "vehicle", "route"):
            if id_ := getattr(subject, f"{kind}_id", ""):
                self._session.select(kind, id_)
                return

    def select_shown(self) -> None:
        """Mark every row that is shown."""
        self._focus_queue()
        self.queue.selectAll()

    def find_in_queue(self) -> None:
        """Put the cursor into the filter."""
        self.filters.box.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.filters.box.selectAll()

    def act(self, name: str) -> None:
        """Do a piece of work on what is marked, or ask first for what it needs.

        Args:
            name: `claim`, `release`, `assign`, `assign_me`, `snooze`, `wake`, `escalate`,
                `resolve`, `false_alarm`, `merge`, `note` or `reopen`.
        """
        self._work_on(name, self.marked)

    def _work_on(self, name: str, ids: Sequence[str]) -> None:
        records = self._fitting(name, ids)
        if not records:
            return
        if name in self._at_once:
            self._at_once[name](records)
        else:
            ask: Callable[[Records], Asked] = getattr(self._asking, name)
            self.prompt.ask(ask(records))

    @property
    def _at_once(self) -> dict[str, Callable[[Records], None]]:
        work = self._work
        return {
            "claim": work.claim,
            "release": work.release,
            "wake": work.wake,
            "reopen": work.reopen,
            "assign_me": lambda records: work.assign(records, self._me),
        }

    @property
    def _me(self) -> Person:
        return Person(self._session.actor_id, self._session.actor_name)

    def _fitting(self, name: str, ids: Sequence[str]) -> Records:
        """Of these, what a piece of work makes sense for."""
        exceptions = self._session.state.exceptions
        known = [exceptions[id_] for id_ in ids if id_ in exceptions]
        return [one for one in known if _fits(name, one)]

    @property
    def marked(self) -> tuple[str, ...]:
        """Ids of what the next piece of work is done on: the marked rows, or what is shown."""
        picked = self.queue.picked
        shown = self.card.exception_id
        return picked if len(picked) > 1 else (shown,) if shown else ()

    # Views

    def keep_views_in(self, settings: QSettings) -> None:
        """Read the saved views, and keep what changes."""
        self.views.keep_in(settings)

    def show_saved(self, view: SavedView) -> None:
        """Show a view that was kept under a name."""
        self.model.show_all_of(view.view, view.order, view.sieve)
        self.filters.note_shown(view)
        self.header.tabs.setCurrentIndex(view.view)
        self._say_view(view.view)

    def show_numbered(self, number: int) -> None:
        """Show a saved view by its place in the menu, from 1."""
        if number <= len(self.views.all):
            self.show_saved(self.views.all[number - 1])

    # Happenings

    def _on_button_pressed(self, name: str) -> None:
        """The card's buttons are about what the card shows, however many rows are marked."""
        if name == "moment":
            self.moment_wanted.emit(self.card.exception_id)
        else:
            self._work_on(name, (self.card.exception_id,))

    def _on_picked_changed(self) -> None:
        self.filters.say_marked(len(self.queue.picked))
        self._say_view(self.model.view)

    def _focus_queue(self) -> None:
        if self.queue.isVisible():
            self.queue.setFocus(Qt.FocusReason.OtherFocusReason)

    def _enter_queue(self) -> None:
        """Go from the filter into the list: keys work on a row of it, not on one it hides."""
        if self.model.rowCount() and self.model.place_of(self.card.exception_id) < 0:
            self._session.select("exception", self.model.id_at(0))
        self._focus_queue()

    def _on_tab_chosen(self, tab: int) -> None:
        self.model.show_view(View(tab))
        self._say_view(View(tab))

    def _say_view(self, view: View) -> None:
        captions = {View.RESOLVED: "newest first", View.SNOOZED: "first to wake"}
        by = f"by {ORDER_WORDS[self.model.order]}"
        marked = len(self.queue.picked)
        self.header.set_caption(f"{marked} marked" if marked > 1 else captions.get(view, by))

    def _on_counted(self) -> None:
        counts = self.model.counts
        for tab, title in enumerate(
            (f"Exceptions ({counts.open})", f"Mine ({counts.mine})", f"Snoozed ({counts.snoozed})")
        ):
            self.header.set_title(tab, title)
        self._say_view(self.model.view)
        words = _HELD_BACK if self.model.held.rows else _EMPTY[self.model.view]
        self._empty.set_words(*words)
        self._layers.setCurrentWidget(self.queue if self.model.rowCount() else self._empty)
        shown = self.card.exception_id
        if self.model.read(shown) is None or (not self._walked and self._is_passed_over(shown)):
            self._show(self.model.id_at(0))

    def _is_passed_over(self, exception_id: str) -> bool:
        """Whether an exception nobody selected should give way to the one at the top."""
        is_gone = self.model.place_of(exception_id) < 0
        return is_gone or (self._opening_ticks > 0 and self.model.place_of(exception_id) > 0)

    def _on_ticked(self) -> None:
        """The SLA runs in every row: they are drawn, not laid out as for changed records."""
        self.queue.viewport().update()
        if self.model.rowCount():
            self._opening_ticks = max(0, self._opening_ticks - 1)

    def _on_selection_changed(self, selection: Selection) -> None:
        if selection.kind == "exception":
            self._walked = True
            self._show(selection.id)

    def _show(self, exception_id: str) -> None:
        if exception_id != self.card.exception_id and len(self.queue.picked) <= 1:
            self.prompt.close_prompt()
        self.queue.show_current(exception_id)
        self.card.show_exception(exception_id)


_OPEN_ONLY = frozenset(
    {"claim", "assign", "assign_me", "snooze", "escalate", "resolve", "false_alarm", "merge"}
)


def _fits(name: str, record: ExceptionRecord) -> bool:
    """Whether a piece of work makes sense for an exception as it stands."""
    if name in _OPEN_ONLY:
        return record.is_open
    state = record.work.state
    match name:
        case "release":
            return state is ExceptionState.CLAIMED
        case "wake":
            return state is ExceptionState.SNOOZED
        case "reopen":
            return not record.is_open
    return True
