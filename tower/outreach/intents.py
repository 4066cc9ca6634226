"""What a reply plainly asks for; whatever is not plain is nothing."""

from collections.abc import Sequence

from tower.domain.messages import Recognised
from tower.domain.words import Intent

_STOP = frozenset(("stop", "stopp", "unsubscribe", "cancel", "end", "quit", "baja", "abmelden"))
_START = frozenset(("start", "unstop"))


def recognise(words: str, offered: Sequence[Recognised] = ()) -> tuple[Recognised, ...]:
    """What a customer's words plainly ask for.

    Args:
        words: what they wrote.
        offered: what the numbers 1, 2, … mean, if the message they answer offered numbers.
    """
    said = words.strip().strip(".!?¡¿\"'").strip().casefold()
    if said in _STOP:
        return (Recognised(intent=Intent.STOP, quote=words.strip()),)
    if said in _START:
        return (Recognised(intent=Intent.START, quote=words.strip()),)
    if said.isdecimal() and 0 < int(said) <= len(offered):
        chosen = offered[int(said) - 1]
        return (Recognised(intent=chosen.intent, value=chosen.value, quote=words.strip()),)
    return ()
