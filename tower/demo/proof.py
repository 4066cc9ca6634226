"""What drivers record at the door: where they stood, what they scanned, who took it."""

import math

import numpy as np

from tower.demo.chance import happens
from tower.demo.happenings import Mishap
from tower.demo.plan import DemoStop, DoorProof, Recording
from tower.domain.geometry import LatLon

METRE_DEG = 1.0 / 111_195.0
"""Degrees of latitude to a metre."""

USUAL_M, BETWEEN_HOUSES_M = 9.0, 35.0
"""How far a phone is off, one standard deviation each way, metres: mostly, and where houses stand
close together."""

BETWEEN_HOUSES_SHARE = 0.04

RECEIVERS = ("Customer", "Household", "Neighbour", "Reception")


def proof_at(
    stop: DemoStop,
    records: Recording,
    mishap: Mishap | None,
    place: LatLon,
    rng: np.random.Generator,
) -> DoorProof | None:
    """What is recorded where a stop was served; None where the carrier records nothing.

    Args:
        stop: what was served.
        records: what the carrier has its drivers record.
        mishap: what went wrong there.
        place: where the driver stood.
        rng: decides how far the phone is off, and who took it.
    """
    if records is Recording.NOTHING:
        return None
    where = measured(place, rng)
    scans = records is Recording.PARCELS
    return DoorProof(
        lat=round(where.lat, 6),
        lon=round(where.lon, 6),
        scanned=_scanned(stop, mishap) if scans else None,
        received_by=RECEIVERS[int(rng.integers(len(RECEIVERS)))],
    )


def measured(place: LatLon, rng: np.random.Generator) -> LatLon:
    """A place as a phone measures it."""
    spread_m = BETWEEN_HOUSES_M if happens(BETWEEN_HOUSES_SHARE, rng) else USUAL_M
    north, east = rng.normal(0.0, spread_m, 2) * METRE_DEG
    return LatLon(
        place.lat + float(north), place.lon + float(east) / math.cos(math.radians(place.lat))
    )


def _scanned(stop: DemoStop, mishap: Mishap | None) -> tuple[str, ...]:
    return stop.parcels[:-1] if mishap is Mishap.PARCEL_SHORT else stop.parcels
