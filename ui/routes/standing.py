"""How each route stands, as the list says it, and which is in the greatest trouble."""

from collections.abc import Sequence

import msgspec

from tower.domain.records import Route, Stop
from tower.domain.words import CarrierKind, Punctuality, VehicleKind
from tower.eta.standing import AHEAD
from ui.ranked import RankedRows
from ui.routes.notices import DriverNotice, notice_of
from ui.routes.outlook import Expected, Outlook
from ui.session import Session

_RISK = (
    Punctuality.LATE,
    Punctuality.AT_RISK,
    Punctuality.NO_SIGNAL,
    Punctuality.ON_TIME,
    Punctuality.IDLE,
    Punctuality.DONE,
)

VEHICLE_WORDS = {
    VehicleKind.VAN: "van",
    VehicleKind.E_VAN: "e-van",
    VehicleKind.TRUCK: "truck",
    VehicleKind.CAR: "car",
    VehicleKind.CARGO_BIKE: "bike",
    VehicleKind.BUS: "bus",
}

_AHEAD_S = AHEAD.total_seconds()


class RouteRow(msgspec.Struct, frozen=True, gc=False):
    """A route as a row of the list.

    Attributes:
        name: what people call the route.
        driver: who drives, else the carrier.
        vehicle: what drives, and for whom where it is not our own fleet.
        done: stops with an outcome.
        failed: those of them without success.
        at: when it reaches its next stop, ended or begins, seconds since 1970.
        standing: how it stands against what was promised.
        words: the same in words, for the pill.
        weight: how grave, within the standing; greater is graver.
        search: everything the filter finds it by, in small letters.
        notice: what is known of the driver and a changed sequence.
    """

    id: str
    name: str
    driver: str
    vehicle: str
    done: int
    failed: int
    total: int
    at: float | None
    standing: Punctuality
    words: str
    weight: int
    search: str
    notice: DriverNotice = DriverNotice()


def risk(row: RouteRow) -> tuple[int, int, str]:
    """Sorts routes: those in trouble first."""
    return _RISK.index(row.standing), -row.weight, row.name


BY_RISK = ("standing", "-weight", "name")
"""The columns routes are sorted by: those in trouble first."""


def ranked_by_risk() -> RankedRows[RouteRow]:
    """Rows that can be sorted so; `risk` says the same of one."""
    places = {standing: place for place, standing in enumerate(_RISK)}
    return RankedRows(
        {"standing": lambda row: places[row.standing], "weight": lambda row: row.weight},
        {"name": lambda row: row.name},
        lambda row: row.search,
    )


def routes_by_risk(session: Session) -> list[str]:
    """Ids of the routes on the screen, those in trouble first."""
    outlook = Outlook(session.arrivals)
    shown = (route for route in session.state.routes.values() if session.shows(route))
    return [
        row.id for row in sorted((read_route(session, one, outlook) for one in shown), key=risk)
    ]


def read_route(session: Session, route: Route, outlook: Outlook) -> RouteRow:
    """A route as it stands now."""
    stops = session.state.stops_of(route)
    waiting, failed = list[Stop](), 0
    for stop in stops:
        state = stop.state
        if not state.is_outcome:
            waiting.append(stop)
        elif not state.is_success:
            failed += 1
    ahead = [(stop, outlook.of(stop.id)) for stop in waiting]
    standing, words, weight, at = _stand(session, route, ahead)
    name = route.name
    driver, vehicle = _who(session, route)
    return RouteRow(
        id=route.id,
        name=name,
        driver=driver,
        vehicle=vehicle,
        done=len(stops) - len(waiting),
        failed=failed,
        total=len(stops),
        at=at,
        standing=standing,
        words=words,
        weight=weight,
        search=" ".join((name, driver, vehicle, words, _label(session, route))).casefold(),
        notice=notice_of(session, route),
    )


_Ahead = Sequence[tuple[Stop, Expected | None]]
_Stand = tuple[Punctuality, str, int, float | None]


