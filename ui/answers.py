"""How the gateway's answers are read, whoever asked. Knows no widgets."""

from typing import TypeVar

import msgspec

from ui.exchange import Answer

_OK = 200
_Told = TypeVar("_Told")


class AnswerFault(ValueError):
    """The gateway's answer cannot be had; the words say why."""


def read(answer: Answer, kind: type[_Told]) -> _Told:
    """An answer of the gateway as a record.

    Raises:
        AnswerFault: there is none, or it cannot be read.
    """
    if answer.status != _OK:
        raise AnswerFault(answer.message or "The gateway does not answer.")
    try:
        return msgspec.json.decode(answer.body, type=kind)
    except msgspec.MsgspecError as error:
        raise AnswerFault(f"The gateway's answer cannot be read ({error}).") from error
