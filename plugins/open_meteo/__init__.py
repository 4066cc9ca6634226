"""The weather from Open-Meteo, or from a server of one's own that speaks its interface."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from plugins.open_meteo.answer import TITLE, Forecast, weather_of
from tower.conditions.port import Area, ConditionsError, ProviderConfig, Told, Web
from tower.conditions.reading import moment, options_as, read_json, web_address
from tower.domain.conditions import Conditions
from tower.domain.geometry import LatLon
from tower.domain.moments import utc

_CURRENT = "temperature_2m,rain,showers,snowfall,wind_speed_10m,visibility"


class OpenMeteoOptions(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the settings may say.

    Attributes:
        url: of the forecast interface.
        lat: where the weather is asked for, degrees; the middle of the operation where left out.
        lon: likewise.
    """

    url: str = "https://api.open-meteo.com/v1/forecast"
    lat: float | None = None
    lon: float | None = None


class OpenMeteo:
    """Asks for the weather now at one place."""

    def __init__(self, config: ProviderConfig) -> None:
        """Read the settings.

        Raises:
            ConditionsError: they cannot work.
        """
        self._name = config.name
        self._token = config.token
        self._options = options_as(OpenMeteoOptions, config)
        self._url = web_address(self._options.url, config)
        if (self._options.lat is None) != (self._options.lon is None):
            raise ConditionsError(f"Conditions {config.name}: give lat and lon.", again=False)

    async def fetch(self, web: Web, area: Area, now: datetime) -> Told:
        """The weather now; see `tower.conditions.port.ConditionsProvider`."""
        body = await web.get(self._url, self._query(area))
        current = read_json(body, Forecast, TITLE).current
        as_of = moment(utc(current.time), now, TITLE)
        return Told(Conditions(id=self._name, as_of=as_of, weather=weather_of(current)))

    def _query(self, area: Area) -> Mapping[str, str]:
        lat, lon = self._options.lat, self._options.lon
        place = area.center if lat is None or lon is None else LatLon(lat, lon)
        query = {
            "latitude": f"{place.lat:.4f}",
            "longitude": f"{place.lon:.4f}",
            "current": _CURRENT,
            "wind_speed_unit": "ms",
            "timeformat": "unixtime",
        }
        return {**query, "apikey": self._token} if self._token else query


class OpenMeteoPlugin:
    """Knows Open-Meteo."""

    name = "open_meteo"
    title = TITLE
    options: Sequence[str] = OpenMeteoOptions.__struct_fields__

    def open(self, config: ProviderConfig) -> OpenMeteo:
        """The service with these settings; see `tower.conditions.port.ConditionsPlugin.open`."""
        return OpenMeteo(config)


plugin = OpenMeteoPlugin()
"""What the entry point names."""
