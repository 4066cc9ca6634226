"""What carriers, planning systems and providers of conditions send."""

import json
from collections.abc import Callable

from msgspec import json as msgspec_json

from plugins.driver_app import adapter as driver_app
from plugins.gtfs_realtime import adapter as gtfs_realtime
from plugins.open_meteo.answer import Forecast, weather_of
from plugins.traccar import adapter as traccar
from plugins.traccar.pieces import pieces
from plugins.traffic_json.answer import Traffic, believed
from tests.carriers.shift import NOW, Room
from tests.fuzz.decoder import Decoder
from tests.plugins.open_meteo.test_open_meteo import CURRENT
from tests.plugins.test_driver_app import documented
from tests.plugins.test_gtfs_realtime import a_feed, add_vehicle
from tests.plugins.test_traccar import DEVICE, EVENT, POSITION
from tower.carriers.manifest import read_manifest
from tower.carriers.port import Adapter
from tower.conditions.port import ConditionsError
from tower.conditions.reading import read_json

_SMALLEST_PIECE = 200


def _heard(adapter: Adapter) -> Callable[[bytes], object]:
    """A message on its way through the adapter and the normaliser."""

    def read(data: bytes) -> object:
        intake = Room().hear(adapter, data)
        assert all(refusal.reason for refusal in intake.refusals)
        return intake

    return read


def _cut(data: bytes) -> object:
    return [traccar.decode(piece, "application/json") for piece in pieces(data, _SMALLEST_PIECE)]


def _manifest(suffix: str) -> Callable[[bytes], object]:
    def read(data: bytes) -> object:
        manifest = read_manifest(data, f"day{suffix}")
        assert all(problem.message for problem in manifest.problems)
        return manifest

    return read


def _weather(data: bytes) -> object:
    return weather_of(read_json(data, Forecast, "The weather").current)


def _traffic(data: bytes) -> object:
    found, refused = believed(read_json(data, Traffic, "Traffic"))
    assert all(refused)
    return found


def _traccar_seeds() -> dict[str, bytes]:
    forms: dict[str, object] = {
        "forwarded": {"position": POSITION, "device": DEVICE},
        "event": {"event": EVENT, "device": DEVICE},
        "streamed": {"positions": [POSITION], "devices": [DEVICE], "events": [EVENT]},
        "list": [POSITION, DEVICE],
    }
    return {name: json.dumps(form).encode() for name, form in forms.items()}


def _driver_seeds() -> dict[str, bytes]:
    each = {f"{place}": one for place, one in enumerate(documented())}
    return {name: json.dumps(one).encode() for name, one in (each | {"all": documented()}).items()}


def _gtfs_seeds() -> dict[str, bytes]:
    empty, full = a_feed(), a_feed()
    for number in range(2):
        add_vehicle(full, f"bus-{number}", stop=f"S{number}")
    return {"empty": empty.SerializeToString(), "two": full.SerializeToString()}


def _csv_seeds() -> dict[str, bytes]:
    head = "route,stop,sequence,lat,lon,customer,carrier,phone,window_from,window_until\n"
    rows = "R1,S1,1,47.1,9.5,Acme,own,+447700900001,09:00,11:00\nR1,S2,2,47.2,9.6,Büro,own,,,\n"
    return {
        "comma": (head + rows).encode(),
        "semicolon": (head + rows).replace(",", ";").encode("utf-16"),
        "latin": (head + rows).encode("latin-1"),
        "quoted": b'stop,route,lat,lon,customer\n"S,1",R1,47.1,9.5,"a ""b""\nc"\n',
    }


def _json_seeds() -> dict[str, bytes]:
    stop = {"id": "S1", "lat": 47.1, "lon": 9.5, "customer": "Acme", "email": "a@example.org"}
    route = {"id": "R1", "carrier": "own", "stops": ["S1"]}
    lmrrc = {
        "RouteID_1": {
            "station_code": "DLA3",
            "date_YYYY_MM_DD": "2018-07-27",
            "departure_time_utc": "16:02:10",
            "stops": {"AD": {"lat": 34.1, "lng": -118.2, "type": "Dropoff", "zone_id": "P-1"}},
        }
    }
    return {
        "stops": json.dumps({"stops": [stop]}).encode(),
        "routes": json.dumps({"routes": [route], "stops": [stop]}).encode(),
        "lmrrc": json.dumps(lmrrc).encode(),
    }


def _traffic_seeds() -> dict[str, bytes]:
    closed = {
        "id": "D1",
        "kind": "closure",
        "lat": 47.1,
        "lon": 9.5,
        "begins": NOW,
        "words": "Road works",
    }
    return {"closed": msgspec_json.encode({"disturbances": [closed], "as_of": NOW})}


DECODERS = [
    Decoder("traccar", _heard(traccar), (), _traccar_seeds),
    Decoder("traccar_pieces", _cut, (), _traccar_seeds),
    Decoder("driver_app", _heard(driver_app), (), _driver_seeds),
    Decoder("gtfs_realtime", _heard(gtfs_realtime), (), _gtfs_seeds),
    Decoder("manifest_csv", _manifest(".csv"), (), _csv_seeds),
    Decoder("manifest_json", _manifest(".json"), (), _json_seeds),
    Decoder(
        "weather",
        _weather,
        (ConditionsError,),
        lambda: {"now": json.dumps({"current": CURRENT}).encode()},
    ),
    Decoder("traffic", _traffic, (ConditionsError,), _traffic_seeds),
]
