"""Routes and stops that contradict themselves, each by itself and among the others."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from tower.carriers.manifest.entries import Placed, Problem, RouteEntry, StopEntry
from tower.domain.timezones import zone_named
from tower.domain.words import StopKind

Fault = tuple[str, str]
"""The field that is wrong, and why."""


def route_faults(route: RouteEntry) -> Iterator[Fault]:
    """What about a route cannot be."""
    starts = route.starts_at
    if starts and route.ends_at and route.ends_at <= starts:
        yield "ends_at", f"Route {route.id} ends before it starts."
    if starts and route.duty_ends_at and route.duty_ends_at <= starts:
        yield "duty_ends_at", f"On route {route.id} the driver's hours end before it starts."
    for one in route.breaks:
        if one.latest < one.earliest:
            yield "breaks", "The latest begin of a break lies before the earliest."
    for before, after in pairwise(route.breaks):
        if after.earliest < before.earliest:
            yield "breaks", "The breaks are not in the order in which they are taken."


def stop_faults(stop: StopEntry) -> Iterator[Fault]:
    """What about a stop cannot be."""
    if stop.window_start and stop.window_end and stop.window_end <= stop.window_start:
        message = "The window ends before it begins; past midnight, write the whole date."
        yield "window_end", message
    if stop.window_is_hard and not (stop.window_start or stop.window_end):
        yield "window_is_hard", "There is no window that could be hard."
    if stop.collects and stop.kind is not StopKind.PICKUP:
        yield "collects", f"Only a pickup collects other stops' parcels, not a {stop.kind}."
    if stop.id in stop.collects:
        yield "collects", "A stop cannot collect its own parcels."
    if stop.timezone and zone_named(stop.timezone) is None:
        yield "timezone", f"{stop.timezone} is not a time zone, as Europe/Vaduz."


def collecting_remarks(stops: Sequence[Placed[StopEntry]]) -> Iterator[Problem]:
    """Pickups for stops that are not in the file; Tower may know them already."""
    known = {placed.entry.id for placed in stops}
    for placed in stops:
        missing = [stop_id for stop_id in placed.entry.collects if stop_id not in known]
        if missing:
            message = f"Stop {missing[0]} is not in this file; Tower must know it already."
            yield Problem(line=placed.line, field="collects", message=message, refused=False)
