"""Tool tips that show words as they are."""

from html import escape


def plain_tip(words: str) -> str:
    """Words for a tool tip; Qt takes for HTML what looks like it, and a customer's name may."""
    if "<" not in words and "&" not in words:
        return words
    lines = escape(words).replace("\n", "<br>")
    return f"<span style='white-space: pre-wrap'>{lines}</span>"
