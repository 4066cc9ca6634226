"""One search of some routes, and the box in which searches leave what they found."""

from collections.abc import Callable
from threading import Lock

from tower.routes.optimiser.problem import Written
from tower.routes.solver.problem import Plan
from tower.routes.solver.search import Search

PATIENCE_S, PATIENCE_SHARE = 1.0, 0.5
"""A search ends where nothing better was found for so many seconds, and for this share of it."""

DEARER = 4.0
"""Lateness weighs so much more each time orders break rules the solver does not know."""

_MOST_WARNINGS = 3

IsOver = Callable[[], bool]


class Hunt:
    """One search of some routes.

    Attributes:
        written: the routes as the solver's problem.
    """

    def __init__(self, written: Written, clock: Callable[[], float]) -> None:
        """Make it.

        Args:
            written: the routes.
            clock: seconds.
        """
        self.written, self._clock = written, clock
        self._search = Search(written.problem, start=written.tours, penalties=written.prices)
        self._warnings = 0

    def run(self, seconds: float, is_ended: IsOver, found: Callable[[Plan], None]) -> None:
        """Search until told to end, the time is over, or nothing better was found for long.

        Args:
            seconds: at most.
            is_ended: asked after each step.
            found: called with each plan that is better than those before.
        """
        begun = better_at = self._clock()

        def on_better(plan: Plan) -> None:
            nonlocal better_at
            better_at = self._clock()
            found(plan)

        def is_over() -> bool:
            now = self._clock()
            patience_s = max(PATIENCE_S, PATIENCE_SHARE * (now - begun))
            return is_ended() or now - begun >= seconds or now - better_at >= patience_s

        self._search.run(is_over, on_better)

    def warn(self) -> None:
        """Its orders break rules it does not know: to be on time is to count for more."""
        if self._warnings < _MOST_WARNINGS:
            self._warnings += 1
            self._search.raise_late(DEARER)


class Finds:
    """The newest plan of each hunt that nobody looked at yet.

    Attributes:
        tried: plans left here so far.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._plans: dict[Hunt, Plan] = {}
        self.tried = 0

    def put(self, hunt: Hunt, plan: Plan) -> None:
        """Leave a plan in place of the one before."""
        with self._lock:
            self._plans[hunt] = plan
            self.tried += 1

    def take(self) -> list[tuple[Hunt, Plan]]:
        """All of them."""
        with self._lock:
            plans, self._plans = list(self._plans.items()), {}
        return plans
