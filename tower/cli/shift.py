"""`tower shift import`: hand in routes and stops."""

import argparse
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import msgspec
import platformdirs

from tower.carriers.manifest import (
    LARGEST_MANIFEST,
    home_of,
    manifest_events,
    read_manifest,
    too_large,
)
from tower.cli.remote import ask, token_of
from tower.feed.clock import SystemClock
from tower.gateway.answers import ManifestProblem, ManifestReceipt
from tower.gateway.errors import DataError
from tower.gateway.imports import receipt_of
from tower.gateway.options import ExitCode
from tower.gateway.server import open_journal

_PROBLEMS_SHOWN = 50


def run(options: argparse.Namespace) -> int:
    """Import a manifest and print what became of it, line by line where something is wrong.

    Raises:
        DataError: the file or the journal cannot be read.
        GatewayUnreachable: nobody answers at `--gateway`.
        WrongToken: the gateway does not accept the token.
    """
    file = Path(options.file).expanduser()
    payload = _read(file)
    if options.gateway:
        receipt = _hand_over(options, file, payload)
    else:
        receipt = _record(options, file, payload)
    return _report(file, receipt)


def _read(file: Path) -> bytes:
    try:
        size = file.stat().st_size
        if size > LARGEST_MANIFEST:
            raise DataError(f"{file.name} was not imported. {too_large(size)}")
        return file.read_bytes()
    except OSError as error:
        raise DataError(f"The manifest {file} cannot be read: {error.strerror}.") from error


def _hand_over(options: argparse.Namespace, file: Path, payload: bytes) -> ManifestReceipt:
    token = token_of(options.token_env)
    path = f"/v1/manifest?name={quote(file.name)}"
    said = ask(options.gateway, token, "POST", path, payload, "application/octet-stream")
    return msgspec.json.decode(said, type=ManifestReceipt)


def _record(options: argparse.Namespace, file: Path, payload: bytes) -> ManifestReceipt:
    folder = options.data or platformdirs.user_data_path("tower") / "gateway"
    clock = SystemClock()
    with closing(open_journal(Path(folder).expanduser(), clock)) as journal:
        state = journal.load_state()
        manifest = read_manifest(payload, file.name, home_of(state))
        events = manifest_events(manifest, state, clock)
        new = journal.append(events).result() if events else []
    return receipt_of(manifest, len(new))


def _report(file: Path, receipt: ManifestReceipt) -> int:
    print(f"{file.name}: {receipt.routes} routes, {receipt.stops} stops, {_changes(receipt)}.")
    for problem in receipt.problems[:_PROBLEMS_SHOWN]:
        print(f"  {_where(problem)}{problem.message}")
    hidden = len(receipt.problems) - _PROBLEMS_SHOWN
    if hidden > 0:
        print(f"  … and {hidden} more lines with problems")
    nothing_usable = receipt.problems and not receipt.stops
    return ExitCode.DATA if nothing_usable else ExitCode.OK


def _where(problem: ManifestProblem) -> str:
    """The line and the column where they are known, and whether the line went in all the same."""
    parts = [
        f"line {problem.line}" if problem.line else "",
        problem.field,
        "" if problem.refused else "remark",
    ]
    words = ", ".join(part for part in parts if part)
    return f"{words}: " if words else ""


def _changes(receipt: ManifestReceipt) -> str:
    return f"{receipt.events} changes recorded" if receipt.events else "nothing new"
