"""Who may do what: bearer tokens, and the roles they stand for."""

import hashlib
import hmac
import os
from collections.abc import Iterable, Mapping, MutableMapping
from enum import StrEnum

import msgspec

from tower.domain.records import Actor
from tower.gateway.errors import SettingsError
from tower.gateway.settings import TokenSettings

TOKEN_VARIABLE = "TOWER_TOKEN"  # noqa: S105 - the name of a variable, not a secret
"""Environment variable with the operator's token, for an embedded gateway and for the desktop."""


class Role(StrEnum):
    """What somebody is to the operations room."""

    VIEWER = "viewer"
    DISPATCHER = "dispatcher"
    SUPERVISOR = "supervisor"
    CARRIER = "carrier"


READERS = frozenset({Role.VIEWER, Role.DISPATCHER, Role.SUPERVISOR})
"""Roles that see the shift."""

OPERATORS = frozenset({Role.DISPATCHER, Role.SUPERVISOR})
"""Roles that work on it."""

SENDERS = OPERATORS | {Role.CARRIER}
"""Roles that may hand in carriers' messages."""


class Grant(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who showed a good token.

    Attributes:
        carrier_id: the one carrier a `carrier` role speaks for, else "".
    """

    actor: Actor
    role: Role
    carrier_id: str = ""


class Tokens:
    """The tokens a gateway accepts; it keeps their digests only."""

    def __init__(self) -> None:
        self._grants: dict[bytes, Grant] = {}

    def admit(self, token: str, grant: Grant) -> None:
        """Accept a token from now on."""
        self._grants[_digest(token)] = grant

    def admit_digest(self, sha256: str, grant: Grant) -> None:
        """Accept the token with this hexadecimal SHA-256.

        Raises:
            ValueError: not 64 hexadecimal digits.
        """
        digest = bytes.fromhex(sha256)
        if len(digest) != hashlib.sha256().digest_size:
            raise ValueError("a SHA-256 has 64 hexadecimal digits")
        self._grants[digest] = grant

    def grant(self, token: str) -> Grant | None:
        """Who shows this token, or None."""
        shown, found = _digest(token), None
        for digest, grant in self._grants.items():
            if hmac.compare_digest(digest, shown):
                found = grant
        return found

    def __len__(self) -> int:
        return len(self._grants)


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


def read_tokens(
    settings: Iterable[TokenSettings], environment: Mapping[str, str] = os.environ
) -> Tokens:
    """The tokens of the settings, and the operator's token where `TOWER_TOKEN` is set.

    Raises:
        SettingsError: a role nobody knows, a variable that is not set, or no token at all.
    """
    tokens = Tokens()
    operator = environment.get(TOKEN_VARIABLE, "")
    if operator:
        actor = Actor(kind="person", id="dispatcher", name="Dispatcher")
        tokens.admit(operator, Grant(actor=actor, role=Role.SUPERVISOR))
    for one in settings:
        _admit(tokens, one, environment)
    if not len(tokens):
        raise SettingsError(
            f"No token is set, so nobody could sign in. Set {TOKEN_VARIABLE} in the environment "
            "or add a [[token]] to the settings file."
        )
    return tokens


def forget_tokens(settings: Iterable[TokenSettings], environment: MutableMapping[str, str]) -> None:
    """Take the tokens out of the environment, which every child process would be given."""
    for name in [TOKEN_VARIABLE, *(one.env for one in settings)]:
        environment.pop(name, None)


def _admit(tokens: Tokens, one: TokenSettings, environment: Mapping[str, str]) -> None:
    grant = _grant(one)
    if one.sha256:
        try:
            tokens.admit_digest(one.sha256, grant)
        except ValueError as error:
            raise SettingsError(f"Token {one.id}: sha256 is not usable: {error}.") from error
        return
    token = environment.get(one.env, "") if one.env else ""
    if not token:
        raise SettingsError(
            f"Token {one.id}: set its env to an environment variable that holds the token, "
            f"or give its sha256 (env is {one.env!r})."
        )
    tokens.admit(token, grant)


def _grant(one: TokenSettings) -> Grant:
    try:
        role = Role(one.role)
    except ValueError as error:
        known = ", ".join(Role)
        raise SettingsError(f"Token {one.id}: role {one.role!r} is none of {known}.") from error
    if (role is Role.CARRIER) != bool(one.carrier):
        raise SettingsError(f"Token {one.id}: carrier goes with the role carrier, and only there.")
    kind = "carrier" if role is Role.CARRIER else "person"
    actor = Actor(kind=kind, id=one.carrier or one.id, name=one.name or one.id)
    return Grant(actor=actor, role=role, carrier_id=one.carrier)
