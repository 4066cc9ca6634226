"""Tower's own format: its documented examples, its schema, and its refusals."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from plugins.driver_app import adapter
from plugins.driver_app.schema import schema
from tower.carriers.observations import (
    AlarmReported,
    AnyObservation,
    ContactReported,
    FixSeen,
    RouteReported,
    SequenceReported,
    StopReported,
)
from tower.carriers.port import Decoded
from tower.domain.records import Proof

DOCS = Path(__file__).resolve().parents[2] / "docs"
AT = "2026-03-02T14:20:00Z"


def decode(message: object) -> Decoded:
    return adapter.decode(json.dumps(message).encode(), "application/json")


def only(decoded: Decoded) -> AnyObservation:
    assert decoded.refusals == []
    (seen,) = decoded.observations
    return seen


def documented() -> list[dict[str, Any]]:
    """The first JSON example of docs/carriers.md."""
    found = re.search(r"```json\n(.*?)```", (DOCS / "carriers.md").read_text("utf-8"), re.DOTALL)
    assert found is not None
    example: list[dict[str, Any]] = json.loads(found.group(1))
    return example


def test_the_documented_example_is_understood() -> None:
    decoded = decode(documented())
    assert decoded.refusals == []
    assert [type(seen) for seen in decoded.observations] == [
        StopReported,
        StopReported,
        StopReported,
        RouteReported,
        SequenceReported,
        AlarmReported,
        AlarmReported,
        ContactReported,
        FixSeen,
    ]


def test_the_published_schema_is_that_of_the_decoder() -> None:
    published = json.loads((DOCS / "driver-app.schema.json").read_text("utf-8"))
    assert published == schema()
    Draft202012Validator.check_schema(published)
    Draft202012Validator(published).validate(documented())


@pytest.mark.parametrize(
    "item",
    [
        {"type": "stop", "stop": "S1", "status": "deliverd", "at": AT},
        {"type": "stop", "stop": "S1", "at": AT},
        {"type": "stop", "stop": "", "status": "arrived", "at": AT},
        {"type": "stop", "stop": "S1", "status": "arrived", "at": AT, "noet": "x"},
        {"type": "parcel", "at": AT},
        {"type": "sequence", "route": "R1", "version": 0, "status": "seen", "at": AT},
        {"type": "sequence", "route": "R1", "version": 2, "status": "read", "at": AT},
        {"type": "alarm", "kind": "fire", "vehicle": "v", "at": AT},
        {"type": "position", "vehicle": "v", "at": AT, "lat": "47", "lon": 9},
        7,
    ],
)
def test_decoder_and_schema_refuse_the_same(item: object) -> None:
    assert not Draft202012Validator(schema()).is_valid(item)
    decoded = decode(item)
    assert list(decoded.observations) == []
    assert len(decoded.refusals) == 1


def test_one_message_may_stand_alone() -> None:
    assert isinstance(only(decode(documented()[0])), StopReported)


def test_a_list_says_what_its_messages_say_alone() -> None:
    messages = documented()
    alone = [only(decode(message)) for message in messages]
    assert decode(messages) == Decoded(alone, [])
    assert decode([*messages, "nonsense"]).observations == alone


def test_a_bad_item_refuses_itself_and_not_its_neighbours() -> None:
    good = documented()
    decoded = decode([good[0], {"type": "stop", "stop": "S1"}, good[5]])
    assert len(decoded.observations) == 2
    assert b'"S1"' in decoded.refusals[0].excerpt


@pytest.mark.parametrize(
    ("item", "why"),
    [
        (
            {"type": "stop", "stop": "S", "status": "delivered", "at": AT, "reason": "closed"},
            "a reason belongs to status attempted",
        ),
        ({"type": "alarm", "kind": "vehicle", "at": AT}, "needs a vehicle or a stop"),
        ({"type": "position", "vehicle": "v", "at": AT[:-1], "lat": 1, "lon": 1}, "timezone"),
        ({"_type": "location", "lat": 47, "lon": 9, "tst": 1772461200}, "topic or a tid"),
        ({"_type": "location", "lat": 47, "lon": 9, "tst": 1 << 60, "tid": "ab"}, "tst"),
    ],
)
def test_contradictions_are_refused_in_words(item: dict[str, object], why: str) -> None:
    decoded = decode(item)
    assert list(decoded.observations) == []
    assert why in decoded.refusals[0].reason


def test_owntracks_speaks_for_itself() -> None:
    location = {
        "_type": "location",
        "topic": "owntracks/bikes/b7",
        "lat": 47.1,
        "lon": 9.5,
        "tst": 1772461200,
        "vel": 18,
        "cog": 90,
        "acc": 5,
        "batt": 60,
        "tid": "b7",
        "conn": "m",
    }
    fix = only(decode(location))
    assert isinstance(fix, FixSeen)
    assert fix.vehicle_ref == "b7"
    assert fix.speed_mps == pytest.approx(5.0)
    assert fix.battery_pct == 60
    assert fix.at is not None
    assert fix.at.isoformat() == "2026-03-02T14:20:00+00:00"


def test_other_owntracks_messages_are_refused() -> None:
    assert decode({"_type": "waypoint", "desc": "home"}).refusals


def test_what_was_recorded_at_the_door_comes_with_the_stop() -> None:
    proof = {"lat": 47.1, "lon": 9.5, "scanned": ["P1"], "received_by": "Neighbour"}
    stop = {"type": "stop", "stop": "S1", "status": "delivered", "at": AT}
    seen = only(decode(stop | {"proof": proof}))
    assert isinstance(seen, StopReported)
    assert seen.proof == Proof(lat=47.1, lon=9.5, scanned=("P1",), received_by="Neighbour")
    unscanned = only(decode(stop | {"proof": {"received_by": "Neighbour"}}))
    assert isinstance(unscanned, StopReported)
    assert unscanned.proof is not None
    assert unscanned.proof.scanned is None


@pytest.mark.parametrize(
    ("status", "proof", "why"),
    [
        ("en_route", {"received_by": "Neighbour"}, "at the door"),
        ("delivered", {"signed_by": "Neighbour"}, "signed_by"),
        ("delivered", {"scanned": "P1"}, "array"),
    ],
)
def test_a_proof_that_is_none_refuses_its_message(
    status: str, proof: dict[str, Any], why: str
) -> None:
    decoded = decode({"type": "stop", "stop": "S1", "status": status, "at": AT, "proof": proof})
    assert decoded.observations == []
    (refusal,) = decoded.refusals
    assert why in refusal.reason
