"""What comes over the live websockets, at both ends, in both subprotocols."""

from collections.abc import Callable

from msgspec.structs import replace

from tests.carriers.shift import NOW
from tests.fuzz.decoder import Decoder
from tests.gateway.shift import small_shift
from tower.domain.fold import fold
from tower.domain.state import State
from tower.domain.telemetry import Fix
from tower.feed.arrivals import ArrivalMirror, ArrivalTable
from tower.feed.codec import CODECS, Codec
from tower.feed.events_client import EventsClient
from tower.feed.messages import (
    LIMITS,
    Ack,
    CarrierHealth,
    ClientHeartbeat,
    EventFilter,
    Events,
    EventsHeartbeat,
    EventsHello,
    EventsResume,
    EventsWelcome,
    Message,
    Snapshot,
    VehiclesHello,
    VehiclesResume,
    VehiclesWelcome,
)
from tower.feed.sections import FeedError, Frame
from tower.feed.vehicles import VehicleMirror, VehicleTable
from tower.feed.vehicles_client import VehiclesClient

_LATER = 3
"""Events of the shift that come after the snapshot."""


def _said_by_desktops(codec: Codec) -> Callable[[bytes], object]:
    def read(data: bytes) -> object:
        on_events = data[:1] < b"\x80"
        said = data[1:]
        return codec.events_from_client(said) if on_events else codec.vehicles_from_client(said)

    return read


def _events_told(codec: Codec) -> Callable[[bytes], object]:
    """A desktop that was welcomed is told this; by the first byte, with a snapshot or without."""

    def read(data: bytes) -> object:
        client = EventsClient(codec)
        client.hello()
        welcome = EventsWelcome(epoch="e", resumed=False, seq=9, now=1.0, rate=1.0)
        list(client.receive(codec.encode(welcome)))
        if data[:1] > b"\x7f":
            whole = Snapshot(part=0, last=True, seq=0, state=State())
            list(client.receive(codec.encode(whole)))
        return list(client.receive(data[1:]))

    return read


def _vehicles_told(codec: Codec) -> Callable[[bytes], object]:
    def read(data: bytes) -> object:
        client = VehiclesClient(codec)
        client.hello()
        welcome = VehiclesWelcome(run="r", resumed=False, now=1.0, rate=1.0)
        list(client.receive(codec.encode(welcome)))
        arrivals = ArrivalMirror()
        vehicles = VehicleMirror(arrivals)
        for told in client.receive(data):
            if isinstance(told, Frame):
                arrivals.apply(told)
                vehicles.apply(told)
        return len(vehicles)

    return read


def _desktop_seeds(codec: Codec) -> Callable[[], dict[str, bytes]]:
    wanted = EventFilter(routes=("R1",), types=("stop_arrived",))
    resume = EventsResume(epoch="e", seq=3)
    messages: dict[str, Message] = {
        "hello": EventsHello(resume=resume, filter=wanted),
        "ack": Ack(frames=3),
        "heartbeat": ClientHeartbeat(),
    }
    there = VehiclesHello(resume=VehiclesResume(run="r", vehicles=1, arrivals=2))
    found = {name: b"\x00" + codec.encode(one) for name, one in messages.items()}
    return lambda: found | {"vehicles": b"\xff" + codec.encode(there)}


def _event_seeds(codec: Codec) -> Callable[[], dict[str, bytes]]:
    events = small_shift()
    numbered = [replace(one, seq=at) for at, one in enumerate(events, 1)]
    state = fold(numbered[:-_LATER], State())
    last = tuple(numbered[:_LATER])
    messages: dict[str, Message] = {
        "snapshot": Snapshot(part=0, last=True, seq=state.seq, state=state),
        "events": Events(after=0, upto=_LATER, events=last),
        "heartbeat": EventsHeartbeat(now=1.0, rate=1.0, seq=3),
    }
    return lambda: {
        name: (b"\x00" if name == "snapshot" else b"\xff") + codec.encode(one)
        for name, one in messages.items()
    }


def _vehicle_seeds(codec: Codec) -> Callable[[], dict[str, bytes]]:
    arrivals = ArrivalTable()
    table = VehicleTable(arrivals)
    table.update_fixes([Fix(vehicle_id=f"own:{n}", at=NOW, lat=47.1, lon=9.5) for n in range(3)])
    table.set_punctuality(["own:1"], [1], [60.0], ["S1"])
    frame = Frame(
        now=1.0,
        vehicles=table.section(0, table.version, LIMITS.server_frame_bytes),
        arrivals=arrivals.section(0, arrivals.version, LIMITS.server_frame_bytes),
        health=(CarrierHealth("own", 1.0, 0.5, 2.0, 3, False),),
        trouble="The disk is full.",
    )
    return lambda: {"frame": codec.encode_frame(frame)}


DECODERS = [
    one
    for name, codec in CODECS.items()
    for one in (
        Decoder(f"{name}.desktop", _said_by_desktops(codec), (FeedError,), _desktop_seeds(codec)),
        Decoder(f"{name}.events", _events_told(codec), (FeedError,), _event_seeds(codec)),
        Decoder(f"{name}.vehicles", _vehicles_told(codec), (FeedError,), _vehicle_seeds(codec)),
    )
]
