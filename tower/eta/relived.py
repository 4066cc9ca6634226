"""A shift gone through again from its journal, each prediction made anew as it could be made then.

What a model learns from is what it is asked live: the same sheets, steps and rows. The journal
keeps no positions; what they said of a prediction (what was left of the first leg, how old the
fix was) and what the roads said stand in the prediction itself.
"""

from collections.abc import Sequence
from datetime import timedelta

from tower.domain import events as e
from tower.domain.conditions import Conditions
from tower.domain.records import Route, Stop
from tower.domain.state import State
from tower.domain.words import VehicleKind
from tower.eta.course import UNKNOWN, Course
from tower.eta.fleet import Fleet
from tower.eta.outlook import FleetOutlook

_OUTCOMES = (e.StopDelivered, e.StopCollected, e.StopAttempted, e.StopCancelled, e.StopSkipped)


class Relived:
    """Goes through a journal, event by event."""

    def __init__(self, fleet: Fleet) -> None:
        """Begin before the first event.

        Args:
            fleet: projects the routes; fresh, with the model that doors and legs are asked of.
        """
        self._fleet = fleet
        self._legs_s: dict[str, float] = {}

    def take(self, state: State, event: e.Event) -> FleetOutlook | None:
        """Take in an event.

        Args:
            state: the shift with that event folded in, as it was known then.
            event: the event.

        Returns:
            For a prediction how its route went on then; None for everything else.
        """
        route = _route_of(state, event)
        if route is None:
            return None
        if isinstance(event.body, e.ArrivalsPredicted):
            course = self._predicted(state, route, event, event.body)
            return self._fleet.project(event.at, [course], conditions_of(state), state.zone)
        if isinstance(event.body, _OUTCOMES):
            course = self._course(state, route, state.stops_of(route))
            self._fleet.heed(event.recorded_at, [course], conditions_of(state), state.zone)
        return None

    def _predicted(
        self, state: State, route: Route, event: e.Event, body: e.ArrivalsPredicted
    ) -> Course:
        """The route as it stood when it was predicted."""
        stops = state.stops_of(route)
        stands = any(stop.state.is_at_the_door and stop.arrived_at is not None for stop in stops)
        self._learn(body, first_is_whole=stands)
        left_s = float(body.rows[0].travel_s) if body.rows and not stands else None
        age_s = body.fix_age_s
        return self._course(state, route, stops)._replace(
            left_s=left_s,
            fix_at=None if age_s is None else event.at - timedelta(seconds=age_s),
            live_factor=UNKNOWN if body.live_factor is None else body.live_factor,
        )

    def _learn(self, body: e.ArrivalsPredicted, *, first_is_whole: bool) -> None:
        """What the roads said of the legs; of the first they said only what was left of it."""
        for place, row in enumerate(body.rows):
            if place or first_is_whole:
                self._legs_s[row.stop_id] = float(row.travel_s)
            elif body.leg_s is not None:
                self._legs_s[row.stop_id] = float(body.leg_s)
            else:
                self._legs_s.setdefault(row.stop_id, float(row.travel_s))

    def _course(self, state: State, route: Route, stops: Sequence[Stop]) -> Course:
        vehicle = state.vehicle_of(route)
        return Course(
            route=route,
            stops=stops,
            legs_s=[self._legs_s.get(stop.id, 0.0) for stop in stops],
            depot=state.depot_of(route),
            vehicle=vehicle.kind if vehicle else VehicleKind.VAN,
        )


def conditions_of(state: State) -> list[Conditions]:
    """What each provider says of the roads."""
    return [entry.value for entry in state.conditions.values()]


def _route_of(state: State, event: e.Event) -> Route | None:
    stop = state.stops.get(event.subject.stop_id)
    return state.routes.get(stop.route_id if stop else event.subject.route_id)
