"""The manual of the gateway knows every operation, every setting and every role."""

from pathlib import Path

from tower.feed.asyncapi import asyncapi_document
from tower.gateway.http.operations import all_operations
from tower.gateway.settings import CarrierSettings, GatewaySettings, TokenSettings, read_settings
from tower.gateway.signin import Role, read_tokens

MANUAL = Path(__file__).resolve().parents[2] / "docs" / "gateway.md"


def test_every_operation_setting_and_role_is_explained() -> None:
    text = MANUAL.read_text(encoding="utf-8")
    named = [f"{one.method} {one.path}" for one in all_operations(asyncapi_document)]
    named += [*GatewaySettings.__struct_fields__, *CarrierSettings.__struct_fields__]
    named += [*TokenSettings.__struct_fields__, *Role]
    assert [word for word in named if word not in text] == []


def test_the_settings_it_shows_are_settings(tmp_path: Path) -> None:
    text = MANUAL.read_text(encoding="utf-8")
    file = tmp_path / "tower.toml"
    file.write_text(text.partition("```toml\n")[2].partition("```")[0], encoding="utf-8")
    settings = read_settings(file, {})
    tokens = read_tokens(settings.token, {"OPS_1_TOKEN": "one"})
    assert [one.id for one in settings.carrier] == ["own"]
    grant, courier = tokens.grant("one"), tokens.grant("foo")
    assert grant is not None
    assert grant.role is Role.DISPATCHER
    assert courier is not None
    assert courier.carrier_id == "couriers"
    assert tokens.grant("") is None
