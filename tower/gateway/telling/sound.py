"""Words of providers and customers, as a journal can keep them and a screen can show them."""

from tower.carriers.tidy import tidy

MOST_REASON, MOST_REF = 500, 200
"""Letters of a reason, and of a provider's id, that are kept."""


def sound(words: str, most: int) -> str:
    """Words without what is no letter or turns others round, and not longer than `most`."""
    kept = tidy(words.encode("utf-8", "replace").decode("utf-8"))
    return kept if len(kept) <= most else kept[: most - 1] + "…"
