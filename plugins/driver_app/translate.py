"""Messages of drivers' apps to Tower's observations."""

from plugins.driver_app.messages import (
    AlarmMessage,
    AnyItem,
    ContactMessage,
    OwnTracksLocation,
    PositionMessage,
    ProofPart,
    RouteMessage,
    RouteStatus,
    SequenceMessage,
    StopMessage,
)
from tower.carriers.observations import (
    AlarmReported,
    AnyObservation,
    ContactReported,
    FixSeen,
    RouteReported,
    SequenceReported,
    StopReported,
)
from tower.domain.moments import utc
from tower.domain.records import Proof
from tower.domain.words import StopState

KMH_MPS = 1.0 / 3.6
"""One kilometre an hour in metres a second."""


def observation(item: AnyItem) -> AnyObservation:
    """What one message says.

    Raises:
        ValueError: the message contradicts itself; the text says how.
    """
    match item:
        case PositionMessage():  # first, because nearly all are
            return _position(item)
        case StopMessage():
            return _stop(item)
        case RouteMessage():
            return _route(item)
        case SequenceMessage():
            return _sequence(item)
        case AlarmMessage():
            return _alarm(item)
        case ContactMessage():
            return _contact(item)


def of_owntracks(location: OwnTracksLocation) -> FixSeen:
    """What an OwnTracks location says.

    Raises:
        ValueError: it names no device.
    """
    reference = location.topic.rpartition("/")[2] or location.tid
    if not reference:
        raise ValueError("an OwnTracks location needs a topic or a tid to name its vehicle")
    return FixSeen(
        vehicle_ref=reference,
        at=utc(location.tst),
        lat=location.lat,
        lon=location.lon,
        speed_mps=None if location.vel is None else location.vel * KMH_MPS,
        heading_deg=location.cog,
        accuracy_m=location.acc,
        battery_pct=location.batt,
    )


def _stop(item: StopMessage) -> StopReported:
    state = StopState(item.status.value)
    if item.reason is not None and state is not StopState.ATTEMPTED:
        raise ValueError(f"a reason belongs to status attempted, not to {state}")
    if item.proof is not None and state in _AWAY:
        raise ValueError(f"a proof is recorded at the door, not at status {state}")
    return StopReported(
        stop_ref=item.stop,
        state=state,
        at=item.at,
        vehicle_ref=item.vehicle,
        reason=item.reason,
        note=item.note,
        reference=item.id,
        proof=None if item.proof is None else _proof(item.proof),
    )


_AWAY = (StopState.EN_ROUTE, StopState.CANCELLED, StopState.SKIPPED)


def _proof(part: ProofPart) -> Proof:
    return Proof(lat=part.lat, lon=part.lon, scanned=part.scanned, received_by=part.received_by)


def _route(item: RouteMessage) -> RouteReported:
    return RouteReported(
        route_ref=item.route,
        finished=item.status is RouteStatus.FINISHED,
        at=item.at,
        vehicle_ref=item.vehicle,
        reference=item.id,
    )


def _sequence(item: SequenceMessage) -> SequenceReported:
    return SequenceReported(
        route_ref=item.route,
        version=item.version,
        notice=item.status,
        at=item.at,
        vehicle_ref=item.vehicle,
        note=item.note,
        reference=item.id,
    )


def _alarm(item: AlarmMessage) -> AlarmReported:
    if not item.vehicle and not item.stop:
        raise ValueError("an alarm needs a vehicle or a stop")
    return AlarmReported(
        kind=item.kind,
        severity=item.severity,
        at=item.at,
        vehicle_ref=item.vehicle,
        stop_ref=item.stop,
        headline=item.words,
        detail=item.detail,
        reference=item.id,
        cleared=item.cleared,
    )


def _contact(item: ContactMessage) -> ContactReported:
    return ContactReported(
        stop_ref=item.stop,
        topic=item.topic,
        at=item.at,
        channel=item.channel,
        words=item.words,
        reference=item.id,
    )


def _position(item: PositionMessage) -> FixSeen:
    return FixSeen(
        vehicle_ref=item.vehicle,
        at=item.at,
        lat=item.lat,
        lon=item.lon,
        speed_mps=item.speed_mps,
        heading_deg=item.heading_deg,
        accuracy_m=item.accuracy_m,
        temperature_c=item.temperature_c,
        battery_pct=item.battery_pct,
        label=item.label,
        kind_hint=item.kind,
    )
