"""The keyboard manual, written from the declared actions: `python -m ui.manual` renews it."""

from pathlib import Path

from ui.actions import ACTIONS, MENUS

MANUAL = Path(__file__).resolve().parent.parent / "docs" / "keyboard.md"
"""The manual in the documentation."""

_HEAD = """\
# Keyboard

Every action of the desktop, by menu. Ctrl+K finds each by its name. This page is written from
`ui/actions.py` by `python -m ui.manual`.
"""


def keyboard_manual() -> str:
    """The manual as Markdown."""
    parts = [_HEAD]
    for menu in MENUS:
        rows = [action for action in ACTIONS if action.menu.split("/")[0] == menu]
        parts.append(f"\n## {menu}\n\n| action | keys | what it does |\n|---|---|---|\n")
        for action in rows:
            keys = ", ".join(f"`{key}`" for key in (action.shortcut, *action.more) if key)
            parts.append(f"| {action.plain_title} | {keys} | {action.says} |\n")
    return "".join(parts)


if __name__ == "__main__":
    MANUAL.write_text(keyboard_manual(), "utf-8")
