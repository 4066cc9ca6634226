"""Stops and the numbers of their calls in the solver's problem, there and back."""

from collections.abc import Iterable, Iterator, Sequence

from tower.domain.records import Stop
from tower.routes.optimiser.job import Meeting


class Numbers:
    """Translates orders into tours and back.

    What is collected at one stop and delivered at several is several errands of the solver, each
    with its own pickup at that stop; in an order the stop stands once, where the first of them
    stands.

    Attributes:
        plain: ids of the stops that are one call, by its number.
        errands: pairs of the stop that collects, "" for the meeting, and the one delivered to.
    """

    def __init__(
        self,
        stops: Iterable[Stop],
        errands: Sequence[tuple[str, str]],
        meeting: Meeting | None,
    ) -> None:
        """Number them.

        Args:
            stops: all of them.
            errands: pairs as `errands`.
            meeting: names the visits that collect for "".
        """
        self.errands = tuple(errands)
        paired = {stop_id for pair in errands for stop_id in pair}
        self.plain = tuple(stop.id for stop in stops if stop.id not in paired)
        self._meeting_ids = dict(meeting.ids) if meeting else {}
        self._visits = frozenset(self._meeting_ids.values())
        self._calls = {stop_id: number for number, stop_id in enumerate(self.plain)}
        self._pickups: dict[str, list[int]] = {}
        for place, (pickup, stop_id) in enumerate(self.errands):
            number = len(self.plain) + 2 * place
            self._calls[stop_id] = number + 1
            self._pickups.setdefault(pickup, []).append(number)

    def tour(self, order: Sequence[str]) -> tuple[int, ...]:
        """An order as numbers of calls.

        What is collected for stops not on it is left there; what would be delivered before it is
        collected is collected just before.
        """
        on_it = set(order)
        tour: dict[int, None] = {}
        for stop_id in order:
            pickups = self._pickups.get("" if stop_id in self._visits else stop_id, [])
            tour.update((one, None) for one in pickups if self._delivered(one) in on_it)
            if stop_id in self._calls:
                tour.update((one, None) for one in self._needed(self._calls[stop_id]))
        return tuple(tour)

    def _needed(self, call: int) -> Iterator[int]:
        """A call, after the pickup it needs."""
        if call >= len(self.plain):
            yield call - 1
        yield call

    def order(self, tour: Iterable[int], route_id: str) -> tuple[str, ...]:
        """Numbers of calls as an order."""
        return tuple(dict.fromkeys(self._stop_id(number, route_id) for number in tour))

    def _stop_id(self, number: int, route_id: str) -> str:
        over = number - len(self.plain)
        if over < 0:
            return self.plain[number]
        pickup, stop_id = self.errands[over // 2]
        if over % 2:
            return stop_id
        return pickup or self._meeting_ids[route_id]

    def _delivered(self, pickup: int) -> str:
        return self.errands[(pickup - len(self.plain)) // 2][1]
