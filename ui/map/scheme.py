"""The ``tower:`` URL scheme: everything the map page loads comes from this program."""

import logging
import re
from collections.abc import Callable
from pathlib import Path, PurePosixPath

import msgspec
from PySide6.QtCore import QByteArray, QFile, QIODevice, QObject, QUrl, QUrlQuery
from PySide6.QtWebEngineCore import (
    QWebEngineUrlRequestJob,
    QWebEngineUrlScheme,
    QWebEngineUrlSchemeHandler,
)

from tower.road.pack import RegionPack, RegionPackError
from ui.map.growth import have_memory_given_back
from ui.map.live import LiveData
from ui.map.replies import reply
from ui.map.scene import TileProvider

log = logging.getLogger(__name__)

SCHEME = QByteArray(b"tower")
ORIGIN = "tower://map"
PAGE_URL = QUrl(f"{ORIGIN}/index.html")
ASSETS = Path(__file__).resolve().parent.parent / "web" / "dist"

_TYPES = {
    ".html": QByteArray(b"text/html"),
    ".js": QByteArray(b"text/javascript"),
    ".css": QByteArray(b"text/css"),
    ".ttf": QByteArray(b"font/ttf"),
}
_TILE = re.compile(r"/tiles/(\d{1,2})/(\d{1,8})/(\d{1,8})\.mvt")
_TILE_TYPE = QByteArray(b"application/vnd.mapbox-vector-tile")
_CHANNEL_SCRIPT = ":/qtwebchannel/qwebchannel.js"
_CSP = QByteArray(b"Content-Security-Policy")
_CACHING = QByteArray(b"Cache-Control")
# A page that is loaded again must not start with the configuration of the last time.
_NEVER = QByteArray(b"no-store")


class MapPageMissing(Exception):
    """The map page was not built."""


def register_scheme() -> None:
    """Make ``tower:`` known to the web engine; call it before QApplication exists."""
    if not QWebEngineUrlScheme.schemeByName(SCHEME).name().isEmpty():
        return
    have_memory_given_back()
    scheme = QWebEngineUrlScheme(SCHEME)
    scheme.setSyntax(QWebEngineUrlScheme.Syntax.Host)
    scheme.setFlags(
        QWebEngineUrlScheme.Flag.SecureScheme
        | QWebEngineUrlScheme.Flag.CorsEnabled
        | QWebEngineUrlScheme.Flag.FetchApiAllowed
    )
    QWebEngineUrlScheme.registerScheme(scheme)


def content_security_policy(provider: TileProvider | None) -> str:
    """The policy sent with the page: nothing but its own origin, and the tiles configured."""
    images = f"{ORIGIN} data:"
    if provider is not None:
        images += f" {provider_origin(provider)}"
    sources = {
        "default-src": "'none'",
        "script-src": ORIGIN,
        "style-src": ORIGIN,
        "font-src": ORIGIN,
        "connect-src": ORIGIN,
        "img-src": images,
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in sources.items())


def provider_origin(provider: TileProvider) -> str:
    """Scheme, host and port of a tile provider, as the policy and the interceptor compare it."""
    url = QUrl(provider.url.replace("{", "").replace("}", ""))
    port = "" if url.port() < 0 else f":{url.port()}"
    return f"{url.scheme()}://{url.host()}{port}"


class PageScheme(QWebEngineUrlSchemeHandler):
    """Serves the page, the region's tiles and the live data to the map page.

    Args:
        live: What the page polls.
        config: Makes the page's configuration, asked anew with each load of the page.
        provider: The tile server the page may use besides, if any.
        assets: Folder of the built page.
        parent: Its Qt parent.

    Raises:
        MapPageMissing: There is no built page in the folder.
    """

    def __init__(
        self,
        live: LiveData,
        config: Callable[[], dict[str, object]],
        provider: TileProvider | None = None,
        assets: Path = ASSETS,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        if not (assets / "index.html").is_file():
            message = f"The map page is not built ({assets} is empty). Run `make setup`."
            raise MapPageMissing(message)
        self.region: RegionPack | None = None
        self._live = live
        self._config = config
        self._assets = assets
        policy = content_security_policy(provider)
        self._page_headers = {_CSP: [QByteArray(policy.encode())], _CACHING: [_NEVER]}

    def requestStarted(self, job: QWebEngineUrlRequestJob) -> None:
        """Answer a request of the page; called by Qt."""
        url = job.requestUrl()
        path = url.path()
        if path.startswith("/live/"):
            self._answer_live(job, path, url)
        elif match := _TILE.fullmatch(path):
            self._answer_tile(job, *(int(part) for part in match.groups()))
        else:
            self._answer_file(job, path)

    def _answer_live(self, job: QWebEngineUrlRequestJob, path: str, url: QUrl) -> None:
        topics = {
            "/live/vehicles": self._live.vehicles,
            "/live/scene": self._live.scene,
            "/live/trails": self._live.trails,
        }
        since = QUrlQuery(url).queryItemValue("since")
        topic = topics.get(path)
        if topic is None or not since.isdigit():
            job.fail(QWebEngineUrlRequestJob.Error.UrlInvalid)
        else:
            topic.ask(job, int(since))

    def _answer_tile(self, job: QWebEngineUrlRequestJob, z: int, x: int, y: int) -> None:
        try:
            tile = self.region.tile(z, x, y) if self.region is not None else None
        except RegionPackError as error:
            log.warning("map tile %d/%d/%d stays empty: %s", z, x, y, error)
            job.fail(QWebEngineUrlRequestJob.Error.RequestFailed)
            return
        reply(job, _TILE_TYPE, tile or b"")

    def _answer_file(self, job: QWebEngineUrlRequestJob, path: str) -> None:
        body = self._file(path)
        content_type = _TYPES.get(PurePosixPath(path).suffix)
        if body is None or content_type is None:
            log.warning("the map page asked for %s, which there is not", path)
            job.fail(QWebEngineUrlRequestJob.Error.UrlNotFound)
            return
        reply(job, content_type, body, self._page_headers)

    def _file(self, path: str) -> bytes | None:
        if path == "/config.js":
            return b"window.TOWER_CONFIG = " + msgspec.json.encode(self._config()) + b";"
        if path == "/qwebchannel.js":
            return _resource(_CHANNEL_SCRIPT)
        file = (self._assets / path.lstrip("/")).resolve()
        if not file.is_relative_to(self._assets.resolve()) or not file.is_file():
            return None
        return file.read_bytes()


def _resource(name: str) -> bytes | None:
    file = QFile(name)
    if not file.open(QIODevice.OpenModeFlag.ReadOnly):
        return None
    return bytes(file.readAll().data())
