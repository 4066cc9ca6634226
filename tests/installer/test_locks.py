"""The lock files hold what the project asks for, from no particular registry."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from installer.console import SetupError
from installer.lock import refuse_addresses
from installer.paths import DEVELOPMENT_LOCK, ROOT, RUN_LOCK, WEB

PYTHONS = ("3.11", "3.12", "3.13")
PINNED = re.compile(r"^([\w.-]+)==(\S+)(?: ; (.+?))?(?: \\)?$")


def project() -> dict[str, Any]:
    declared: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    return dict(declared["project"])


def pins(lock: Path, python: str) -> dict[str, str]:
    """What the lock installs on Linux for one Python: package to version."""
    where = {"python_version": python, "python_full_version": f"{python}.9"}
    found: dict[str, str] = {}
    for line in lock.read_text("utf-8").splitlines():
        if PINNED.match(line):
            pin = Requirement(line.rstrip(" \\"))
            if pin.marker is None or pin.marker.evaluate(where):
                found[canonicalize_name(pin.name)] = str(pin.specifier).removeprefix("==")
    return found


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize(
    ("lock", "extras"), [(RUN_LOCK, ["build"]), (DEVELOPMENT_LOCK, ["build", "dev"])]
)
def test_lock_satisfies_what_the_project_asks_for(
    lock: Path, extras: list[str], python: str
) -> None:
    declared = project()
    asked = list(declared["dependencies"])
    for extra in extras:
        asked += declared["optional-dependencies"][extra]
    locked = pins(lock, python)
    for line in asked:
        wanted = Requirement(line)
        if wanted.marker is None or wanted.marker.evaluate({"python_version": python}):
            assert wanted.specifier.contains(locked[canonicalize_name(wanted.name)]), line


@pytest.mark.parametrize("python", PYTHONS)
def test_both_locks_agree(python: str) -> None:
    assert pins(RUN_LOCK, python).items() <= pins(DEVELOPMENT_LOCK, python).items()


def test_qt_is_the_one_that_does_not_abort_on_python_3_11() -> None:
    assert pins(RUN_LOCK, "3.11")["pyside6"] == "6.11.3"
    assert pins(RUN_LOCK, "3.12")["pyside6"].split(".") >= ["6", "12"]


@pytest.mark.parametrize("lock", [RUN_LOCK, DEVELOPMENT_LOCK])
def test_every_pin_has_hashes(lock: Path) -> None:
    blocks = re.split(r"\n(?=\S)", lock.read_text("utf-8"))
    bare = [block for block in blocks if PINNED.match(block) and "--hash=sha256:" not in block]
    assert bare == []


@pytest.mark.parametrize("lock", [RUN_LOCK, DEVELOPMENT_LOCK])
def test_lock_names_no_registry(lock: Path, tmp_path: Path) -> None:
    refuse_addresses(lock)
    named = tmp_path / "lock.txt"
    named.write_text(f"--index-url https://registry.example\n{lock.read_text('utf-8')}", "utf-8")
    with pytest.raises(SetupError, match="names the address of a registry"):
        refuse_addresses(named)


def test_map_page_lock_names_no_registry() -> None:
    lock = (WEB / "package-lock.json").read_text("utf-8")
    assert '"resolved"' not in lock
    assert lock.count('"integrity"') > 10
