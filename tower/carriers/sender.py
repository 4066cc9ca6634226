"""Events in a carrier's name."""

from datetime import datetime

import msgspec

from tower.carriers.observations import (
    AlarmReported,
    ContactReported,
    RouteReported,
    SequenceReported,
    StopReported,
)
from tower.domain.events import AnyBody, Body, Event, VehicleRegistered
from tower.domain.identity import derived_event_id
from tower.domain.records import Actor, Carrier, Subject

Report = StopReported | RouteReported | AlarmReported | ContactReported | SequenceReported
"""Observations that become events."""


class Sender:
    """Makes the events of one message; the same report always becomes the same event."""

    def __init__(self, carrier: Carrier, now: datetime) -> None:
        self.carrier = carrier
        self.now = now
        self._actor = Actor(kind="carrier", id=carrier.id, name=carrier.name)

    def event(
        self, at: datetime, subject: Subject, body: AnyBody, about: str, report: Report
    ) -> Event:
        """The event of a report.

        Its id is made of the carrier, the type, what it is about, and the carrier's own number
        of the report, or all it says where there is none.

        Args:
            at: when it happened, checked.
            subject: the ids of what it is about.
            body: what happened.
            report: the observation it rests on.
            about: id of the stop, route or vehicle, and whatever else sets it apart.
        """
        said = report.reference or msgspec.json.encode(report).decode()
        event_id = derived_event_id(at, self.carrier.id, _type_of(body), about, said)
        return self._signed(event_id, at, subject, body)

    def registration(self, body: VehicleRegistered) -> Event:
        """The event that makes a vehicle part of the shift, as of now."""
        vehicle_id = body.vehicle.id
        event_id = derived_event_id(self.now, self.carrier.id, _type_of(body), vehicle_id)
        subject = Subject(carrier_id=self.carrier.id, vehicle_id=vehicle_id)
        return self._signed(event_id, self.now, subject, body)

    def _signed(self, event_id: str, at: datetime, subject: Subject, body: AnyBody) -> Event:
        return Event(
            id=event_id,
            at=at,
            recorded_at=self.now,
            actor=self._actor,
            subject=subject,
            body=body,
        )


def _type_of(body: Body) -> str:
    return str(type(body).__struct_config__.tag)
