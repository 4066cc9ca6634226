"""The page of the risk map: served from this program, and nothing else may be asked for."""

from collections.abc import Callable

from PySide6.QtCore import QByteArray, QObject, QUrl, Signal
from PySide6.QtWebEngineCore import QWebEnginePage, QWebEngineProfile

from ui.map.live import LiveData
from ui.map.profile import MapPage
from ui.map.scheme import ORIGIN, PageScheme, content_security_policy
from ui.performance.riskpicture import BEHIND, RiskPicture

RISK_URL = QUrl(f"{ORIGIN}/risk.html")

_HTML = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8"><title>Risk map</title>
<link rel="stylesheet" href="map-style.css">
<style>
.folium-map {{ position: absolute; inset: 0; }}
.leaflet-bar {{ border: 1px solid var(--line); }}
.leaflet-bar a, .leaflet-bar a.leaflet-disabled {{
  background: var(--panel); color: var(--text); border-color: var(--line);
}}
.leaflet-bar a:hover, .leaflet-bar a:focus-visible {{ background: var(--panel-hover); }}
.leaflet-tooltip {{ background: var(--panel); color: var(--text); border-color: var(--line); }}
</style>
</head>
<body>
{body}
<script src="config.js"></script>
<script src="analysis.js"></script>
<script src="risk.js"></script>
</body>
</html>
"""
_CSP = QByteArray(b"Content-Security-Policy")
_CACHING = QByteArray(b"Cache-Control")


class RiskScheme(PageScheme):
    """Serves the risk map beside what every map page is served.

    Args:
        config: makes the page's configuration.
        parent: its Qt parent.

    Attributes:
        picture: what is shown.

    Raises:
        MapPageMissing: the map's scripts were not built.
    """

    def __init__(self, config: Callable[[], dict[str, object]], parent: QObject) -> None:
        super().__init__(LiveData(parent), config, parent=parent)
        self.picture = RiskPicture("", "")
        # folium says how large the map is in the page itself.
        styles = f"style-src {ORIGIN}"
        policy = content_security_policy(None).replace(styles, f"{styles} 'unsafe-inline'")
        self._page_headers = {
            _CSP: [QByteArray(policy.encode())],
            _CACHING: [QByteArray(b"no-store")],
        }

    def _file(self, path: str) -> bytes | None:
        if path == "/risk.html":
            return _HTML.format(body=self.picture.html).encode()
        if path == "/risk.js":
            return self.picture.script.encode()
        return super()._file(path)


class RiskPage(MapPage):
    """Stays where it is; a click on a cell is told and goes nowhere.

    Attributes:
        cell_chosen: number of the cell that was clicked.
    """

    cell_chosen = Signal(int)

    def __init__(self, profile: QWebEngineProfile, parent: QObject | None = None) -> None:
        super().__init__(profile, parent)

    def acceptNavigationRequest(
        self, url: QUrl | str, kind: QWebEnginePage.NavigationType, is_main_frame: bool
    ) -> bool:
        """Only the risk map may be loaded; called by Qt."""
        wanted = QUrl(url)
        if wanted == RISK_URL:
            return True
        folder, _, number = wanted.path().rpartition("/")
        if wanted.host() == RISK_URL.host() and folder == f"/{BEHIND}" and number.isdigit():
            self.cell_chosen.emit(int(number))
            return False
        return super().acceptNavigationRequest(url, kind, is_main_frame)
