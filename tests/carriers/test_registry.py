"""Adapters are found where they are installed, and a broken one hurts nobody else."""

from importlib.metadata import EntryPoint

import pytest

from tower.carriers import registry
from tower.carriers.port import Adapter, PullAdapter
from tower.carriers.registry import GROUP, find_adapters


def point(name: str, value: str) -> EntryPoint:
    return EntryPoint(name=name, value=value, group=GROUP)


def test_the_three_adapters_that_come_with_tower_are_found() -> None:
    adapters = find_adapters()
    assert {"traccar", "gtfs_realtime", "driver_app"} <= adapters.keys()
    assert all(isinstance(adapter, Adapter) for adapter in adapters.values())
    fetching = {name for name, adapter in adapters.items() if isinstance(adapter, PullAdapter)}
    assert fetching >= {"traccar", "gtfs_realtime"}
    assert "driver_app" not in fetching


@pytest.mark.parametrize("value", ["no.such.module:adapter", "json:no_such", "json:dumps"])
def test_a_broken_plugin_is_left_out_and_named_in_the_log(
    value: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    points = [point("broken", value), point("driver_app", "plugins.driver_app:adapter")]
    monkeypatch.setattr(registry, "entry_points", lambda group: points if group == GROUP else [])
    assert list(find_adapters()) == ["driver_app"]
    assert value in caplog.text
