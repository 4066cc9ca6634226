"""The constraints of a route, each a rule over one way to drive the rest of it.

Constraints are data on stops, vehicles and drivers; the same rules judge a preview, an optimiser's
proposal and a command. A violation names its stop or route, says why in words, and by how much.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from enum import StrEnum

import msgspec

from tower.domain.records import Stop, StopPlan, Vehicle
from tower.domain.words import Requirement, StopKind, StopState, VehicleKind
from tower.eta.schedule import PATIENCE_S, Itinerary
from tower.routes.case import RouteCase
from tower.routes.load import Loading

_MINUTE_S = 60.0
_TOLERANCE = 1e-6


class Rule(StrEnum):
    """A constraint, by name."""

    WINDOW = "window"
    CAPACITY = "capacity"
    SKILLS = "skills"
    COLD_CHAIN = "cold_chain"
    ACCESS = "access"
    PICKUP = "pickup"
    HANDOVER = "handover"
    DUTY = "duty"
    DRIVING = "driving"
    BREAK = "break"
    RANGE = "range"
    LOCKED = "locked"
    CARRIER = "carrier"


class Violation(msgspec.Struct, frozen=True, kw_only=True):
    """A constraint that is broken.

    Attributes:
        hard: it cannot be committed without a supervisor's reason.
        stop_id: the stop it is about, "" where it is about the route as a whole.
        excess: by how much, in the rule's own unit: seconds, metres, share of the capacity.
        words: the reason for a dispatcher, as it goes on from the name of the stop, or of the
            route where it is about no stop: "needs a tail lift".
    """

    rule: Rule
    hard: bool
    route_id: str
    stop_id: str = ""
    excess: float = 0.0
    words: str = ""

    @property
    def key(self) -> tuple[Rule, str]:
        """What makes two violations the same one, whatever their size.

        A stop's goes with it from route to route. Where a battery runs flat says nothing: a
        route has its range once.
        """
        is_of_route = not self.stop_id or self.rule is Rule.RANGE
        return self.rule, self.route_id if is_of_route else self.stop_id


_WORSE_BY = 1.10
"""A violation that was there before counts as new once it is larger by a tenth."""

_SLACK = {Rule.CAPACITY: 0.01, Rule.RANGE: 100.0}
"""And by this much in the rule's unit: a hundredth of the load, metres; else seconds."""


def new_violations(
    before: Iterable[Violation], after: Iterable[Violation]
) -> tuple[Violation, ...]:
    """Those of `after` that were not there before, or are clearly worse now."""
    known: dict[tuple[Rule, str], list[Violation]] = {}
    for one in before:
        known.setdefault(one.key, []).append(one)
    return tuple(one for one in after if _is_new(one, known.get(one.key, ())))


def _is_new(one: Violation, before: Sequence[Violation]) -> bool:
    alike = [other.excess for other in before if other.hard or not one.hard]
    slack = _SLACK.get(one.rule, _MINUTE_S)
    return not alike or one.excess > max(alike) * _WORSE_BY + slack


class Drive(msgspec.Struct, frozen=True, kw_only=True):
    """One way to drive the rest of a route, as the rules see it.

    Attributes:
        remaining: the stops not done, in the order they would be driven.
        legs_m: metres to each of them.
        home_m: metres from the last of them to the depot.
        driving_s: seconds at the wheel for all that.
        ends_at: when the vehicle is back, UTC.
    """

    case: RouteCase
    remaining: Sequence[Stop]
    itinerary: Itinerary
    legs_m: Sequence[float]
    home_m: float
    driving_s: float
    ends_at: datetime
    loading: Loading

    def violation(
        self, rule: Rule, words: str, *, stop_id: str = "", excess: float = 0.0, hard: bool = True
    ) -> Violation:
        """A violation of this route."""
        return Violation(
            rule=rule,
            hard=hard,
            route_id=self.case.id,
            stop_id=stop_id,
            excess=excess,
            words=words,
        )

    def clock(self, at: datetime) -> str:
        """A time as the room reads it."""
        here = at.astimezone(self.case.zone)
        return f"{here.hour:02}:{here.minute:02}"


def violations_of(
    drive: Drive, same_stops: Iterable[Violation] | None = None
) -> tuple[Violation, ...]:
    """Everything that is broken when a route is driven this way.

    Args:
        drive: the way.
        same_stops: what is broken where the same route serves the same stops in another order;
            what does not depend on the order is taken from there.
    """
    if same_stops is None:
        return tuple(one for rule in _RULES for one in rule(drive))
    by_order = (rule for rule in _RULES if rule not in _OF_THE_STOPS)
    return (
        *(one for rule in by_order for one in rule(drive)),
        *(one for one in same_stops if one.rule in _OF_THE_STOPS.values()),
    )


