"""The weather as Open-Meteo tells it."""

import json

import pytest

from plugins.open_meteo import plugin
from tests.conditions.providers import NOW, told
from tests.plugins.provider_server import Answering
from tower.conditions.port import ConditionsError, ProviderConfig

CURRENT: dict[str, object] = {
    "time": int(NOW.timestamp()) - 600,
    "interval": 900,
    "temperature_2m": 3.4,
    "rain": 0.4,
    "showers": 0.1,
    "snowfall": 0.07,
    "wind_speed_10m": 6.2,
    "visibility": 8400.0,
}


def answer(**changes: object) -> Answering:
    """The documented answer, with these figures."""
    body = {
        "latitude": 47.16,
        "longitude": 9.54,
        "generationtime_ms": 0.05,
        "utc_offset_seconds": 0,
        "timezone": "GMT",
        "elevation": 460.0,
        "current_units": {"time": "unixtime", "interval": "seconds", "rain": "mm"},
        "current": {**CURRENT, **changes},
    }
    return Answering(200, json.dumps(body).encode())


def test_sums_of_a_quarter_of_an_hour_are_told_an_hour() -> None:
    said, asked = told(plugin, answer())
    weather = said.conditions.weather
    assert weather is not None
    assert weather.rain_mm_h == pytest.approx(2.0)
    assert weather.snow_cm_h == pytest.approx(0.28)
    assert (weather.wind_mps, weather.temperature_c, weather.visibility_m) == (6.2, 3.4, 8400.0)
    assert (NOW - said.conditions.as_of).total_seconds() == 600
    assert asked.query["wind_speed_unit"] == "ms"
    assert asked.query["latitude"] == "47.1500", "the middle of the operation"
    assert "apikey" not in asked.query


def test_a_token_is_the_key_of_the_paid_service() -> None:
    assert told(plugin, answer(), token="paid")[1].query["apikey"] == "paid"


def test_figures_a_place_has_not_are_left_out() -> None:
    nothing = {name: None for name in CURRENT if name not in ("time", "interval")}
    weather = told(plugin, answer(**nothing))[0].conditions.weather
    assert weather is not None
    assert (weather.rain_mm_h, weather.temperature_c) == (0.0, None)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"rain": -1.0}, "weather that cannot be"),
        ({"rain": 1e9}, "weather that cannot be"),
        ({"interval": 0}, "another form"),
        ({"interval": 1e-9, "rain": 1.0}, "cannot be"),
        ({"temperature_2m": 400.0}, "cannot be"),
        ({"time": "noon"}, "another form"),
        ({"time": 10**30}, "another form"),
        ({"time": int(NOW.timestamp()) - 20_000}, "only how it was"),
        ({"rain": "much"}, "another form"),
    ],
)
def test_weather_that_cannot_be_is_refused(changes: dict[str, object], words: str) -> None:
    with pytest.raises(ConditionsError, match=words):
        told(plugin, answer(**changes))


def test_the_services_own_error_is_none_of_the_weather() -> None:
    body = b'{"error": true, "reason": "Latitude must be in range of -90 to 90"}'
    with pytest.raises(ConditionsError, match="answered 400"):
        told(plugin, Answering(400, body))
    with pytest.raises(ConditionsError, match="another form"):
        told(plugin, Answering(200, body))


def test_half_a_place_is_none() -> None:
    with pytest.raises(ConditionsError, match="give lat and lon"):
        plugin.open(ProviderConfig(name="here", options={"lat": 47.1}))
