"""How long the exception queue holds the window up, with thousands of exceptions in it.

The queue is on the screen; each figure is the time from the change to the painted row, in the
window's own thread. 50 ms is what nobody notices.
"""

import time
from argparse import Namespace
from collections.abc import Callable
from statistics import median

from tests.benchmarks._display import settle_environment

settle_environment()

# Qt reads the environment while it is loaded.
from PySide6.QtWidgets import QApplication  # noqa: E402

from tests.report import Line, argument_parser, show  # noqa: E402
from tests.ui.example_shift import NOON, STOPS, example_state, raised  # noqa: E402
from tests.ui.exceptions.happenings import claimed, happen, replied, worked  # noqa: E402
from tower.domain.events import Event  # noqa: E402
from tower.domain.words import ExceptionKind, ExceptionState, Severity  # noqa: E402
from tower.feed.clock import FollowingClock  # noqa: E402
from ui.exceptions.panel import ExceptionsPanel  # noqa: E402
from ui.exceptions.sieve import Sieve  # noqa: E402
from ui.exceptions.sorting import Order  # noqa: E402
from ui.session import Session  # noqa: E402
from ui.theme import Theme  # noqa: E402

KINDS, SEVERITIES, ORDERS = tuple(ExceptionKind), tuple(Severity), tuple(Order)


class Queue:
    """A panel on the screen.

    Args:
        count: exceptions in it.
    """

    def __init__(self, count: int) -> None:
        clock = FollowingClock(NOON.timestamp(), monotonic=lambda: 0.0)
        self.session = Session(clock, Theme("dark"), "operator")
        self.session.replace_state(example_state(), "benchmark")
        happen(self.session, *(_exception(f"y{number}", number) for number in range(count)))
        self.panel = ExceptionsPanel(self.session)
        self.panel.resize(438, 800)
        self.panel.show()
        self.paint()

    def paint(self) -> None:
        """Let everything that waits be done and drawn."""
        QApplication.processEvents()
        self.panel.queue.viewport().repaint()

    def times_ms(self, does: Callable[[int], object], count: int = 15) -> list[float]:
        """How long something takes until it is drawn, done `count` times."""
        took = []
        for number in range(count):
            begun = time.perf_counter()
            does(number)
            self.paint()
            took.append((time.perf_counter() - begun) * 1000)
        return took


def _exception(id_: str, number: int) -> Event:
    severity = SEVERITIES[number % len(SEVERITIES)]
    return raised(id_, number % (3 * STOPS), severity, KINDS[number % len(KINDS)])


def measure(options: Namespace) -> list[Line]:
    """Change the queue in every way, and look at it."""
    app = QApplication.instance() or QApplication([])
    queue = Queue(options.exceptions)
    session, panel = queue.session, queue.panel
    done: dict[str, tuple[str, Callable[[int], object]]] = {
        "raised": ("One is raised", lambda n: happen(session, _exception(f"z{n}", n))),
        "claimed": ("One is claimed", lambda n: happen(session, claimed(f"y{n}", "ben", "Ben"))),
        "resolved": (
            "One is resolved",
            lambda n: happen(session, worked(f"y{n}", ExceptionState.RESOLVED, 2)),
        ),
        "replied": ("A customer replies", lambda n: happen(session, replied("s7", number=n))),
        "ticked": ("A second passes", lambda _n: session.ticked.emit()),
        "sorted": ("Sorted anew", lambda n: panel.filters.sort_by(ORDERS[n % len(ORDERS)])),
        "sifted": ("Filtered by a word", lambda n: panel.model.sift(Sieve(words=f"r-20{n % 3}"))),
        "unsifted": ("The filter is cleared", lambda _n: panel.model.sift(Sieve())),
    }
    lines = [Line("exceptions", options.exceptions, "Exceptions in the queue")]
    for key, (title, does) in done.items():
        took = queue.times_ms(does)
        lines.append(Line(f"{key}_ms", median(took), f"{title}, median", "ms"))
        lines.append(Line(f"{key}_max_ms", max(took), f"{title}, slowest", "ms"))
    panel.close()
    app.processEvents()
    return lines


def main() -> None:
    """Measure and print."""
    parser = argument_parser("tests.benchmarks.queue", __doc__ or "")
    parser.add_argument("--exceptions", type=int, default=5_000, help="default: 5,000")
    options = parser.parse_args()
    show(measure(options), as_json=options.json)


if __name__ == "__main__":
    main()
