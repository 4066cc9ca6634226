"""Manifests: routes and stops of a day, as CSV, JSON or Amazon's research routes."""

from pathlib import PurePath

from tower.carriers.manifest.assemble import assemble
from tower.carriers.manifest.changes import manifest_events
from tower.carriers.manifest.csv_form import read_csv
from tower.carriers.manifest.entries import Draft, Problem
from tower.carriers.manifest.json_form import read_json
from tower.carriers.manifest.lmrrc import is_lmrrc, read_lmrrc
from tower.carriers.manifest.model import Manifest
from tower.carriers.manifest.places import home_of
from tower.carriers.manifest.text import NotText, decode_text
from tower.domain.geometry import LatLon

__all__ = [
    "LARGEST_MANIFEST",
    "Manifest",
    "Problem",
    "home_of",
    "manifest_events",
    "read_manifest",
    "too_large",
]

LARGEST_MANIFEST = 16 * 1024 * 1024
"""Bytes of the largest manifest that is read; tens of thousands of stops."""

_MIB = 1024 * 1024


def read_manifest(data: bytes, name: str, near: LatLon | None = None) -> Manifest:
    """Read a manifest; docs/manifest.md describes its forms.

    Never raises for what the file holds: what cannot be used is in the manifest's problems, and
    everything else in its records.

    Args:
        data: the file.
        name: its name; `.json` and `.csv` decide where the content does not.
        near: where the operation works, if that is known; it tells swapped coordinates.
    """
    if len(data) > LARGEST_MANIFEST:
        return _unreadable(too_large(len(data)))
    try:
        text, warnings = decode_text(data)
    except NotText as error:
        return _unreadable(str(error))
    draft = _read(text, PurePath(name).suffix.lower())
    draft.problems[:0] = warnings
    return assemble(draft, near)


def too_large(size: int) -> str:
    """What to say of a manifest of so many bytes."""
    return (
        f"The file has {size / _MIB:.0f} MiB; a manifest may have {LARGEST_MANIFEST // _MIB} MiB. "
        "Hand in one file for each day or depot."
    )


def _unreadable(message: str) -> Manifest:
    return Manifest(form="", problems=(Problem(line=0, field="", message=message),))


def _read(text: str, suffix: str) -> Draft:
    if suffix != ".csv" and (suffix == ".json" or text.lstrip()[:1] == "{"):
        return read_lmrrc(text) if is_lmrrc(text) else read_json(text)
    return read_csv(text)
