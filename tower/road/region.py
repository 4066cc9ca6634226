"""What a region pack says of itself."""

import json
import re
import unicodedata
from dataclasses import asdict, dataclass
from typing import Any
from zoneinfo import ZoneInfo

from tower.domain.geometry import LatLon
from tower.road.geometry import Bounds

ATTRIBUTION = "© OpenStreetMap contributors"
"""Must be on screen and on exports wherever the map is (ODbL)."""

FORMAT = 1
"""Version of the pack format this program writes and reads."""


@dataclass(frozen=True, slots=True)
class RegionInfo:
    """Name and place of a region.

    Attributes:
        id: Short, for file names and settings: ``liechtenstein``.
        name: For people.
        bounds: What the map covers.
        time_zone: IANA name of the local time.
        source: File the pack was built from.
        source_date: Age of the data, RFC 3339, empty where unknown.
        min_zoom: First zoom with tiles.
        max_zoom: Last zoom with tiles.
        attribution: To be shown with the map.
    """

    id: str
    name: str
    bounds: Bounds
    time_zone: str
    source: str
    source_date: str
    min_zoom: int
    max_zoom: int
    attribution: str = ATTRIBUTION

    @property
    def center(self) -> LatLon:
        """The middle of the bounds."""
        return self.bounds.center

    @property
    def zone(self) -> ZoneInfo:
        """The local time of the region."""
        return ZoneInfo(self.time_zone)

    def to_json(self) -> str:
        """The description as the pack stores it, repeatable to the byte."""
        record: dict[str, Any] = {"format": FORMAT, **asdict(self)}
        record["bounds"] = list(self.bounds)
        record["center"] = list(self.center)
        return json.dumps(record, ensure_ascii=False, indent=1, sort_keys=True)

    @classmethod
    def of_record(cls, record: dict[str, Any]) -> "RegionInfo":
        """Read a description.

        Raises:
            KeyError: A field is missing.
            TypeError: A field has the wrong type.
        """
        known = {name: record[name] for name in cls.__dataclass_fields__}
        return cls(**{**known, "bounds": Bounds(*record["bounds"])})


def region_id(name: str) -> str:
    """A short id from a name: ``Zürich West`` gives ``zurich-west``."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "region"
