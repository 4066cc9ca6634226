"""The window in which a tile provider is configured."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QLabel, QLineEdit, QWidget

from ui.tiles import TileSettings, TileSettingsError, provider_of

_WORDS = (
    "Raster tiles for places no region covers. With an address here, Tower asks that provider for "
    "the pictures of the places you look at; without one, nothing leaves this machine."
)


class TileDialog(QDialog):
    """Asks for a provider's address and attribution; closes only on what can be used.

    Args:
        tiles: what is configured now.
        parent: the window it lies over.

    Attributes:
        chosen: the `TileSettings` the user wants.
    """

    chosen = Signal(object)

    def __init__(self, tiles: TileSettings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Tile provider")
        self.address, self.attribution = QLineEdit(tiles.url), QLineEdit(tiles.attribution)
        self.contact, self.zoom = QLineEdit(tiles.contact), QLineEdit(tiles.max_zoom)
        self.fault = QLabel()
        self.fault.setTextFormat(Qt.TextFormat.PlainText)
        self.fault.setWordWrap(True)
        self._lay_out()
        self.resize(620, self.sizeHint().height())

    def _lay_out(self) -> None:
        words = QLabel(_WORDS)
        words.setWordWrap(True)
        self.address.setPlaceholderText("https://tiles.example.org/{z}/{x}/{y}.png (empty: none)")
        self.attribution.setPlaceholderText("© Example Tiles")
        self.contact.setPlaceholderText("an e-mail address or a page of yours, for the provider")
        form = QFormLayout(self)
        form.addRow(words)
        form.addRow("&Address", self.address)
        form.addRow("A&ttribution", self.attribution)
        form.addRow("&Contact", self.contact)
        form.addRow("&Deepest zoom", self.zoom)
        form.addRow(self.fault)
        choice = QDialogButtonBox.StandardButton
        buttons = QDialogButtonBox(choice.Save | choice.Cancel)
        buttons.accepted.connect(self._on_saved)
        buttons.rejected.connect(self.reject)
        form.addRow(buttons)

    def _on_saved(self) -> None:
        tiles = TileSettings(
            url=self.address.text().strip(),
            attribution=self.attribution.text().strip(),
            contact=self.contact.text().strip(),
            max_zoom=self.zoom.text().strip(),
        )
        try:
            provider_of(tiles)
        except TileSettingsError as error:
            self.fault.setText(str(error))
            return
        self.chosen.emit(tiles)
        self.accept()
