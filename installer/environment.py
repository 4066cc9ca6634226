"""The virtual environment: Python, the locked dependencies, and Tower itself."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from installer.console import Console, SetupError
from installer.paths import LOG, PYTHON, ROOT, TOWER, VENV
from installer.steps import fingerprint_of

ROOM_NEEDED = 3 * 1024**3
"""Free bytes a first set-up asks for: 1.4 GB stay, the downloads come on top."""

_OWN_PACKAGES = ("tower", "ui", "plugins")
_QT_CHECK = "from PySide6 import QtWebEngineCore, QtWebEngineWidgets, QtWidgets"


def python_version() -> str:
    """This interpreter's version as its libraries' folder spells it, "3.11"."""
    return f"{sys.version_info[0]}.{sys.version_info[1]}"


def environment_fingerprint() -> str:
    """Changes when the checkout moved or another Python is used."""
    return fingerprint_of([], str(ROOT), python_version())


def environment_works() -> bool:
    """Whether the environment was made for this checkout, and has the right Python and pip."""
    return _made_here() and _answers()


def _made_here() -> bool:
    """A moved environment's programs still start the Python of where it was."""
    try:
        described = (VENV / "pyvenv.cfg").read_text(encoding="utf-8")
    except FileNotFoundError:
        return False
    return f" {VENV}\n" in described


def _answers() -> bool:
    question = "import sys, pip; print(f'{sys.version_info[0]}.{sys.version_info[1]}')"
    try:
        answer = subprocess.run(
            [PYTHON, "-c", question], capture_output=True, text=True, check=False
        )
    except OSError:
        return False
    return answer.returncode == 0 and answer.stdout.strip() == python_version()


def create_environment(console: Console) -> None:
    """Make the environment, anew where one is there that does not work.

    Raises:
        SetupError: The disk is too full, or Python could not make it.
    """
    free = shutil.disk_usage(ROOT).free
    if free < ROOM_NEEDED:
        raise SetupError(
            f"Only {free / 1e9:.1f} GB are free where Tower is; set-up needs "
            f"{ROOM_NEEDED / 1e9:.1f} GB. Make room, then run the same command again."
        )
    command: list[str | Path] = [sys.executable, "-m", "venv", "--clear", VENV]
    console.run(command, doing="making the virtual environment")


def dependencies_fingerprint(lock: Path) -> str:
    """Changes when the lock does, or the environment."""
    return fingerprint_of([lock], environment_fingerprint())


def package_present(package: str) -> bool:
    """Whether a package that stands for its lock is in the environment."""
    return any(VENV.glob(f"lib/python3*/site-packages/{package}/__init__.py"))


def install_dependencies(lock: Path, console: Console) -> None:
    """Install exactly what the lock names, wheels only, every hash checked."""
    forget_half_installed()
    command = [*_pip("install"), "--require-hashes", "--only-binary=:all:", "-r", lock]
    console.run(command, doing="installing the locked dependencies", environment=_PIP_ENVIRONMENT)


def forget_half_installed() -> None:
    """Let pip see as missing what an install that was cut off left half done.

    pip takes a package for installed by its description and writes the list of its files last.
    """
    for description in VENV.glob("lib/python3*/site-packages/*.dist-info"):
        if not (description / "RECORD").is_file():
            shutil.rmtree(description)


def project_fingerprint() -> str:
    """Changes with what the package says of itself: its commands and plugins."""
    return fingerprint_of([ROOT / "pyproject.toml"], environment_fingerprint())


def project_present() -> bool:
    """Whether the `tower` command is there."""
    return os.access(TOWER, os.X_OK)


def install_project(console: Console) -> None:
    """Put the checkout itself into the environment, without fetching anything."""
    command = [*_pip("install"), "--no-deps", "--no-build-isolation", "--editable", ROOT]
    console.run(command, doing="installing Tower", environment=_PIP_ENVIRONMENT)
    sources = [ROOT / name for name in _OWN_PACKAGES]
    compiled: list[str | Path] = [PYTHON, "-m", "compileall", "-q", *sources, "-x", "node_modules"]
    console.run(compiled, doing="compiling Tower's modules")


def qt_loads() -> bool:
    """Whether the desktop's libraries can be loaded at all."""
    return _load_qt().returncode == 0


def explain_qt(console: Console) -> None:
    """Check that Qt loads.

    Raises:
        SetupError: It does not; the message has the loader's own words.
    """
    answer = _load_qt()
    if answer.returncode == 0:
        return
    console.say(f"      Qt does not load; set-up's log is {LOG}")
    reason = (answer.stderr.strip().splitlines() or ["no reason given"])[-1]
    raise SetupError(
        f"Qt cannot be loaded on this machine: {reason}\n"
        "A system library is missing that set-up does not know of. Install the package that has "
        "it, then run the same command again."
    )


def _load_qt() -> subprocess.CompletedProcess[str]:
    command: list[str | Path] = [PYTHON, "-c", _QT_CHECK]
    return subprocess.run(command, capture_output=True, text=True, check=False)


_PIP_ENVIRONMENT = {"PIP_USER": "0", "PIP_REQUIRE_VIRTUALENV": "0", "PYTHONPATH": ""}


def _pip(verb: str) -> list[str | Path]:
    return [PYTHON, "-m", "pip", verb, "--no-input", "--disable-pip-version-check"]
