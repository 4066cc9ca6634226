"""The benchmark against orders really driven: both measured alike, bad files said to be bad."""

import json
from pathlib import Path

import pytest

from tests.benchmarks.amazon import cases_of, compared, main
from tests.conftest import SHARED_DATA
from tower.carriers.manifest import read_manifest

FILE = SHARED_DATA / "deliveries" / "amazon_lmrrc_5routes.json"


@pytest.mark.skipif(not FILE.exists(), reason="the routes of the challenge are not here")
def test_our_order_of_a_real_route_is_shorter_and_no_later() -> None:
    cases = cases_of(read_manifest(FILE.read_bytes(), FILE.name))
    shortest = min(cases, key=lambda case: len(case.open))
    result = compared(shortest, 1.0)
    assert result.stops == 132
    assert result.ours.km < 0.95 * result.driven.km
    assert result.ours.missed <= result.driven.missed


def route(**changes: object) -> dict[str, object]:
    """Four places in a row, driven back and forth."""
    places = {"S": (0, "Station"), "A": (3, "Dropoff"), "B": (1, "Dropoff"), "C": (2, "Dropoff")}
    stops = {
        code: {
            "lat": 47.0 + 0.01 * east,
            "lng": 9.5,
            "type": kind,
            "seq": seq,
            "packages": 1,
            "service_s": 60.0,
            "window": None,
        }
        for seq, (code, (east, kind)) in enumerate(places.items())
    }
    usual = {"station": "X", "date": "2018-07-20", "departure_utc": "08:00:00"}
    return {**usual, "capacity_cm3": 1e6, "stops": stops, **changes}


def test_a_route_driven_back_and_forth_is_straightened_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "routes.json"
    path.write_text(json.dumps({"RouteID_1": route()}))
    monkeypatch.setattr("sys.argv", ["amazon", str(path), "--seconds", "0.5", "--json"])
    main()
    facts = json.loads(capsys.readouterr().out)
    assert (facts["routes"], facts["stops"]) == (1, 3)
    assert facts["our_km"] <= facts["driven_km"]
    assert facts["our_late_min"] == 0


def test_a_file_without_routes_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "routes.json"
    path.write_text("{}")
    for name in (path, tmp_path / "nowhere.json"):
        monkeypatch.setattr("sys.argv", ["amazon", str(name)])
        with pytest.raises(SystemExit, match=r"error: .*(holds no routes|cannot be read)"):
            main()
