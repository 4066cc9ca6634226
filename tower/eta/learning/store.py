"""Where learnt models are kept: a folder each, and a file that says which one is in use.

`<data>/models/learnt-3/` holds `model.json` and the trees in XGBoost's own form; nothing in it is
code. A model is written beside its place and moved there whole; `current` is replaced whole. What
was damaged since, or does not fit this Tower, is refused with words.
"""

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from tower.eta.doors import DOOR_FEATURES
from tower.eta.learning.conformal import Calibration
from tower.eta.learning.doors import DoorFacts, DoorLaw
from tower.eta.learning.errors import ModelUnusable, TrainingBusy
from tower.eta.learning.holdups import HoldupLaw
from tower.eta.learning.legs import LegLaw
from tower.eta.learning.model import Laws, LearntModel, Residuals
from tower.eta.learning.quantiles import QuantileTrees
from tower.eta.model import FEATURES, ArrivalModel, Quality
from tower.eta.schedule_model import ScheduleModel
from tower.journal.errors import JournalError
from tower.journal.lock import FileLock

if TYPE_CHECKING:
    import xgboost

    from tower.eta.learning.train import Learnt

FORM = 2
"""Grows when models are kept in another way."""

SCHEDULE = "schedule"
"""The model that is always there."""

_LEARNT, _CURRENT, _FACTS = "learnt-", "current", "model.json"
_DOORS, _HOLDUPS = "doors.ubj", "holdups.ubj"


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """What stands in `model.json`.

    Attributes:
        features, door_features: what the trees were asked, in their order.
        trees: files of the trees for what doors and legs leave over.
        checksums: SHA-256 of every other file.
    """

    form: int = FORM
    version: str
    made_at: datetime
    began: datetime
    ended: datetime
    shifts: int
    samples: int
    quality: Quality
    features: tuple[str, ...] = FEATURES
    door_features: tuple[str, ...] = DOOR_FEATURES
    legs: LegLaw
    doors: DoorFacts
    calibration: Calibration
    centre: float
    scale: float
    trees: tuple[str, ...]
    checksums: dict[str, str]


