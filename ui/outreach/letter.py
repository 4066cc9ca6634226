"""An e-mail as its reader sees it; nothing is fetched and no link is followed."""

from PySide6.QtCore import QByteArray, Qt, QUrl
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QTextBrowser, QVBoxLayout, QWidget

_SIZE = (620, 640)


class Letter(QTextBrowser):
    """An e-mail as its reader sees it; nothing is fetched and no link is followed."""

    def __init__(self) -> None:
        super().__init__()
        self.setOpenLinks(False)
        self.setOpenExternalLinks(False)
        self.setAccessibleName("E-mail as its reader sees it")
        # Mails are drawn on white by those who read them.
        self.setStyleSheet("QTextBrowser { background: #ffffff; color: #111111; }")

    def loadResource(self, _type: int, _name: QUrl | str) -> QByteArray:
        """Nothing is loaded, from nowhere."""
        return QByteArray()

    def doSetSource(
        self,
        _name: QUrl | str,
        _type: QTextDocument.ResourceType = QTextDocument.ResourceType.UnknownResource,
    ) -> None:
        """No link leads anywhere."""


class LetterWindow(QDialog):
    """Shows an e-mail before it is sent.

    Args:
        subject: its subject.
        html: what is in it.
        parent: the window it lies over.

    Attributes:
        letter: the e-mail.
    """

    def __init__(self, subject: str, html: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(subject or "E-mail")
        self.letter = Letter()
        self.letter.setHtml(html)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(self.letter, 1)
        column.addWidget(buttons)
        self.resize(*_SIZE)