def _stand(session: Session, route: Route, ahead: _Ahead) -> _Stand:
    if not ahead or route.finished_at is not None:
        ended = route.finished_at.timestamp() if route.finished_at else None
        return Punctuality.DONE, "done", 0, ended
    first = _next(ahead)
    at = first.p50 if first else None
    if route.started_at is None:
        begins = route.plan.starts_at if route.plan else None
        words = f"starts {session.clock_text(begins)}" if begins else "not started"
        return Punctuality.IDLE, words, 0, at
    silent_s = _silent_s(session, route)
    if silent_s is not None:
        return Punctuality.NO_SIGNAL, f"no signal {_span(silent_s)}", int(silent_s // 60), None
    if first is None:
        return Punctuality.IDLE, "no ETA yet", 0, None
    return *_against_promise(ahead, session.clock.time()), at


def _next(ahead: _Ahead) -> Expected | None:
    """When the next stop is reached; the one the vehicle stands at only where it is the last."""
    known = [(stop, expected) for stop, expected in ahead if expected is not None]
    to_come = (one for stop, one in known if not stop.state.is_at_the_door)
    return next(to_come, known[0][1] if known else None)


def _against_promise(ahead: _Ahead, now: float) -> tuple[Punctuality, str, int]:
    """The worst of the stops expected within the hour; later ones can still be helped."""
    known = [(stop, expected) for stop, expected in ahead if expected is not None]
    soon = [one for one in known if one[1].p50 <= now + _AHEAD_S] or known[:1]
    late = [one for one in soon if one[1].punctuality is Punctuality.LATE]
    if late:
        worst = max(_past_window_s(stop, expected) for stop, expected in late)
        return Punctuality.LATE, f"late {_span(worst)}", int(worst // 60)
    if any(expected.punctuality is Punctuality.AT_RISK for _, expected in soon):
        count = sum(1 for _, expected in known if expected.punctuality is Punctuality.AT_RISK)
        return Punctuality.AT_RISK, f"{count} at risk", count
    return Punctuality.ON_TIME, "on time", 0


def _past_window_s(stop: Stop, expected: Expected) -> float:
    window_end = stop.plan.window_end if stop.plan else None
    return max(0.0, expected.p50 - window_end.timestamp()) if window_end else 0.0


def _silent_s(session: Session, route: Route) -> float | None:
    """Seconds since the last word of a route's vehicle, where it is known to be silent."""
    vehicle_id = route.plan.vehicle_id if route.plan else ""
    if session.links.route_of_vehicle.get(vehicle_id) != route.id:
        return None
    handle, columns = session.vehicles.handle_of(vehicle_id), session.vehicles.columns
    if handle is None or columns["punctuality"][handle] != Punctuality.NO_SIGNAL.code:
        return None
    return max(0.0, session.clock.time() - float(columns["at_ms"][handle]) / 1000)


def _span(seconds: float) -> str:
    """`18 m`, or `2 h 05`."""
    minutes = max(1, round(seconds / 60))
    return f"{minutes} m" if minutes < 90 else f"{minutes // 60} h {minutes % 60:02d}"


def _who(session: Session, route: Route) -> tuple[str, str]:
    """Who drives a route, and what."""
    if route.plan is None:
        return "", ""
    vehicle = session.state.vehicles.get(route.plan.vehicle_id)
    kind = VEHICLE_WORDS[vehicle.value.kind] if vehicle else ""
    entry = session.state.carriers.get(route.plan.carrier_id)
    carrier = entry.value.name if entry else route.plan.carrier_id
    driver = route.plan.driver_name or carrier
    is_own = entry is None or entry.value.kind is CarrierKind.OWN_FLEET
    return driver, kind if is_own or driver == carrier else f"{kind} · {carrier}".strip(" ·")


def _label(session: Session, route: Route) -> str:
    """Number plate and carrier, which the filter finds a route by too."""
    if route.plan is None:
        return ""
    vehicle = session.state.vehicles.get(route.plan.vehicle_id)
    carrier = session.state.carriers.get(route.plan.carrier_id)
    return " ".join((vehicle.value.label if vehicle else "", carrier.value.name if carrier else ""))
