"""The command line as a person meets it: what it says, and the code it ends with."""

import contextlib
import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.gateway.running import running_gateway
from tests.road.town import Town
from tower.cli import desktop
from tower.cli.main import main
from tower.cli.parser import parse
from tower.cli.recordings import recording_of
from tower.cli.scratch import scratch_folder
from tower.domain.events import ExceptionRaised
from tower.gateway.errors import DataError
from tower.gateway.options import EXIT_WORDS, DesktopOptions, ExitCode
from tower.gateway.settings import read_settings
from tower.road.pack import RegionPack

MANIFEST = (
    b"route,stop,sequence,lat,lon,customer\n"
    b"R1,S1,1,47.14,9.52,Customer 0001\n"
    b"R1,S2,2,47.15,9.53,Customer 0002\n"
    b"R1,S3,3,far,9.53,Customer 0003\n"
)


@pytest.fixture(autouse=True)
def _token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOWER_TOKEN", "sue-token")


def said(capsys: pytest.CaptureFixture[str]) -> str:
    captured = capsys.readouterr()
    return captured.out + captured.err


def test_help_explains_the_commands_and_the_exit_codes_at_once() -> None:
    taken = []
    for _ in range(3):
        begun = time.perf_counter()
        helped = subprocess.run(
            [sys.executable, "-m", "tower", "--help"], capture_output=True, text=True, check=True
        )
        taken.append(time.perf_counter() - begun)
    for word in ("gateway", "region", "shift", "replay", "--gateway", "--screenshot", "--seed"):
        assert word in helped.stdout
    for code, words in EXIT_WORDS.items():
        assert f"{code.value}  {words}" in helped.stdout
    assert min(taken) < 0.3