def _windows(drive: Drive) -> Iterator[Violation]:
    for stop, arrival in zip(drive.remaining, drive.itinerary.arrivals, strict=True):
        if stop.plan is None:
            continue
        off_s, side = _outside(stop.plan, arrival.p50)
        if off_s <= 0:
            continue
        yield drive.violation(
            Rule.WINDOW,
            f"arrives {drive.clock(arrival.p50)}, {_minutes(off_s)} {side}"
            + (", and nobody is there then" if stop.plan.window_is_hard else ""),
            stop_id=stop.id,
            excess=off_s,
            hard=stop.plan.window_is_hard or stop.lock is not None,
        )


def _outside(plan: StopPlan, at: datetime) -> tuple[float, str]:
    """By how many seconds an arrival misses a window, and on which side; 0 where it does not.

    A driver who is early waits for the window: to its beginning where it is hard, else as long
    as their patience lasts.
    """
    if plan.window_end is not None and at > plan.window_end:
        return (at - plan.window_end).total_seconds(), "after its window ends"
    if plan.window_start is not None and not plan.window_is_hard:
        early_s = (plan.window_start - at).total_seconds()
        if early_s > PATIENCE_S:
            return early_s, "before its window begins"
    return 0.0, ""


def _capacity(drive: Drive) -> Iterator[Violation]:
    vehicle = drive.case.vehicle
    if vehicle is None:
        return
    place, share = drive.loading.worst_share(vehicle)
    if share <= 1.0 + _TOLERANCE:
        return
    where = drive.remaining[place].id if place >= 0 else ""
    load = drive.loading.after[place] if place >= 0 else drive.loading.at_start
    parts = [
        f"{load.kg:.0f} of {vehicle.capacity_kg:.0f} kg" if vehicle.capacity_kg else "",
        f"{load.m3:.1f} of {vehicle.capacity_m3:.1f} m³" if vehicle.capacity_m3 else "",
        f"{load.pieces} of {vehicle.capacity_pieces} pieces" if vehicle.capacity_pieces else "",
    ]
    words = f"has {vehicle.label} {share:.0%} full: {', '.join(filter(None, parts))}"
    yield drive.violation(
        Rule.CAPACITY, words + (" on the way" if where else ""), excess=share - 1.0
    )


_NEEDS = {
    Requirement.TAIL_LIFT: "a tail lift",
    Requirement.AGE_CHECK: "a driver who may check ages",
    Requirement.TWO_PEOPLE: "two people",
    Requirement.REFRIGERATION: "refrigeration",
}


def _skills(drive: Drive) -> Iterator[Violation]:
    case = drive.case
    offered = set(case.route.plan.crew if case.route.plan else ())
    offered.update(case.vehicle.equipment if case.vehicle else ())
    for stop, plan in _planned(drive.remaining):
        missing = [need for need in plan.needs if need not in offered]
        if missing:
            wanted = " and ".join(_NEEDS[need] for need in missing)
            yield drive.violation(
                Rule.SKILLS, f"needs {wanted}", stop_id=stop.id, excess=float(len(missing))
            )


def _cold_chain(drive: Drive) -> Iterator[Violation]:
    vehicle = drive.case.vehicle
    keeps = vehicle.temperature_limit_c if vehicle else None
    for stop, plan in _planned(drive.remaining):
        limit = plan.temperature_limit_c
        if limit is None or vehicle is None or (keeps is not None and keeps <= limit):
            continue
        found = "is not refrigerated" if keeps is None else f"only keeps {keeps:g} °C"
        words = f"must stay below {limit:g} °C and {vehicle.label} {found}"
        yield drive.violation(Rule.COLD_CHAIN, words, stop_id=stop.id, excess=1.0)


def _aboard(drive: Drive) -> Iterator[Violation]:
    """How long parcels are on the way since they were loaded."""
    if not any(plan.longest_aboard_s for _, plan in _planned(drive.remaining)):
        return
    loaded_at = _collected_at(drive.case)
    start = drive.case.route.started_at or drive.case.whereabouts.left_at
    for stop, arrival in zip(drive.remaining, drive.itinerary.arrivals, strict=True):
        if stop.plan is None:
            continue
        loaded_at.update(dict.fromkeys(stop.plan.collects, arrival.p50))
        since = loaded_at.get(stop.id, start)
        allowed_s = stop.plan.longest_aboard_s
        if not allowed_s or since is None or not stop.plan.parcels:
            continue
        aboard_s = (arrival.p50 - since).total_seconds()
        if aboard_s > allowed_s:
            words = f"{_hours(aboard_s)} aboard, only {_hours(allowed_s)} allowed"
            over_s = aboard_s - allowed_s
            yield drive.violation(Rule.COLD_CHAIN, words, stop_id=stop.id, excess=over_s)


