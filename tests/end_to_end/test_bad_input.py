"""What a person is told who hands in something that cannot work: the message, and the exit code."""

import shutil
import sqlite3
import subprocess
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.end_to_end.rooms import room, seat, tower
from tests.replay.shifts import some_recording
from tower.gateway.options import ExitCode
from tower.gateway.regions import BUILT_IN, imported_regions
from tower.replay.file import write_recording
from tower.road.pack import SUFFIX

pytestmark = [pytest.mark.slow]

REPOSITORY = Path(__file__).resolve().parents[2]
GOOD = "route,stop,lat,lon,customer\nR1,S1,47.14,9.52,Ann\nR1,S2,47.15,9.53,Ben\n"
PICTURE = ("--after", "0", "--screenshot", "none.png")


def _told(done: "subprocess.CompletedProcess[str]", code: ExitCode, *words: str) -> None:
    said = done.stdout + done.stderr
    assert done.returncode == code, said
    assert "Traceback" not in said
    assert "Errno" not in said
    for word in words:
        assert word in said


def _write(folder: Path, name: str, content: bytes) -> str:
    file = folder / name
    file.write_bytes(content)
    return str(file)


def _half_an_extract(shared_data: Path, folder: Path) -> bytes:
    del folder
    return (shared_data / "regions" / "Helsinki.osm.pbf").read_bytes()[:100_000]


def _no_extract(shared_data: Path, folder: Path) -> bytes:
    del shared_data, folder
    return b"<osm version='0.6'></osm>"


@pytest.mark.parametrize("make", [_half_an_extract, _no_extract])
def test_an_extract_that_is_cut_short_or_none(
    make: Callable[[Path, Path], bytes], shared_data: Path, tmp_path: Path
) -> None:
    file = _write(tmp_path, "city.osm.pbf", make(shared_data, tmp_path))
    done = tower("region", "import", file)
    _told(done, ExitCode.DATA, "city.osm.pbf is not readable OpenStreetMap data", "fetch it again")


def test_a_region_nobody_has(tmp_path: Path) -> None:
    done = tower("gateway", "--region", "atlantis", "--data", str(tmp_path), token="t" * 32)
    _told(done, ExitCode.NO_SUCH_REGION, "'atlantis'", "liechtenstein", "tower region import")


def test_a_damaged_region_keeps_a_gateway_from_starting_on_it(tmp_path: Path) -> None:
    pack = imported_regions() / f"damaged{SUFFIX}"
    pack.parent.mkdir(parents=True, exist_ok=True)
    whole = (BUILT_IN / f"liechtenstein{SUFFIX}").read_bytes()
    pack.write_bytes(whole[: len(whole) // 2])
    try:
        words = ("gateway", "--region", "damaged", "--port", "0", "--data", str(tmp_path))
        _told(tower(*words, token="t" * 32), ExitCode.DATA, "damaged", "Import the region again")
        _told(tower("region", "list"), ExitCode.OK, "unusable", "liechtenstein")
    finally:
        pack.unlink()


@pytest.mark.desktop
def test_a_damaged_region_of_the_shift_leaves_everything_but_the_base_map(
    tmp_path: Path, qtbot: QtBot
) -> None:
    file = _write(
        tmp_path,
        "day.csv",
        b"route,stop,lat,lon,date,region\nR1,S1,47.14,9.52,2026-03-02,half\n"
        b"R1,S2,47.15,9.53,2026-03-02,half\n",
    )
    pack = imported_regions() / f"half{SUFFIX}"
    pack.parent.mkdir(parents=True, exist_ok=True)
    pack.write_bytes(b"half a region")
    try:
        assert tower("shift", "import", file, "--data", str(tmp_path / "data")).returncode == 0
        with room(tmp_path / "data") as joined, seat(joined, qtbot) as mine:
            mine.until(mine.desktop.map.notice.isVisible)
            assert "half.region" in mine.desktop.map.notice.text()
            mine.page.wait_for("window.tower.scene.stops.size === 2")
            mine.until(lambda: len(mine.session.shapes) == 1)
    finally:
        pack.unlink()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("feed.pb", b"hello", "not a GTFS-realtime feed, or cut short"),
        ("day.db", b"hello", "cannot be read as a journal"),
    ],
)
def test_a_recording_that_is_none(tmp_path: Path, name: str, content: bytes, words: str) -> None:
    done = tower("replay", _write(tmp_path, name, content), *PICTURE, folder=tmp_path)
    _told(done, ExitCode.DATA, words)
    assert not (tmp_path / "none.png").exists()


