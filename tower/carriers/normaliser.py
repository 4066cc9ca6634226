"""From a carrier's bytes to fixes and events, checked against the shift and the clock.

The one place where messages from outside become something Tower believes. What it does not
believe it refuses, with a reason, and everything else goes on.
"""

import logging
from collections.abc import Iterable, Iterator

import msgspec
from msgspec.structs import replace

from tower.carriers.alarms import Alarms
from tower.carriers.fixes import believed_fix, event_time
from tower.carriers.fleet import Fleet, VehicleName
from tower.carriers.intake import Intake, Message
from tower.carriers.observations import (
    AlarmReported,
    AnyObservation,
    ContactReported,
    FixSeen,
    RouteReported,
    SequenceReported,
    StopReported,
    VehicleSeen,
)
from tower.carriers.orders import Orders
from tower.carriers.port import LARGEST_PAYLOAD, Adapter, Decoded, Refused
from tower.carriers.refusal import Rejected
from tower.carriers.sender import Sender
from tower.carriers.stops import checked_place, progress_of
from tower.carriers.tidy import tidied
from tower.domain.events import (
    CustomerContacted,
    Event,
    RouteFinished,
    RouteStarted,
    SequenceNoticed,
    VehicleRegistered,
)
from tower.domain.moments import Now
from tower.domain.records import Carrier, Subject
from tower.domain.state import State

_log = logging.getLogger(__name__)


UNKNOWN_CARRIER = "(unknown carrier)"
"""In whose name messages of carriers are refused that take no part in the shift."""

_PIECE, _LOOKED_EVERY = 500, 50
"""Observations taken in at a time, and how often it is looked whether that is enough: some 2 ms
where each is a position. Of more numbers than that numpy lets other threads go on, and the loop
would wait for each of them."""

_EXTRA = 4
"""What an event or a refusal counts besides: 100 alarms of new vehicles take some 20 ms."""


