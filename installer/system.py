"""The system's own libraries that Qt loads, and getting them from Debian's packages."""

import ctypes
import importlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from installer.console import Console, SetupError

LIBRARIES = {
    "libasound2": "libasound.so.2",
    "libdbus-1-3": "libdbus-1.so.3",
    "libegl1": "libEGL.so.1",
    "libfontconfig1": "libfontconfig.so.1",
    "libgl1": "libGL.so.1",
    "libglib2.0-0": "libgthread-2.0.so.0",
    "libgssapi-krb5-2": "libgssapi_krb5.so.2",
    "libnss3": "libnss3.so",
    "libpulse0": "libpulse.so.0",
    "libwayland-cursor0": "libwayland-cursor.so.0",
    "libwayland-egl1": "libwayland-egl.so.1",
    "libxcb-cursor0": "libxcb-cursor.so.0",
    "libxcb-icccm4": "libxcb-icccm.so.4",
    "libxcb-keysyms1": "libxcb-keysyms.so.1",
    "libxcb-shape0": "libxcb-shape.so.0",
    "libxcomposite1": "libXcomposite.so.1",
    "libxdamage1": "libXdamage.so.1",
    "libxfixes3": "libXfixes.so.3",
    "libxkbcommon-x11-0": "libxkbcommon-x11.so.0",
    "libxkbfile1": "libxkbfile.so.1",
    "libxrandr2": "libXrandr.so.2",
    "libxtst6": "libXtst.so.6",
}
"""Debian package to the library by which its presence is seen.

What PySide6 with QtWebEngine needs on a bare Debian 12 and 13, for X11 and Wayland screens and for
sounds; the packages bring the rest.
"""

FONT_PACKAGE = "fonts-dejavu-core"
_FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts")
_FONT_FILES = ("*.ttf", "*.otf", "*.ttc")

_QUIET = ["env", "DEBIAN_FRONTEND=noninteractive"]
"""Through env because sudo drops the caller's variables."""

_PATIENT = ["-o", "DPkg::Lock::Timeout=300"]
"""A machine that has just started is often updating itself."""


def missing_packages() -> list[str]:
    """Debian's names for what set-up and Qt need and this machine does not have."""
    if sys.platform != "linux":
        return []
    missing = [package for package, library in LIBRARIES.items() if not _loads(library)]
    if not _has_a_font():
        missing.append(FONT_PACKAGE)
    if not _can_make_environments():
        missing.append(f"python{sys.version_info[0]}.{sys.version_info[1]}-venv")
    return sorted(missing)


def nothing_missing() -> bool:
    """Whether the machine has all that set-up and Qt need."""
    return not missing_packages()


def install_missing(console: Console) -> None:
    """Install what is missing, as root or through sudo.

    Raises:
        SetupError: Neither is possible, or there is no apt: the message has the one command to
            run, or the libraries to look for.
    """
    missing = missing_packages()
    if shutil.which("apt-get") is None:
        raise SetupError(_without_apt(missing))
    prefix = _elevation()
    if prefix is None:
        raise SetupError(_by_hand(_present_names(missing)))
    packages = _present_names(missing)
    console.say(f"      installing {' '.join(packages)}")
    _refresh_lists(prefix, console)
    # What Debian has may read differently after the refresh, its names too.
    install = [*prefix, *_QUIET, *_install(_present_names(missing), *_PATIENT)]
    console.run(install, doing="installing system libraries")


def _refresh_lists(prefix: list[str], console: Console) -> None:
    """Ask Debian what it has; one broken source of many is no reason to stop."""
    update = [*prefix, *_QUIET, "apt-get", *_PATIENT, "update"]
    try:
        console.run(update, doing="asking Debian what it has")
    except SetupError as error:
        console.say(f"      going on with the lists as they are: {str(error).splitlines()[0]}")


def _install(packages: Iterable[str], *options: str) -> list[str]:
    return ["apt-get", *options, "install", "-y", "--no-install-recommends", *packages]


def _by_hand(packages: list[str]) -> str:
    return (
        "Tower needs system libraries that only an administrator can install, and this is neither "
        "root nor has it sudo. Have this run as root, once, then run the same command again:\n\n"
        f"    apt-get update && {' '.join(_install(packages))}\n"
    )


def _without_apt(packages: list[str]) -> str:
    wanted = ", ".join(LIBRARIES.get(package, package) for package in packages)
    return (
        "Tower needs system libraries that are not here, and this system has no apt-get to fetch "
        f"them. Install what provides these, then run the same command again:\n\n    {wanted}\n"
    )


def _elevation() -> list[str] | None:
    """What goes before a command to run it as root; None where that is not possible."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") is None:
        return None
    if sys.stdin.isatty():
        return ["sudo"]
    asked = subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False)
    return ["sudo", "-n"] if asked.returncode == 0 else None


def _present_names(packages: Iterable[str]) -> list[str]:
    """The packages as this release calls them: some got "t64" behind their name after Debian 12."""
    return [name if _is_offered(name) else f"{name}t64" for name in packages]


def _is_offered(package: str) -> bool:
    renamed = _policy(f"{package}t64")
    return "Candidate: " not in renamed or "Candidate: (none)" in renamed


def _policy(package: str) -> str:
    command = ["apt-cache", "policy", package]
    environment = {**os.environ, "LC_ALL": "C"}
    return subprocess.run(
        command, capture_output=True, text=True, check=False, env=environment
    ).stdout


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _has_a_font() -> bool:
    return any(
        next(Path(folder).rglob(pattern), None) is not None
        for folder in _FONT_FOLDERS
        for pattern in _FONT_FILES
    )


def _can_make_environments() -> bool:
    importlib.invalidate_caches()
    return all(importlib.util.find_spec(name) is not None for name in ("ensurepip", "venv"))
