"""Everything about telling customers that a gateway holds, put together."""

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol, runtime_checkable

from tower.domain.commands import MessageWish
from tower.domain.messages import Attempt, Message
from tower.domain.words import MessageState
from tower.feed.clock import Clock
from tower.gateway.desk import Desk
from tower.gateway.live_state import LiveState
from tower.gateway.settings import GatewaySettings
from tower.gateway.telling.accounts import Account, Accounts
from tower.gateway.telling.answers import AccountReport, Previews, Rendering, TemplateReport
from tower.gateway.telling.courier import Courier
from tower.gateway.telling.drafts import Telling
from tower.gateway.telling.handover import Handover
from tower.gateway.telling.hooks import Hooks
from tower.gateway.telling.previews import previews
from tower.gateway.telling.receipts import Receipts
from tower.gateway.telling.refusing import Refusals
from tower.gateway.telling.replies import Replies
from tower.journal.journal import Journal
from tower.outreach.outgoing import outgoing
from tower.outreach.policy import gate
from tower.outreach.port import Outgoing
from tower.outreach.templates import Templates

_log = logging.getLogger(__name__)


@runtime_checkable
class Shows(Protocol):
    """A channel that can show what it asks its provider; not every one can."""

    def show(self, outgoing: Outgoing) -> str:
        """The request for a message as the provider gets it, secrets left out."""
        ...


class NoSuchMessage(LookupError):
    """There is no such message, or no such attempt of it; the words say which."""


def load_templates(settings: GatewaySettings) -> Templates:
    """Tower's own templates, and the operator's that go before them; broken ones are logged."""
    folder = settings.template_folder
    templates = Templates.load(*([Path(folder).expanduser()] if folder else []))
    for trouble in templates.troubles:
        _log.error("a message template is not used: %s", trouble)
    return templates


class Outbox:
    """Tells customers: what is queued goes out, what comes back is taken in.

    Attributes:
        accounts: the ways to providers.
        hooks: where providers' requests come in.
        courier: who empties it.
    """

    def __init__(
        self,
        settings: GatewaySettings,
        live: LiveState,
        desk: Desk,
        journal: Journal,
        clock: Clock,
        accounts: Accounts,
        telling: Telling,
    ) -> None:
        self.accounts = accounts
        self._settings = settings
        self._live = live
        self._clock = clock
        self._telling = telling
        handover = Handover(live, journal, clock, gate, self._pack)
        self.courier = Courier(live, desk, clock, accounts, gate, handover)
        receipts = Receipts(live, journal, clock)
        self.hooks = Hooks(
            accounts,
            receipts,
            Replies(desk, receipts, clock, telling),
            Refusals(journal.refused, clock),
            self.courier.landed,
        )

    def kept_messages(self) -> list[Message]:
        """The messages that an account keeps and does not send."""
        messages = self._live.state.messages.values()
        return [message for message in messages if message.state is MessageState.NOT_SENT]

    async def previews(self, wishes: Sequence[MessageWish]) -> Previews:
        """What wishes would send now."""
        return await previews(wishes, self._telling, self._live.state, self._clock)

    def template_reports(self) -> list[TemplateReport]:
        """Every template there is."""
        found = self._telling.templates.all if self._telling.templates else ()
        return [
            TemplateReport(
                name=one.name,
                title=one.title,
                about=one.about,
                languages=one.languages,
                is_notice=one.is_notice,
                options=one.options,
            )
            for one in found
        ]

    def account_reports(self) -> list[AccountReport]:
        """Every account, and how it is."""
        return [
            AccountReport(
                name=one.name,
                plugin=one.plugin.name,
                title=one.plugin.title,
                carries=one.media,
                sends=one.plugin.sends,
                assurance=one.assurance,
                trouble=one.trouble,
                hook=self.hook_url(one.name),
                forged=one.forged,
            )
            for one in self.accounts
        ]

    def rendering(self, message_id: str, number: int | None) -> Rendering:
        """What a provider is given for an attempt, or would be for the next.

        Raises:
            NoSuchMessage: there is no such message or attempt.
        """
        message = self._live.state.messages.get(message_id)
        if message is None or message.plan is None:
            raise NoSuchMessage(f"There is no message {message_id}.")
        newest = message.last.number if message.last else 1
        number = newest if number is None else number
        attempt = next((one for one in message.attempts if one.number == number), None)
        if attempt is None and (message.attempts or number != 1):
            raise NoSuchMessage(f"Message {message_id} has no attempt {number}.")
        sent = outgoing(message, number, self._live.state, self._clock.now())
        account = self._account_for(attempt, sent)
        return Rendering(
            message_id=message.id,
            attempt=number,
            account=account.name if account else "",
            sends=account is not None and account.plugin.sends,
            outgoing=sent,
            request=_shown(account, sent),
        )

    @property
    def public_url(self) -> str:
        """Where providers reach this gateway, "" where they cannot."""
        return self._settings.public_url.rstrip("/")

    def hook_url(self, account: str) -> str:
        """Where the provider of an account reaches us, "" where it cannot."""
        return f"{self.public_url}/v1/channels/{account}/hook" if self.public_url else ""

    async def close(self) -> None:
        """Close the accounts."""
        await self.accounts.close()

    def _account_for(self, attempt: Attempt | None, sent: Outgoing) -> Account | None:
        if attempt is not None and attempt.provider:
            return self.accounts.named(attempt.provider)
        return self.accounts.carrying(sent.medium)

    def _pack(self, message: Message, attempt: Attempt, account: Account) -> Outgoing:
        return outgoing(
            message,
            attempt.number,
            self._live.state,
            self._clock.now(),
            self.hook_url(account.name),
        )


def _shown(account: Account | None, sent: Outgoing) -> str:
    channel: object = account.channel if account else None
    return channel.show(sent) if isinstance(channel, Shows) else ""