def test_a_damaged_recording_is_no_picture(tmp_path: Path) -> None:
    file = tmp_path / "shift.tower"
    write_recording(some_recording(seed=1), file)
    with zipfile.ZipFile(file) as good:
        parts = {name: good.read(name) for name in good.namelist()}
    with zipfile.ZipFile(file, "w") as damaged:
        for name, data in parts.items():
            damaged.writestr(name, data[:-1] if name == "events.msgpack" else data)
    done = tower("replay", str(file), *PICTURE, folder=tmp_path)
    _told(done, ExitCode.DATA, "events.msgpack is damaged")
    assert not (tmp_path / "none.png").exists()


def _too_many_stops() -> bytes:
    return b"route,stop,lat,lon\n" + b"R1,S1,47.1,9.5\n" * 7_000_000


MANIFESTS: dict[str, tuple[Callable[[], bytes], tuple[str, ...]]] = {
    "wrong columns": (lambda: b"route,stopp,lat,lon\nR1,S1,47,9\n", ("Did you mean stop?",)),
    "binary": (lambda: bytes(range(256)) * 20, ("not a text file",)),
    "empty": (lambda: b"", ("The file is empty.",)),
    "100 MB": (_too_many_stops, ("100 MiB; a manifest may have 16 MiB", "one file for each day")),
}


@pytest.mark.parametrize("kind", MANIFESTS)
def test_a_manifest_of_which_nothing_can_be_used(kind: str, tmp_path: Path) -> None:
    make, words = MANIFESTS[kind]
    file = _write(tmp_path, "day.csv", make())
    done = tower("shift", "import", file, "--data", str(tmp_path / "data"))
    _told(done, ExitCode.DATA, *words)


def test_a_manifest_with_some_bad_lines_keeps_the_good_ones(tmp_path: Path) -> None:
    lines = [
        "route,stop,lat,lon,customer",
        "R1,S1,47.14,9.52,Müller",
        "R1,S2,9.53,47.15,Swapped",
        "R1,S3,47.16,9.53,Good",
        "R1,S4,47.17,9.53,Good",
    ]
    file = _write(tmp_path, "day.csv", "\n".join(lines).encode("cp1252"))
    done = tower("shift", "import", file, "--data", str(tmp_path / "data"))
    _told(
        done,
        ExitCode.OK,
        "1 routes, 3 stops",
        "line 2, remark: Not UTF-8 from this line on; read as Windows-1252",
        "line 3, lat: This place is far from all others, and near them with lat and lon swapped.",
    )


def test_a_journal_of_a_newer_tower_is_left_as_it_is(tmp_path: Path) -> None:
    file, data = _write(tmp_path, "day.csv", GOOD.encode()), tmp_path / "data"
    words = ("shift", "import", file, "--data", str(data))
    assert tower(*words).returncode == 0
    with closing(sqlite3.connect(data / "journal.db")) as journal, journal:
        journal.execute("UPDATE alembic_version SET version_num = '9999'")
    before = (data / "journal.db").read_bytes()
    _told(tower(*words), ExitCode.DATA, "was written by a newer Tower", "another data folder")
    gateway = tower("gateway", "--port", "0", "--data", str(data), token="t" * 32)
    _told(gateway, ExitCode.DATA, "was written by a newer Tower")
    assert (data / "journal.db").read_bytes() == before


def test_a_taken_port_an_empty_address_and_a_wrong_token(tmp_path: Path) -> None:
    manifest = _write(tmp_path, "day.csv", GOOD.encode())
    with room(tmp_path / "data") as joined:
        port = joined.url.rpartition(":")[2]
        second = ("gateway", "--port", port, "--data", str(tmp_path / "second"))
        _told(tower(*second, token="t" * 32), ExitCode.PORT_TAKEN, port, "--port")
        for words in (("shift", "import", manifest), PICTURE):
            joining = (*words, "--gateway", joined.url)
            done = tower(*joining, token="wrong" * 8, folder=tmp_path)
            _told(done, ExitCode.WRONG_TOKEN, "does not accept the token")
            assert joined.token not in done.stderr
    for words in (("shift", "import", manifest), PICTURE):
        done = tower(*words, "--gateway", joined.url, token="t" * 32, folder=tmp_path)
        _told(done, ExitCode.UNREACHABLE, joined.url, "refused")


@pytest.mark.desktop
def test_a_checkout_that_was_never_set_up_says_so(tmp_path: Path) -> None:
    """Everything but the built map page, as after `git clone`."""
    left_out = shutil.ignore_patterns("web", "__pycache__")
    shutil.copytree(REPOSITORY / "ui", tmp_path / "ui", ignore=left_out)
    for name in ("tower", "plugins", "resources"):
        (tmp_path / name).symlink_to(REPOSITORY / name)
    done = tower(*PICTURE, folder=tmp_path)
    _told(done, ExitCode.FAILED, "The map page is not built", "make setup")