class Normaliser:
    """Turns carriers' messages into fixes and events; one for each gateway.

    Not thread-safe: used where the state is folded.
    """

    def __init__(self, state: State, clock: Now) -> None:
        """Reads `state` as it grows, never changes it."""
        self._state = state
        self._clock = clock
        self._fleets: dict[str, Fleet] = {}
        self._orders = Orders(state)
        self._alarms = Alarms(state)

    def accept(
        self, carrier_id: str, adapter: Adapter, payload: bytes, content_type: str
    ) -> Intake:
        """Take in one message of a carrier.

        Never raises for what the message says: what cannot be believed is in `refusals`.
        """
        whole = Intake()
        for piece in self.pieces(carrier_id, adapter, payload, content_type):
            whole.fixes += piece.fixes
            whole.events += piece.events
            whole.refusals += piece.refusals
        return whole

    def pieces(
        self, carrier_id: str, adapter: Adapter, payload: bytes, content_type: str
    ) -> Iterator[Intake]:
        """Take in one message piece by piece, so that a long one leaves time for others.

        Between two pieces anything else may be taken in, but nothing of the same carrier.
        """
        carrier = self._state.carriers.get(carrier_id)
        # Names nobody registered are not worth a log each.
        known_as = carrier_id if carrier is not None else UNKNOWN_CARRIER
        message = Message(known_as, adapter.name, self._clock.now())
        if carrier is None:
            message.refuse(f"unknown carrier {carrier_id[:60]!r}", payload)
        elif len(payload) > LARGEST_PAYLOAD:
            message.refuse(f"message of {len(payload):,} bytes; 1 MiB is the limit", payload)
        else:
            decoded = _decoded(adapter, payload, content_type)
            for _ in self._take_in(carrier.value, decoded, message):
                yield message.collected()
        yield message.finished()

    def forget(self, events: Iterable[Event]) -> None:
        """Events of an intake did not reach the journal: the same message again is news."""
        for event in events:
            if isinstance(event.body, VehicleRegistered):
                vehicle = event.body.vehicle
                self._fleets[vehicle.carrier_id].forget(vehicle.id)
            elif event.subject.exception_id:
                self._alarms.forget(event)

    def _take_in(self, carrier: Carrier, decoded: Decoded, message: Message) -> Iterator[None]:
        """Stops after each piece."""
        for part in decoded.refusals:
            message.refuse(part.reason, part.excerpt)
        fleet = self._fleets.get(carrier.id)
        if fleet is None:
            fleet = self._fleets[carrier.id] = Fleet(carrier.id, self._state)
        sender = Sender(carrier, message.times.now)
        first = 0
        for number, observation in enumerate(decoded.observations):
            if number % _LOOKED_EVERY == 0 and number - first + _EXTRA * message.rows >= _PIECE:
                yield
                first = number
            try:
                self._believe(observation, sender, fleet, message)
            except Rejected as rejection:
                message.refuse(str(rejection), msgspec.json.encode(observation))

    def _believe(
        self, observation: AnyObservation, sender: Sender, fleet: Fleet, message: Message
    ) -> None:
        if isinstance(observation, FixSeen):
            self._believe_fix(observation, sender, fleet, message)
            return
        observation = tidied(observation)
        if isinstance(observation, VehicleSeen):
            _introduce(_name(observation), sender, fleet, message)
            if observation.alias:
                fleet.learn(observation.alias, observation.vehicle_ref)
        elif isinstance(observation, StopReported):
            self._believe_stop(observation, sender, fleet, message)
        elif isinstance(observation, AlarmReported):
            self._believe_alarm(observation, sender, fleet, message)
        elif isinstance(observation, RouteReported):
            self._believe_route(observation, sender, fleet, message)
        elif isinstance(observation, SequenceReported):
            self._believe_sequence(observation, sender, fleet, message)
        else:
            self._believe_contact(observation, sender, message)

    def _believe_fix(self, seen: FixSeen, sender: Sender, fleet: Fleet, message: Message) -> None:
        vehicle_id = fleet.known(seen.vehicle_ref, seen.by_alias)
        if vehicle_id is not None:
            message.fixes.append(believed_fix(seen, vehicle_id, message.times))
            return
        name = _name(seen)
        fix = believed_fix(seen, fleet.resolve(name), message.times)
        _introduce(name, sender, fleet, message)
        message.fixes.append(fix)

    def _believe_stop(
        self, report: StopReported, sender: Sender, fleet: Fleet, message: Message
    ) -> None:
        if report.standing and not self._orders.is_news(report, sender.carrier.id):
            return
        stop = self._orders.stop(report.stop_ref, sender.carrier.id)
        at = event_time(report.at, message.times)
        vehicle_id = _vehicle(report, sender, fleet, message)
        subject = Subject(
            carrier_id=sender.carrier.id,
            vehicle_id=vehicle_id or self._orders.vehicle_on(stop.route_id),
            route_id=stop.route_id,
            stop_id=stop.id,
        )
        body = progress_of(_with_sound_proof(report, message))
        message.events.append(sender.event(at, subject, body, stop.id, report))

    def _believe_route(
        self, report: RouteReported, sender: Sender, fleet: Fleet, message: Message
    ) -> None:
        route = self._orders.route(report.route_ref, sender.carrier.id)
        at = event_time(report.at, message.times)
        vehicle_id = _vehicle(report, sender, fleet, message)
        subject = Subject(
            carrier_id=sender.carrier.id,
            vehicle_id=vehicle_id or self._orders.vehicle_on(route.id),
            route_id=route.id,
        )
        body = RouteFinished() if report.finished else RouteStarted()
        message.events.append(sender.event(at, subject, body, route.id, report))

    def _believe_sequence(
        self, report: SequenceReported, sender: Sender, fleet: Fleet, message: Message
    ) -> None:
        route = self._orders.route(report.route_ref, sender.carrier.id)
        if not 1 <= report.version <= route.version:
            raise Rejected(
                f"route {route.id} has no version {report.version}; its newest is {route.version}"
            )
        at = event_time(report.at, message.times)
        subject = Subject(
            carrier_id=sender.carrier.id,
            vehicle_id=_vehicle(report, sender, fleet, message)
            or self._orders.vehicle_on(route.id),
            route_id=route.id,
        )
        body = SequenceNoticed(version=report.version, notice=report.notice, note=report.note)
        about = f"{route.id} {report.version} {report.notice}"
        message.events.append(sender.event(at, subject, body, about, report))

    def _believe_contact(self, report: ContactReported, sender: Sender, message: Message) -> None:
        stop = self._orders.stop(report.stop_ref, sender.carrier.id)
        at = event_time(report.at, message.times)
        subject = Subject(carrier_id=sender.carrier.id, route_id=stop.route_id, stop_id=stop.id)
        body = CustomerContacted(topic=report.topic, channel=report.channel, words=report.words)
        message.events.append(sender.event(at, subject, body, stop.id, report))

    def _believe_alarm(
        self, report: AlarmReported, sender: Sender, fleet: Fleet, message: Message
    ) -> None:
        if not report.stop_ref and not report.vehicle_ref:
            raise Rejected("the alarm names neither a vehicle nor a stop")
        stop_id = route_id = ""
        if report.stop_ref:
            stop = self._orders.stop(report.stop_ref, sender.carrier.id)
            stop_id, route_id = stop.id, stop.route_id
        at = event_time(report.at, message.times)
        vehicle_id = _vehicle(report, sender, fleet, message)
        subject = Subject(
            carrier_id=sender.carrier.id,
            vehicle_id=vehicle_id or self._orders.vehicle_on(route_id),
            route_id=route_id,
            stop_id=stop_id,
        )
        message.events += self._alarms.events(report, at, subject, sender)


