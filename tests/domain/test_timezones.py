"""Names of time zones as they come in from outside."""

import pytest

from tower.domain.timezones import zone_named


def test_a_zone_is_found_by_its_name() -> None:
    zone = zone_named("Europe/Vaduz")
    assert zone is not None
    assert zone.key == "Europe/Vaduz"


@pytest.mark.parametrize(
    "name",
    ["", "Europe", "Europe/", "Nowhere/Else", "../etc", "/etc/localtime", "a\x00", "x" * 5000],
)
def test_what_is_no_zone_is_none_and_no_error(name: str) -> None:
    assert zone_named(name) is None
