"""What the declared actions on playbooks, replies and messages to customers do."""

from functools import partial

from PySide6.QtCore import QObject

from tower.domain.rulebook import PlaybookStep
from tower.outreach.conversation import unread
from ui.mainwindow import MainWindow, Parts
from ui.menus import Handlers
from ui.outreach.bulkwindow import BulkWindow
from ui.outreach.playbook import MOST, Case
from ui.panels import DOCKS
from ui.subjects import route_id_of

_SAID_MS = 8000


class OutreachHandlers(QObject):
    """Fires playbooks, goes to replies, tells many customers at once.

    Args:
        window: the window; its status bar says what cannot be done.
        parts: what it was assembled from.
    """

    def __init__(self, window: MainWindow, parts: Parts) -> None:
        super().__init__(window)
        self._window, self._session = window, parts.session
        self._playbook, self._card = parts.panels.playbook, parts.panels.queue.card
        self._outbox = parts.panels.outbox
        self._bulk: BulkWindow | None = None
        self._replied = ""
        self._outbox.unread_counted.connect(self._on_unread_counted)
        self._playbook.bulk_wanted.connect(self._on_bulk_wanted)
        self._playbook.row.declined.connect(self._say)

    def table(self) -> Handlers:
        """Every handler by its action's id."""
        steps = {f"playbook_{number}": partial(self._fire, number) for number in range(1, MOST + 1)}
        return {
            **steps,
            "reply_write": self._write,
            "reply_choose": self._choose,
            "reply_next": self._go_to_unread,
            "bulk_message": self.tell_route,
            "report_outbox": self._show_outbox,
        }

    def _fire(self, number: int) -> None:
        self._window.show_dock("exceptions")
        self._playbook.row.fire(number)

    def _write(self) -> None:
        self._window.show_dock("exceptions")
        if not self._card.write():
            self._say("The exception shown is about no stop, so there is no customer to write to.")

    def _choose(self) -> None:
        self._window.show_dock("exceptions")
        if not self._card.choose():
            self._say("No reply asks for anything here.")

    def _go_to_unread(self) -> None:
        """Show the unread reply after the one shown last, the oldest first."""
        waiting = unread(self._session.state)
        if not waiting:
            self._say("Every reply was read.")
            return
        ids = [one.id for one in waiting]
        place = ids.index(self._replied) + 1 if self._replied in ids else 0
        reply = waiting[place % len(waiting)]
        self._replied = reply.id
        if reply.exception_id in self._session.state.exceptions:
            self._window.show_dock("exceptions")
            self._session.select("exception", reply.exception_id)
        else:
            self._show_outbox()
            self._outbox.show_row(reply.id)

    def _show_outbox(self) -> None:
        self._window.show_dock("outbox")
        self._outbox.list.setFocus()

    def _on_unread_counted(self, count: int) -> None:
        """How many replies wait to be read stands on the panel's tab."""
        title = f"{DOCKS['outbox']} ({count} unread)" if count else DOCKS["outbox"]
        self._window.docks["outbox"].setWindowTitle(title)

    def tell_route(self) -> None:
        """List whom the selected route keeps waiting."""
        route_id = route_id_of(self._session, self._session.selection)
        route = self._session.state.routes.get(route_id)
        if route is None:
            self._say("Select a route, a vehicle, a stop or an exception first.")
        else:
            self._bulk_window.open_route(route)

    def _on_bulk_wanted(self, case: Case, step: PlaybookStep) -> None:
        if case.route is not None:
            self._bulk_window.open_route(case.route, case.record.id, step.template)

    @property
    def _bulk_window(self) -> BulkWindow:
        if self._bulk is None:
            catalogue = self._playbook.message.catalogue
            self._bulk = BulkWindow(self._session, catalogue, self._window)
            self._bulk.told.connect(self._say)
        return self._bulk

    def _say(self, words: str) -> None:
        self._window.status.showMessage(words, _SAID_MS)
