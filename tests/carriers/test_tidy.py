"""Names and notes from outside cannot turn round, overwrite or break what stands beside them."""

import json
from datetime import timedelta

import pytest

from plugins.driver_app import adapter as driver_app
from tests.carriers.shift import NOW, Room
from tower.carriers.manifest import read_manifest
from tower.carriers.tidy import tidy

TRICK = "\u202egnp.exe\u2066\x1b[2J\x00"
PLACE = {"lat": 47.1, "lon": 9.5}


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("Grüße, 東京", "Grüße, 東京"),
        ("محمد علی\u200cپور", "محمد علی\u200cپور"),
        ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
        ("one\ntwo\tthree", "one\ntwo\tthree"),
        ("\u202a+41 79 000 00 00\u202c", "+41 79 000 00 00"),
        ("a\u202eb\u2067c\u2069", "abc"),
        ("a\x1b[2Jb\x00c\x9bd", "a [2Jb c d"),
        ("a\u2028b", "a\nb"),
        ("\ufeffstart", "start"),
    ],
)
def test_words_stay_as_they_are_but_for_what_is_no_letter(words: str, kept: str) -> None:
    assert tidy(words) == kept


def test_an_alarm_says_its_words_and_nothing_else() -> None:
    room = Room()
    at = (NOW - timedelta(minutes=1)).isoformat()
    alarm = {"type": "alarm", "kind": "vehicle", "vehicle": "v", "at": at, "words": TRICK}
    room.hear(driver_app, json.dumps(alarm).encode())
    (record,) = room.state.exceptions.values()
    assert record.finding is not None
    assert record.finding.headline == "gnp.exe [2J "


def test_a_vehicle_is_called_by_its_letters() -> None:
    room = Room()
    at = (NOW - timedelta(minutes=1)).isoformat()
    seen = {"type": "position", "vehicle": "v", "at": at, "label": TRICK, **PLACE}
    room.hear(driver_app, json.dumps(seen).encode())
    assert room.state.vehicles["own:v"].value.label == "gnp.exe [2J "


def test_a_manifest_keeps_the_letters_of_a_customer() -> None:
    stop = {"id": "S1", "customer": TRICK, "phone": "\u202a+41 79 000 00 00\u202c", **PLACE}
    manifest = read_manifest(json.dumps({"stops": [stop]}).encode(), "m.json")
    assert [plan.customer for plan in manifest.stops] == ["gnp.exe [2J "]
    assert [plan.phone for plan in manifest.stops] == ["+41 79 000 00 00"]
    csv = "route,stop,lat,lon,customer\nR,S\u202e1,47.1,9.5,\u202ex\u202c\n"
    manifest = read_manifest(csv.encode(), "m.csv")
    assert [(plan.id, plan.customer) for plan in manifest.stops] == [("S1", "x")]


def test_a_name_of_which_nothing_is_left_is_none() -> None:
    stop = {"id": "\u202e", **PLACE}
    manifest = read_manifest(json.dumps({"stops": [stop]}).encode(), "m.json")
    assert not manifest.stops
    assert manifest.problems[0].refused
