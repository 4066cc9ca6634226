"""Region packs: the map, the roads and the buildings of a region in one file.

A pack is a zip archive whose comment is the SHA-256 of everything before it, so a
copy that lost a byte is refused before it is used. Times in the archive are fixed:
building the same data twice gives the same bytes.
"""

import hashlib
import io
import json
import math
import tempfile
import threading
import tokenize
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np

from tower.road.buildings import WORDS, Buildings
from tower.road.graph import RoadGraph
from tower.road.network import AnyArray, Network
from tower.road.region import FORMAT, RegionInfo

SUFFIX = ".region"
"""How the name of a region pack ends."""

INFO, STREETS = "region.json", "streets.json"
NETWORK, BUILDINGS = "network/", "buildings/"
_DIGEST_LENGTH = 64
_ENTRY_TIME = (1980, 1, 1, 0, 0, 0)
_BLOCK = 1 << 20
_ZIP_START = b"PK\x03\x04"
_UNREADABLE = (zipfile.BadZipFile, zlib.error, RuntimeError, ValueError)


_NO_ARRAY = (ValueError, EOFError, SyntaxError, TypeError, OverflowError, tokenize.TokenError)
"""What numpy raises for a head that is none."""


class RegionPackError(Exception):
    """A region pack cannot be used; the message says why and what to do."""


class RegionPack:
    """An opened pack. Tiles may be read from any thread; close it when done."""

    def __init__(self, path: Path, archive: zipfile.ZipFile, info: RegionInfo) -> None:
        self.path = path
        self.info = info
        self._archive = archive
        self._names = frozenset(archive.namelist())
        self._lock = threading.Lock()

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open a pack and check that it is whole.

        Raises:
            RegionPackError: There is no such file, it is no pack, it is damaged or
                cut off, or a newer Tower wrote it.
        """
        _check_digest(path)
        archive = _open_archive(path)
        try:
            pack = cls(path, archive, _read_info(path, archive))
        except RegionPackError:
            archive.close()
            raise
        return pack

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file, once nobody reads it."""
        with self._lock:
            self._archive.close()

    @property
    def checksum(self) -> str:
        """SHA-256 of the pack's content, hexadecimal: two packs with the same one are the same."""
        return self._archive.comment.decode("ascii")

    def tile(self, z: int, x: int, y: int) -> bytes | None:
        """The Mapbox vector tile at a place, None where the region shows nothing.

        Raises:
            RegionPackError: The file was damaged after it was opened.
        """
        name = f"tiles/{z}/{x}/{y}.mvt"
        return self._read(name) if name in self._names else None

    @cached_property
    def buildings(self) -> Buildings:
        """The buildings of the region.

        Raises:
            RegionPackError: They are missing or unreadable.
        """
        words = self._json(f"{BUILDINGS}words.json")
        arrays = self._arrays(BUILDINGS)
        try:
            columns = {
                name: [words[name]["words"][i] for i in words[name]["index"]] for name in WORDS
            }
            return Buildings(arrays["lat_lon"], arrays["area_m2"], columns)
        except (KeyError, IndexError, TypeError) as error:
            raise self._broken(f"its buildings are unreadable: {error}") from error

    def graph(self) -> RoadGraph:
        """The road graph, read once.

        Raises:
            RegionPackError: It is missing or unreadable.
        """
        return self._graph

    @cached_property
    def _graph(self) -> RoadGraph:
        try:
            network = Network.from_arrays(self._arrays(NETWORK))
        except KeyError as error:
            raise self._broken(f"its roads lack {error}") from error
        return RoadGraph(network, self._json(STREETS))

    def _arrays(self, prefix: str) -> dict[str, AnyArray]:
        arrays = {}
        for name in sorted(self._names):
            if name.startswith(prefix) and name.endswith(".npy"):
                try:
                    array = _array(self._read(name))
                except _NO_ARRAY as error:
                    raise self._broken(f"{name} is unreadable: {error}") from error
                arrays[name[len(prefix) : -len(".npy")]] = array
        return arrays

    def _json(self, name: str) -> Any:  # noqa: ANN401
        try:
            return json.loads(self._read(name))
        except ValueError as error:
            raise self._broken(f"{name} is unreadable: {error}") from error

    def _read(self, name: str) -> bytes:
        try:
            with self._lock:
                if self._archive.fp is None:
                    raise RegionPackError(f"The region pack {self.path.name} was closed.")
                return self._archive.read(name)
        except (KeyError, OSError, *_UNREADABLE) as error:
            raise self._broken(f"{name} cannot be read: {error}") from error

    def _broken(self, why: str) -> RegionPackError:
        return RegionPackError(f"The region pack {self.path.name} is damaged ({why}). {_REMEDY}")


