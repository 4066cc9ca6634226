"""The request that hands Meta one message.

Source: Meta, WhatsApp Cloud API, "Messages": approved templates at any time, free text within 24
hours of the customer's last message. `biz_opaque_callback_data` comes back in every receipt.
"""

from typing import Any

import msgspec

from plugins.whatsapp.account import WhatsAppSettings
from tower.outreach.port import NotTaken, Outgoing


def body_of(outgoing: Outgoing, settings: WhatsAppSettings) -> bytes:
    """The JSON that sends the message.

    Raises:
        NotTaken: it has no template, and the customer has not written for 24 hours.
    """
    message: dict[str, Any] = {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": outgoing.to,
        "biz_opaque_callback_data": outgoing.key,
    }
    if outgoing.in_session:
        message |= {"type": "text", "text": {"body": outgoing.text, "preview_url": False}}
    else:
        message |= {"type": "template", "template": _template(outgoing, settings)}
    return msgspec.json.encode(message)


def _template(outgoing: Outgoing, settings: WhatsAppSettings) -> dict[str, Any]:
    if not outgoing.template:
        raise NotTaken(
            "WhatsApp takes approved templates only: the customer has not written for 24 hours."
        )
    template: dict[str, Any] = {
        "name": settings.template_name(outgoing.template),
        "language": {
            "policy": "deterministic",
            "code": settings.language_code(outgoing.language),
        },
    }
    if outgoing.parameters:
        template["components"] = [{"type": "body", "parameters": _parameters(outgoing)}]
    return template


def _parameters(outgoing: Outgoing) -> list[dict[str, str]]:
    """Meta refuses line breaks, tabs and more than four spaces in a parameter."""
    return [{"type": "text", "text": " ".join(value.split())} for value in outgoing.parameters]