def _collected_at(case: RouteCase) -> dict[str, datetime]:
    """When what was collected on the way was taken aboard, by the stop it is for."""
    return {
        wanted: stop.finished_at
        for stop, plan in _planned(case.settled)
        if stop.finished_at is not None
        for wanted in plan.collects
    }


def _access(drive: Drive) -> Iterator[Violation]:
    vehicle = drive.case.vehicle
    if vehicle is None:
        return
    for stop, plan in _planned(drive.remaining):
        words = _barred(plan, vehicle)
        if words:
            yield drive.violation(Rule.ACCESS, words, stop_id=stop.id, excess=1.0)


def _barred(plan: StopPlan, vehicle: Vehicle) -> str:
    """Why a vehicle cannot get to a stop, or ""."""
    if plan.bikes_only and vehicle.kind is not VehicleKind.CARGO_BIKE:
        return "only bikes get there"
    if plan.low_emission_zone and not vehicle.low_emission:
        return f"lies in a low-emission zone that {vehicle.label} must not enter"
    if plan.height_limit_m and vehicle.height_m > plan.height_limit_m:
        return (
            f"has a height limit of {plan.height_limit_m:g} m, "
            f"{vehicle.label} is {vehicle.height_m:g} m high"
        )
    return ""


def _pickups(drive: Drive) -> Iterator[Violation]:
    """What is collected on the way is delivered after that, by the same vehicle."""
    places = {stop.id: place for place, stop in enumerate(drive.remaining)}
    done = {stop.id for stop in drive.case.settled}
    for stop, plan in _planned(drive.remaining):
        for wanted in plan.collects:
            place = places.get(wanted)
            if place is not None and place < places[stop.id]:
                words = "comes before the stop where its parcels are collected"
                yield drive.violation(Rule.PICKUP, words, stop_id=wanted, excess=1.0)
            elif place is None and wanted not in done:
                words = f"has its parcels collected by {drive.case.name}, which does not go there"
                yield drive.violation(Rule.PICKUP, words, stop_id=wanted, excess=1.0, hard=False)


def _handovers(drive: Drive) -> Iterator[Violation]:
    """Parcels have to be aboard, or be collected on the way."""
    case = drive.case
    collected = {wanted for stop, plan in _all_planned(drive) for wanted in plan.collects}
    for stop, plan in _planned(drive.remaining):
        if plan.kind is not StopKind.DELIVERY or stop.id in collected:
            continue
        holder = case.collected.get(stop.id) or stop.parcels_on or stop.route_id
        if holder != case.id and holder in case.departed:
            words = "has its parcels aboard another vehicle: the drivers have to meet"
        elif holder != case.id and case.has_left and plan.parcels:
            words = "has no parcels aboard: the vehicle left without them"
        else:
            continue
        yield drive.violation(Rule.HANDOVER, words, stop_id=stop.id, excess=1.0, hard=False)


def _duty(drive: Drive) -> Iterator[Violation]:
    plan = drive.case.route.plan
    if plan is None:
        return
    if plan.duty_ends_at is not None and drive.ends_at > plan.duty_ends_at:
        over_s = (drive.ends_at - plan.duty_ends_at).total_seconds()
        words = (
            f"is back at {drive.clock(drive.ends_at)}, {_minutes(over_s)} after the driver's "
            f"hours end"
        )
        yield drive.violation(Rule.DUTY, words, excess=over_s)
    over_s = drive.case.driven_s + drive.driving_s - plan.longest_driving_s
    if plan.longest_driving_s and over_s > 0:
        words = f"takes {_hours(over_s)} more at the wheel than the driver may be"
        yield drive.violation(Rule.DRIVING, words, excess=over_s)


def _breaks(drive: Drive) -> Iterator[Violation]:
    for rest in drive.itinerary.rests:
        late_s = (rest.begins - rest.planned.latest).total_seconds()
        if late_s > _MINUTE_S:
            words = f"has the driver's break begin {_minutes(late_s)} late"
            yield drive.violation(Rule.BREAK, words, excess=late_s)


def _range(drive: Drive) -> Iterator[Violation]:
    vehicle = drive.case.vehicle
    if vehicle is None or not vehicle.range_m:
        return
    driven_m = drive.case.charged_m
    for stop, leg_m in zip(drive.remaining, drive.legs_m, strict=True):
        driven_m += leg_m
        if driven_m > vehicle.range_m:
            yield _flat(drive, vehicle, driven_m, stop.id)
            return
        if stop.plan is not None and stop.plan.kind is StopKind.CHARGE:
            driven_m = 0.0
    if driven_m + drive.home_m > vehicle.range_m:
        yield _flat(drive, vehicle, driven_m + drive.home_m, "")


