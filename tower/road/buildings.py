"""Buildings a stop can be at: where they are, what they are, their address."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tower.domain.geometry import LatLon
from tower.road.geometry import FloatArray

WORDS = ("kind", "street", "number", "place", "postcode")
"""Columns of words a building has."""


@dataclass(frozen=True, slots=True)
class Building:
    """One building.

    Attributes:
        location: Its middle.
        kind: OpenStreetMap's word (house, apartments, retail, industrial, school...);
            where it says only "building", a guess from land use and ground area.
        street: Its street; the nearest named one where it states none.
        number: House number, empty where unknown.
        place: The settlement it belongs to.
        postcode: Empty where unknown.
        area_m2: Ground area, square metres.
    """

    location: LatLon
    kind: str
    street: str
    number: str
    place: str
    postcode: str
    area_m2: float


class Buildings(Sequence[Building]):
    """The buildings of a region, as columns.

    Attributes:
        lat_lon: ``(n, 2)`` middles, degrees.
        area_m2: ``(n,)`` ground areas.
        kind, street, number, place, postcode: Lists of n words.
    """

    def __init__(
        self, lat_lon: FloatArray, area_m2: npt.NDArray[np.float32], words: dict[str, list[str]]
    ) -> None:
        self.lat_lon = lat_lon
        self.area_m2 = area_m2
        self.kind = words["kind"]
        self.street = words["street"]
        self.number = words["number"]
        self.place = words["place"]
        self.postcode = words["postcode"]

    @property
    def words(self) -> dict[str, list[str]]:
        """The columns of words by name, for storing."""
        return {name: getattr(self, name) for name in WORDS}

    def __len__(self) -> int:
        return len(self.lat_lon)

    def __getitem__(self, index: int) -> Building:  # type: ignore[override]
        return Building(
            location=LatLon(*self.lat_lon[index].tolist()),
            kind=self.kind[index],
            street=self.street[index],
            number=self.number[index],
            place=self.place[index],
            postcode=self.postcode[index],
            area_m2=float(self.area_m2[index]),
        )
