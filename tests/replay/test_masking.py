"""A masked recording names nobody, and the same person is the same label throughout."""

import io
import typing
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import fields, replace

from tests.replay.shifts import some_recording
from tower.domain import events as e
from tower.domain.events import Event
from tower.domain.messages import Consent
from tower.domain.records import (
    Actor,
    Contact,
    ExceptionRecord,
    Finding,
    Note,
    Proof,
    RoutePlan,
    Stop,
    StopChanges,
    StopPlan,
    Subject,
)
from tower.domain.state import State
from tower.domain.words import Channel, ClaimKind, ExceptionKind, Severity
from tower.replay.file import read_recording, write_recording
from tower.replay.masking import WORDS, Masker
from tower.replay.personal import CLASSES, DOORS, Treatment, treatments
from tower.replay.recording import Recording, RecordingInfo
from tower.replay.shapes import Shape, without_stops
from tower.road.polyline import decode_polyline, encode_polyline
from tower.watch.found import SOURCE

NOON = datetime(2026, 3, 5, 12, tzinfo=UTC)


def records() -> list[type[msgspec.Struct]]:
    """Every record an event, a state or what is said of a recording can hold."""
    found: list[type[msgspec.Struct]] = []
    open_: list[type[msgspec.Struct]] = [Event, State, RecordingInfo]
    while open_:
        kind = open_.pop()
        if kind not in found:
            found.append(kind)
            open_ += [inner for one in fields(kind) for inner in within(one.type)]
    return found


def within(kind: Any) -> Iterator[type[msgspec.Struct]]:  # noqa: ANN401 - an annotation
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        yield kind
    for inner in typing.get_args(kind):
        yield from within(inner)


def is_text(kind: Any) -> bool:  # noqa: ANN401 - an annotation
    """Whether a field holds text: as it is, or in a collection; enumerations hold none."""
    return kind is str or any(is_text(inner) for inner in typing.get_args(kind))


def test_every_text_of_the_domain_is_classed() -> None:
    missing = [
        f"{kind.__name__}.{one.name}"
        for kind in records()
        for one in fields(kind)
        if is_text(one.type) and one.name not in treatments(kind)
    ]
    assert not missing, f"say in tower/replay/personal.py whether these are personal: {missing}"


def test_nothing_is_classed_that_is_not_there() -> None:
    known = {base: {one.name for one in fields(base)} for kind in records() for base in bases(kind)}
    for kind, treated in CLASSES.items():
        names = {name for words in treated.values() for name in words.split()}
        assert names <= known[kind], kind


def bases(kind: type[msgspec.Struct]) -> list[Any]:
    return [one for one in kind.__mro__ if issubclass(one, msgspec.Struct)]


def test_every_door_is_rounded() -> None:
    places = {kind for kind in records() if {"lat", "lon"} <= {one.name for one in fields(kind)}}
    public = {"Depot", "PickupPoint", "Disturbance"}
    assert {kind for kind in places if kind.__name__ not in public} == DOORS


SECRET = st.from_regex(r"zq[a-z0-9]{10}", fullmatch=True)


def unpacked(recording: Recording) -> bytes:
    """Everything in the masked file, unpacked."""
    stream = io.BytesIO()
    write_recording(recording, stream, masked=True)
    with zipfile.ZipFile(stream) as archive:
        return b"".join(archive.read(name) for name in archive.namelist())


def filled(kind: type[msgspec.Struct], text: str) -> dict[str, Any]:
    """For each personal text of a record something that holds this text."""
    kinds = {one.name: one.type for one in fields(kind)}
    return {
        name: holding(kinds[name], text)
        for name, treatment in treatments(kind).items()
        if treatment not in {Treatment.KEPT, Treatment.HEADLINE, Treatment.POSTCODE}
        and name in kinds
    }


def holding(kind: Any, text: str) -> Any:  # noqa: ANN401 - an annotation
    name = str(kind)
    if "dict" in name:
        return {"window": text}
    return (text,) if "tuple" in name else text


def event(number: int, body: e.AnyBody, text: str) -> Event:
    actor = Actor(kind=("person", "customer")[number % 2], id=text, name=text)
    about = Subject(stop_id="s1", exception_id="x1", message_id="m1")
    return Event(
        id=f"e{number}",
        at=NOON,
        recorded_at=NOON,
        actor=actor,
        subject=about,
        body=body,
        seq=number,
    )


