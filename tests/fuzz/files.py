"""What is read from files: recordings, region packs, learnt models, lines on the map."""

import io
import tempfile
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

from tests.fuzz.decoder import CORPUS, Decoder
from tests.replay.test_file import GOOD, honestly
from tests.road.town import ladder
from tower.eta.learning.errors import ModelUnusable
from tower.eta.learning.store import ModelStore
from tower.replay.errors import RecordingError
from tower.replay.file import read_recording
from tower.road.importing import build_pack
from tower.road.pack import RegionPack, RegionPackError, write_pack
from tower.road.polyline import PolylineError, decode_polyline

with zipfile.ZipFile(io.BytesIO(GOOD)) as _archive:
    _PARTS = sorted(_archive.namelist())

_TILE = (14, 8601, 8191)


def _recording_inside(data: bytes) -> object:
    """The first byte names a part, the rest is put in its place, with a checksum that is right."""
    part = _PARTS[data[0] % len(_PARTS)] if data else _PARTS[0]
    return read_recording(honestly(part, data[1:]))


def _recording_seeds() -> dict[str, bytes]:
    return {"whole": GOOD}


def _part_seeds() -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(GOOD)) as archive:
        return {
            name.partition(".")[0]: bytes([at]) + archive.read(name)
            for at, name in enumerate(_PARTS)
        }


def _region(data: bytes) -> object:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "town.region"
        path.write_bytes(data)
        return _read_region(path)


def _region_inside(data: bytes) -> object:
    """The first byte names an entry, the rest is put in its place; the checksum is right."""
    entries = _town()
    names = sorted(entries)
    name = names[data[0] % len(names)] if data else names[0]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "town.region"
        write_pack(path, (entries | {name: data[1:]}).items())
        return _read_region(path)


def _read_region(path: Path) -> object:
    with RegionPack.open(path) as pack:
        return pack.info, pack.graph(), pack.buildings, pack.tile(*_TILE)


@cache
def _packed() -> bytes:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        target = folder / "town.region"
        build_pack(
            ladder().write(folder),
            target,
            name="Small Town",
            progress=lambda _step, _share: None,
            time_zone="Europe/Vaduz",
        ).close()
        return target.read_bytes()


@cache
def _town() -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(_packed())) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _entry_seeds() -> dict[str, bytes]:
    entries = sorted(_town().items())
    return {
        f"{at:02}-{Path(name).name}": bytes([at]) + content
        for at, (name, content) in enumerate(entries)
    }


def _model(data: bytes) -> object:
    with tempfile.TemporaryDirectory() as folder:
        store = ModelStore(Path(folder))
        (store.folder / "learnt-1").mkdir()
        (store.folder / "learnt-1" / "model.json").write_bytes(data)
        return store.facts("learnt-1")


def _model_in_use(data: bytes) -> object:
    with tempfile.TemporaryDirectory() as folder:
        store = ModelStore(Path(folder))
        (store.folder / "current").write_bytes(data)
        return store.load()


def _kept(name: str) -> Callable[[], dict[str, bytes]]:
    """Seeds that cannot be made quickly: they are kept in the corpus."""
    return lambda: {"good": (CORPUS / name / "good").read_bytes()}


def _line(data: bytes) -> object:
    return decode_polyline(data.decode("latin-1"))


DECODERS = [
    Decoder("recording", read_recording, (RecordingError,), _recording_seeds, 16_384),
    Decoder("recording_parts", _recording_inside, (RecordingError,), _part_seeds, 16_384),
    Decoder("region_pack", _region, (RegionPackError,), lambda: {"town": _packed()}, 65_536),
    Decoder("region_parts", _region_inside, (RegionPackError,), _entry_seeds, 16_384),
    Decoder("model", _model, (ModelUnusable,), _kept("model"), 16_384),
    Decoder(
        "model_in_use",
        _model_in_use,
        (ModelUnusable,),
        lambda: {"schedule": b"schedule\n", "learnt": b"learnt-1\n"},
    ),
    Decoder("polyline", _line, (PolylineError,), lambda: {"line": b"_p~iF~ps|U_ulLnnqC_mqNvxq`@"}),
]
