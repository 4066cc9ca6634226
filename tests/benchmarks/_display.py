"""What a benchmark that shows something sets up before Qt is loaded."""

import os


def settle_environment() -> None:
    """As the desktop does on a machine without a GPU, and off screen where there is no display."""
    os.environ.setdefault("QT_QUICK_BACKEND", "software")
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        os.environ["QTWEBENGINE_DISABLE_SANDBOX"] = "1"