def bodies(text: str) -> list[e.AnyBody]:
    """An event of each type that holds personal texts of its own, all of them filled."""
    own = typing.get_args(e.AnyBody)
    plain: dict[type, dict[str, Any]] = {
        e.StopAmended: {
            "changes": StopChanges(lat=47.123456, lon=9.5, **filled(StopChanges, text))
        },
        e.StopPlanned: {
            "plan": StopPlan(id="s1", lat=47.123456, lon=9.512345, **filled(StopPlan, text))
        },
        e.RoutePlanned: {
            "plan": RoutePlan(id="r1", name="1", carrier_id="c1", **filled(RoutePlan, text))
        },
        e.StopDelivered: {"proof": Proof(lat=47.123456, lon=9.5, received_by=text)},
        e.ExceptionRaised: {"finding": finding(text)},
        e.RoutesSequenced: {"routes": ()},
        e.StopsLocked: {"stops": ("s1",), "locked": True},
        e.MessageBarred: {"template": "t"},
        e.MessageCancelled: {"version": 1},
        e.ReplyReceived: {"reply_id": "y1", "channel": Channel.SMS},
        e.RepliesSeen: {"replies": ("y1",)},
        e.ConsentSet: {"allowed": False},
        e.CustomerContacted: {"topic": "wismo"},
        e.ClaimFiled: {"claim_id": "l1", "kind": ClaimKind.DAMAGED},
        e.SurveyAnswered: {"survey_id": "v1"},
        e.CommandRefused: {"command": "claim"},
        e.ExceptionNoted: {},
        e.StopAttempted: {},
    }
    made = [kind(**{**filled(kind, text), **given}) for kind, given in plain.items()]
    assert {type(one) for one in made} <= set(own)
    return made


def finding(text: str) -> Finding:
    return Finding(
        kind=ExceptionKind.NO_ACCESS,
        severity=Severity.MAJOR,
        subject=Subject(stop_id="s1"),
        headline=f"{text} does not open",
        detail=text,
        source="c1",
    )


def first_state(text: str) -> State:
    plan = StopPlan(id="s0", lat=47.123456, lon=9.512345, **filled(StopPlan, text))
    return State(
        stops={"s0": Stop(id="s0", plan=plan)},
        exceptions={"x0": ExceptionRecord(id="x0", finding=finding(text))},
        notes={"n0": Note(id="n0", exception_id="x0", at=NOON, by=text, words=text)},
        contacts={"k0": Contact(id="k0", at=NOON, stop_id="s0", topic="wismo", words=text)},
        consents={text: Consent(address=text, allowed=True, at=NOON)},
    )


@settings(max_examples=25, deadline=None)
@given(SECRET)
def test_no_personal_text_is_in_the_file(text: str) -> None:
    whole = some_recording(3)
    told = [event(number, body, text) for number, body in enumerate(bodies(text), start=1)]
    recording = Recording(
        whole.info,
        base=first_state(text),
        events=told,
        positions=whole.positions,
        lines=whole.lines,
        foretold=told[:3],
    )
    clear = io.BytesIO()
    write_recording(recording, clear)
    assert text in str(read_recording(clear.getvalue()).events)
    data = unpacked(recording)
    assert text.encode() not in data
    assert msgspec.msgpack.encode(47.123456) not in data
    assert msgspec.msgpack.encode(47.123) in data


def test_the_same_person_is_the_same_label_everywhere() -> None:
    masker = Masker()
    first = StopPlan(id="s1", customer="Ann Ash", phone="+4231", lat=47.0, lon=9.0)
    other = StopPlan(id="s2", customer="Bea Birch", phone="+4232", lat=47.0, lon=9.0)
    again = StopPlan(id="s3", customer="Ann Ash", phone="+4231", lat=47.0, lon=9.0, note="Ring")
    masked = [masker.masked(one) for one in (first, other, again)]
    assert [one.customer for one in masked] == ["Customer 1", "Customer 2", "Customer 1"]
    assert masked[0].phone == masked[2].phone != masked[1].phone
    assert [one.note for one in masked] == ["", "", WORDS]


def test_tower_s_own_headlines_stay_and_others_become_their_kind() -> None:
    masker, own = Masker(), replace(finding("x"), source=SOURCE, headline="At the door for 6 min")
    assert masker.masked(own).headline == "At the door for 6 min"
    assert masker.masked(finding("Ann Ash")).headline == "No access"


def test_a_masked_recording_says_so_and_moves_as_it_did() -> None:
    recording, stream = some_recording(21), io.BytesIO()
    write_recording(recording, stream, masked=True)
    masked = read_recording(stream.getvalue())
    assert masked.info.is_masked
    assert not recording.info.is_masked
    for at in (recording.info.begins, recording.info.ends):
        before, after = recording.reader().moment(at), masked.reader().moment(at)
        assert after.state.stops.keys() == before.state.stops.keys()
        for stop_id, stop in before.state.stops.items():
            assert after.state.stops[stop_id].state is stop.state
            assert after.arrivals.row(stop_id) == before.arrivals.row(stop_id)
        for vehicle_id in ("v1", "v2", "v3"):
            here, there = before.vehicles.row(vehicle_id), after.vehicles.row(vehicle_id)
            assert (here is None) == (there is None)
            if here and there:
                stands = here.speed_mps is None or here.speed_mps < 1.5
                assert abs(here.lat - there.lat) <= (0.0006 if stands else 1e-9)
                assert round(there.lat, 3) == there.lat or not stands


def test_a_masked_line_does_not_stop_at_doors() -> None:
    points = [(47.0, 9.0), (47.001, 9.0), (47.00123, 9.0), (47.002, 9.0), (47.003, 9.0)]
    line = Shape(version=3, shape=encode_polyline(np.array(points)), stop_offsets=(2, 4))
    masked = without_stops(line)
    left = [tuple(point) for point in decode_polyline(masked.shape).tolist()]
    assert left == [points[0], points[1], points[3], points[4]]
    assert masked.stop_offsets == (1, 3)
    assert masked.version == 3
