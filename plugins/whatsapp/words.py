"""What a customer's WhatsApp message says, in words a conversation can show."""

from plugins.whatsapp.payload import Interactive, Place, WrittenMessage
from tower.outreach.port import Unreadable

_THINGS = {
    "image": "a picture",
    "video": "a film",
    "document": "a file",
    "audio": "a voice message",
    "sticker": "a sticker",
}


def words_of(message: WrittenMessage) -> str:
    """The words, the label tapped, the place, or what sort of thing was sent.

    Raises:
        Unreadable: it is of a kind that says nothing here.
    """
    if message.text:
        return message.text.body
    if message.button:
        return message.button.text
    if message.interactive:
        return _tapped(message.interactive)
    if message.location:
        return _place(message.location)
    if message.reaction:
        return message.reaction.emoji or "(took a reaction back)"
    return _thing(message)


def _tapped(interactive: Interactive) -> str:
    choice = interactive.button_reply or interactive.list_reply
    if choice is None:
        raise Unreadable("the customer tapped something that is neither a button nor a list")
    return choice.title


def _place(place: Place) -> str:
    parts = (place.name, place.address, f"{place.latitude:.5f}, {place.longitude:.5f}")
    return " · ".join(part for part in parts if part)


def _thing(message: WrittenMessage) -> str:
    for kind, words in _THINGS.items():
        if media := getattr(message, kind):
            return f"({words}, to be seen in WhatsApp) {media.caption}".rstrip()
    raise Unreadable(f"nobody knows messages of the type {message.type!r}")