_REMEDY = "Import the region again with: tower region import FILE.osm.pbf"


def _array(content: bytes) -> AnyArray:
    """A ``.npy`` array; what its head claims is never believed beyond what is there."""
    stream = io.BytesIO(content)
    if np.lib.format.read_magic(stream) != (1, 0):
        raise ValueError("it is written in another version of the format")
    shape, is_fortran, kind = np.lib.format.read_array_header_1_0(stream)
    data = memoryview(content)[stream.tell() :]
    if kind.hasobject or math.prod(shape) * kind.itemsize != len(data):
        raise ValueError(f"its head tells of {shape} of {kind}, which it does not hold")
    found: AnyArray = np.ndarray(shape, kind, data, order="F" if is_fortran else "C")
    return found.copy()


def _open_archive(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except (*_UNREADABLE, OSError) as error:
        message = f"{path.name} is not a region pack ({error}). {_REMEDY}"
        raise RegionPackError(message) from error


def _read_info(path: Path, archive: zipfile.ZipFile) -> RegionInfo:
    try:
        record = json.loads(archive.read(INFO))
        written = int(record["format"])
    except (KeyError, TypeError, *_UNREADABLE) as error:
        message = f"{path.name} is not a region pack, or is damaged. {_REMEDY}"
        raise RegionPackError(message) from error
    if written > FORMAT:
        message = (
            f"The region pack {path.name} was made by a newer Tower (format {written}, this one "
            f"reads up to {FORMAT}). Update Tower, or import the region again."
        )
        raise RegionPackError(message)
    try:
        return RegionInfo.of_record(record)
    except (KeyError, TypeError) as error:
        message = f"The description in {path.name} is incomplete ({error}). {_REMEDY}"
        raise RegionPackError(message) from error


def _check_digest(path: Path) -> None:
    try:
        with path.open("rb") as file:
            start = file.read(len(_ZIP_START))
            file.seek(max(path.stat().st_size - _DIGEST_LENGTH, 0))
            whole = file.read() == _digest(path)
    except FileNotFoundError as error:
        message = f"There is no region pack {path}. Check the path. {_REMEDY}"
        raise RegionPackError(message) from error
    except OSError as error:
        message = f"The region pack {path} cannot be read: {error.strerror}."
        raise RegionPackError(message) from error
    if not whole:
        what = "not a region pack"
        if start == _ZIP_START:
            what = "cut off or damaged, or not a region pack"
        message = f"{path.name} is {what}: its checksum does not match its content. {_REMEDY}"
        raise RegionPackError(message)


def _digest(path: Path) -> bytes:
    """SHA-256, in hexadecimal, of all but the digest at the end of the file."""
    left = path.stat().st_size - _DIGEST_LENGTH
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while left > 0:
            block = file.read(min(left, _BLOCK))
            digest.update(block)
            left -= len(block)
    return digest.hexdigest().encode()


def write_pack(target: Path, entries: Iterable[tuple[str, bytes]]) -> None:
    """Write the entries of a pack; the target appears only when it is whole.

    Args:
        target: Path of the pack; replaced where it exists.
        entries: Names and contents, in a repeatable order.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".pack-") as folder:
        draft = Path(folder) / target.name
        with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
            archive.comment = b"0" * _DIGEST_LENGTH
            for name, content in entries:
                archive.writestr(_entry(name), content)
        digest = _digest(draft)
        with draft.open("r+b") as file:
            file.seek(-_DIGEST_LENGTH, io.SEEK_END)
            file.write(digest)
        draft.replace(target)


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _ENTRY_TIME)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.create_system = 3
    entry.external_attr = 0o644 << 16
    return entry


def array_entries(prefix: str, arrays: dict[str, AnyArray]) -> Iterator[tuple[str, bytes]]:
    """Entries of named arrays, as ``.npy``."""
    for name in sorted(arrays):
        buffer = io.BytesIO()
        np.save(buffer, np.ascontiguousarray(arrays[name]), allow_pickle=False)
        yield f"{prefix}{name}.npy", buffer.getvalue()


def json_entry(name: str, value: object) -> tuple[str, bytes]:
    """An entry of JSON, repeatable to the byte."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return name, text.encode()
