"""Where the desktop starts: first the gateway's process, then everything that takes time."""

import importlib
import os
import sys
from pathlib import Path

import platformdirs

from tower.gateway.errors import SettingsError
from tower.gateway.options import DesktopOptions, TowerError
from ui.embedded import EmbeddedGateway, GatewayHost, default_command
from ui.nogateway import NoGateway
from ui.remote import RemoteGateway
from ui.started import process_started_at


class NoDisplayError(TowerError):
    """The machine has no display."""


def main(options: DesktopOptions) -> int:
    """Open the desktop.

    The gateway is a process of its own and starts while Qt is loaded.

    Args:
        options: how it is to open.

    Returns:
        The exit code.

    Raises:
        TowerError: there is no gateway to work with, and why.
    """
    started_at = process_started_at()
    _settle_display(takes_picture=bool(options.screenshot))
    _settle_environment()
    host = _gateway_host(options)
    desktop = importlib.import_module("ui.desktop")
    try:
        return int(desktop.run(options, host, started_at))
    finally:
        host.stop()


def _gateway_host(options: DesktopOptions) -> GatewayHost:
    if options.replay_file:
        return NoGateway(Path(options.replay_file))
    if not options.gateway_url:
        log_file = Path(platformdirs.user_log_dir("tower", appauthor=False)) / "gateway.log"
        return EmbeddedGateway(options.gateway_command or default_command(), log_file)
    # Taken out: the processes that draw the map have no business with it.
    token = os.environ.pop(options.token_env, "")
    if not token:
        raise SettingsError(
            f"The gateway at {options.gateway_url} wants a token: put it into the environment "
            f"variable {options.token_env}, or name another one with --token-env."
        )
    return RemoteGateway(options.gateway_url, token)


def _settle_display(*, takes_picture: bool) -> None:
    """Draw off screen where there is no display and only a picture is wanted.

    Raises:
        NoDisplayError: there is no display for a window.
    """
    named = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    if sys.platform != "linux" or any(os.environ.get(name) for name in named):
        return
    if not takes_picture:
        raise NoDisplayError(
            "There is no display to open a window on. Take a picture instead "
            "(tower --screenshot FILE), or run a gateway alone (tower gateway)."
        )
    os.environ["QT_QPA_PLATFORM"] = "offscreen"


def _settle_environment() -> None:
    """Choose what suits a machine without a GPU; set before Qt is loaded."""
    os.environ.setdefault("QT_QUICK_BACKEND", "software")
    if sys.platform == "linux" and os.geteuid() == 0:
        os.environ.setdefault("QTWEBENGINE_DISABLE_SANDBOX", "1")
