"""What an OpenStreetMap way means to a car, a truck and a bicycle.

Speeds, access and penalties follow the profiles of OSRM 5 (``car.lua``,
``bicycle.lua``), whose travel times have been checked against real drives by
many; the differences are a delivery fleet's: it may use what is open to
destinations, customers and deliveries.
"""

import math
import re
from dataclasses import dataclass
from enum import StrEnum

from tower.domain.words import VehicleKind
from tower.road.tags import Tags


class Profile(StrEnum):
    """How something travels. Vans drive as cars do."""

    CAR = "car"
    TRUCK = "truck"
    BICYCLE = "bicycle"

    @property
    def row(self) -> int:
        """Position of the profile in arrays and bit masks."""
        return _PROFILE_INDEX[self]

    @property
    def bit(self) -> int:
        """The profile's bit in a mask of profiles."""
        return 1 << _PROFILE_INDEX[self]

    @classmethod
    def of_vehicle(cls, kind: VehicleKind) -> "Profile":
        """The profile a kind of vehicle travels by."""
        return _PROFILE_OF_VEHICLE.get(kind, cls.CAR)


PROFILES = tuple(Profile)
_PROFILE_INDEX = {profile: index for index, profile in enumerate(PROFILES)}
_PROFILE_OF_VEHICLE = {
    VehicleKind.TRUCK: Profile.TRUCK,
    VehicleKind.BUS: Profile.TRUCK,
    VehicleKind.CARGO_BIKE: Profile.BICYCLE,
}

_CAR_KMH = {
    "motorway": 90.0,
    "motorway_link": 45.0,
    "trunk": 85.0,
    "trunk_link": 40.0,
    "primary": 65.0,
    "primary_link": 30.0,
    "secondary": 55.0,
    "secondary_link": 25.0,
    "tertiary": 40.0,
    "tertiary_link": 20.0,
    "unclassified": 25.0,
    "residential": 25.0,
    "road": 25.0,
    "living_street": 10.0,
    "service": 15.0,
}
_TRACK_KMH = 10.0
_SERVICE_SLOW = {"alley", "parking_aisle", "drive-through", "driveway", "emergency_access"}
_BICYCLE_KMH = dict.fromkeys(
    (
        *("primary", "primary_link", "secondary", "secondary_link", "tertiary", "tertiary_link"),
        *("unclassified", "residential", "road", "living_street", "cycleway", "service"),
    ),
    15.0,
) | {"track": 12.0, "path": 10.0, "trunk": 15.0, "trunk_link": 15.0}
_BICYCLE_IF_ALLOWED_KMH = {"footway": 8.0, "pedestrian": 8.0, "bridleway": 8.0}
_SPEED_REDUCTION = 0.8
_TRUCK_FACTOR, _TRUCK_MAX_KMH, _TRUCK_WEIGHT_T = 0.9, 72.0, 7.5

_ACCESS_KEYS = {
    Profile.CAR: ("motorcar", "motor_vehicle", "vehicle", "access"),
    Profile.TRUCK: ("hgv", "goods", "motor_vehicle", "vehicle", "access"),
    Profile.BICYCLE: ("bicycle", "vehicle", "access"),
}
_CLOSED = {"no", "private", "agricultural", "forestry", "emergency", "psv", "military", "dismount"}
_OPEN = {"yes", "designated", "permissive", "official", "destination", "delivery", "customers"}
_LOCAL_ONLY = {"destination", "delivery", "customers"}
_LOCAL_FACTOR = 3.0
_ROUNDABOUTS = {"roundabout", "circular"}
_PASSABLE_BARRIERS = {
    *("cattle_grid", "border_control", "toll_booth", "sally_port", "gate", "lift_gate", "no"),
    *("entrance", "height_restrictor", "arch", "kerb", "bump_gate", "spikes"),
}
_BICYCLE_STOPPERS = {"wall", "fence", "hedge", "debris", "turnstile", "stile", "kissing_gate"}
_MAXSPEED = re.compile(r"^\s*(\d+(?:\.\d+)?)\s*(mph|km/h|kmh|kph)?\s*$")
_MILE_KM = 1.609344


@dataclass(frozen=True, slots=True)
class WayRules:
    """Speed in m/s along a way and against it, by profile; 0 where it may not go.

    Attributes:
        forward: Speeds in the direction of the way, in the order of `PROFILES`.
        backward: Speeds against it.
        factor: How much longer than its time a road feels when choosing a route
            (roads open to destinations only are not for passing through).
        snappable: False where no stop can be served: motorways and tunnels.
    """

    forward: tuple[float, ...]
    backward: tuple[float, ...]
    factor: float
    snappable: bool

    @property
    def usable(self) -> bool:
        """True where at least one profile may travel."""
        return any(self.forward) or any(self.backward)


