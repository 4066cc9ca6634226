"""A damaged region: the gateway serves, estimates its travel times, and everybody is told."""

from pathlib import Path

from msgspec.structs import replace

from tests.gateway.running import running_gateway
from tests.gateway.shift import small_shift
from tests.gateway.test_live import watching
from tower.domain.events import ShiftOpened
from tower.gateway.regions import BUILT_IN
from tower.gateway.settings import GatewaySettings
from tower.road.pack import SUFFIX


def damaged_region(folder: Path) -> None:
    """A pack whose directory is whole and whose roads are not."""
    data = bytearray((BUILT_IN / f"liechtenstein{SUFFIX}").read_bytes())
    roads = data.index(b"network/vertices.npy")
    data[roads + 200 : roads + 400] = bytes(200)
    (folder / f"damaged{SUFFIX}").write_bytes(data)


def test_desktops_are_told_that_travel_times_are_estimates(tmp_path: Path) -> None:
    damaged_region(tmp_path)
    settings = GatewaySettings(
        data=str(tmp_path), port=0, project_s=0.1, region_folders=(str(tmp_path),)
    )
    opened, *others = small_shift()
    assert isinstance(opened.body, ShiftOpened)
    shift = replace(opened.body.shift, region="damaged")
    told = [replace(opened, body=ShiftOpened(shift=shift)), *others]
    with running_gateway(tmp_path / "data", settings=settings, shift=told) as gateway:
        with watching(gateway, "vehicles") as desktop:
            while not (trouble := desktop.next("frame")["trouble"]):
                pass
        gateway.until(lambda: gateway.gateway.lines.line("A"))
        with gateway.client("ann") as http:
            assert set(http.get("/v1/routes/shapes").json()) == {"A", "B"}
    assert "damaged" in trouble
    assert "travel times are estimates" in trouble
