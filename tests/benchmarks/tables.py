"""How long lists of a hundred thousand rows take to filter and to sort, until they are drawn.

The product's own: the exception queue, the list of routes and the event log, each in its view on
the screen. A keystroke is one letter more, or less, of what is typed into the filter; sorting is
another order of the queue, and the routes by risk after some of them changed. Each time is that
from the change to the painted rows, in the window's own thread.

As in the window, the search for garbage is on a timer, and what lasts is set apart before the first
key (`ui/garbage.py`, `ui/lasting.py`).

A busy machine lengthens the time but not the work, which is processor time of that thread.

The naive way beside them is Qt's own: a plain model under a QSortFilterProxyModel.

Keys: filter_p95_ms and sort_p95_ms are the worst of the lists; the same keys with a list's name
are that list's; with work in the place of p95 it is the work, 95 of 100 within.
"""

import gc
import time
from argparse import Namespace
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, NamedTuple

from tests.benchmarks._display import settle_environment

settle_environment()

# Qt reads the environment while it is loaded.
import numpy as np  # noqa: E402
from PySide6.QtCore import (  # noqa: E402
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
)
from PySide6.QtWidgets import QApplication, QTableView, QWidget  # noqa: E402

from tests.report import Line, argument_parser, show  # noqa: E402
from tests.ui.example_shift import NOON, STOPS, event, example_state, raised  # noqa: E402
from tower.domain.events import Event, RoutePlanned, RouteStarted  # noqa: E402
from tower.domain.records import RoutePlan, Subject  # noqa: E402
from tower.domain.words import ExceptionKind, Severity  # noqa: E402
from tower.feed.clock import FollowingClock  # noqa: E402
from ui.draft.draft import Draft  # noqa: E402
from ui.eventlog.model import LogModel  # noqa: E402
from ui.eventlog.words import Line as LogLine  # noqa: E402
from ui.exceptions.panel import ExceptionsPanel  # noqa: E402
from ui.exceptions.sieve import Sieve  # noqa: E402
from ui.exceptions.sorting import Order  # noqa: E402
from ui.garbage import Garbage  # noqa: E402
from ui.routes.panel import RoutesPanel  # noqa: E402
from ui.session import Session  # noqa: E402
from ui.theme import Theme  # noqa: E402
from ui.turns import Turns  # noqa: E402

KINDS, SEVERITIES, ORDERS = tuple(ExceptionKind), tuple(Severity), tuple(Order)
TYPED = ("damaged stop 3", "driver 123", "gate code", "no access")
NAIVE_SHARE = 10
"""The naive way is measured with a tenth of the rows, and told as it is."""

_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


class Took(NamedTuple):
    """How long something took, and the processor time of it, milliseconds."""

    ms: float
    work_ms: float


class Timed:
    """Does things to a list on the screen and says how long each takes until it is drawn."""

    def __init__(self, shown: QWidget, viewport: QWidget) -> None:
        self._viewport = viewport
        shown.resize(620, 900)
        shown.show()
        self.paint()
        gc.freeze()

    def paint(self) -> None:
        """Let everything that waits be done and drawn."""
        QApplication.processEvents()
        self._viewport.repaint()

    def ms(self, deeds: Iterator[Callable[[], object]]) -> list[Took]:
        """How long each of these takes."""
        took = []
        for deed in deeds:
            begun, worked = time.perf_counter(), time.thread_time()
            deed()
            self.paint()
            worked_ms = (time.thread_time() - worked) * 1000
            took.append(Took((time.perf_counter() - begun) * 1000, worked_ms))
        return took


def keystrokes() -> Iterator[str]:
    """What stands in a filter after each key: words typed letter by letter, and taken back."""
    for words in TYPED:
        yield from (words[:length] for length in range(1, len(words) + 1))
        yield from (words[:length] for length in range(len(words) - 1, -1, -3))
        yield ""


def _session() -> Session:
    session = Session(FollowingClock(NOON.timestamp(), monotonic=lambda: 0.0), Theme("dark"), "me")
    session.replace_state(example_state(), "benchmark")
    return session


def queue_times(count: int) -> dict[str, list[Took]]:
    """The exception queue."""
    session = _session()
    happened = [_exception(number) for number in range(count)]
    session.fold_events(happened)
    panel = ExceptionsPanel(session)
    timed, model = Timed(panel, panel.queue.viewport()), panel.model
    filtered = timed.ms(partial(model.sift, Sieve(words=words)) for words in keystrokes())
    sorted_ = timed.ms(partial(model.sort_by, order) for order in ORDERS * 5)
    panel.close()
    return {"filter": filtered, "sort": sorted_}


def _exception(number: int) -> Event:
    severity = SEVERITIES[number % len(SEVERITIES)]
    return raised(f"y{number}", number % (3 * STOPS), severity, KINDS[number % len(KINDS)])


