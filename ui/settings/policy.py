"""The page of the outreach policy: when customers may be written to, how, and in whose name."""

from PySide6.QtCore import QTime
from PySide6.QtWidgets import (
    QCheckBox,
    QDoubleSpinBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QScrollArea,
    QSpinBox,
    QWidget,
)

from tower.domain.commands import SetOutreachPolicy
from tower.domain.rulebook import OutreachPolicy
from tower.domain.words import Channel
from ui.session import Session
from ui.settings.brands import BrandsTable
from ui.settings.clock import ClockField
from ui.settings.page import SettingsFault, SettingsPage
from ui.settings.words import channel_title
from ui.widgets.sidebyside import side_by_side

_MINUTE_S = 60.0
_ABOUT = (
    "When customers may be written to. It is checked when a message is written and again right "
    "before it is sent; who opted out is never written to."
)
_CURRENCY = 3


class PolicyPage(SettingsPage):
    """Edits the outreach policy.

    Attributes:
        quiet_from, quiet_until: quiet hours, in the customer's time zone.
        repeat, moved: minutes.
        daily_most: messages.
        assumed: by channel, whether messages about an order need no consent of their own.
        order: by channel, its place among those tried, 0 for never.
        costs: by channel, the price of one message.
        currency: of the prices.
        brands: how messages of each brand look.
    """

    def __init__(self, session: Session) -> None:
        super().__init__(session, "Outreach policy", _ABOUT)
        self.quiet_from, self.quiet_until = ClockField(), ClockField()
        self.repeat, self.moved, self.daily_most = QSpinBox(), QSpinBox(), QSpinBox()
        self.assumed = {channel: QCheckBox(channel_title(channel)) for channel in Channel}
        self.order = {channel: QSpinBox() for channel in Channel}
        self.costs = {channel: QDoubleSpinBox() for channel in Channel}
        self.currency, self.brands = QLineEdit(), BrandsTable()
        self._fill_body()
        self._hear_edits()
        self.refresh()

    def table(self) -> str:
        """The policy's table."""
        return "policies"

    def version(self) -> int:
        """The version of the policy."""
        return self._session.state.policy_version

    def show_held(self) -> None:
        """Take the policy as it holds."""
        policy = self._session.state.policy
        self.quiet_from.setTime(QTime.fromString(policy.quiet_from, "HH:mm"))
        self.quiet_until.setTime(QTime.fromString(policy.quiet_until, "HH:mm"))
        self.repeat.setValue(round(policy.repeat_within_s / _MINUTE_S))
        self.moved.setValue(round(policy.moved_by_s / _MINUTE_S))
        self.daily_most.setValue(policy.daily_most)
        for channel in Channel:
            self.assumed[channel].setChecked(channel in policy.assumed)
            place = policy.order.index(channel) + 1 if channel in policy.order else 0
            self.order[channel].setValue(place)
            self.costs[channel].setValue(policy.costs.get(channel, 0.0))
        self.currency.setText(policy.currency)
        self.brands.show_brands(policy.brands)

    def command(self, version: int) -> SetOutreachPolicy:
        """The policy as edited."""
        currency = self.currency.text().strip().upper()
        if len(currency) != _CURRENCY or not currency.isascii() or not currency.isalpha():
            raise SettingsFault("The currency has three letters, such as EUR.")
        policy = OutreachPolicy(
            quiet_from=self.quiet_from.time().toString("HH:mm"),
            quiet_until=self.quiet_until.time().toString("HH:mm"),
            repeat_within_s=self.repeat.value() * _MINUTE_S,
            daily_most=self.daily_most.value(),
            moved_by_s=self.moved.value() * _MINUTE_S,
            assumed=tuple(one for one in Channel if self.assumed[one].isChecked()),
            order=self._order(),
            costs={one: self.costs[one].value() for one in Channel if self.costs[one].value()},
            currency=currency,
            brands=self.brands.brands(),
        )
        return SetOutreachPolicy(version=version, policy=policy)

    def set_editable(self, *, editable: bool) -> None:
        """Let the fields be changed, or only read."""
        for field in self._fields():
            field.setEnabled(editable)
        self.brands.set_editable(editable=editable)

    def _order(self) -> tuple[Channel, ...]:
        wanted = [(self.order[one].value(), one) for one in Channel if self.order[one].value()]
        places = [place for place, _ in wanted]
        if len(set(places)) != len(places):
            raise SettingsFault("Two channels have the same place in the order.")
        return tuple(channel for _, channel in sorted(wanted))

    def _fields(self) -> tuple[QWidget, ...]:
        return (
            self.quiet_from, self.quiet_until, self.repeat, self.moved, self.daily_most,
            *self.assumed.values(), *self.order.values(), *self.costs.values(), self.currency,
        )  # fmt: skip

    def _fill_body(self) -> None:
        fields, form = QWidget(), QFormLayout()
        fields.setLayout(form)
        form.setContentsMargins(0, 0, 8, 0)
        form.setHorizontalSpacing(14)
        form.setVerticalSpacing(8)
        for spin, suffix, most in (
            (self.repeat, " min", 24 * 60),
            (self.moved, " min", 240),
            (self.daily_most, " messages", 100),
        ):
            spin.setSuffix(suffix)
            spin.setRange(0, most)
        self.daily_most.setMinimum(1)
        self.currency.setMaxLength(_CURRENCY)
        self.currency.setFixedWidth(70)
        form.addRow("&Quiet from", _beside(self.quiet_from, QLabel("until"), self.quiet_until))
        form.addRow("&Same cause told again after", _beside(self.repeat))
        form.addRow("&Arrival told again once it moved by", _beside(self.moved))
        form.addRow("&Most to one address in 24 h", _beside(self.daily_most))
        form.addRow("Channels that need no own consent", _beside(*self.assumed.values()))
        form.addRow("Order tried (0: never)", self._by_channel(self.order))
        form.addRow("Price of one message", self._by_channel(self.costs))
        form.addRow("Currency", _beside(self.currency))
        form.addRow("Brands", self.brands)
        scroll = QScrollArea()
        scroll.setWidget(fields)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        self.body.addWidget(scroll, 1)

    def _by_channel(
        self, spins: dict[Channel, QSpinBox] | dict[Channel, QDoubleSpinBox]
    ) -> QWidget:
        widgets: list[QWidget] = []
        for channel, spin in spins.items():
            spin.setAccessibleName(channel_title(channel))
            if isinstance(spin, QDoubleSpinBox):
                spin.setRange(0.0, 100.0)
                spin.setDecimals(3)
                spin.setSingleStep(0.01)
            else:
                spin.setRange(0, len(Channel))
            widgets += [QLabel(channel_title(channel)), spin]
        return _beside(*widgets)

    def _hear_edits(self) -> None:
        for edit in (self.quiet_from, self.quiet_until):
            edit.timeChanged.connect(lambda _time: self.note_edit())
        for whole in (self.repeat, self.moved, self.daily_most, *self.order.values()):
            whole.valueChanged.connect(lambda _value: self.note_edit())
        for price in self.costs.values():
            price.valueChanged.connect(lambda _value: self.note_edit())
        for box in self.assumed.values():
            box.toggled.connect(lambda _on: self.note_edit())
        self.currency.textEdited.connect(lambda _text: self.note_edit())
        self.brands.edited.connect(self.note_edit)


def _beside(*widgets: QWidget) -> QWidget:
    """Widgets in a row, as wide as they need."""
    holder, row = QWidget(), side_by_side(*widgets, None)
    row.setContentsMargins(0, 0, 0, 0)
    holder.setLayout(row)
    return holder
