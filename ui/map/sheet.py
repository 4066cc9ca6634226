"""One page of the map with everything it needs: where it lives, what feeds it, what it says."""

import logging
from collections.abc import Callable
from typing import Any

import msgspec
import shiboken6
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor
from PySide6.QtWebChannel import QWebChannel
from PySide6.QtWebEngineCore import QWebEnginePage
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QWidget

from tower.road.pack import RegionPack
from ui.map.channel import MapChannel
from ui.map.live import LiveData
from ui.map.profile import MapPage, OutboundGuard, make_profile
from ui.map.scene import TileProvider
from ui.map.scheme import PAGE_URL, PageScheme

log = logging.getLogger(__name__)


class MapSheet(QObject):
    """A page, its profile and the widget it is seen in. Nothing is shared with another sheet.

    Args:
        region: The pack whose roads and names are shown; None shows a graticule.
        tiles: A raster tile server to use outside the region, if any.
        config: Makes the page's configuration, asked anew with each load.
        parent: The widget the page is shown in.

    Attributes:
        channel: What the page says.
        live: What the page polls.
        view: The widget.
        page: The page; None once it is closed.
        renderer_gone: The renderer process ended by itself; says how.

    Raises:
        MapPageMissing: The page was not built.
    """

    renderer_gone = Signal(str)

    def __init__(
        self,
        region: RegionPack | None,
        tiles: TileProvider | None,
        config: Callable[[], dict[str, object]],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._is_ready = False
        self._waiting: list[dict[str, Any]] = []
        self.live = LiveData(self)
        self._scheme = PageScheme(self.live, config, tiles, parent=self)
        self._scheme.region = region
        self._guard = OutboundGuard(tiles, self)
        self.channel = MapChannel(self)
        self.channel.page_ready.connect(self._on_page_ready)
        self._profile = make_profile(self._scheme, self._guard, tiles, self)
        self.page: MapPage | None = self._make_page()
        self.view = QWebEngineView(parent)
        self.view.setPage(self.page)

    @property
    def is_ready(self) -> bool:
        """Whether the page listens."""
        return self._is_ready

    @property
    def external_requests(self) -> int:
        """Requests the page made to other origins, refused ones included."""
        return self._guard.external_requests

    @property
    def refused_requests(self) -> int:
        """Those of them that were refused."""
        return self._guard.refused_requests

    @property
    def renderer_pid(self) -> int:
        """Process id of its renderer; 0 while there is none."""
        return int(self.page.renderProcessPid()) if self.page is not None else 0

    def load(self) -> None:
        """Load the page, or load it anew; what it was to be told meanwhile is forgotten."""
        if self.page is None:
            return
        self._is_ready = False
        self._waiting = []
        self.live.drop()
        self.page.load(PAGE_URL)

    def set_region(self, region: RegionPack | None) -> None:
        """Serve another region from the next load on."""
        self._scheme.region = region

    def tell(self, **words: Any) -> None:  # noqa: ANN401
        """Tell the page something, once it listens."""
        if self._is_ready:
            self.channel.command(**words)
        else:
            self._waiting.append(words)

    def ask(self, script: str, callback: Callable[[Any], None]) -> None:
        """Ask the page for the value of an expression that gives JSON.

        The answer does not come where the page goes, or its renderer, before it is given.
        """
        if self.page is not None:
            self.page.runJavaScript(script, 0, lambda text: callback(_decoded(text)))

    def paint_ground(self, colour: str) -> None:
        """Show a colour, not white, until the page has painted."""
        if self.page is not None:
            self.page.setBackgroundColor(QColor(colour))

    def close(self) -> None:
        """Take the page down before its profile; its renderer ends, and so do its polls."""
        if self.page is None:
            return
        self._is_ready = False
        self.live.drop()
        page, self.page = self.page, None
        self.view.close()
        # The engine warns of trouble where a profile goes while its page waits for the loop.
        shiboken6.delete(page)

    def discard(self) -> None:
        """Close it and let everything of it go."""
        self.close()
        self.view.deleteLater()
        self.deleteLater()

    def _make_page(self) -> MapPage:
        page = MapPage(self._profile, self)
        channel = QWebChannel(page)
        channel.registerObject("map", self.channel)
        page.setWebChannel(channel)
        page.renderProcessTerminated.connect(self._on_renderer_gone)
        return page

    def _on_page_ready(self) -> None:
        self._is_ready = True
        waiting, self._waiting = self._waiting, []
        for words in waiting:
            self.channel.command(**words)

    def _on_renderer_gone(
        self, status: QWebEnginePage.RenderProcessTerminationStatus, code: int
    ) -> None:
        if self.page is None:
            return
        self._is_ready = False
        self.live.drop()
        self.renderer_gone.emit(f"{status.name}, code {code}")


def _decoded(text: object) -> Any:  # noqa: ANN401
    return msgspec.json.decode(text) if isinstance(text, str) and text else None
