"""Manifests: routes and stops of a day, as CSV, JSON or Amazon's research routes."""

from pathlib import PurePath

from tower.carriers.manifest.assemble import assemble
from tower.carriers.manifest.changes import manifest_events
from tower.carriers.manifest.csv_form import read_csv
from tower.carriers.manifest.entries import Draft, Problem
from tower.carriers.manifest.json_form import read_json
from tower.carriers.manifest.lmrrc import is_lmrrc, read_lmrrc
from tower.carriers.manifest.model import Manifest
from tower.carriers.manifest.text import NotText, decode_text

__all__ = ["Manifest", "Problem", "manifest_events", "read_manifest"]


def read_manifest(data: bytes, name: str) -> Manifest:
    """Read a manifest; docs/manifest.md describes its forms.

    Never raises for what the file holds: what cannot be used is in the manifest's problems, and
    everything else in its records.

    Args:
        data: the file.
        name: its name; `.json` and `.csv` decide where the content does not.
    """
    try:
        text, warnings = decode_text(data)
    except NotText as error:
        problem = Problem(line=0, field="", message=str(error))
        return Manifest(form="", problems=(problem,))
    draft = _read(text, PurePath(name).suffix.lower())
    draft.problems[:0] = warnings
    return assemble(draft)


def _read(text: str, suffix: str) -> Draft:
    if suffix != ".csv" and (suffix == ".json" or text.lstrip()[:1] == "{"):
        return read_lmrrc(text) if is_lmrrc(text) else read_json(text)
    return read_csv(text)
