"""What makes driving slower than the roads themselves: weather, and disturbances of traffic."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta

from tower.domain.geometry import LatLon
from tower.domain.records import NEVER, Record, Stamp

_Degrees = Annotated[float, Meta(ge=-180.0, le=180.0)]


class Weather(Record, frozen=True, kw_only=True):
    """The weather over the region.

    Attributes:
        rain_mm_h: millimetres of rain an hour; snow_cm_h: centimetres of fresh snow an hour.
        wind_mps: metres a second.
        temperature_c: degrees Celsius, None where not told.
        visibility_m: metres, None where not told.
    """

    rain_mm_h: Annotated[float, Meta(ge=0.0, le=500.0)] = 0.0
    snow_cm_h: Annotated[float, Meta(ge=0.0, le=100.0)] = 0.0
    wind_mps: Annotated[float, Meta(ge=0.0, le=150.0)] = 0.0
    temperature_c: Annotated[float, Meta(ge=-90.0, le=70.0)] | None = None
    visibility_m: Annotated[float, Meta(ge=0.0)] | None = None


class Disturbance(Record, frozen=True, kw_only=True):
    """A place where traffic is slower than it should be, or cannot pass.

    Attributes:
        words: what it is, as "Bridge closed".
        lat: centre in degrees; lon likewise.
        radius_m: metres around it.
        factor: driving there takes so many times as long.
        closed: nobody can pass.
        begins: UTC, None for since ever; ends: None while nobody knows.
    """

    id: str
    words: str
    lat: Annotated[float, Meta(ge=-90.0, le=90.0)]
    lon: _Degrees
    radius_m: Annotated[float, Meta(gt=0.0, le=100_000.0)]
    factor: Annotated[float, Meta(ge=1.0, le=20.0)] = 1.0
    closed: bool = False
    begins: datetime | None = None
    ends: datetime | None = None

    @property
    def position(self) -> LatLon:
        """Its centre."""
        return LatLon(self.lat, self.lon)

    def is_on(self, now: datetime) -> bool:
        """True while it lasts."""
        has_begun = self.begins is None or self.begins <= now
        return has_begun and (self.ends is None or now < self.ends)


class Conditions(Record, frozen=True, kw_only=True):
    """What one provider says of the roads now; it replaces all it said before.

    Attributes:
        id: the provider's, as the settings name it.
        as_of: when it was so, UTC.
        weather: None from a provider that knows nothing of it.
    """

    id: str
    as_of: datetime
    weather: Weather | None = None
    disturbances: tuple[Disturbance, ...] = ()


class ConditionsEntry(Record, frozen=True, kw_only=True):
    """What a provider said last, stamped."""

    value: Conditions
    stamp: Stamp = NEVER
