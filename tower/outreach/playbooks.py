"""The playbooks a room starts with."""

import tomllib
from pathlib import Path

import msgspec

from tower.domain.rulebook import Playbook

_FILE = Path(__file__).resolve().parents[2] / "resources" / "playbooks.toml"


class PlaybooksBroken(ValueError):
    """The playbooks that come with Tower cannot be read: the installation is damaged."""


class _Written(msgspec.Struct, forbid_unknown_fields=True):
    playbook: tuple[Playbook, ...]


def default_playbooks() -> tuple[Playbook, ...]:
    """The steps a good dispatcher would take, by kind of exception.

    Raises:
        PlaybooksBroken: the file is missing or damaged.
    """
    try:
        return msgspec.convert(tomllib.loads(_FILE.read_text(encoding="utf-8")), _Written).playbook
    except (OSError, ValueError) as trouble:
        raise PlaybooksBroken(f"{_FILE}: {trouble}") from trouble
