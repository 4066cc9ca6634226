"""Where set-up finds and puts things, relative to the checkout."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
TOWER = VENV / "bin" / "tower"
LOCKS = ROOT / "installer" / "lock"
RUN_LOCK = LOCKS / "run.txt"
DEVELOPMENT_LOCK = LOCKS / "development.txt"
WEB = ROOT / "ui" / "web"
"""The map page, TypeScript."""
LOG = ROOT / ".setup.log"
"""Everything the tools behind set-up said, for the day something fails."""
LOCK_FILE = ROOT / ".setup.lock"
"""Held while set-up runs, so that a second one waits."""
STAMPS = VENV / "tower-setup.json"
"""What has been done, by step and fingerprint; gone with the environment."""
