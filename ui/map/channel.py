"""The one object the map page may talk to."""

import logging
from typing import Any

import msgspec
from PySide6.QtCore import QObject, Signal, Slot

from ui.map.drafting import DragStep

log = logging.getLogger(__name__)

_LONGEST = 4096
"""No message of the page is longer, in characters."""


class Drawn(msgspec.Struct):
    """The page drew something for the first time.

    Attributes:
        what: ``"map"`` or ``"vehicles"``.
        at_ms: When, milliseconds since the page was opened.
    """

    what: str
    at_ms: float


class PageView(msgspec.Struct):
    """Where the map looks.

    Attributes:
        lat: Latitude of the middle, degrees.
        lon: Longitude of the middle, degrees.
        zoom: Web Mercator zoom.
        is_untouched: Nobody moved the map yet, so it goes on to look at everything there is.
    """

    lat: float
    lon: float
    zoom: float
    is_untouched: bool = False


class MapChannel(QObject):
    """What page and program say to each other: strings in, strings out, nothing else."""

    commanded = Signal(str)
    page_ready = Signal()
    selection_made = Signal(str, str)
    following_changed = Signal(str)
    page_drawn = Signal(object)
    layers_chosen = Signal(object)
    view_moved = Signal(object)
    moving_changed = Signal(bool)
    stop_dragged = Signal(object)

    def command(self, **words: Any) -> None:  # noqa: ANN401
        """Tell the page to do something, such as ``command(do="theme", name="light")``."""
        self.commanded.emit(msgspec.json.encode(words).decode())

    @Slot()
    def ready(self) -> None:
        """The page listens now."""
        self.page_ready.emit()

    @Slot(str, str)
    def select(self, kind: str, identifier: str) -> None:
        """The dispatcher selected something on the map."""
        self.selection_made.emit(kind, identifier)

    @Slot(str)
    def follow(self, vehicle_id: str) -> None:
        """The map follows another vehicle now, or none."""
        self.following_changed.emit(vehicle_id)

    @Slot(str)
    def drawn(self, text: str) -> None:
        """The page drew its first map or its first vehicles."""
        self._pass_on(self.page_drawn, text, Drawn)

    @Slot(str)
    def layer_changed(self, text: str) -> None:
        """The dispatcher switched layers."""
        self._pass_on(self.layers_chosen, text, dict[str, bool])

    @Slot(str)
    def view_changed(self, text: str) -> None:
        """The map looks elsewhere now."""
        self._pass_on(self.view_moved, text, PageView)

    @Slot(bool)
    def moving(self, is_moving: bool) -> None:
        """The map is moved now, or came to rest."""
        self.moving_changed.emit(is_moving)

    @Slot(str)
    def drag(self, text: str) -> None:
        """The dispatcher drags a stop: one step of it."""
        self._pass_on(self.stop_dragged, text, DragStep)

    def _pass_on(self, signal: Any, text: str, kind: Any) -> None:  # noqa: ANN401
        try:
            signal.emit(msgspec.json.decode(text[:_LONGEST], type=kind))
        except msgspec.DecodeError as error:
            log.warning("a message of the map page was not understood and is left out: %s", error)
