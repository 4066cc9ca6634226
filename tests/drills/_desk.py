"""A real desktop that works by itself: `python -m tests.drills._desk URL RUN`, to be killed.

It claims some exceptions, then writes notes as fast as they are answered, several at once. What
was answered as safe is told on standard output, a line each: `live`, `claimed ID`, `noted WORDS`.
It also tries a change of a route and never sends it; what a start says of the one that was lost is
told as `lost WORDS`.
"""

import itertools
import os
import sys
import time

from PySide6.QtWidgets import QApplication, QMessageBox

from tower.domain.commands import ClaimException, Command, NoteException
from tower.domain.words import ExceptionState
from tower.gateway.options import DesktopOptions
from tower.routes.change import Move
from ui.desktop import Desktop
from ui.exchange import CommandResult
from ui.map.scheme import register_scheme
from ui.remote import RemoteGateway
from ui.timings import Timings

CLAIMS = 3
_AT_ONCE = 4
_OK = 200


class Worker:
    """Works through the session of a desktop, as its panels do."""

    def __init__(self, desktop: Desktop, run: str) -> None:
        self._session, self._draft, self._run = desktop.session, desktop.draft, run
        self._numbers = itertools.count(1)
        self._begun = False
        self._session.link_changed.connect(self._look)
        self._session.events_arrived.connect(self._look)
        self._session.state_replaced.connect(self._look)
        self._session.command_answered.connect(self._on_answered)

    def _look(self, *_told: object) -> None:
        """Begin once there is something to work on."""
        is_live = self._session.link.status == "live"
        state = self._session.state
        if self._begun or not is_live or not state.routes or len(self._open()) < CLAIMS:
            return
        self._begun = True
        _say("live")
        route_id, route = next(iter(state.routes.items()))
        first, *_, last = route.sequence
        self._draft.add(Move(stops=(last,), route_id=route_id, before=first))
        for id_ in self._open()[:CLAIMS]:
            version = self._session.state.exceptions[id_].work.version
            self._session.run(ClaimException(exception_id=id_, version=version))
        for _ in range(_AT_ONCE):
            self._note()

    def _open(self) -> list[str]:
        exceptions = self._session.state.exceptions.values()
        return [one.id for one in exceptions if one.work.state is ExceptionState.OPEN]

    def _note(self) -> None:
        about = next(iter(self._session.state.exceptions))
        words = f"Note {self._run}-{next(self._numbers)}"
        self._session.run(NoteException(exception_id=about, words=words))

    def _on_answered(self, command: Command, result: CommandResult) -> None:
        if isinstance(command, ClaimException) and result.status == _OK:
            _say(f"claimed {command.exception_id}")
        elif isinstance(command, NoteException):
            if result.status == _OK:
                _say(f"noted {command.words}")
            self._note()


def _say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def main() -> None:
    """Work until killed."""
    url, run = sys.argv[1:]
    register_scheme()
    app = QApplication(["tower"])
    host = RemoteGateway(url, os.environ["TOWER_TOKEN"])
    options = DesktopOptions(gateway_url=url, region="", awaits_vehicles=False, size=(1366, 768))
    desktop = Desktop(options, host, Timings(time.time()))
    worker = Worker(desktop, run)
    desktop.open()
    for box in desktop.window.findChildren(QMessageBox, "lost_draft"):
        _say(f"lost {box.informativeText()}")
    app.exec()
    del worker


if __name__ == "__main__":
    main()
