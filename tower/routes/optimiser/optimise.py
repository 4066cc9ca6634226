"""Better orders for routes: searched by the solver, judged as every change is.

The present order is always a candidate: what is offered is better by the same objective, and
breaks no hard constraint anew. The search takes what it is given and changes nothing. It keeps a
processor busy for seconds; a gateway lets it run in a process of its own
(`tower.routes.optimiser.process`).
"""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from threading import Event

from tower.routes.change import UNASSIGNED, Orders
from tower.routes.optimiser.entries import Entries
from tower.routes.optimiser.hunt import Finds, Hunt, IsOver
from tower.routes.optimiser.job import Job, More, Progress, Proposal
from tower.routes.optimiser.judge import Judge
from tower.routes.optimiser.mending import Mender
from tower.routes.optimiser.parts import stops_of
from tower.routes.optimiser.problem import Part, Written
from tower.routes.optimiser.rounds import Manner, Task, rounds
from tower.routes.optimiser.start import Start, start_of
from tower.routes.optimiser.travel import Knowledge, nothing_more
from tower.routes.solver.problem import Plan

THREADS = 2
"""Searches that run side by side."""

WORTH_KM = 0.05
"""Orders that are better by less than this are not offered."""

_LOOK_EVERY_S = 0.05
_TELL_EVERY_S = 0.25
_LEAST_S = 0.1

Tell = Callable[[Progress], None]


def optimise(
    job: Job,
    tell: Tell | None = None,
    is_cancelled: IsOver = lambda: False,
    more: More = nothing_more,
    clock: Callable[[], float] = time.monotonic,
) -> Proposal | None:
    """Search for better orders.

    Args:
        job: what is to be optimised.
        tell: called several times a second, on this thread, and once at the end.
        is_cancelled: asked many times a second; True ends the search with the best so far.
        more: asked likewise for roads that come later.
        clock: seconds, for the budget.

    Returns:
        The best proposal, or None where nothing better than the present order was found.
    """
    return _Optimiser(job, tell or (lambda _progress: None), is_cancelled, more, clock).run()


