"""Real routing servers, each from a wheel that carries its binaries, on loopback.

The wheels want Python 3.12 or newer, so each gets an environment of its own under ``.cache``,
made once by whichever such interpreter is found here.
"""

import json
import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import httpx
import pytest

OSRM = "osrm-bindings>=26,<27"
VALHALLA = "pyvalhalla>=3.9,<4"

_CACHE = Path(__file__).resolve().parents[2] / ".cache"
_OLDEST = (3, 12)
_PATIENCE_S = 60.0
_INSTALL_S = 300.0


def installed(requirement: str) -> Path:
    """Where the packages of an environment with this requirement lie; skips without one."""
    packages, reason = _environment(requirement)
    if packages is None:
        pytest.skip(reason)
    return packages


@cache
def _environment(requirement: str) -> tuple[Path | None, str]:
    """The packages, or why there are none; tried once."""
    folder = _CACHE / requirement.translate(str.maketrans(">=<,", "----"))
    try:
        if not folder.is_dir():
            _install(requirement, folder)
    except _Unavailable as error:
        return None, str(error)
    found = next(folder.glob("lib/python*/site-packages"), None)
    return found, f"{folder} is no whole environment; delete it"


class _Unavailable(Exception):
    """The environment cannot be made here; the message says why."""


def _install(requirement: str, folder: Path) -> None:
    python = _interpreter()
    if python is None:
        raise _Unavailable(f"{requirement} needs Python 3.12 or newer, and none is found here")
    _CACHE.mkdir(exist_ok=True)
    draft = Path(tempfile.mkdtemp(dir=_CACHE, prefix="draft-"))
    quiet = ["--quiet", "--disable-pip-version-check", "--retries", "1"]
    try:
        _run([python, "-m", "venv", str(draft)], f"{python} makes no environments")
        pip = [str(draft / "bin" / "python"), "-m", "pip", "install", *quiet]
        _run([*pip, "--only-binary", ":all:", requirement], f"{requirement} cannot be had")
        draft.rename(folder)
    except OSError:
        if not folder.is_dir():  # else another test run was faster
            raise
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _run(command: Sequence[str], reason: str) -> None:
    environment = {**os.environ, "HOME": str(_home())}
    try:
        subprocess.run(
            command, check=True, capture_output=True, timeout=_INSTALL_S, env=environment
        )
    except subprocess.SubprocessError as error:
        said = (getattr(error, "stderr", b"") or b"").decode(errors="replace").strip()
        raise _Unavailable(f"{reason}: {said.splitlines()[-1] if said else error}") from error


def _interpreter() -> str | None:
    """An interpreter that is new enough: this one, on the path, or one of pyenv's."""
    names = [f"python3.{minor}" for minor in range(_OLDEST[1], _OLDEST[1] + 4)]
    on_path = [found for found in map(shutil.which, names) if found]
    pyenv = _home() / ".pyenv" / "versions"
    kept = [str(found) for name in names for found in sorted(pyenv.glob(f"*/bin/{name}"))]
    for python in [sys.executable, *on_path, *kept]:
        if _version(python) >= _OLDEST:
            return python
    return None


def _version(python: str) -> tuple[int, ...]:
    ask = "import sys; print(*sys.version_info[:2])"
    said = subprocess.run([python, "-c", ask], check=False, capture_output=True, text=True)
    return tuple(map(int, said.stdout.split())) if said.returncode == 0 else ()


def _home() -> Path:
    """The user's own home; tests run with another."""
    return Path(pwd.getpwuid(os.getuid()).pw_dir)


def free_port() -> int:
    """A port nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@contextmanager
def osrm(source: Path, folder: Path, profile: str = "car") -> Iterator[str]:
    """An OSRM server driving in an OpenStreetMap file; gives its address."""
    home = installed(OSRM) / "osrm"
    data = folder / f"{profile}{''.join(source.suffixes)}"
    shutil.copy(source, data)
    base = str(folder / f"{profile}.osrm")
    lua = str(home / "share" / "profiles" / f"{profile}.lua")
    for step in (
        ["osrm-extract", "-t", "1", "-p", lua, str(data)],
        ["osrm-partition", "-t", "1", base],
        ["osrm-customize", "-t", "1", base],
    ):
        _tool([str(home / "bin" / step[0]), *step[1:]])
    port = free_port()
    command = [str(home / "bin" / "osrm-routed"), "-a", "MLD", "-t", "1", "-i", "127.0.0.1"]
    with _serving([*command, "-p", str(port), base], f"http://127.0.0.1:{port}") as url:
        yield url


@contextmanager
def valhalla(source: Path) -> Iterator[str]:
    """A Valhalla server driving in an OpenStreetMap file; gives its address."""
    packages = installed(VALHALLA)
    tools = packages / "valhalla" / "bin"
    # Its sockets' names must be short, and pytest's folders are not.
    with tempfile.TemporaryDirectory(prefix="valhalla-") as name:
        folder = Path(name)
        port = free_port()
        config = folder / "config.json"
        config.write_text(json.dumps(_valhalla_config(packages, folder, port)))
        _tool([str(tools / "valhalla_build_tiles"), "-c", str(config), str(source)])
        command = [str(tools / "valhalla_service"), str(config), "1"]
        with _serving(command, f"http://127.0.0.1:{port}") as url:
            yield url


def _valhalla_config(packages: Path, folder: Path, port: int) -> dict[str, dict[str, object]]:
    python = packages.parents[2] / "bin" / "python"
    ask = [str(python), "-m", "valhalla.valhalla_build_config"]
    config: dict[str, dict[str, object]] = json.loads(
        subprocess.run(ask, check=True, capture_output=True).stdout
    )
    for absent in ("tile_extract", "traffic_extract", "admin", "timezone"):
        config["mjolnir"].pop(absent, None)
    config["mjolnir"].update(tile_dir=str(folder / "tiles"), concurrency=1)
    for part in ("loki", "thor", "odin", "meili"):
        config[part]["service"] = {"proxy": f"ipc://{folder}/{part}"}
    config["httpd"]["service"] = {
        "listen": f"tcp://127.0.0.1:{port}",
        "loopback": f"ipc://{folder}/loopback",
        "interrupt": f"ipc://{folder}/interrupt",
        "drain_seconds": 1,
        "shutdown_seconds": 1,
        "timeout_seconds": -1,
    }
    return config


def _tool(command: Sequence[str]) -> None:
    done = subprocess.run(command, check=False, capture_output=True, timeout=_PATIENCE_S)
    assert done.returncode == 0, f"{command[0]}: {done.stdout.decode()} {done.stderr.decode()}"


@contextmanager
def _serving(command: Sequence[str], url: str) -> Iterator[str]:
    with tempfile.TemporaryFile() as log, subprocess.Popen(command, stdout=log, stderr=log) as one:
        try:
            _until_it_answers(one, url)
            yield url
        finally:
            one.kill()


def _until_it_answers(process: "subprocess.Popen[bytes]", url: str) -> None:
    ends = time.monotonic() + _PATIENCE_S
    while not _answers(url):
        assert process.poll() is None, f"{url} ended with {process.returncode}"
        assert time.monotonic() < ends, f"{url} does not answer"


def _answers(url: str) -> bool:
    try:
        httpx.get(f"{url}/status")
    except httpx.TransportError:
        return False
    return True