class ModelStore:
    """The learnt models of one gateway.

    Attributes:
        folder: `models` in the gateway's data folder; made when a model is first kept.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def versions(self) -> list[str]:
        """The learnt models, the oldest first."""
        found = [path.name for path in self.folder.glob(f"{_LEARNT}*") if _number(path.name)]
        return sorted(found, key=_number)

    def current(self) -> str:
        """Which model is in use: `schedule` or that of a folder.

        Raises:
            ModelUnusable: the file that says so cannot be read.
        """
        try:
            return (self.folder / _CURRENT).read_text(encoding="utf-8").strip() or SCHEDULE
        except FileNotFoundError:
            return SCHEDULE
        except (OSError, UnicodeDecodeError) as error:
            raise ModelUnusable(f"Which model is in use cannot be read: {error}") from error

    def stamp(self) -> str:
        """Changes whenever another model is put to use; costs next to nothing."""
        try:
            stat = (self.folder / _CURRENT).stat()
        except OSError:
            return ""
        return f"{stat.st_mtime_ns}.{stat.st_ino}.{stat.st_size}"

    def load(self) -> ArrivalModel:
        """The model in use. Takes a second: call it where nobody waits.

        Raises:
            ModelUnusable: it is damaged, or does not fit this Tower; predict by the schedule then.
        """
        version = self.current()
        return ScheduleModel() if version == SCHEDULE else self.load_version(version)

    def load_version(self, version: str) -> LearntModel:
        """A learnt model.

        Raises:
            ModelUnusable: there is none of that name, it is damaged, or does not fit this Tower.
        """
        kept = self.facts(version)
        folder = self.folder / version
        files = {name: _checked(folder / name, sum_) for name, sum_ in kept.checksums.items()}
        try:
            doors, holdups = (
                _booster(files[name]) if name in files else None for name in (_DOORS, _HOLDUPS)
            )
            trees = QuantileTrees(
                [_booster(files[name]) for name in kept.trees], kept.centre, kept.scale
            )
        except (KeyError, ValueError) as error:
            raise ModelUnusable(f"{version} is damaged: {error}") from error
        laws = Laws(DoorLaw(doors, kept.doors), kept.legs)
        residuals = Residuals(HoldupLaw(holdups), trees, kept.calibration)
        return LearntModel(version, laws, residuals, kept.quality)

    def facts(self, version: str) -> Kept:
        """What is written beside a model.

        Raises:
            ModelUnusable: there is none of that name, or it does not fit this Tower.
        """
        if not _number(version):
            raise ModelUnusable(f"There is no model {version!r}.")
        path = self.folder / version / _FACTS
        try:
            kept = msgspec.json.decode(path.read_bytes(), type=Kept)
        except FileNotFoundError as error:
            raise ModelUnusable(f"There is no model {version} in {self.folder}.") from error
        except (OSError, msgspec.MsgspecError) as error:
            raise ModelUnusable(f"{version} is damaged: {error}") from error
        if (kept.form, kept.features, kept.door_features) != (FORM, FEATURES, DOOR_FEATURES):
            raise ModelUnusable(
                f"{version} was learnt by another version of Tower. Train again: tower eta train."
            )
        return kept

    def use(self, version: str) -> None:
        """Put a model to use.

        Raises:
            ModelUnusable: it cannot be used; what was in use stays so.
        """
        if version != SCHEDULE:
            self.load_version(version)
        self.folder.mkdir(parents=True, exist_ok=True)
        _replace(self.folder / _CURRENT, f"{version}\n".encode())

    def keep(self, learnt: "Learnt", now: datetime) -> str:
        """Keep what was learnt, as a new version that is put to use.

        Raises:
            OSError: it cannot be written; nothing of it stays.
        """
        version = f"{_LEARNT}{_number((self.versions() or [''])[-1]) + 1}"
        partial = self.folder / f".{version}.partial"
        try:
            partial.mkdir(parents=True)
            _write(partial, version, learnt, now)
            partial.rename(self.folder / version)
        finally:
            shutil.rmtree(partial, ignore_errors=True)
        self.use(version)
        return version

    def forget_all_but(self, count: int) -> list[str]:
        """Delete the oldest models but the newest `count` and the one in use; those deleted."""
        known = self.versions()
        old = [one for one in known[: max(0, len(known) - count)] if one != self.current()]
        for version in old:
            shutil.rmtree(self.folder / version)
        return old

    @contextmanager
    def training(self) -> Iterator[None]:
        """Hold the folder for one training; what one that was killed left behind is cleared.

        Raises:
            TrainingBusy: another one is under way, or the folder cannot be written.
        """
        lock = FileLock(self.folder / "training")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            lock.acquire()
        except (OSError, JournalError) as error:
            raise TrainingBusy(
                f"Another training is under way in {self.folder}, or nothing can be written there."
            ) from error
        try:
            for left in self.folder.glob(".*.partial"):
                shutil.rmtree(left, ignore_errors=True)
            yield
        finally:
            lock.release()


def _number(version: str) -> int:
    """The number of a learnt model, 0 where that is no name of one."""
    digits = version.removeprefix(_LEARNT)
    is_one = version.startswith(_LEARNT) and digits.isascii() and digits.isdigit()
    return int(digits) if is_one else 0


def _write(folder: Path, version: str, learnt: "Learnt", now: datetime) -> None:
    trees = learnt.residuals.trees
    files = {f"trees-{place}.ubj": one for place, one in enumerate(trees.members)}
    laws = {_DOORS: learnt.laws.doors.trees, _HOLDUPS: learnt.residuals.holdups.trees}
    checksums = {}
    for name, booster in {**files, **laws}.items():
        if booster is None:
            continue
        content = bytes(booster.save_raw("ubj"))
        _replace(folder / name, content)
        checksums[name] = hashlib.sha256(content).hexdigest()
    kept = Kept(
        version=version,
        made_at=now,
        began=learnt.began,
        ended=learnt.ended,
        shifts=learnt.shifts,
        samples=learnt.samples,
        quality=learnt.quality,
        legs=learnt.laws.legs,
        doors=learnt.laws.doors.facts,
        calibration=learnt.residuals.calibration,
        centre=trees.centre,
        scale=trees.scale,
        trees=tuple(files),
        checksums=checksums,
    )
    _replace(folder / _FACTS, msgspec.json.format(msgspec.json.encode(kept)))


def _replace(path: Path, content: bytes) -> None:
    """Write a file whole, or not at all."""
    beside = path.with_name(f".{path.name}.partial")
    with beside.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def _checked(path: Path, checksum: str) -> bytes:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ModelUnusable(f"{path.parent.name} is damaged: {path.name} is missing") from error
    if hashlib.sha256(content).hexdigest() != checksum:
        raise ModelUnusable(f"{path.parent.name} is damaged: {path.name} is not as it was written")
    return content


def _booster(content: bytes) -> "xgboost.Booster":
    import xgboost  # noqa: PLC0415 - it takes 0.4 s

    try:
        booster = xgboost.Booster(model_file=bytearray(content))
    except xgboost.core.XGBoostError as error:
        raise ValueError(str(error).splitlines()[0]) from error
    booster.set_param({"nthread": 1})
    return booster