class _Optimiser:
    """One run."""

    def __init__(
        self,
        job: Job,
        tell: Tell,
        is_cancelled: IsOver,
        more: More,
        clock: Callable[[], float],
    ) -> None:
        self._job, self._tell, self._is_cancelled, self._clock = job, tell, is_cancelled, clock
        self._begun = self._told_at = clock()
        self._ends, self._ended = self._begun + job.seconds, Event()
        self._known = Knowledge(job, more)
        self._entries = Entries(job.cases, job.meeting)
        self._judge = Judge(job, self._known.of)
        self._mender = Mender(job, self._judge, self._entries, self._known.of)
        self._starts = {case.id: start_of(case, self._known.of[case.id]) for case in job.cases}
        self._stops = stops_of(job)
        self._orders: Orders = self._judge.present
        self._cost_km = self._judge.cost_km(self._orders)
        self._best: Proposal | None = None
        self._finds = Finds()

    def run(self) -> Proposal | None:
        """Search in rounds, while there is time."""
        for one in rounds(self._job):
            now = self._clock()
            if self._stops and not self._is_over():
                self._search(one.tasks(self._job.loose, self._route_of()), now, one.share)
        self._finish()
        return self._best

    def _route_of(self) -> dict[str, str]:
        """Stop id to the route it is on by now."""
        return {stop_id: route_id for route_id, order in self._orders.items() for stop_id in order}

    def _search(self, tasks: Sequence[Task], begun: float, share: float) -> None:
        """One round: every task as soon as its roads are known, several at once."""
        ends = begun + share * (self._ends - begun)
        waiting = [task for task in tasks if task.loose or any(one.open for one in task.cases)]
        pending = set[Future[None]]()
        with ThreadPoolExecutor(THREADS) as threads:
            while pending or (waiting and not self._is_over()):
                ready = [task for task in waiting if self._known.is_enough(task.cases)]
                waiting = [task for task in waiting if task not in ready]
                slots = max(1.0, (len(pending) + len(ready) + len(waiting)) / THREADS)
                seconds = max(_LEAST_S, (ends - self._clock()) / slots)
                pending |= {threads.submit(self._hunt, task, seconds) for task in ready}
                if not pending:
                    self._ended.wait(_LOOK_EVERY_S)
                done, pending = wait(pending, timeout=_LOOK_EVERY_S)
                self._look(done)
        self._look(())

    def _look(self, done: Iterable[Future[None]]) -> None:
        """Judge what the searches found meanwhile; raise what made one of them fail."""
        self._renew()
        if self._is_over():
            self._ended.set()
        for hunt, plan in self._finds.take():
            self._consider(hunt, plan)
        if self._clock() - self._told_at >= _TELL_EVERY_S:
            self._told_at = self._clock()
            self._tell(self._progress(is_over=False))
        for one in done:
            one.result()

    def _renew(self) -> None:
        """Where the roads of some routes came only now, what rests on them is worked out again."""
        told = self._known.renew()
        if told:
            self._judge.renew(told)
            self._starts.update({case.id: start_of(case, self._known.of[case.id]) for case in told})
            self._cost_km = self._judge.cost_km(self._orders)
            if self._best is not None:
                self._best = self._judge.proposal(self._orders, {})

    def _hunt(self, task: Task, seconds: float) -> None:
        """Search some routes; on a thread of its own."""
        ends = min(self._ends, self._clock() + seconds)
        if self._ended.is_set() or self._clock() + _LEAST_S > self._ends:
            return
        hunt = Hunt(self._written(task), self._clock)
        left_s = ends - self._clock()
        hunt.run(left_s, self._ended.is_set, lambda plan: self._finds.put(hunt, plan))

    def _written(self, task: Task) -> Written:
        starts = tuple(self._starts[case.id] for case in task.cases)
        served: dict[str, float] = {}
        for start in starts:
            served.update(self._judge.served_s(start.case))
        free = self._job.free
        part = Part(
            starts=starts,
            orders={start.case.id: self._order_after(start) for start in starts},
            loose=task.loose,
            fixed={} if free is None else _without(served, free),
            stops=self._stops,
            no_later=served if task.manner is Manner.LIMIT else {},
        )
        return Written(part, self._known.of, self._entries, self._job.weights, self._job.meeting)

    def _order_after(self, start: Start) -> tuple[str, ...]:
        """Ids of a route's stops after the pinned ones, as the best orders have them so far."""
        pinned = {stop.id for stop in start.pinned}
        return tuple(one for one in self._orders[start.case.id] if one not in pinned)

    def _consider(self, hunt: Hunt, plan: Plan) -> None:
        """Take the orders of a plan over if they are better."""
        mended = self._mender.mended(self._with(hunt.written.orders(plan)))
        if mended is None:
            hunt.warn()
        else:
            self._take(mended)

    def _with(self, of_part: Orders) -> Orders:
        """The best orders so far with those of one part in them."""
        orders = {**self._orders, **of_part}
        placed = {s for route_id, order in orders.items() if route_id for s in order}
        orders[UNASSIGNED] = tuple(s.id for s in self._job.loose if s.id not in placed)
        return orders

    def _take(self, orders: Orders) -> None:
        cost_km = self._judge.cost_km(orders)
        if cost_km < self._cost_km - WORTH_KM:
            is_first = self._best is None
            self._orders, self._cost_km = orders, cost_km
            self._best = self._judge.proposal(orders, {})
            if is_first:
                self._tell(self._progress(is_over=False))

    def _finish(self) -> None:
        """Give what is left out one more chance, and its reason."""
        self._take(self._mender.placed(self._orders))
        reasons = self._mender.reasons(self._orders)
        if self._best is not None or reasons:
            self._best = self._judge.proposal(self._orders, reasons)
        self._tell(self._progress(is_over=True))

    def _is_over(self) -> bool:
        return self._is_cancelled() or self._clock() >= self._ends

    def _progress(self, *, is_over: bool) -> Progress:
        elapsed_s = self._clock() - self._begun
        share = 1.0 if is_over else min(1.0, elapsed_s / max(self._job.seconds, 1e-9))
        return Progress(
            elapsed_s=elapsed_s,
            share=share,
            tried=self._finds.tried,
            best=self._best,
            is_over=is_over,
        )


def _without(served: Mapping[str, float], free: frozenset[str]) -> dict[str, float]:
    return {stop_id: at for stop_id, at in served.items() if stop_id not in free}
