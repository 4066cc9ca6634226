"""The page of playbooks: per kind of exception the steps, in the order of their keys."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from tower.domain.commands import SetPlaybooks
from tower.domain.rulebook import Playbook, PlaybookStep
from tower.domain.words import ExceptionKind, StepAction
from ui.outreach.catalogue import Catalogue
from ui.session import Session
from ui.settings.kindlist import KindList
from ui.settings.page import SettingsFault, SettingsPage
from ui.settings.words import ACTION_WORDS, kind_title

_MOST = 9
_WITH_TEMPLATE = frozenset(
    {
        StepAction.MESSAGE,
        StepAction.BULK_MESSAGE,
        StepAction.SAFE_PLACE,
        StepAction.PICKUP_POINT,
        StepAction.RETURN_TO_DEPOT,
    }
)
"""Steps that tell the customer something."""

_ABOUT = (
    "The steps a good dispatcher takes, per kind of exception. They stand as buttons under the "
    "exception; keys 1 to 9 fire them, and each shows what it will do before it does it."
)


class StepRow:
    """The fields of one step.

    Attributes:
        title: what the button says.
        action: what it does.
        template: what it says to the customer.
    """

    def __init__(self, page: "PlaybooksPage") -> None:
        self.title, self.action, self.template = QLineEdit(), QComboBox(), QComboBox()
        self.title.setMaxLength(80)
        self.title.setPlaceholderText("what the button says")
        for box in (self.action, self.template):
            box.setSizeAdjustPolicy(
                QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            )
            box.setMinimumContentsLength(16)
        for action, words in ACTION_WORDS.items():
            self.action.addItem(words, action)
        self.title.textEdited.connect(page.on_step_edited)
        self.action.activated.connect(page.on_step_edited)
        self.template.activated.connect(page.on_step_edited)

    @property
    def widgets(self) -> tuple[QWidget, ...]:
        """The fields, from the left."""
        return self.title, self.action, self.template

    @property
    def step(self) -> PlaybookStep:
        """What the fields say."""
        action = StepAction(self.action.currentData())
        template = str(self.template.currentData() or "") if action in _WITH_TEMPLATE else ""
        return PlaybookStep(title=self.title.text().strip(), action=action, template=template)

    def show_step(self, step: PlaybookStep, names: Mapping[str, str]) -> None:
        """Fill the fields."""
        if self.title.text() != step.title:
            self.title.setText(step.title)
            self.title.setCursorPosition(0)
        self.action.setCurrentIndex(max(0, self.action.findData(step.action)))
        self.template.clear()
        self.template.addItem("—", "")
        for name, title in names.items():
            self.template.addItem(title, name)
        if step.template and step.template not in names:
            self.template.addItem(f"{step.template} (unknown here)", step.template)
        self.template.setCurrentIndex(max(0, self.template.findData(step.template)))
        self.template.setEnabled(self.action.isEnabled() and step.action in _WITH_TEMPLATE)


class PlaybooksPage(SettingsPage):
    """Edits the playbooks.

    Args:
        session: the shift.
        catalogue: what messages there are.

    Attributes:
        kinds: picks the kind of exception.
        rows: the fields of its steps; as many as there are steps.
    """

    def __init__(self, session: Session, catalogue: Catalogue) -> None:
        super().__init__(session, "Playbooks", _ABOUT)
        self._catalogue = catalogue
        self._steps: dict[ExceptionKind, list[PlaybookStep]] = {}
        self._may = False
        self.kinds, self.rows = KindList(), [StepRow(self) for _ in range(_MOST)]
        self.add_button = QPushButton("&Add step")
        self._row_buttons: list[tuple[QPushButton, ...]] = []
        self._labels: list[QLabel] = []
        self._fill_body()
        self.kinds.currentRowChanged.connect(lambda _row: self._show_steps())
        self.add_button.clicked.connect(self._on_added)
        catalogue.changed.connect(self._show_steps)
        self.refresh()

    def table(self) -> str:
        """The playbooks' table."""
        return "playbooks"

    def version(self) -> int:
        """The version of the playbooks."""
        return self._session.state.room_playbooks.version

    def show_held(self) -> None:
        """Take the playbooks as they hold."""
        self._catalogue.ask()
        held = self._session.state.room_playbooks
        self._steps = {kind: list(held.of(kind)) for kind in ExceptionKind}
        self._show_steps()

    def command(self, version: int) -> SetPlaybooks:
        """All playbooks as edited."""
        for kind, steps in self._steps.items():
            if any(not step.title for step in steps):
                raise SettingsFault(f"{kind_title(kind)}: a step has no title.")
            if any(step.action is StepAction.MESSAGE and not step.template for step in steps):
                raise SettingsFault(f"{kind_title(kind)}: a message step names no message.")
        playbooks = tuple(
            Playbook(kind=kind, steps=tuple(steps)) for kind, steps in self._steps.items() if steps
        )
        return SetPlaybooks(version=version, playbooks=playbooks)

    def set_editable(self, *, editable: bool) -> None:
        """Let steps be changed, or only read."""
        if editable != self._may:
            self._may = editable
            self._show_steps()

    def _fill_body(self) -> None:
        steps = QWidget()
        column = QVBoxLayout(steps)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(self._grid())
        column.addWidget(self.add_button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(14)
        row.addWidget(self.kinds)
        row.addWidget(steps, 1)
        self.body.addLayout(row, 1)

    def _grid(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(6)
        for column, words in enumerate(("Key", "Button", "Does", "Message")):
            grid.addWidget(QLabel(words), 0, column)
        grid.setColumnStretch(1, 3)
        grid.setColumnStretch(2, 2)
        grid.setColumnStretch(3, 2)
        for place, row in enumerate(self.rows):
            label = QLabel(str(place + 1))
            self._labels.append(label)
            grid.addWidget(label, place + 1, 0, Qt.AlignmentFlag.AlignCenter)
            for column, widget in enumerate(row.widgets):
                widget.setAccessibleName(f"Step {place + 1}")
                grid.addWidget(widget, place + 1, column + 1)
            self._row_buttons.append(self._buttons_of(place, grid))
        self.add_button.setAutoDefault(False)
        return grid

    def _buttons_of(self, place: int, grid: QGridLayout) -> tuple[QPushButton, ...]:
        buttons = []
        for column, (words, says, step) in enumerate(
            (("↑", "Up", -1), ("↓", "Down", 1), ("×", "Remove", 0))
        ):
            button = QPushButton(words)
            button.setToolTip(f"{says}: step {place + 1}")
            button.setAccessibleName(f"{says} step {place + 1}")
            button.setAutoDefault(False)
            button.setFixedWidth(34)
            button.clicked.connect(lambda _=False, at=place, by=step: self._on_moved(at, by))
            grid.addWidget(button, place + 1, 4 + column)
            buttons.append(button)
        return tuple(buttons)

    def _show_steps(self) -> None:
        steps: Sequence[PlaybookStep] = self._steps.get(self.kinds.kind, [])
        titles = {name: report.title for name, report in self._catalogue.reports.items()}
        for place, row in enumerate(self.rows):
            is_there = place < len(steps)
            buttons = self._row_buttons[place]
            for widget in (*row.widgets, *buttons, self._labels[place]):
                widget.setVisible(is_there)
                widget.setEnabled(self._may)
            buttons[0].setEnabled(self._may and place > 0)
            buttons[1].setEnabled(self._may and place < len(steps) - 1)
            if is_there:
                row.show_step(steps[place], titles)
        self.add_button.setVisible(len(steps) < _MOST)
        self.add_button.setEnabled(self._may)

    # Happenings

    def on_step_edited(self) -> None:
        """A field of a step was changed."""
        steps = self._steps[self.kinds.kind]
        for place, row in enumerate(self.rows[: len(steps)]):
            steps[place] = row.step
            row.template.setEnabled(self._may and steps[place].action in _WITH_TEMPLATE)
        self.note_edit()

    def _on_added(self) -> None:
        steps = self._steps[self.kinds.kind]
        steps.append(PlaybookStep(title="", action=StepAction.CALL_DRIVER))
        self._show_steps()
        self.rows[len(steps) - 1].title.setFocus()
        self.note_edit()

    def _on_moved(self, place: int, by: int) -> None:
        steps = self._steps[self.kinds.kind]
        step = steps.pop(place)
        if by:
            steps.insert(place + by, step)
        self._show_steps()
        self.note_edit()