def way_rules(tags: Tags) -> WayRules | None:
    """What the tags of a way allow; None where it is no road."""
    highway = tags.get("highway", "")
    if not highway or tags.get("area") == "yes":
        return None
    speeds = {profile: _speed(profile, highway, tags) for profile in PROFILES}
    ways = [_directions(profile, highway, tags) for profile in PROFILES]
    forward = tuple(speeds[p] * way[0] for p, way in zip(PROFILES, ways, strict=True))
    backward = tuple(speeds[p] * way[1] for p, way in zip(PROFILES, ways, strict=True))
    local = _access(Profile.CAR, tags) in _LOCAL_ONLY
    snappable = not highway.startswith("motorway") and tags.get("tunnel", "no") == "no"
    return WayRules(forward, backward, _LOCAL_FACTOR if local else 1.0, snappable)


def node_blocks(tags: Tags) -> int:
    """Mask of the profiles that cannot pass a node (bollards, locked gates)."""
    barrier = tags.get("barrier")
    if barrier is None:
        return 0
    return sum(p.bit for p in PROFILES if _blocked(p, barrier, tags))


def _blocked(profile: Profile, barrier: str, tags: Tags) -> bool:
    access = _access(profile, tags)
    if access:
        return access in _CLOSED and not (profile is Profile.BICYCLE and access == "dismount")
    if profile is Profile.BICYCLE:
        return barrier in _BICYCLE_STOPPERS
    return barrier not in _PASSABLE_BARRIERS and tags.get("bollard") != "rising"


def _access(profile: Profile, tags: Tags) -> str:
    """The most specific access word for the profile, or nothing."""
    return next((tags[key] for key in _ACCESS_KEYS[profile] if key in tags), "")


def _speed(profile: Profile, highway: str, tags: Tags) -> float:
    """Free-flow speed in m/s, 0 where the profile may not go."""
    access = _access(profile, tags)
    if access in _CLOSED or tags.get("impassable") == "yes":
        return 0.0
    if profile is Profile.BICYCLE:
        return _bicycle_kmh(highway, access, tags) / 3.6
    kmh = _motor_kmh(highway, access, tags)
    if profile is Profile.TRUCK:
        kmh = 0.0 if _too_heavy(tags) else min(kmh * _TRUCK_FACTOR, _TRUCK_MAX_KMH)
    return kmh / 3.6


def _motor_kmh(highway: str, access: str, tags: Tags) -> float:
    kmh = _CAR_KMH.get(highway, 0.0)
    if not kmh:
        return _TRACK_KMH if highway in ("track", "pedestrian") and access in _OPEN else 0.0
    limit = maxspeed_kmh(tags.get("maxspeed", ""))
    if limit:
        kmh = limit * _SPEED_REDUCTION
    if highway == "service" and tags.get("service") in _SERVICE_SLOW:
        kmh /= 2
    return kmh


def _bicycle_kmh(highway: str, access: str, tags: Tags) -> float:
    if access in _OPEN and highway in _BICYCLE_IF_ALLOWED_KMH:
        return _BICYCLE_IF_ALLOWED_KMH[highway]
    if tags.get("motorroad") == "yes":
        return 0.0
    return _BICYCLE_KMH.get(highway, 0.0)


def _too_heavy(tags: Tags) -> bool:
    limit = tags.get("maxweight", "").split(" ", 1)[0]
    try:
        return math.isfinite(float(limit)) and float(limit) < _TRUCK_WEIGHT_T
    except ValueError:
        return False


def maxspeed_kmh(text: str) -> float:
    """A ``maxspeed`` tag in km/h; 0 where it states no number (``none``, ``CH:urban``)."""
    match = _MAXSPEED.match(text)
    if match is None:
        return 7.0 if text == "walk" else 0.0
    value = float(match.group(1))
    return value * _MILE_KM if match.group(2) == "mph" else value


def _directions(profile: Profile, highway: str, tags: Tags) -> tuple[bool, bool]:
    """Whether the profile may go along and against the way."""
    oneway = tags.get("oneway", "")
    if profile is Profile.BICYCLE:
        oneway = _bicycle_oneway(oneway, tags)
    if oneway in ("-1", "reverse"):
        return False, True
    if oneway in ("yes", "1", "true"):
        return True, False
    implied = tags.get("junction") in _ROUNDABOUTS or highway in ("motorway", "motorway_link")
    return True, not implied or oneway == "no"


def _bicycle_oneway(oneway: str, tags: Tags) -> str:
    if tags.get("oneway:bicycle"):
        return tags["oneway:bicycle"]
    contraflow = any(
        tags.get(key, "").startswith("opposite")
        for key in ("cycleway", "cycleway:left", "cycleway:right")
    )
    return "no" if contraflow else oneway
