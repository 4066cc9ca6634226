"""Chance, drawn from the generator it is given."""

import numpy as np


def happens(share: float, rng: np.random.Generator) -> bool:
    """True in `share` of the cases."""
    return bool(rng.random() < share)
