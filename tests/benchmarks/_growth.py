"""How fast the memory of a window's processes grows."""

from scipy.stats import theilslopes

from tests.benchmarks._memory import Sample, Used


def slope_mb_per_hour(samples: list[Sample], part: str) -> float:
    """How fast the own memory of a part grows.

    The median of the slopes between all pairs of looks (Theil 1950, Sen 1968), which a garbage
    collection or one large piece of work does not turn.
    """
    times = [sample.at_s / 3600.0 for sample in samples]
    own = [sample.parts.get(part, Used()).own for sample in samples]
    return float(theilslopes(own, times).slope) if len(samples) > 1 else 0.0
