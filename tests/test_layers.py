"""Who may import whom, as docs/architecture.md has it."""

from pathlib import Path

from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

CONFIGURATION = Path(__file__).parents[1] / "pyproject.toml"


def test_packages_import_only_what_lies_below(tmp_path: Path) -> None:
    answer = lint_imports(config_filename=str(CONFIGURATION), cache_dir=str(tmp_path))
    assert answer == EXIT_STATUS_SUCCESS