def routes_times(count: int) -> dict[str, list[Took]]:
    """The list of routes."""
    session = _session()
    session.fold_events([_route(number) for number in range(count)])
    panel = RoutesPanel(session, Draft(session, session))
    while panel.routes.standings.is_behind:
        panel.routes.refresh()
    panel.routes.settle()
    timed, model = Timed(panel, panel.list.viewport()), panel.routes
    filtered = timed.ms(partial(model.filter, words) for words in keystrokes())
    sorted_ = []
    for first in range(0, 2_000, 100):
        session.fold_events([_started(number) for number in range(first, first + 100)])
        model.refresh()
        timed.paint()
        sorted_ += timed.ms(iter([model.settle]))
    panel.close()
    return {"filter": filtered, "sort": sorted_}


def _route(number: int) -> Event:
    plan = RoutePlan(
        id=f"m{number}",
        name=f"M-{number:06}",
        carrier_id="own",
        driver_name=f"Driver {number}",
        starts_at=NOON,
    )
    return event(RoutePlanned(plan=plan))


def _started(number: int) -> Event:
    return event(RouteStarted(), Subject(route_id=f"m{number * 7}"), at=NOON)


def log_times(count: int) -> dict[str, list[Took]]:
    """The event log, which is sorted by time alone."""
    session = _session()
    model = LogModel(session, capacity=count)
    model.append(_log_lines(count))
    view = _table(model)
    timed = Timed(view, view.viewport())
    filtered = timed.ms(partial(model.narrow, "", words) for words in keystrokes())
    view.close()
    return {"filter": filtered}


def _log_lines(count: int) -> list[LogLine]:
    kinds = ("delivered", "driver at the door", "no access", "gate code missing", "damaged")
    return [
        LogLine(n, NOON.timestamp() + n, "stops", f"Stop {n % 97} · {kinds[n % 5]} · R-{n % 300}",
                f"Driver {n % 400}", "text", "stop", f"s{n}")
        for n in range(count)
    ]  # fmt: skip


class _PlainModel(QAbstractTableModel):
    """What one would write first."""

    def __init__(self, rows: Sequence[LogLine]) -> None:
        super().__init__()
        self._rows = rows

    def rowCount(self, parent: _Index = _NOWHERE) -> int:  # noqa: N802 - Qt's name
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: _Index = _NOWHERE) -> int:  # noqa: N802 - Qt's name
        return 0 if parent.isValid() else 3

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        row = self._rows[index.row()]
        return (row.text, row.who, row.at)[index.column()]


def naive_times(count: int) -> dict[str, list[Took]]:
    """A proxy of Qt's over a plain model."""
    model, proxy = _PlainModel(_log_lines(count)), QSortFilterProxyModel()
    proxy.setSourceModel(model)
    proxy.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
    view = _table(proxy)
    timed = Timed(view, view.viewport())
    typed = list(keystrokes())[:12]
    filtered = timed.ms(partial(proxy.setFilterFixedString, words) for words in typed)
    proxy.setFilterFixedString("")
    timed.paint()
    sorted_ = timed.ms(partial(proxy.sort, column) for column in (1, 0, 2))
    view.close()
    return {"filter": filtered, "sort": sorted_}


def _table(model: QAbstractTableModel | QSortFilterProxyModel) -> QTableView:
    view = QTableView()
    view.setModel(model)
    return view


def measure(options: Namespace) -> list[Line]:
    """Filter and sort each list."""
    app = QApplication.instance() or QApplication([])
    garbage = Garbage(Turns(), app)
    lists = {"queue": queue_times, "routes": routes_times, "log": log_times}
    found = {name: times(options.rows) for name, times in lists.items()}
    found["naive"] = naive_times(options.rows // NAIVE_SHARE)
    garbage.stop()
    app.processEvents()
    lines = [Line("rows", options.rows, "Rows in each list")]
    for what, words in (("filter", "A keystroke in the filter"), ("sort", "Another order")):
        own = [times[what] for name, times in found.items() if what in times and name != "naive"]
        worst = max(_p95(times) for times in own)
        lines.append(Line(f"{what}_p95_ms", worst, f"{words}, 95 of 100 within, worst list", "ms"))
        for name, times in found.items():
            if what in times:
                lines += _lines(f"{what}_{name}", f"  {name}", times[what])
    return lines


def _lines(key: str, words: str, times: list[Took]) -> list[Line]:
    ms = [one.ms for one in times]
    work = float(np.percentile([one.work_ms for one in times], 95))
    return [
        Line(f"{key}_p50_ms", float(np.median(ms)), f"{words}, median", "ms"),
        Line(f"{key}_p95_ms", _p95(times), f"{words}, 95 of 100 within", "ms"),
        Line(f"{key}_max_ms", max(ms), f"{words}, slowest", "ms"),
        Line(f"{key}_work_ms", work, f"{words}, the work of it", "ms"),
    ]


def _p95(times: list[Took]) -> float:
    return float(np.percentile([one.ms for one in times], 95))


def main() -> None:
    """Measure and print."""
    parser = argument_parser("tests.benchmarks.tables", __doc__ or "")
    parser.add_argument("--rows", type=int, default=100_000, help="default: %(default)s")
    options = parser.parse_args()
    show(measure(options), as_json=options.json)


if __name__ == "__main__":
    main()
