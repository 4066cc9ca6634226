"""What the small windows say."""

import msgspec

from tower.gateway.answers import ManifestProblem, ManifestReceipt
from ui.dialogs import manifest_words
from ui.exchange import Answer

NO_COLUMN = ManifestProblem(line=1, field="lat", message="This column is missing.", refused=True)
NOT_TEXT = ManifestProblem(line=0, field="", message="This is not a text file.", refused=True)
REMARK = ManifestProblem(line=1, field="foo", message="No such column.", refused=False)


def words(
    routes: int, stops: int, events: int, *problems: ManifestProblem
) -> tuple[str, list[str]]:
    """What is said about a receipt."""
    receipt = ManifestReceipt(routes=routes, stops=stops, events=events, problems=problems)
    return manifest_words(Answer(status=200, body=msgspec.json.encode(receipt)))


def test_an_import_says_what_came_in() -> None:
    assert words(1, 4, 9, NO_COLUMN) == (
        "1 route and 4 stops read: 9 changes. 1 line refused.",
        ["refused · line 1 · lat · This column is missing."],
    )


def test_the_same_file_again_is_no_news() -> None:
    assert words(2, 8, 0)[0] == "2 routes and 8 stops read: nothing new, it was here already."


def test_a_file_of_which_nothing_can_be_used_is_not_called_known() -> None:
    headline, lines = words(0, 0, 0, NOT_TEXT, REMARK)
    assert headline == ("Nothing was imported: the file has no stop Tower can use. 1 line refused.")
    assert lines == [
        "refused · This is not a text file.",
        "warning · line 1 · foo · No such column.",
    ]
