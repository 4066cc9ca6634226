"""One message before it is sent: to whom, how, in which language, what it says, what it costs."""

from collections.abc import Mapping

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QWidget

from tower.domain.commands import Command, MessageWish, SendMessages
from tower.gateway.telling.answers import Preview, PreviewVerdict
from tower.outreach.case import SLOTS
from ui.exchange import CommandResult
from ui.outreach.catalogue import Catalogue
from ui.outreach.enterbutton import EnterButton
from ui.outreach.letter import LetterWindow
from ui.outreach.pane import Pane
from ui.outreach.phrases import (
    CHANNEL_WORDS,
    joined,
    moved_words,
    on_one_line,
    price_words,
    verdict_words,
    when_words,
)
from ui.outreach.previews import Previewer
from ui.outreach.slotchoice import SlotChoice
from ui.outreach.waychoice import WayChoice
from ui.outreach.wire import may_be_sent
from ui.outreach.wordsfield import LONGEST, WordsField
from ui.session import Session

NEW_SLOT = "new_slot"
"""The template that offers time windows; others say so themselves."""

_LINES, _TALL_LINES, _TALL_PX = 6, 12, 900
TYPING_MS = 300
"""The words are looked at anew so long after the last key."""


class MessagePane(Pane):
    """Shows a message on the real case; sends it when told to.

    Attributes:
        words: the words, which may be changed.
        way: what it is written in, and how it goes.
        slots: windows it offers.
        send_button: sends it.
        previewer: what the gateway says about it.
        catalogue: what templates ask for.
        sent: the gateway has it.
        failed: why a message was not sent that is not shown any more.
    """

    sent = Signal()
    failed = Signal(str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session.theme, "Message", parent)
        self._session = session
        self._wish = MessageWish(stop_id="")
        self._original, self._wants_sending = "", False
        self._command: Command | None = None
        self._under_way: list[Command] = []
        self.previewer, self.catalogue = Previewer(session, self), Catalogue(session, self)
        self.address = self.small()
        self.way, self.slots = WayChoice(), SlotChoice(session)
        self.subject = self.small("text_secondary")
        self.words = WordsField(session.theme, "Words of the message", (2, _LINES))
        self.verdict, self.price = self.small("at_risk"), self.small()
        self.look = EnterButton(session.theme, "See the e-mail", self._show_letter)
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(TYPING_MS)
        self._lay_out()
        self._listen()

    def _lay_out(self) -> None:
        self.body.insertWidget(1, self.way)
        self.body.insertWidget(2, self.slots)
        self.body.insertWidget(4, self.look)
        self.body.insertWidget(5, self.words)
        self.look.hide()
        self.send_button = self.add_button("Send  Enter", self.accept_step, primary=True)
        self.add_button("Leave it  Esc", self.close_pane)
        self.end_buttons()

    def _listen(self) -> None:
        self.previewer.changed.connect(self._show_preview)
        self.words.textChanged.connect(self._on_words_changed)
        self.words.sent.connect(self.accept_step)
        self.words.given_up.connect(self.close_pane)
        self._typing.timeout.connect(self._ask)
        self.way.changed.connect(self._ask)
        self.slots.changed.connect(self._ask)
        self.catalogue.changed.connect(self._on_catalogue_changed)
        self._session.command_answered.connect(self._on_command_answered)

    # What is asked of it

    def open_message(
        self,
        title: str,
        stop_id: str,
        exception_id: str,
        template: str,
        options: Mapping[str, str] | None = None,
    ) -> None:
        """Show what a template says on a case, ready to be sent.

        Args:
            title: what is about to be done.
            stop_id: whose customer is told.
            exception_id: why.
            template: what is said.
            options: what the template asks besides the case.
        """
        self._wish = MessageWish(
            stop_id=stop_id,
            exception_id=exception_id,
            template=template,
            options=dict(options or {}),
        )
        self._command, self._wants_sending = None, False
        self._set_words("")
        self.words.show_most(_TALL_LINES if self.window().height() >= _TALL_PX else _LINES)
        self.words.show()
        stop = self._session.state.stops.get(stop_id)
        plan = stop.plan if stop else None
        self.title.say(joined(title, on_one_line(plan.customer if plan else "")))
        self.trouble.say("")
        self.way.offer(plan)
        self.catalogue.ask()
        self._offer_slots()
        self.show()
        self._ask()
        self.send_button.setFocus()

    def _offer_slots(self) -> None:
        template = self._wish.template
        wants = template == NEW_SLOT or SLOTS in self.catalogue.options(template)
        stop = self._session.state.stops.get(self._wish.stop_id)
        self.slots.offer(stop if wants else None)

    def _on_catalogue_changed(self) -> None:
        """Only now it may be known that a template of the gateway's own offers windows."""
        if not self.isHidden() and self.slots.isHidden():
            self._offer_slots()
            if not self.slots.isHidden():
                self._ask()

    @property
    def wish(self) -> MessageWish:
        """What would be sent."""
        options = dict(self._wish.options)
        if not self.slots.isHidden():
            options[SLOTS] = self.slots.option
        words = self.words.words
        return MessageWish(
            stop_id=self._wish.stop_id,
            exception_id=self._wish.exception_id,
            template=self._wish.template,
            words=words if words != self._original else "",
            channel=self.way.chosen_channel,
            language=self.way.chosen_language,
            options=options,
        )

    def accept_step(self) -> None:
        """Send it; what was typed just now is looked at by the gateway first."""
        if self._command is not None:
            return
        if self._typing.isActive() or (self.previewer.is_waiting and self.wish.words):
            self._wants_sending = True
            if self._typing.isActive():
                self._ask()
            return
        preview = self._preview
        if preview is None or not may_be_sent(preview):
            return
        self._command = SendMessages(messages=(self.wish,))
        self._under_way.append(self._command)
        self._show_preview()
        self._session.run(self._command)

    def close_pane(self) -> None:
        """Forget what was written."""
        self._typing.stop()
        self.previewer.ask(())
        self._command, self._wants_sending = None, False
        super().close_pane()

    # Showing

    @property
    def _preview(self) -> Preview | None:
        shown = self.previewer.shown
        return shown.previews[0] if shown and shown.previews else None

    def _ask(self) -> None:
        self._typing.stop()
        self.trouble.say("")
        self.previewer.ask((self.wish,))

    def _set_words(self, words: str) -> None:
        self._original = words.strip()
        self.words.blockSignals(True)
        self.words.setPlainText(words)
        self.words.blockSignals(False)

    def _on_words_changed(self) -> None:
        if len(self.words.words) > LONGEST:
            self._typing.stop()
            self.send_button.setEnabled(False)
            self.trouble.say(f"A message has {LONGEST} letters at most.")
            return
        self._typing.start()

    def _show_preview(self) -> None:
        preview, shown = self._preview, self.previewer.shown
        may_send = preview is not None and may_be_sent(preview)
        # A button that is disabled loses the focus, and the next Enter would go astray.
        self.send_button.setEnabled(may_send or self.previewer.is_waiting)
        self.send_button.setText(self._send_words(preview))
        self.trouble.say(self.previewer.trouble)
        if preview is None or shown is None:
            self.verdict.say("")
            self.price.say("Looking at it…" if self.previewer.is_waiting else "")
            return
        if not preview.wish.words and self.words.words == self._original:
            self._set_words(preview.words)
        self.subject.say(f"Subject: {preview.subject}" if preview.subject else "")
        self.look.setVisible(bool(preview.html))
        self.address.say(_to_words(preview))
        self.way.show_language(preview.language)
        tone = "late" if preview.verdict is PreviewVerdict.BARRED else "at_risk"
        self.verdict.say(verdict_words(self._session, preview), tone)
        may_send = may_be_sent(preview)
        price = joined(moved_words(preview.moved_s), price_words(preview, shown.currency))
        self.price.say(price if may_send else "")
        self.words.setVisible(may_send or bool(self.words.words))
        self._go_on(preview)

    def _show_letter(self) -> None:
        """The e-mail as the customer sees it, in the look of its brand."""
        if preview := self._preview:
            LetterWindow(preview.subject, preview.html, self.window()).show()

    def _send_words(self, preview: Preview | None) -> str:
        if self._command is not None:
            return "Sending…"
        after = preview.send_after if preview else None
        return f"Send at {when_words(self._session, after)}  Enter" if after else "Send  Enter"

    def _go_on(self, preview: Preview) -> None:
        """Send what was to be sent as soon as the gateway had looked at it."""
        if self._wants_sending:
            self._wants_sending = False
            if preview.verdict is PreviewVerdict.ALLOWED:
                self.accept_step()

    def _on_command_answered(self, command: Command, result: CommandResult) -> None:
        mine = next((one for one in self._under_way if one is command), None)
        if mine is None:
            return
        self._under_way.remove(mine)
        is_shown = command is self._command
        self._command = None if is_shown else self._command
        if not result.ok:
            self._say_refusal(result.message or "It could not be sent.", is_shown=is_shown)
        elif is_shown:
            self.sent.emit()
            self.close_pane()

    def _say_refusal(self, why: str, *, is_shown: bool) -> None:
        """Say it where the message is; of one that was put away meanwhile, somebody else does."""
        if is_shown:
            self._show_preview()
            self.trouble.say(why)
        else:
            self.failed.emit(f"A message was not sent. {why}")


def _to_words(preview: Preview) -> str:
    if preview.channel is None:
        return on_one_line(preview.address)
    return f"By {CHANNEL_WORDS[preview.channel]} to {on_one_line(preview.address)}"
