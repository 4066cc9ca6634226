"""Who predicts arrivals and how well, in the line at the bottom; a click tells more."""

from PySide6.QtWidgets import QWidget

from tower.gateway.forecasting.answers import ForecastAnswer
from ui.forecast.asking import Asked
from ui.forecast.qualitywindow import QualityWindow
from ui.forecast.words import badge_words
from ui.session import Session
from ui.widgets.wordbutton import WordButton

PATH = "/v1/eta"
EVERY_MS = 20_000


class ForecastBadge(WordButton):
    """Words with the share of arrivals that kept to their predictions.

    Args:
        session: asks the gateway.
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session.theme, "Predicted arrivals", parent)
        self._session = session
        self._asked: Asked[ForecastAnswer] = Asked(session, ForecastAnswer, EVERY_MS, self)
        self._asked.changed.connect(self._show)
        self.clicked.connect(self.tell_more)
        self.hide()
        self._asked.look_at(PATH)

    def tell_more(self) -> QualityWindow:
        """Open the window that says how good predictions are."""
        window = QualityWindow(self._session, self._asked, self.window())
        window.show()
        return window

    def _show(self) -> None:
        forecast = self._asked.told
        if forecast is None:
            return
        self.say(badge_words(forecast))
        self.setToolTip(forecast.why or "How good predicted arrivals are")
        self.show()
