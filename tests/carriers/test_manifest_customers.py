"""How a customer may be reached comes in with a manifest, the same from CSV and from JSON."""

import json

import pytest

from tower.carriers.manifest import Manifest, read_manifest
from tower.domain.words import Channel

CSV = (
    "route,stop,lat,lon,date,timezone,phone,masked_phone,email,language,contact_by,"
    "customer_timezone,brand,service_level,safe_place,driver_phone,driver_masked_phone\n"
    "R1,S1,47.1,9.5,2026-03-02,Europe/Vaduz,+15550100,+15550199,one@example.org,es-CL,"
    "whatsapp|sms|whatsapp,America/Santiago,acme,express,behind the house,+15550101,+15550198\n"
)
AS_JSON = {
    "routes": [{"id": "R1", "driver_phone": "+15550101", "driver_masked_phone": "+15550198"}],
    "stops": [
        {
            "id": "S1",
            "route": "R1",
            "lat": 47.1,
            "lon": 9.5,
            "phone": "+15550100",
            "masked_phone": "+15550199",
            "email": "one@example.org",
            "language": "es-CL",
            "contact_by": ["whatsapp", "sms"],
            "timezone": "America/Santiago",
            "brand": "acme",
            "service_level": "express",
            "safe_place": "behind the house",
        }
    ],
}


@pytest.mark.parametrize(
    "manifest",
    [
        read_manifest(CSV.encode(), "manifest.csv"),
        read_manifest(json.dumps(AS_JSON).encode(), "manifest.json"),
    ],
    ids=["csv", "json"],
)
def test_how_a_customer_may_be_reached_is_read(manifest: Manifest) -> None:
    assert manifest.problems == ()
    (stop,), (route,) = manifest.stops, manifest.routes
    assert (stop.phone, stop.masked_phone) == ("+15550100", "+15550199")
    assert (stop.email, stop.language) == ("one@example.org", "es-CL")
    assert stop.contact_by == (Channel.WHATSAPP, Channel.SMS)
    assert stop.timezone == "America/Santiago"
    assert (stop.brand, stop.service_level) == ("acme", "express")
    assert stop.safe_place == "behind the house"
    assert (route.driver_phone, route.driver_masked_phone) == ("+15550101", "+15550198")


@pytest.mark.parametrize(
    ("column", "cell", "why"),
    [
        ("contact_by", "sms|pigeon", "'pigeon' is none of: sms, email, whatsapp, voice"),
        ("customer_timezone", "Europe/Atlantis", "not a time zone"),
    ],
)
def test_a_way_to_reach_nobody_is_refused_with_line_and_reason(
    column: str, cell: str, why: str
) -> None:
    text = f"route,stop,lat,lon,{column}\nR1,S1,47.1,9.5,\nR1,BAD,47.1,9.5,{cell}\n"
    manifest = read_manifest(text.encode(), "manifest.csv")
    assert [stop.id for stop in manifest.stops] == ["S1"]
    (problem,) = manifest.problems
    assert (problem.line, problem.refused) == (3, True)
    assert why in problem.message
