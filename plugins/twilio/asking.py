"""The request that hands Twilio one message.

Source: Twilio's API description of version 2010-04-01, operation CreateMessage.
"""

from urllib.parse import quote

import msgspec

from plugins.twilio.account import TwilioSettings
from tower.domain.words import Channel as Medium
from tower.outreach.port import NotTaken, Outgoing

ATTEMPT = "attempt"
"""Name in the address of a status callback that carries our key of the attempt."""


def fields_of(outgoing: Outgoing, settings: TwilioSettings) -> dict[str, str]:
    """The fields of the form that creates the message.

    Raises:
        NotTaken: this account has no sender or no approved template for it.
    """
    if outgoing.medium is Medium.WHATSAPP:
        fields = _whatsapp(outgoing, settings)
    else:
        fields = _text_message(outgoing, settings)
    if outgoing.status_url:
        fields["StatusCallback"] = status_address(outgoing.status_url, outgoing.key)
    return fields


def status_address(url: str, key: str) -> str:
    """Where Twilio tells what became of an attempt."""
    return f"{url}{'&' if '?' in url else '?'}{ATTEMPT}={quote(key, safe='')}"


def _text_message(outgoing: Outgoing, settings: TwilioSettings) -> dict[str, str]:
    fields = {"To": outgoing.to, "Body": outgoing.text}
    if settings.messaging_service:
        fields["MessagingServiceSid"] = settings.messaging_service
    elif not settings.sender:
        raise NotTaken("This Twilio account has no sender of text messages.")
    if settings.sender:
        fields["From"] = settings.sender
    return fields


def _whatsapp(outgoing: Outgoing, settings: TwilioSettings) -> dict[str, str]:
    if not settings.whatsapp_sender:
        raise NotTaken("This Twilio account has no WhatsApp sender.")
    addressed = {
        "To": f"whatsapp:{outgoing.to}",
        "From": f"whatsapp:{settings.whatsapp_sender}",
    }
    if outgoing.in_session:
        return addressed | {"Body": outgoing.text}
    return addressed | _template(outgoing, settings)


def _template(outgoing: Outgoing, settings: TwilioSettings) -> dict[str, str]:
    """Outside a session WhatsApp carries approved templates only."""
    sid = settings.content_sid(outgoing.template, outgoing.language)
    if not sid:
        what = f"{outgoing.template}/{outgoing.language}" if outgoing.template else "free words"
        raise NotTaken(f"WhatsApp takes approved templates only, and there is none for {what}.")
    # A variable with a line break or more than four spaces is refused.
    values = (" ".join(value.split()) for value in outgoing.parameters)
    variables = {str(number): value for number, value in enumerate(values, start=1)}
    return {"ContentSid": sid, "ContentVariables": msgspec.json.encode(variables).decode()}
