"""The hardened browser profile of the map page, and the guard that lets nothing out."""

import logging
from typing import Final

from PySide6.QtCore import QByteArray, QObject, QUrl
from PySide6.QtWebEngineCore import (
    QWebEngineDownloadRequest,
    QWebEnginePage,
    QWebEnginePermission,
    QWebEngineProfile,
    QWebEngineSettings,
    QWebEngineUrlRequestInfo,
    QWebEngineUrlRequestInterceptor,
)

from ui.map.scene import TileProvider
from ui.map.scheme import PAGE_URL, SCHEME, PageScheme, provider_origin

log = logging.getLogger(__name__)

_OWN_SCHEMES: Final = ("tower", "data", "blob")

_OFF: Final = (
    QWebEngineSettings.WebAttribute.LocalContentCanAccessFileUrls,
    QWebEngineSettings.WebAttribute.LocalContentCanAccessRemoteUrls,
    QWebEngineSettings.WebAttribute.JavascriptCanOpenWindows,
    QWebEngineSettings.WebAttribute.JavascriptCanAccessClipboard,
    QWebEngineSettings.WebAttribute.NavigateOnDropEnabled,
    QWebEngineSettings.WebAttribute.LocalStorageEnabled,
    QWebEngineSettings.WebAttribute.PluginsEnabled,
    QWebEngineSettings.WebAttribute.PdfViewerEnabled,
    QWebEngineSettings.WebAttribute.FullScreenSupportEnabled,
    QWebEngineSettings.WebAttribute.ScreenCaptureEnabled,
    QWebEngineSettings.WebAttribute.WebGLEnabled,
    QWebEngineSettings.WebAttribute.HyperlinkAuditingEnabled,
    QWebEngineSettings.WebAttribute.ErrorPageEnabled,
    QWebEngineSettings.WebAttribute.AutoLoadIconsForPage,
    QWebEngineSettings.WebAttribute.DnsPrefetchEnabled,
    QWebEngineSettings.WebAttribute.AllowRunningInsecureContent,
    QWebEngineSettings.WebAttribute.AllowGeolocationOnInsecureOrigins,
)


class OutboundGuard(QWebEngineUrlRequestInterceptor):
    """Refuses every request to another origin than the page's own, and counts them.

    Attributes:
        external_requests: Requests to other origins, refused and allowed together.
        refused_requests: Those of them that were refused.
    """

    def __init__(self, provider: TileProvider | None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.external_requests = 0
        self.refused_requests = 0
        self._allowed = provider_origin(provider) if provider is not None else None

    def interceptRequest(self, info: QWebEngineUrlRequestInfo) -> None:
        """Let a request pass or block it; called by Qt."""
        url = info.requestUrl()
        if url.scheme() in _OWN_SCHEMES:
            return
        self.external_requests += 1
        if self._allowed is None or _origin(url) != self._allowed:
            self.refused_requests += 1
            log.warning("the map page was refused a request to %s", _origin(url))
            info.block(True)


def _origin(url: QUrl) -> str:
    port = "" if url.port() < 0 else f":{url.port()}"
    return f"{url.scheme()}://{url.host()}{port}"


def make_profile(
    scheme: PageScheme, guard: OutboundGuard, provider: TileProvider | None, parent: QObject
) -> QWebEngineProfile:
    """An off-the-record profile with everything off that the map does not need."""
    profile = QWebEngineProfile(parent)
    profile.setHttpCacheType(QWebEngineProfile.HttpCacheType.MemoryHttpCache)
    profile.setPersistentCookiesPolicy(
        QWebEngineProfile.PersistentCookiesPolicy.NoPersistentCookies
    )
    if provider is not None:
        profile.setHttpUserAgent(provider.user_agent)
    for attribute in _OFF:
        profile.settings().setAttribute(attribute, False)
    profile.installUrlSchemeHandler(QByteArray(SCHEME), scheme)
    profile.setUrlRequestInterceptor(guard)
    profile.downloadRequested.connect(_refuse_download)
    return profile


def _refuse_download(download: QWebEngineDownloadRequest) -> None:
    log.warning("the map page was refused a download")
    download.cancel()


class MapPage(QWebEnginePage):
    """The page of the map: it stays where it is, opens nothing and is granted nothing."""

    def __init__(self, profile: QWebEngineProfile, parent: QObject | None = None) -> None:
        super().__init__(profile, parent)
        self.permissionRequested.connect(self._deny)

    def acceptNavigationRequest(
        self,
        url: QUrl | str,
        _kind: QWebEnginePage.NavigationType,
        _is_main_frame: bool,
    ) -> bool:
        """Only the map page itself may be loaded; called by Qt."""
        is_allowed = QUrl(url) == PAGE_URL
        if not is_allowed:
            log.warning("the map page was refused to go to %s", QUrl(url).toDisplayString())
        return is_allowed

    def createWindow(self, _kind: QWebEnginePage.WebWindowType) -> QWebEnginePage | None:  # type: ignore[override]
        """No further windows; called by Qt."""
        return None

    def javaScriptConsoleMessage(
        self,
        level: QWebEnginePage.JavaScriptConsoleMessageLevel,
        message: str,
        line: int,
        source: str,
    ) -> None:
        """Put what the page says into the log; called by Qt."""
        is_error = level == QWebEnginePage.JavaScriptConsoleMessageLevel.ErrorMessageLevel
        log.log(
            logging.ERROR if is_error else logging.INFO, "map page %s:%d: %s", source, line, message
        )

    def _deny(self, permission: QWebEnginePermission) -> None:
        permission.deny()
