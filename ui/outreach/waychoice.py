"""How a message goes, and in which language, where it is to be another than the customer's own."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from tower.domain.records import StopPlan
from tower.domain.words import Channel
from ui.outreach.phrases import CHANNEL_WORDS, LANGUAGES, capital, language_words

_LETTERS = 7


class WayChoice(QWidget):
    """Two boxes; the first entry of each leaves it to the customer.

    Attributes:
        language, channel: the boxes.
        changed: the user chose another.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.language, self.channel = QComboBox(), QComboBox()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        for box, name in ((self.language, "Language"), (self.channel, "Channel")):
            box.setAccessibleName(name)
            box.setToolTip(name)
            box.setMinimumContentsLength(_LETTERS)
            box.activated.connect(lambda _place: self.changed.emit())
            row.addWidget(box)
        row.addStretch(1)

    def offer(self, plan: StopPlan | None) -> None:
        """Offer what there is for the customer of a stop."""
        self.language.clear()
        own = plan.language if plan else ""
        self.language.addItem(language_words(own) or "Their language", "")
        for code in LANGUAGES:
            if code != own.split("-")[0]:
                self.language.addItem(language_words(code), code)
        self.channel.clear()
        self.channel.addItem("As they prefer", None)
        for channel in _possible(plan):
            self.channel.addItem(capital(CHANNEL_WORDS[channel]), channel)

    def show_language(self, language: str) -> None:
        """Name the customer's own language as the gateway took it to be."""
        if language and self.language.currentIndex() == 0:
            self.language.setItemText(0, language_words(language))

    @property
    def chosen_language(self) -> str:
        """The language chosen, "" for the customer's."""
        return str(self.language.currentData() or "")

    @property
    def chosen_channel(self) -> Channel | None:
        """The only channel to use, None for those the customer prefers."""
        chosen = self.channel.currentData()
        return Channel(chosen) if chosen else None


def _possible(plan: StopPlan | None) -> tuple[Channel, ...]:
    """The channels the addresses of a stop allow."""
    if plan is None:
        return ()
    by_phone = (Channel.SMS, Channel.WHATSAPP) if plan.phone else ()
    return (*by_phone, Channel.EMAIL) if plan.email else by_phone
