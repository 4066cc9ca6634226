"""Answering a request of the page."""

from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtWebEngineCore import QWebEngineUrlRequestJob

Headers = dict[QByteArray, list[QByteArray]]


def reply(
    job: QWebEngineUrlRequestJob,
    content_type: QByteArray,
    body: bytes,
    headers: Headers | None = None,
) -> None:
    """Answer with a body held in memory; the buffer lives as long as the request."""
    buffer = QBuffer(job)
    buffer.setData(QByteArray(body))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    if headers:
        job.setAdditionalResponseHeaders(headers)  # type: ignore[arg-type]  # values are lists
    job.reply(content_type, buffer)
