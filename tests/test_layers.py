"""Who may import whom, as docs/architecture.md has it."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_packages_import_only_what_lies_below(tmp_path: Path) -> None:
    # In a process of its own: it sets up a log that silences the loggers there are.
    lint = "import sys; from importlinter.cli import lint_imports; "
    lint += "sys.exit(lint_imports(config_filename='pyproject.toml', cache_dir=sys.argv[1]))"
    answer = subprocess.run(
        [sys.executable, "-c", lint, str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stdout
