"""Disturbances of traffic as plain JSON."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plugins.traffic_json import plugin
from plugins.traffic_json.answer import Traffic, believed
from tests.conditions.providers import NOW, told
from tests.plugins.provider_server import Answering
from tower.conditions.port import ConditionsError
from tower.conditions.reading import read_json

BRIDGE: dict[str, object] = {
    "id": "bridge",
    "words": "Bridge closed",
    "lat": 47.17,
    "lon": 9.5,
    "radius_m": 150,
    "closed": True,
    "begins": "2026-11-20T10:00:00Z",
}


def answer(*disturbances: object, **body: object) -> Answering:
    return Answering(200, json.dumps({"disturbances": disturbances, **body}).encode())


def test_disturbances_and_weather_are_taken_and_the_area_is_asked_for() -> None:
    rain = {"rain_mm_h": 1.5}
    said, asked = told(plugin, answer(BRIDGE, as_of="2026-11-20T11:58:00Z", weather=rain))
    (bridge,) = said.conditions.disturbances
    assert (bridge.words, bridge.closed, bridge.factor) == ("Bridge closed", True, 1.0)
    assert bridge.is_on(NOW)
    assert said.conditions.weather is not None
    assert said.conditions.id == "here"
    assert asked.query == {
        "south": "47.00000",
        "west": "9.40000",
        "north": "47.30000",
        "east": "9.70000",
    }
    assert told(plugin, answer(BRIDGE), token="t")[1].headers["authorization"] == "Bearer t"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"lat": 147.0}, "lat"),
        ({"factor": 0.2}, "factor"),
        ({"factor": 1e9}, "factor"),
        ({"radius_m": 0}, "radius_m"),
        ({"begins": "2026-11-20T10:00:00"}, "lacks its zone"),
        ({"ends": "2026-11-20T09:00:00Z"}, "ends before it begins"),
        ({"id": "bridge"}, "taken by another"),
        ({"words": None}, "words"),
    ],
)
def test_what_cannot_be_is_refused_by_itself(changes: dict[str, object], words: str) -> None:
    said, _ = told(plugin, answer(BRIDGE, {**BRIDGE, "id": "other", **changes}))
    assert [one.id for one in said.conditions.disturbances] == ["bridge"]
    (refused,) = said.refused
    assert refused.startswith("Disturbance 2")
    assert words in refused


def test_an_answer_with_too_many_disturbances_is_refused_whole() -> None:
    with pytest.raises(ConditionsError, match="another form"):
        told(plugin, answer(*({**BRIDGE, "id": str(n)} for n in range(5_001))))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.dictionaries(
            st.sampled_from([*BRIDGE, "factor", "ends", "else"]),
            st.none()
            | st.booleans()
            | st.floats()
            | st.text(max_size=20)
            | st.just(NOW.isoformat()),
        ),
        max_size=5,
    )
)
def test_whatever_is_told_each_disturbance_is_believed_or_refused(told_: list[object]) -> None:
    payload = json.dumps({"disturbances": told_}).replace("NaN", "1e999").replace("Infinity", "9")
    try:
        traffic = read_json(payload.encode(), Traffic, "Service")
    except ConditionsError:
        return
    found, refused = believed(traffic)
    assert len(found) + len(refused) == len(told_)
