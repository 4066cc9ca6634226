"""The channels that come with Tower are found, and their settings are in the manual."""

import re
from pathlib import Path

import pytest

from tower.gateway.telling.registry import find_channels

MANUAL = Path(__file__).resolve().parents[2] / "docs" / "channels.md"
OURS = ("http_json", "kannel", "local_outbox", "smtp", "twilio", "whatsapp")


@pytest.mark.parametrize("name", OURS)
def test_every_option_of_every_channel_is_in_the_manual(name: str) -> None:
    plugin = find_channels()[name]
    section = re.search(rf"^### {name}$(.*?)(?=^##)", MANUAL.read_text(), re.DOTALL | re.MULTILINE)
    assert section, f"docs/channels.md has no section on {name}"
    missing = [one.name for one in plugin.options if f"`{one.name}`" not in section[1]]
    assert missing == []


def test_only_the_local_outbox_sends_nothing() -> None:
    found = find_channels()
    assert [name for name in OURS if not found[name].sends] == ["local_outbox"]
