"""Pick-up points near a stop: ask the customer first, then send the parcel there."""

from collections.abc import Iterable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem

from tower.domain.commands import AmendStop, Command
from tower.domain.geometry import distance_m
from tower.domain.records import PickupPoint, StopChanges, StopPlan
from ui.exchange import CommandResult
from ui.outreach.pane import Pane
from ui.outreach.phrases import joined, on_one_line
from ui.outreach.playbook import Case
from ui.session import Session

MOST = 5
"""Points that are listed."""

_ID = int(Qt.ItemDataRole.UserRole)
_ROW_PX = 22
_KM_M = 1000


def nearest_points(
    points: Iterable[PickupPoint], plan: StopPlan
) -> tuple[tuple[PickupPoint, float], ...]:
    """The points nearest to a stop with their distance as the crow flies in metres."""
    far = [(point, distance_m(point.position, plan.position)) for point in points]
    return tuple(sorted(far, key=lambda one: (one[1], one[0].id))[:MOST])


def distance_words(metres: float) -> str:
    """`350 m`, `1.2 km`."""
    rounded = round(metres, -1)
    return f"{rounded:.0f} m" if rounded < _KM_M else f"{metres / _KM_M:.1f} km"


def moved_to(point: PickupPoint) -> StopChanges:
    """What is agreed about a stop whose parcel goes to a point."""
    address = joined(point.name, point.address)
    return StopChanges(address=address, lat=point.lat, lon=point.lon)


class PointPane(Pane):
    """Lists the points; the customer is asked before anything moves.

    Attributes:
        points: the nearest points.
        asked: id of the point the customer is to be asked about.
    """

    asked = Signal(str)

    def __init__(self, session: Session) -> None:
        super().__init__(session.theme, "Pick-up points")
        self._session = session
        self._stop_id = ""
        self._command: Command | None = None
        self.points = QListWidget()
        self.points.setAccessibleName("Pick-up points, the nearest first")
        self.points.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.points.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.body.addWidget(self.points)
        self._hint = self.small()
        self._hint.say(
            "The customer is asked first. Once they agreed, the stop's place changes for the"
            " driver, the map and the arrival."
        )
        self.ask_button = self.add_button("Ask them  Enter", self.accept_step, primary=True)
        self.agreed_button = self.add_button("They agreed", self.agree)
        self.add_button("Esc", self.close_pane)
        self.end_buttons()
        self.points.itemDoubleClicked.connect(lambda _item: self.accept_step())
        session.command_answered.connect(self._on_command_answered)

    def open_points(self, case: Case) -> None:
        """Show the points nearest to a stop."""
        plan = case.stop.plan if case.stop else None
        if plan is None:
            return
        self._stop_id, self._command = plan.id, None
        self.title.say(joined("Pick-up point", on_one_line(plan.customer)))
        self.trouble.say("")
        self.points.clear()
        known = (entry.value for entry in self._session.state.pickup_points.values())
        for point, metres in nearest_points(known, plan):
            words = joined(distance_words(metres), point.name, point.address)
            item = QListWidgetItem(on_one_line(words, 120))
            item.setData(_ID, point.id)
            self.points.addItem(item)
        self.points.setFixedHeight(_ROW_PX * max(1, self.points.count()) + 4)
        self.points.setCurrentRow(0)
        self.show()
        self.points.setFocus()

    @property
    def chosen(self) -> PickupPoint | None:
        """The point marked in the list."""
        index = self.points.currentIndex()
        entry = self._session.state.pickup_points.get(str(index.data(_ID)))
        return entry.value if entry else None

    def accept_step(self) -> None:
        """Ask the customer about the point that is marked."""
        if point := self.chosen:
            self.asked.emit(point.id)

    def agree(self) -> None:
        """The customer agreed: the stop's place is another."""
        point = self.chosen
        if point is None or self._command is not None:
            return
        self._command = AmendStop(
            stop_id=self._stop_id,
            changes=moved_to(point),
            because="Pick-up point agreed with the customer",
        )
        self.agreed_button.setEnabled(False)
        self._session.run(self._command)

    def _on_command_answered(self, command: Command, result: CommandResult) -> None:
        if self._command is None or command is not self._command:
            return
        self._command = None
        self.agreed_button.setEnabled(True)
        if result.ok:
            self.close_pane()
        else:
            self.trouble.say(result.message or "It could not be done.")
