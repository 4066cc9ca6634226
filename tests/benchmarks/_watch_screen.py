"""From a driver's report to the painted row: a real gateway process and a real window.

Each report says that a driver could not get in, at a stop that is still open. The clock starts
before the report is sent over HTTP and stops at the first painting of the queue in which its row
is there and scrolled to.
"""

import os
import threading
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import httpx
from PySide6.QtCore import QEvent, QEventLoop, QObject, QTimer

from tests.benchmarks._window import SIZE, KnownGateway, until_live, wait
from tower.cli.desktop import demo_command
from tower.domain.episodes import episode_id
from tower.domain.moments import rfc3339
from tower.domain.state import State
from tower.domain.words import ExceptionKind, StopKind
from tower.gateway.options import DesktopOptions
from ui.desktop import Desktop, application
from ui.exceptions.panel import ExceptionsPanel
from ui.timings import Timings

SEED = 1
LOOK_MS = 2
PAUSE_MS = 150
SETTLE_MS = 5_000
PATIENCE_MS = 60_000
PATIENCE_S = 30.0


class NotOnScreen(Exception):
    """A report never became a row."""


class Report(NamedTuple):
    """One report that a driver could not get in."""

    carrier_id: str
    stop_id: str

    @property
    def exception_id(self) -> str:
        """The exception it becomes."""
        return episode_id(ExceptionKind.NO_ACCESS, self.stop_id, 1)


class Sender:
    """Hands reports in as their carriers would, one when asked."""

    def __init__(self, url: str, token: str) -> None:
        headers = {"Authorization": f"Bearer {token}"}
        self._http = httpx.Client(base_url=url, headers=headers, timeout=PATIENCE_S)

    def send(self, report: Report, now: datetime) -> None:
        """Send one report; blocks until it is answered."""
        item = {
            "type": "stop",
            "stop": report.stop_id,
            "status": "attempted",
            "reason": "no_access",
            "at": rfc3339(now),
        }
        headers = {"X-Tower-Carrier": report.carrier_id}
        answer = self._http.post("/v1/ingest/driver_app", json=item, headers=headers)
        if answer.status_code != httpx.codes.ACCEPTED:
            raise NotOnScreen(f"the report was answered {answer.status_code}: {answer.text}")


class Eye(QObject):
    """Sees when the row of an exception is painted."""

    def __init__(self, panel: ExceptionsPanel) -> None:
        super().__init__(panel)
        self._panel, self._awaited = panel, ""
        self._loop = QEventLoop()
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.timeout.connect(lambda: self._loop.exit(1))
        self._is_there = False
        self.seen_at = 0.0
        panel.queue.viewport().installEventFilter(self)
        timer = QTimer(self)
        timer.timeout.connect(self._on_timeout)
        timer.start(LOOK_MS)

    def wait(self, exception_id: str) -> float:
        """Wait for the painting; returns when it was, by the performance counter."""
        self._awaited, self._is_there = exception_id, False
        self._patience.start(PATIENCE_MS)
        over = self._loop.exec()
        self._patience.stop()
        if over:
            raise NotOnScreen(f"{exception_id} did not come within {PATIENCE_MS // 1000} s")
        return self.seen_at

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """The queue is painted."""
        if self._is_there and event.type() is QEvent.Type.Paint:
            self.seen_at, self._is_there, self._awaited = time.perf_counter(), False, ""
            QTimer.singleShot(0, self._loop.quit)
        return super().eventFilter(watched, event)

    def _on_timeout(self) -> None:
        if not self._awaited or self._is_there:
            return
        row = self._panel.model.place_of(self._awaited)
        if row >= 0:
            self._is_there = True
            self._panel.queue.scrollTo(self._panel.model.index(row, 0))
            self._panel.queue.viewport().update()


def reports_on_screen(folder: Path, count: int) -> list[float]:
    """Seconds from each report to its row.

    Args:
        folder: where gateway and window keep what they keep.
        count: how many reports.
    """
    os.environ["XDG_CONFIG_HOME"] = str(folder)
    app = application()
    command = (*demo_command(1.0, SEED), "--data", str(folder / "data"))
    host = KnownGateway(command, folder / "gateway.log")
    desktop = Desktop(DesktopOptions(size=SIZE), host, Timings(time.time()))
    try:
        until_live(desktop)
        wait(SETTLE_MS)
        return list(_times(desktop, Sender(host.url, host.token), count))
    finally:
        desktop.window.close()
        desktop.shut_down()
        app.processEvents()


def _times(desktop: Desktop, sender: Sender, count: int) -> Iterator[float]:
    panel = desktop.window.findChild(ExceptionsPanel)
    if panel is None:
        raise NotOnScreen("the window has no queue of exceptions")
    eye = Eye(panel)
    for report in _reports(desktop.session.state)[:count]:
        began = time.perf_counter()
        now = desktop.session.now
        sending = threading.Thread(target=sender.send, args=(report, now), daemon=True)
        sending.start()
        yield eye.wait(report.exception_id) - began
        sending.join()
        wait(PAUSE_MS)


def _reports(state: State) -> list[Report]:
    """The last stops of the routes under way: nobody is on the way there yet."""
    found = []
    for route in state.routes.values():
        if route.plan is None or route.started_at is None or route.finished_at is not None:
            continue
        left = [
            stop
            for stop in state.stops_of(route)
            if stop.plan is not None
            and stop.plan.kind is StopKind.DELIVERY
            and not stop.is_done
            and stop.underway is None
        ]
        found += [Report(route.plan.carrier_id, stop.id) for stop in left[-3:]]
    return found
