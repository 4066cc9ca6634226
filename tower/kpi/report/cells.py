"""Words as a cell of somebody's table, where nothing of them is taken for a formula."""

_FORMULA_STARTS = tuple("=+-@\uff1d\uff0b\uff0d\uff20")
"""What makes a spreadsheet take a cell for a formula, the full-width forms included."""


def plain(words: str) -> str:
    """Words with a leading apostrophe where a spreadsheet would take them for a formula."""
    return "'" + words if words.lstrip().startswith(_FORMULA_STARTS) else words