@pytest.mark.parametrize(
    "words",
    [
        ["--after", "-1"],
        ["--speed", "61"],
        ["--size", "big"],
        ["gateway", "--port", "70000"],
        ["fly"],
        ["region"],
        ["shift", "import"],
    ],
)
def test_a_wrong_command_line_ends_with_2(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == ExitCode.USAGE
    assert "usage: tower" in said(capsys)


def test_a_taken_port_ends_with_3(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as other:
        port = str(other.getsockname()[1])
        code = main(["gateway", "--port", port, "--data", str(tmp_path)])
    assert code == ExitCode.PORT_TAKEN
    assert port in said(capsys)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("demo", [[], ["--demo"]])
def test_an_unknown_region_ends_with_4(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], demo: list[str]
) -> None:
    words = ["gateway", "--port", "0", "--data", str(tmp_path), "--region", "atlantis", *demo]
    assert main(words) == ExitCode.NO_SUCH_REGION
    assert "liechtenstein" in said(capsys)


def test_nobody_there_ends_with_5(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "day.csv"
    file.write_bytes(MANIFEST)
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    code = main(["shift", "import", str(file), "--gateway", f"ws://127.0.0.1:{port}"])
    assert code == ExitCode.UNREACHABLE
    assert "cannot be reached" in said(capsys)


def test_a_wrong_token_ends_with_6(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "day.csv"
    file.write_bytes(MANIFEST)
    with running_gateway(tmp_path / "data") as running:
        words = ["shift", "import", str(file), "--gateway", running.url]
        for token in ("stranger", "vic-token", ""):
            monkeypatch.setenv("TOWER_TOKEN", token)
            assert main(words) == ExitCode.WRONG_TOKEN
    assert "stranger" not in said(capsys)


@pytest.mark.parametrize("content", [b"this is no database", b"SQLite format 3\x00" + b"x" * 500])
def test_a_damaged_journal_ends_with_7_and_stays_as_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes
) -> None:
    journal = tmp_path / "journal.db"
    journal.write_bytes(content)
    assert main(["gateway", "--port", "0", "--data", str(tmp_path)]) == ExitCode.DATA
    assert "untouched" in said(capsys)
    assert journal.read_bytes() == content


def test_without_any_token_a_gateway_does_not_start(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TOWER_TOKEN")
    assert main(["gateway", "--port", "0", "--data", str(tmp_path)]) == ExitCode.USAGE
    assert "TOWER_TOKEN" in said(capsys)


@pytest.mark.parametrize(
    ("toml", "says"),
    [
        ("lease_s = 'long'", "lease_s"),
        ("prot = 1", "prot"),
        ("port = ", "TOML"),
        ('[[token]]\nid = "x"\nrole = "king"\nenv = "TOWER_TOKEN"', "king"),
        ('[[token]]\nid = "x"\nrole = "viewer"\nenv = "NOT_SET"', "NOT_SET"),
        ('[[token]]\nid = "x"\nrole = "carrier"\nenv = "TOWER_TOKEN"', "carrier"),
        ('[[token]]\nid = "x"\nrole = "viewer"\nsha256 = "abc"', "sha256"),
        ('[[carrier]]\nid = "x"\nadapter = "pigeon"\nurl = "http://x"', "pigeon"),
        ('[[carrier]]\nid = "x"\nadapter = "driver_app"\nurl = "http://x"', "/v1/ingest"),
    ],
)
def test_wrong_settings_are_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], toml: str, says: str
) -> None:
    file = tmp_path / "tower.toml"
    file.write_text(toml, encoding="utf-8")
    words = ["gateway", "--port", "0", "--data", str(tmp_path / "data"), "--config", str(file)]
    assert main(words) == ExitCode.USAGE
    assert says in said(capsys)


def test_flags_win_over_the_settings_file(tmp_path: Path) -> None:
    file = tmp_path / "tower.toml"
    file.write_text('port = 1234\nregion = "here"\ndata = "there"\n', encoding="utf-8")
    settings = read_settings(file, {"port": 4321, "region": None})
    assert (settings.port, settings.region, settings.data) == (4321, "here", "there")


def test_a_manifest_goes_in_once_and_its_bad_lines_are_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "day.csv"
    file.write_bytes(MANIFEST)
    words = ["shift", "import", str(file), "--data", str(tmp_path / "data")]
    assert main(words) == ExitCode.OK
    first = said(capsys)
    assert "2 stops" in first
    assert "line 4" in first
    assert main(words) == ExitCode.OK
    assert "nothing new" in said(capsys)


def test_a_manifest_reaches_a_running_gateway(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "day.csv"
    file.write_bytes(MANIFEST)
    with running_gateway(tmp_path / "data") as running:
        assert main(["shift", "import", str(file), "--gateway", running.url]) == ExitCode.OK
        customers = {stop.plan.customer for stop in running.state.stops.values() if stop.plan}
    assert {"Customer 0001", "Customer 0002"} <= customers
    assert "2 stops" in said(capsys)


def test_a_journal_in_use_is_not_written_by_anybody_else(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "day.csv"
    file.write_bytes(MANIFEST)
    with running_gateway(tmp_path / "data"):
        code = main(["shift", "import", str(file), "--data", str(tmp_path / "data")])
    assert code == ExitCode.DATA
    assert "--gateway" in said(capsys)


def test_the_built_in_region_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["region", "list"]) == ExitCode.OK
    assert "liechtenstein" in said(capsys)


def test_a_file_that_is_no_extract_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "town.osm.pbf"
    file.write_bytes(b"not a map")
    assert main(["region", "import", str(file)]) == ExitCode.DATA
    assert "town.osm.pbf" in said(capsys)
    assert main(["region", "list"]) == ExitCode.OK
    assert "town" not in said(capsys)


def test_the_desktop_gets_a_gateway_that_it_starts_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    opened: list[DesktopOptions] = []
    _install_desktop(monkeypatch, opened)
    assert main(["--theme", "light", "--size", "1366x768", "--speed", "10", "--seed", "7"]) == 0
    wishes = opened[0]
    assert (wishes.theme, wishes.size, wishes.gateway_url) == ("light", (1366, 768), "")
    inner = parse(wishes.gateway_command[3:])
    assert (inner.demo, inner.speed, inner.seed, inner.port) == (True, 10, 7, 0)
    assert "token" not in " ".join(wishes.gateway_command).lower()


def test_the_desktop_joins_a_room_without_a_gateway_of_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    opened: list[DesktopOptions] = []
    _install_desktop(monkeypatch, opened)
    assert main(["--gateway", "wss://room.example", "--token-env", "MY_TOKEN"]) == 0
    assert opened[0].gateway_url == "wss://room.example"
    assert (opened[0].token_env, opened[0].gateway_command) == ("MY_TOKEN", ())


def test_a_recording_is_played_to_the_desktop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    opened: list[DesktopOptions] = []
    _install_desktop(monkeypatch, opened)
    file = tmp_path / "buses.pb"
    assert main(["replay", str(file)]) == ExitCode.DATA
    assert "no recording" in said(capsys)
    file.write_bytes(b"")
    assert main(["replay", str(file)]) == 0
    assert parse(opened[0].gateway_command[3:]).recording == str(file)


def test_traccar_lines_play_by_the_clock_of_their_first_position(tmp_path: Path) -> None:
    file = tmp_path / "vans.jsonl"
    position = {"id": 1, "deviceId": 1, "latitude": 47.1, "longitude": 9.5, "valid": True}
    lines = [
        json.dumps({"positions": [{**position, "fixTime": f"2026-03-02T08:00:{second:02}Z"}]})
        for second in (5, 6)
    ]
    file.write_text("\n".join(lines), encoding="utf-8")
    recording = recording_of(file, tmp_path / "data")
    assert recording.clock.now().isoformat().startswith("2026-03-02T08:00:05")
    assert len(recording.sources) == 1


def test_a_recorded_journal_opens_at_its_last_event_and_is_not_touched(tmp_path: Path) -> None:
    with running_gateway(tmp_path / "then") as running:
        raised = [e for e in running.journal.read(0, 500) if isinstance(e.body, ExceptionRaised)]
        last = running.journal.read(running.journal.seq - 1, 1)[0]
    file = tmp_path / "then" / "journal.db"
    before = file.read_bytes()
    recording = recording_of(file, tmp_path / "now")
    assert abs((recording.clock.now() - last.recorded_at).total_seconds()) < 30
    assert file.read_bytes() == before
    assert raised
    with pytest.raises(DataError):
        recording_of(tmp_path / "nothing.db", tmp_path / "now")


def test_scratch_folders_of_killed_processes_are_cleared_away() -> None:
    with scratch_folder("demo") as folder:
        left = folder.with_name("demo-999999999")
        left.mkdir()
        assert folder.name == f"demo-{os.getpid()}"
    assert not folder.exists()
    with scratch_folder("demo"):
        assert not left.exists()


class _Entry:
    def __init__(self, opened: list[DesktopOptions]) -> None:
        self._opened = opened

    def load(self) -> "_Entry":
        return self

    def __call__(self, options: DesktopOptions) -> int:
        self._opened.append(options)
        return 0


def _install_desktop(monkeypatch: pytest.MonkeyPatch, opened: list[DesktopOptions]) -> None:
    monkeypatch.setattr(desktop, "entry_points", lambda group: [_Entry(opened)] if group else [])


def test_an_imported_region_keeps_the_time_zone_it_was_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    town = Town()
    town.way((0, 0), (3, 0), (3, 3))
    file = town.write(tmp_path)
    assert main(["region", "import", str(file), "--time-zone", "Asia/Kolkata"]) == ExitCode.OK
    [pack] = (tmp_path / "share").rglob("*.region")
    with RegionPack.open(pack) as opened:
        assert opened.info.time_zone == "Asia/Kolkata"
    assert "town is ready" in capsys.readouterr().out


@pytest.mark.parametrize("zone", ["Mars/Olympus", "Europe", ""])
def test_a_time_zone_that_does_not_exist_is_a_usage_error(
    capsys: pytest.CaptureFixture[str], zone: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["region", "import", "town.osm", "--time-zone", zone])
    assert ended.value.code == ExitCode.USAGE
    assert repr(zone) in capsys.readouterr().err
