"""What the map page may load: itself, and nothing else but tiles an operator configured."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.ui.map.conftest import PATIENCE_MS, MapMaker
from tower.road.pack import RegionPack
from ui.map.live import LiveData
from ui.map.scene import TileProvider
from ui.map.scheme import MapPageMissing, PageScheme, content_security_policy

_PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


class _TileServer(ThreadingHTTPServer):
    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _TileHandler)
        self.asked: list[tuple[str, str]] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _TileHandler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        assert isinstance(self.server, _TileServer)
        self.server.asked.append((self.path, self.headers["User-Agent"]))
        self.send_response(200)
        self.send_header("Content-Type", "image/png")
        self.end_headers()
        self.wfile.write(_PIXEL)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as inherited
        """Say nothing."""


@pytest.fixture
def tile_server() -> Iterator[_TileServer]:
    server = _TileServer()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_nothing_on_the_page_reaches_another_server(
    make_map: MapMaker, pack: RegionPack, tile_server: _TileServer
) -> None:
    shown = make_map(pack)
    url = f"{tile_server.address}/leak"
    shown.script(
        f"(window.tried = 0, fetch('{url}').catch(() => window.tried++),"
        f" Object.assign(new Image(), {{src: '{url}', onerror: () => window.tried++}}),"
        f" window.open('{url}'), location.assign('{url}'), 0)"
    )
    shown.wait_for("window.tried === 2")
    assert shown.script("location.href") == "tower://map/index.html"
    assert tile_server.asked == []


def test_configured_tiles_are_used_with_their_attribution_and_our_name(
    make_map: MapMaker, tile_server: _TileServer, qtbot: QtBot
) -> None:
    provider = TileProvider(
        url=tile_server.address + "/{z}/{x}/{y}.png",
        attribution="<b>Example</b> tiles",
        user_agent="Tower/test (sample@example.org)",
    )
    shown = make_map(None, provider)
    qtbot.waitUntil(lambda: len(tile_server.asked) > 3, timeout=PATIENCE_MS)
    assert {agent for _, agent in tile_server.asked} == {provider.user_agent}
    attribution = "document.querySelector('.leaflet-control-attribution')"
    assert shown.script(f"{attribution}.textContent") == provider.attribution
    assert shown.script(f"{attribution}.querySelector('b')") is None
    assert shown.view.external_requests >= len(tile_server.asked)
    assert shown.view.sheet.refused_requests == 0


def test_the_policy_names_the_provider_and_nobody_else() -> None:
    provider = TileProvider("https://tiles.example:8443/a/{z}/{x}/{y}.png", "x", "y")
    assert "https" not in content_security_policy(None)
    assert "img-src tower://map data: https://tiles.example:8443;" in content_security_policy(
        provider
    )
    assert "default-src 'none'" in content_security_policy(provider)


def test_files_beside_the_page_are_not_served(make_map: MapMaker) -> None:
    shown = make_map(None)
    shown.script(
        "(window.got = [], ['/../package.json', '/%2e%2e/package.json', '/map.js/../../x.js']"
        ".forEach(p => fetch(p).then(r => window.got.push(r.ok), () => window.got.push(false))), 0)"
    )
    shown.wait_for("window.got.length === 3")
    assert shown.script("window.got") == [False, False, False]


@pytest.mark.usefixtures("qapp")
def test_a_page_that_was_not_built_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(MapPageMissing, match="make setup"):
        PageScheme(LiveData(), dict, assets=tmp_path)
