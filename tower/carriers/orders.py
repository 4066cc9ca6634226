"""Which stop or route a carrier means."""

import time
from collections.abc import Callable

from tower.carriers.observations import StopReported
from tower.carriers.refusal import Rejected
from tower.domain.records import Route, Stop
from tower.domain.state import State


class Orders:
    """The stops and routes of the shift, by the names carriers' messages use."""

    def __init__(self, state: State, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._state = state
        self._monotonic = monotonic
        self._by_reference: dict[str, list[str]] = {}
        self._read_at_seq = -1
        self._stops_read = 0
        self._rested_at = float("-inf")

    def stop(self, reference: str, carrier_id: str) -> Stop:
        """The stop a carrier means: Tower's id, or the shipper's reference.

        Raises:
            Rejected: there is none, several, or it is another carrier's.
        """
        found = self._state.stops.get(reference)
        stops = [found] if found is not None else self._referenced(reference)
        if not stops:
            raise Rejected(f"no such stop: {_short(reference)}")
        own = [stop for stop in stops if self._may_report(stop, carrier_id)]
        if not own:
            raise Rejected(f"stop {_short(reference)} is on a route of another carrier")
        if len(own) > 1:
            raise Rejected(f"{len(own)} stops have the reference {_short(reference)}; use the id")
        return own[0]

    def is_news(self, report: StopReported, carrier_id: str) -> bool:
        """True where a report names a stop of ours that does not stand there yet."""
        try:
            stop = self.stop(report.stop_ref, carrier_id)
        except Rejected:
            return False
        return not stop.is_done and stop.state is not report.state

    def route(self, route_id: str, carrier_id: str) -> Route:
        """The route a carrier means.

        Raises:
            Rejected: there is none, or it is another carrier's.
        """
        route = self._state.routes.get(route_id)
        if route is None:
            raise Rejected(f"no such route: {_short(route_id)}")
        if route.plan is not None and route.plan.carrier_id != carrier_id:
            raise Rejected(f"route {_short(route_id)} is another carrier's")
        return route

    def vehicle_on(self, route_id: str) -> str:
        """Id of the vehicle planned for a route, "" where none is."""
        route = self._state.routes.get(route_id)
        return route.plan.vehicle_id if route is not None and route.plan is not None else ""

    def _may_report(self, stop: Stop, carrier_id: str) -> bool:
        """True for the carrier it is with, and for the one that still has its parcels aboard.

        A driver may have been at the door before hearing that the stop was taken away.
        """
        holders = (stop.route_id, stop.parcels_on) if stop.parcels_on else (stop.route_id,)
        return any(self._is_of(route_id, carrier_id) for route_id in holders)

    def _is_of(self, route_id: str, carrier_id: str) -> bool:
        route = self._state.routes.get(route_id)
        return route is None or route.plan is None or route.plan.carrier_id == carrier_id

    def _referenced(self, reference: str) -> list[Stop]:
        if not reference:
            return []
        if self._is_due(reference):
            self._read_again()
        ids = self._by_reference.get(reference, ())
        stops = (self._state.stops[stop_id] for stop_id in ids if stop_id in self._state.stops)
        return [stop for stop in stops if stop.plan and stop.plan.reference == reference]

    def _is_due(self, reference: str) -> bool:
        """Whether to read all stops again before believing what is known of a reference.

        New stops are looked for at once. That a known stop's reference has changed is looked for
        during a tenth of the time at most: in a large shift every message of a carrier that
        names stops nobody knows would cost a reading.
        """
        if len(self._state.stops) != self._stops_read:
            return True
        if reference in self._by_reference or self._read_at_seq == self._state.seq:
            return False
        return self._monotonic() >= self._rested_at

    def _read_again(self) -> None:
        begun = self._monotonic()
        self._read_at_seq, self._stops_read = self._state.seq, len(self._state.stops)
        self._by_reference = {}
        for stop in self._state.stops.values():
            if stop.plan is not None and stop.plan.reference:
                self._by_reference.setdefault(stop.plan.reference, []).append(stop.id)
        ended = self._monotonic()
        self._rested_at = ended + 9 * (ended - begun)


def _short(reference: str) -> str:
    printable = "".join(c if c.isprintable() else "?" for c in reference[:60])
    return printable or "(empty)"
