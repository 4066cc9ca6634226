"""`tower eta`: learn arrivals from earlier shifts, see what was learnt, choose what predicts."""

import argparse
import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import platformdirs

from tower.eta.learning.errors import LearningError, ModelUnusable
from tower.eta.learning.quantiles import Settings
from tower.eta.learning.store import SCHEDULE, Kept, ModelStore
from tower.eta.learning.train import train
from tower.eta.model import Quality
from tower.feed.clock import SystemClock
from tower.gateway.errors import DataError
from tower.gateway.options import ExitCode, TowerError
from tower.gateway.server import JOURNAL_FILE
from tower.journal.errors import JournalError

MODELS = "models"
"""The folder of models in a gateway's data folder."""


def run(options: argparse.Namespace) -> int:
    """Carry out one step: train, show or use.

    Raises:
        DataError: a journal or a model cannot be read or written, or there is too little to learn
            from.
        TowerError: somebody stopped the training.
    """
    folders = [Path(folder).expanduser() for folder in options.data or (_own_folder(),)]
    store = ModelStore(folders[0] / MODELS)
    try:
        if options.step == "train":
            return _train(store, folders, options.keep)
        return _use(store, options.model) if options.step == "use" else _show(store)
    except KeyboardInterrupt:
        raise TowerError("Stopped; tower eta show says what predicts.") from None
    except (LearningError, JournalError) as error:
        raise DataError(str(error)) from error
    except OSError as error:
        raise DataError(f"{store.folder} cannot be written: {error.strerror or error}.") from error


def _own_folder() -> Path:
    return platformdirs.user_data_path("tower") / "gateway"


def _train(store: ModelStore, folders: Sequence[Path], keep: int) -> int:
    clock = SystemClock()
    # Half of the cores: a gateway may be at work beside it.
    settings = Settings(threads=max(1, (os.cpu_count() or 1) // 2))
    with store.training():
        journals = [folder / JOURNAL_FILE for folder in folders]
        learnt = train(journals, clock.now(), _say, settings)
        version = store.keep(learnt, clock.now())
        gone = store.forget_all_but(keep)
    print(f"{version} predicts from now on, also in a gateway that is running.")
    print(_learnt_from(learnt.shifts, learnt.samples, learnt.began, learnt.ended))
    print(_quality(learnt.quality))
    if gone:
        print(f"No longer kept: {', '.join(gone)}.")
    return ExitCode.OK


def _say(words: str) -> None:
    print(words, flush=True)


def _show(store: ModelStore) -> int:
    current = store.current()
    print(f"In use: {current}")
    for version in (*store.versions(), SCHEDULE):
        mark = "*" if version == current else " "
        print(f"{mark} {version}")
        if version != SCHEDULE:
            _describe(store, version)
    return ExitCode.OK


def _describe(store: ModelStore, version: str) -> None:
    try:
        kept = store.facts(version)
    except ModelUnusable as error:
        print(f"    {error}")
        return
    print(f"    made {_minute(kept.made_at)}, {_rests_on(kept)}")
    print(f"    {_learnt_from(kept.shifts, kept.samples, kept.began, kept.ended)}")
    print(f"    {_quality(kept.quality)}")


def _rests_on(kept: Kept) -> str:
    return f"doors: {kept.doors.doors:,}, legs: {kept.legs.legs:,}"


def _learnt_from(shifts: int, samples: int, began: datetime, ended: datetime) -> str:
    return (
        f"Learnt from {shifts} shifts, {began.date().isoformat()} to {ended.date().isoformat()}, "
        f"and {samples:,} predictions."
    )


def _quality(quality: Quality) -> str:
    off = ", ".join(
        f"{lead} min ahead {seconds / 60:.1f} min" for lead, seconds in quality.mae_s.items()
    )
    apart = "1 shift" if quality.shifts == 1 else f"{quality.shifts} shifts"
    return (
        f"On {apart} held apart: {quality.coverage:.1%} between P10 and P90; "
        f"mean absolute error {off}."
    )


def _minute(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M UTC")


def _use(store: ModelStore, version: str) -> int:
    store.use(version)
    print(f"{version} predicts from now on, also in a gateway that is running.")
    return ExitCode.OK
