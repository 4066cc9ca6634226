"""What Open-Meteo answers to a question for the weather now.

The interface: https://open-meteo.com/en/docs, "Current Weather". Rain, showers (mm) and snowfall
(cm) are sums over the `interval` seconds before `time`.
"""

from typing import Annotated

import msgspec
from msgspec import Meta

from tower.conditions.port import ConditionsError
from tower.domain.conditions import Weather

TITLE = "Open-Meteo"

_HOUR_S = 3_600.0


class Current(msgspec.Struct, frozen=True, kw_only=True):
    """The weather now; what a place has no figure for is null.

    Attributes:
        time: seconds since 1970.
        interval: seconds the sums are over.
        rain: millimetres; showers: likewise.
        snowfall: centimetres.
        wind_speed_10m: metres a second.
        visibility: metres.
    """

    time: Annotated[int, Meta(ge=0, le=32_503_680_000)]
    interval: Annotated[float, Meta(gt=0.0, le=86_400.0)] = 900.0
    temperature_2m: float | None = None
    rain: float | None = None
    showers: float | None = None
    snowfall: float | None = None
    wind_speed_10m: float | None = None
    visibility: float | None = None


class Forecast(msgspec.Struct, frozen=True, kw_only=True):
    """The answer, as far as it matters."""

    current: Current


def weather_of(current: Current) -> Weather:
    """The weather with its sums an hour.

    Raises:
        ConditionsError: a figure cannot be.
    """
    an_hour = _HOUR_S / current.interval
    figures = {
        "rain_mm_h": ((current.rain or 0.0) + (current.showers or 0.0)) * an_hour,
        "snow_cm_h": (current.snowfall or 0.0) * an_hour,
        "wind_mps": current.wind_speed_10m or 0.0,
        "temperature_c": current.temperature_2m,
        "visibility_m": current.visibility,
    }
    try:
        return msgspec.convert(figures, Weather)
    except msgspec.ValidationError as error:
        raise ConditionsError(f"{TITLE} tells weather that cannot be: {error}.") from None
