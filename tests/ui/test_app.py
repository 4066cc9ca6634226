"""Starting where there is no display."""

import pytest

from tower.gateway.options import DesktopOptions, ExitCode
from ui.app import NoDisplayError, main


def test_a_window_without_a_display_is_refused_with_what_to_do_instead(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("sys.platform", "linux")
    with pytest.raises(NoDisplayError, match="--screenshot") as refused:
        main(DesktopOptions())
    assert refused.value.exit_code is ExitCode.FAILED
