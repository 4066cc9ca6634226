"""The keyboard manual tells what the program does."""

from ui.manual import MANUAL, keyboard_manual


def test_the_manual_is_the_one_the_actions_make() -> None:
    assert MANUAL.read_text("utf-8") == keyboard_manual(), "run: python -m ui.manual"