def _flat(drive: Drive, vehicle: Vehicle, driven_m: float, stop_id: str) -> Violation:
    over_m = driven_m - vehicle.range_m
    short = f"{over_m / 1000:.1f} km short"
    words = f"leaves {vehicle.label} without charge on the way back, {short}"
    if stop_id:
        words = f"is out of reach: {vehicle.label} runs out of charge {short} of it"
    return drive.violation(Rule.RANGE, words, stop_id=stop_id, excess=over_m)


def _locks(drive: Drive) -> Iterator[Violation]:
    case = drive.case
    following = {stop.id for stop in drive.remaining[: len(case.at_door) + 1]}
    met = {wanted for _, plan in _planned(drive.remaining) for wanted in plan.collects}
    for stop in drive.remaining:
        if stop.route_id == case.id:
            if stop.state is StopState.EN_ROUTE and stop.id not in following:
                words = "has its driver on the way"
                yield drive.violation(Rule.LOCKED, words, stop_id=stop.id, excess=1.0)
        elif stop.lock is not None:
            words = _promised(stop.lock.reason)
            yield drive.violation(Rule.LOCKED, words, stop_id=stop.id, excess=1.0)
        elif stop.state is StopState.EN_ROUTE and stop.id not in met:
            words = "has another driver on the way"
            yield drive.violation(Rule.LOCKED, words, stop_id=stop.id, excess=1.0)


def taken_off(stops: Iterable[Stop]) -> tuple[Violation, ...]:
    """What is broken when stops are taken off every route."""
    found = []
    for stop in stops:
        if stop.lock is not None:
            words = _promised(stop.lock.reason)
        elif stop.state is StopState.EN_ROUTE:
            words = "has its driver on the way"
        else:
            continue
        found.append(
            Violation(
                rule=Rule.LOCKED,
                hard=True,
                route_id=stop.route_id,
                stop_id=stop.id,
                excess=1.0,
                words=words,
            )
        )
    return tuple(found)


def uncollected(
    stops: Iterable[Stop], remaining: Mapping[str, Sequence[Stop]]
) -> tuple[Violation, ...]:
    """What is broken when pickups are taken off every route and their deliveries are not.

    Where the parcels are aboard another vehicle already, the rule `handover` says so.

    Args:
        stops: those taken off.
        remaining: route id to the stops it would still drive to.
    """
    pickups = [(stop, plan) for stop, plan in _planned(stops) if plan.collects]
    if not pickups:
        return ()
    driven = [stop for order in remaining.values() for stop in order]
    met = {wanted for _, plan in _planned(driven) for wanted in plan.collects}
    return tuple(
        Violation(
            rule=Rule.PICKUP,
            hard=True,
            route_id=pickup.route_id,
            stop_id=stop.id,
            excess=1.0,
            words="has parcels that nobody collects any more",
        )
        for pickup, plan in pickups
        for stop in remaining.get(pickup.route_id, ())
        if stop.id in plan.collects and stop.id not in met and not stop.parcels_on
    )


def _promised(reason: str) -> str:
    return f"is locked: {reason}" if reason else "is locked to its route"


def _carriers(drive: Drive) -> Iterator[Violation]:
    """A stop handed to another carrier has to be booked there."""
    here = drive.case.route.plan.carrier_id if drive.case.route.plan else ""
    for stop in drive.remaining:
        there = drive.case.carriers.get(stop.route_id, here)
        if there != here:
            words = "goes to another carrier, who has to take it"
            yield drive.violation(Rule.CARRIER, words, stop_id=stop.id, excess=1.0, hard=False)


def _planned(stops: Iterable[Stop]) -> Iterator[tuple[Stop, StopPlan]]:
    return ((stop, stop.plan) for stop in stops if stop.plan is not None)


def _all_planned(drive: Drive) -> Iterator[tuple[Stop, StopPlan]]:
    return _planned((*drive.case.settled, *drive.remaining))


def _minutes(seconds: float) -> str:
    return f"{max(1, round(seconds / _MINUTE_S))} min"


def _hours(seconds: float) -> str:
    minutes = max(1, round(seconds / _MINUTE_S))
    return f"{minutes // 60} h {minutes % 60:02} min" if minutes >= 60 else f"{minutes} min"


_RULES: tuple[Callable[[Drive], Iterator[Violation]], ...] = (
    _windows,
    _capacity,
    _skills,
    _cold_chain,
    _aboard,
    _access,
    _pickups,
    _handovers,
    _duty,
    _breaks,
    _range,
    _locks,
    _carriers,
)

_OF_THE_STOPS: dict[Callable[[Drive], Iterator[Violation]], Rule] = {
    _skills: Rule.SKILLS,
    _access: Rule.ACCESS,
    _handovers: Rule.HANDOVER,
    _carriers: Rule.CARRIER,
}
"""Rules whatever the order of the stops, with what only they break."""
