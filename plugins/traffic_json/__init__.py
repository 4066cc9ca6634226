"""Disturbances of traffic as plain JSON: what any traffic provider can be put behind.

docs/conditions.md describes the form.
"""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from plugins.traffic_json.answer import TITLE, Traffic, believed
from tower.conditions.port import Area, ProviderConfig, Told, Web
from tower.conditions.reading import moment, options_as, read_json, web_address
from tower.domain.conditions import Conditions


class TrafficOptions(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the settings say.

    Attributes:
        url: where the JSON is; the area is added to its query.
    """

    url: str


class TrafficJson:
    """Asks one address for the disturbances of traffic."""

    def __init__(self, config: ProviderConfig) -> None:
        """Read the settings.

        Raises:
            ConditionsError: they cannot work.
        """
        self._name = config.name
        self._url = web_address(options_as(TrafficOptions, config).url, config)
        self._headers = {"Authorization": f"Bearer {config.token}"} if config.token else {}

    async def fetch(self, web: Web, area: Area, now: datetime) -> Told:
        """The disturbances now; see `tower.conditions.port.ConditionsProvider`."""
        bounds = dict(zip(area._fields, (f"{degrees:.5f}" for degrees in area), strict=True))
        body = await web.get(self._url, bounds, self._headers)
        traffic = read_json(body, Traffic, TITLE)
        disturbances, refused = believed(traffic)
        conditions = Conditions(
            id=self._name,
            as_of=moment(traffic.as_of, now, TITLE) if traffic.as_of else now,
            weather=traffic.weather,
            disturbances=disturbances,
        )
        return Told(conditions, refused)


class TrafficJsonPlugin:
    """Knows disturbances as plain JSON."""

    name = "traffic_json"
    title = TITLE
    options: Sequence[str] = TrafficOptions.__struct_fields__

    def open(self, config: ProviderConfig) -> TrafficJson:
        """The service with these settings; see `tower.conditions.port.ConditionsPlugin.open`."""
        return TrafficJson(config)


plugin = TrafficJsonPlugin()
"""What the entry point names."""
