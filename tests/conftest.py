"""What every test stands on: a quiet Qt, a home of its own, repeatable examples."""

import os
import shutil
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"

_HOME = Path(tempfile.mkdtemp(prefix="tower-tests-"))


def _settle_environment() -> None:
    """Point every place a program may write at a throw-away folder, before Qt is loaded."""
    for variable in ("CONFIG", "DATA", "CACHE", "STATE"):
        folder = _HOME / variable.lower()
        folder.mkdir()
        os.environ[f"XDG_{variable}_HOME"] = str(folder)
    runtime = _HOME / "runtime"
    runtime.mkdir(mode=0o700)
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)
    os.environ["HOME"] = str(_HOME)
    os.environ.setdefault("QT_QUICK_BACKEND", "software")
    if sys.platform == "linux" and not _has_display():
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        os.environ["QTWEBENGINE_DISABLE_SANDBOX"] = "1"


def _has_display() -> bool:
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


_settle_environment()

settings.register_profile(
    "ci",
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("explore", max_examples=1000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


def pytest_unconfigure() -> None:
    """Leave nothing behind."""
    shutil.rmtree(_HOME, ignore_errors=True)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real recorded data; the test is skipped where it is not at hand."""
    if not SHARED_DATA.is_dir():
        pytest.skip(f"real data not at hand: {SHARED_DATA} is missing")
    return SHARED_DATA
