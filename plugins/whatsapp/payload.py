"""The webhooks of the Cloud API as JSON, as far as we read them.

Source: Meta, "messages webhook reference". Each message and each status is read for itself, so
that one of a kind we do not know does not cost its neighbours.
"""

import msgspec

from plugins.whatsapp.answers import Problem


class Text(msgspec.Struct, frozen=True):
    """Words of a text message."""

    body: str = ""


class Choice(msgspec.Struct, frozen=True):
    """What a customer tapped: a button, or a row of a list."""

    title: str = ""


class Button(msgspec.Struct, frozen=True):
    """A button of a template."""

    text: str = ""


class Interactive(msgspec.Struct, frozen=True):
    """A button or a list of a message of ours."""

    button_reply: Choice | None = None
    list_reply: Choice | None = None


class Place(msgspec.Struct, frozen=True):
    """A place a customer sent; latitude and longitude in WGS 84."""

    latitude: float
    longitude: float
    name: str = ""
    address: str = ""


class Media(msgspec.Struct, frozen=True):
    """A picture, film, sound or file."""

    caption: str = ""


class Reaction(msgspec.Struct, frozen=True):
    """A sign put on a message of ours."""

    message_id: str = ""
    emoji: str = ""


class Context(msgspec.Struct, frozen=True):
    """The message an answer is to."""

    id: str = ""


class WrittenMessage(msgspec.Struct, frozen=True):
    """What a customer sent; one field is filled, the one `type` names."""

    id: str
    type: str
    sender: str = msgspec.field(name="from")
    timestamp: str = ""
    context: Context | None = None
    text: Text | None = None
    button: Button | None = None
    interactive: Interactive | None = None
    location: Place | None = None
    reaction: Reaction | None = None
    image: Media | None = None
    video: Media | None = None
    document: Media | None = None
    audio: Media | None = None
    sticker: Media | None = None


class Status(msgspec.Struct, frozen=True):
    """How far a message of ours has come."""

    id: str
    status: str
    timestamp: str = ""
    biz_opaque_callback_data: str = ""
    errors: tuple[Problem, ...] = ()


class Number(msgspec.Struct, frozen=True):
    """Which of the business's numbers it is about."""

    phone_number_id: str = ""


class Value(msgspec.Struct, frozen=True):
    """What changed."""

    metadata: Number = Number()
    messages: tuple[msgspec.Raw, ...] = ()
    statuses: tuple[msgspec.Raw, ...] = ()
    errors: tuple[Problem, ...] = ()


class Change(msgspec.Struct, frozen=True):
    """One change; only those of the field `messages` are about messages."""

    field: str = ""
    value: msgspec.Raw = msgspec.Raw(b"{}")


class Entry(msgspec.Struct, frozen=True):
    """Changes of one business account."""

    changes: tuple[Change, ...] = ()


class Webhook(msgspec.Struct, frozen=True):
    """A whole webhook."""

    object: str
    entry: tuple[Entry, ...] = ()
