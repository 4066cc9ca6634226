"""Whole messages that mean: write to me no more, or: write to me again.

Only a whole message counts, with nothing beside it but marks and politeness: `don't stop at the
gate` is no opt-out. The English words are those carriers act on by themselves
(https://www.twilio.com/docs/messaging/guides/opt-out-keywords); the others are their kin.
"""

import re

from tower.outreach.intents.text import folded, tidied

_STOP = frozenset(
    {
        # English, as carriers have it
        "stop", "stopall", "stop all", "unsubscribe", "cancel", "end", "quit", "revoke", "optout",
        "opt out", "opt-out", "stop sms", "stop messages", "stop texting me", "no more messages",
        "unsubscribe me", "remove me", "stop messaging me",
        # German
        "stopp", "abmelden", "abbestellen", "keine nachrichten mehr", "keine sms mehr",
        "stop sms bitte", "keine sms", "nicht mehr schreiben", "abmeldung",
        # Spanish
        "baja", "alto", "parar", "dar de baja", "darme de baja", "no mas mensajes", "cancelar",
        "no enviar mas", "detener",
        # French
        "arret", "arreter", "arretez", "desabonner", "plus de messages", "plus de sms",
        "desinscrire", "desinscription", "me desinscrire",
        # Italian
        "disiscrivi", "disiscrivimi", "annulla iscrizione", "niente messaggi", "niente sms",
        "cancellami", "ferma", "fermare",
        # Portuguese
        "sair", "pare", "chega de mensagens", "sem mensagens", "remover", "descadastrar",
    }
)  # fmt: skip
_START = frozenset(
    {
        "start", "unstop", "subscribe", "resume", "opt in", "opt-in", "optin", "anmelden", "alta",
        "reanudar", "iniciar", "reprendre", "reabonner", "riprendi", "iscrivimi", "retomar",
        "inscrever", "start sms",
    }
)  # fmt: skip
_POLITE = re.compile(
    r"(?:please|bitte|por favor|s'il vous plait|svp|per favore|thanks|danke|gracias|merci|grazie"
    r"|obrigad[oa])"
)


def means_stop(words: str) -> bool:
    """True where the whole message asks for no more messages."""
    return _bare(words) in _STOP


def means_start(words: str) -> bool:
    """True where the whole message asks for messages again."""
    return _bare(words) in _START


def _bare(words: str) -> str:
    said = re.sub(r"[^\w'-]+", " ", folded(tidied(words)))
    return " ".join(_POLITE.sub(" ", said).split())
