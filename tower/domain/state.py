"""What the shift looks like now: the tables that `tower.domain.fold` makes of the journal."""

from datetime import UTC, tzinfo
from typing import NamedTuple

import msgspec

from tower.domain.conditions import ConditionsEntry
from tower.domain.feedback import Claim, Survey
from tower.domain.geometry import LatLon
from tower.domain.messages import Consent, Message, Reply, Seen
from tower.domain.records import (
    NEVER,
    Carrier,
    Contact,
    Depot,
    ExceptionRecord,
    Note,
    PickupPoint,
    Record,
    Route,
    Shift,
    Stamp,
    Stop,
    Vehicle,
)
from tower.domain.reporting import ReportingEntry, ReportRun
from tower.domain.rulebook import ROOM, OutreachPolicy, Playbooks, PolicyEntry, Thresholds
from tower.domain.timezones import zone_named


class Changed(NamedTuple):
    """One record that an event changed."""

    table: str
    id: str


class Stamped(Record, frozen=True, kw_only=True):
    """A registered thing with the stamp of the event that registered it."""

    stamp: Stamp = NEVER


class ShiftEntry(Stamped, frozen=True, kw_only=True):
    """The shift, stamped."""

    value: Shift


class CarrierEntry(Stamped, frozen=True, kw_only=True):
    """A carrier, stamped."""

    value: Carrier


class DepotEntry(Stamped, frozen=True, kw_only=True):
    """A depot, stamped."""

    value: Depot


class PickupPointEntry(Stamped, frozen=True, kw_only=True):
    """A pick-up point, stamped."""

    value: PickupPoint


class VehicleEntry(Stamped, frozen=True, kw_only=True):
    """A vehicle, stamped."""

    value: Vehicle


class Silence(Record, frozen=True, kw_only=True):
    """Whether a carrier is silent, by the newest fact about it."""

    silent: bool
    stamp: Stamp


class State(msgspec.Struct, kw_only=True):
    """Everything the journal says about the shift.

    Owned by one writer, who alone calls `apply`; everybody else reads.
    """

    seq: int = 0
    shifts: dict[str, ShiftEntry] = {}
    carriers: dict[str, CarrierEntry] = {}
    silences: dict[str, Silence] = {}
    depots: dict[str, DepotEntry] = {}
    pickup_points: dict[str, PickupPointEntry] = {}
    vehicles: dict[str, VehicleEntry] = {}
    routes: dict[str, Route] = {}
    stops: dict[str, Stop] = {}
    exceptions: dict[str, ExceptionRecord] = {}
    contacts: dict[str, Contact] = {}
    notes: dict[str, Note] = {}
    messages: dict[str, Message] = {}
    replies: dict[str, Reply] = {}
    seen: dict[str, Seen] = {}
    consents: dict[str, Consent] = {}
    thresholds: dict[str, Thresholds] = {}
    playbooks: dict[str, Playbooks] = {}
    policies: dict[str, PolicyEntry] = {}
    conditions: dict[str, ConditionsEntry] = {}
    claims: dict[str, Claim] = {}
    surveys: dict[str, Survey] = {}
    reportings: dict[str, ReportingEntry] = {}
    report_runs: dict[str, ReportRun] = {}

    def copied(self) -> "State":
        """The same records in tables of its own: to be read, or folded on, apart from this one."""
        return State(seq=self.seq, **{table: dict(getattr(self, table)) for table in TABLES})

    @property
    def shift(self) -> Shift | None:
        """The shift opened last, or None before the first."""
        newest = max(self.shifts.values(), key=lambda entry: entry.stamp, default=None)
        return newest.value if newest else None

    @property
    def zone(self) -> tzinfo:
        """The time zone of the shift; UTC where there is none or nobody knows its name."""
        shift = self.shift
        return (zone_named(shift.timezone) if shift else None) or UTC

    @property
    def room_thresholds(self) -> Thresholds:
        """The thresholds that differ from the rules' own."""
        return self.thresholds.get(ROOM) or Thresholds()

    @property
    def room_playbooks(self) -> Playbooks:
        """The playbook of each kind of exception."""
        return self.playbooks.get(ROOM) or Playbooks()

    @property
    def policy(self) -> OutreachPolicy:
        """When customers may be written to, and how."""
        entry = self.policies.get(ROOM)
        return entry.policy if entry else OutreachPolicy()

    @property
    def policy_version(self) -> int:
        """How often the outreach policy was set."""
        entry = self.policies.get(ROOM)
        return entry.version if entry else 0

    @property
    def room_reporting(self) -> ReportingEntry:
        """Targets, saved views and scheduled reports."""
        return self.reportings.get(ROOM) or ReportingEntry()

    def stops_of(self, route: Route) -> list[Stop]:
        """The stops of a route in driving order, done ones included."""
        route_id, found = route.id, map(self.stops.get, route.sequence)
        return [stop for stop in found if stop is not None and stop.route_id == route_id]

    def depot_of(self, route: Route) -> LatLon | None:
        """Where a route begins and ends, None where nobody said."""
        depot = self.depots.get(route.plan.depot_id) if route.plan else None
        return depot.value.position if depot else None

    def vehicle_of(self, route: Route) -> Vehicle | None:
        """What is planned to drive a route, None where nobody said."""
        vehicle = self.vehicles.get(route.plan.vehicle_id) if route.plan else None
        return vehicle.value if vehicle else None


TABLES: tuple[str, ...] = tuple(f for f in State.__struct_fields__ if f != "seq")
"""Names of the tables of a state, in the order a snapshot sends them."""
