"""What the gateway is asked about messages, and how its answers are read. Knows no widgets."""

from typing import TypeVar

import msgspec

from tower.gateway.telling.answers import Preview, PreviewVerdict
from ui.session import Answer

PREVIEWS_PATH = "/v1/outreach/previews"
ACCOUNTS_PATH = "/v1/outreach/accounts"

_OK = 200
_Told = TypeVar("_Told")


class OutreachAnswerError(ValueError):
    """The gateway's answer about messages cannot be had; the words say why."""


def may_be_sent(preview: Preview) -> bool:
    """True unless the policy forbids it."""
    return preview.verdict is not PreviewVerdict.BARRED


def read(answer: Answer, kind: type[_Told]) -> _Told:
    """An answer of the gateway as a record.

    Raises:
        OutreachAnswerError: there is none, or it cannot be read.
    """
    if answer.status != _OK:
        raise OutreachAnswerError(answer.message or "The gateway does not answer.")
    try:
        return msgspec.json.decode(answer.body, type=kind)
    except msgspec.MsgspecError as error:
        raise OutreachAnswerError(f"The gateway's answer cannot be read ({error}).") from error