def _decoded(adapter: Adapter, payload: bytes, content_type: str) -> Decoded:
    try:
        return adapter.decode(payload, content_type)
    except Exception:  # noqa: BLE001 - somebody else's plugin may fail in any way at all
        _log.exception("adapter %s failed on a message; the message is refused", adapter.name)
        return Decoded(refusals=[Refused(f"the adapter {adapter.name} failed on it", payload)])


def _with_sound_proof(report: StopReported, message: Message) -> StopReported:
    """The report, without the place of its proof where that cannot be; the rest counts."""
    if report.proof is None:
        return report
    try:
        checked_place(report.proof)
    except Rejected as rejection:
        message.refuse(str(rejection), msgspec.json.encode(report))
        return replace(report, proof=replace(report.proof, lat=None, lon=None))
    return report


def _vehicle(
    report: StopReported | RouteReported | AlarmReported | SequenceReported,
    sender: Sender,
    fleet: Fleet,
    message: Message,
) -> str:
    return _introduce(_name(report), sender, fleet, message) if report.vehicle_ref else ""


def _introduce(name: VehicleName, sender: Sender, fleet: Fleet, message: Message) -> str:
    """Id of the vehicle, which is registered where it has to be."""
    body = fleet.introduce(name, sender.now)
    if body is not None:
        message.events.append(sender.registration(body))
    return fleet.resolve(name)


def _name(
    seen: VehicleSeen | FixSeen | StopReported | RouteReported | AlarmReported | SequenceReported,
) -> VehicleName:
    match seen:
        case FixSeen():
            return VehicleName(seen.vehicle_ref, seen.by_alias, seen.label, seen.kind_hint)
        case VehicleSeen():
            return VehicleName(seen.vehicle_ref, label=seen.label, kind=seen.kind_hint)
        case RouteReported() | SequenceReported():
            return VehicleName(seen.vehicle_ref)
        case _:
            return VehicleName(seen.vehicle_ref, seen.by_alias)
