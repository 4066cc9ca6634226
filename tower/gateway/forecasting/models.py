"""Which model predicts: the one in use in the data folder, else the schedule."""

import asyncio
import logging
from typing import NamedTuple

import numpy as np

from tower.eta.learning.errors import ModelUnusable
from tower.eta.learning.store import SCHEDULE, ModelStore
from tower.eta.model import FEATURES, ArrivalModel, Rows
from tower.eta.schedule_model import ScheduleModel
from tower.gateway.forecasting.projection import Projection

_log = logging.getLogger(__name__)

EVERY_S = 30.0
"""Seconds between two looks whether another model is in use."""


class _Loaded(NamedTuple):
    model: ArrivalModel
    lack: str = ""
    damage: str = ""


class Models:
    """Has arrivals predicted by the model in use. Nobody waits while one is loaded.

    Attributes:
        lack: why no learnt model predicts though none is damaged, in words; "" where one does.
        damage: why the model in use cannot be used, in words; "" while all is well.
    """

    def __init__(self, store: ModelStore, projection: Projection) -> None:
        """Make it.

        Args:
            store: where models are kept.
            projection: told which one to predict with.
        """
        self.lack, self.damage = _NOT_LOOKED, ""
        self._store = store
        self._projection = projection
        self._stamp: str | None = None

    @property
    def has_looked(self) -> bool:
        """True once it is known which model is in use."""
        return self._stamp is not None

    @property
    def why_schedule(self) -> str:
        """Why the schedule predicts, in words; "" where a learnt model does."""
        return self._projection.fault or self.damage or self.lack

    async def look(self) -> None:
        """Take the model in use, where that is another than before."""
        stamp = await asyncio.to_thread(self._store.stamp)
        if stamp == self._stamp:
            return
        loaded = await asyncio.to_thread(_loaded, self._store)
        if loaded.model.version != self._projection.model.version:
            await self._projection.use(loaded.model)
            _log.info("arrivals are predicted by the model %s", loaded.model.version)
        if loaded.damage:
            _log.error("%s", loaded.damage)
        self.lack, self.damage, self._stamp = loaded.lack, loaded.damage, stamp


_NOT_LOOKED = "The gateway has just started and looks for a learnt model."


def _loaded(store: ModelStore) -> _Loaded:
    try:
        model = store.load()
        _try(model)
    except ModelUnusable as error:
        why = str(error).removesuffix(".")
        words = f"The learnt model cannot be used, so arrivals follow the schedule. {why}."
        return _Loaded(ScheduleModel(), damage=words)
    return _Loaded(model, _lack(store) if model.version == SCHEDULE else "")


def _lack(store: ModelStore) -> str:
    if store.versions():
        return "The schedule was chosen; a learnt model is put to use with tower eta use."
    return "Nothing has been learnt from earlier shifts yet; tower eta train does it."


def _try(model: ArrivalModel) -> None:
    """Ask it once, so that one that cannot answer is told apart before it is relied on."""
    nothing = np.zeros(1)
    rows = Rows(np.zeros((1, len(FEATURES)), dtype=np.float32), nothing, nothing, ("",))
    try:
        answer = model.quantiles(rows)
    except Exception as error:
        raise ModelUnusable(f"{model.version} does not answer: {error}") from error
    if answer.shape != (1, 3) or not np.isfinite(answer).all():
        raise ModelUnusable(f"{model.version} answers with figures that cannot be.")
