"""What the event log's sentences are made of: the names of things, and how much is named."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from tower.domain import events as e
from tower.domain.records import Finding, StopChanges, Subject
from tower.domain.state import State
from ui.filter import Links

NAMED = 5
"""So many things of a list are named."""


class Told(NamedTuple):
    """A sentence, and the name of the palette's colour it has."""

    text: str
    tone: str = "text_secondary"


class Names(NamedTuple):
    """Names of the things events are about."""

    state: State
    links: Links

    def stop(self, stop_id: str) -> str:
        """What people call a stop: its place, its route and who waits there."""
        stop = self.state.stops.get(stop_id)
        number = self.links.number_of_stop.get(stop_id)
        place = f"Stop {number}" if number else "Stop"
        if stop is None or stop.plan is None:
            return f"{place} {stop_id}"
        where = f"{place} of {self.route(stop.route_id)}" if stop.route_id else place
        return f"{where}, {stop.plan.customer or stop.plan.address}"

    def route(self, route_id: str) -> str:
        """The name of a route."""
        route = self.state.routes.get(route_id)
        return route.name if route else route_id

    def vehicle(self, vehicle_id: str) -> str:
        """The label of a vehicle."""
        entry = self.state.vehicles.get(vehicle_id)
        return entry.value.label if entry else vehicle_id

    def carrier(self, carrier_id: str) -> str:
        """The name of a carrier."""
        entry = self.state.carriers.get(carrier_id)
        return entry.value.name if entry else carrier_id

    def exception(self, exception_id: str) -> str:
        """What an exception is about."""
        record = self.state.exceptions.get(exception_id)
        finding = record.finding if record else None
        return self.finding(finding) if finding else "Exception"

    def finding(self, finding: Finding) -> str:
        """What was found where, its kind only where the headline does not say it."""
        kind = finding.kind.value.replace("_", " ")
        said = finding.headline.casefold().startswith(kind)
        what = finding.headline if said else f"{kind}, {finding.headline}"
        where = self._where(finding.subject)
        return f"{where}: {what}" if where else what

    def agreed(self, changes: StopChanges) -> str:
        """What was agreed about a stop."""
        return agreed_words(changes, self.clock)

    def clock(self, at: datetime) -> str:
        """A moment on the clocks of the shift."""
        return f"{at.astimezone(self.state.zone):%H:%M}"

    def _where(self, subject: Subject) -> str:
        if subject.stop_id:
            return self.stop(subject.stop_id)
        if subject.route_id:
            return self.route(subject.route_id)
        if subject.vehicle_id:
            return self.vehicle(subject.vehicle_id)
        return self.carrier(subject.carrier_id) if subject.carrier_id else ""


def sentence(text: str, note: str) -> str:
    """A sentence with its capital letter, and what somebody added."""
    capital = text[:1].upper() + text[1:]
    return f"{capital} · {note}" if note else capital


def listed(names: Sequence[str], between: str = ", ") -> str:
    """The first names, and how many more there are."""
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return between.join(names[:NAMED]) + more


def agreed_words(changes: StopChanges, clock: Callable[[datetime], str]) -> str:
    """What was agreed about a stop, in words.

    Args:
        changes: what was agreed.
        clock: writes a moment.
    """
    called = (
        ("code", changes.access_code),
        ("safe place", changes.safe_place),
        ("note", changes.note),
    )
    said = [
        f"{name} {value}" if value else f"no {name}" for name, value in called if value is not None
    ]
    if changes.window_start is not None and changes.window_end is not None:
        said.append(f"window {clock(changes.window_start)}–{clock(changes.window_end)}")
    if changes.lat is not None or changes.address is not None:
        said.append(f"to {changes.address or 'another place'}")
    return ", ".join(said) or "nothing new"


Teller = Callable[[e.Event, Any, Names], Told]
"""Tells an event of one type, its body given beside it."""
