"""The providers of weather and traffic that come with Tower are found, and are in the manual."""

import re
from pathlib import Path

import pytest

from tower.conditions.registry import find_providers
from tower.gateway.settings import ConditionsSettings

MANUAL = Path(__file__).resolve().parents[2] / "docs" / "conditions.md"


@pytest.mark.parametrize("name", ["open_meteo", "traffic_json"])
def test_every_option_of_every_provider_is_in_the_manual(name: str) -> None:
    plugin = find_providers()[name]
    section = re.search(rf"^### {name}$(.*?)(?=^##)", MANUAL.read_text(), re.DOTALL | re.MULTILINE)
    assert section, f"docs/conditions.md has no section on {name}"
    assert [option for option in plugin.options if f"`{option}`" not in section[1]] == []


def test_every_setting_of_a_provider_is_in_the_manual() -> None:
    text = MANUAL.read_text()
    assert [one for one in ConditionsSettings.__struct_fields__ if f"`{one}`" not in text] == []
