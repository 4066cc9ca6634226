"""The file of figures is made where it is missing, and made again where it is of no use."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.kpi.store.conftest import changes, fact
from tower.kpi.store.errors import StoreFailed, StoreLocked
from tower.kpi.store.store import Store

_HOLDER = """
import sys
from pathlib import Path
from tower.kpi.store.store import Store
store = Store.open(Path(sys.argv[1]), "epoch")
print("held", flush=True)
sys.stdin.read()
store.close()
"""


def test_figures_are_there_when_the_store_is_opened_again(tmp_path: Path) -> None:
    first = Store.open(tmp_path / "kpi.duckdb", "epoch")
    first.put(changes(fact(1)), 17)
    first.close()

    again = Store.open(tmp_path / "kpi.duckdb", "epoch")

    assert (again.seq, again.told) == (17, "")
    again.close()


@pytest.mark.parametrize("damage", [b"", b"no database", b"x" * 100_000])
def test_a_damaged_file_is_set_aside_and_said_so(tmp_path: Path, damage: bytes) -> None:
    path = tmp_path / "kpi.duckdb"
    path.write_bytes(damage)

    store = Store.open(path, "epoch")

    assert store.seq == 0
    assert "made again from the journal" in store.told
    assert (tmp_path / "kpi.duckdb.aside").read_bytes() == damage
    store.close()


def test_a_file_that_was_cut_off_is_found_out_and_made_again_when_opened_next(
    tmp_path: Path,
) -> None:
    path = tmp_path / "kpi.duckdb"
    store = Store.open(path, "epoch")
    store.put(changes(*(fact(number) for number in range(3_000))), 5)
    store.close()
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 4])

    cut = Store.open(path, "epoch")
    if not cut.told:
        with pytest.raises(StoreFailed, match="could not be read"):
            cut.resting_on(fact(1).at)
        cut.close()
        cut = Store.open(path, "epoch")

    assert (cut.seq, "made again" in cut.told) == (0, True)
    cut.close()
    again = Store.open(path, "epoch")
    assert again.told == ""
    again.close()


def test_figures_of_another_journal_are_not_gone_on_with(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "kpi.duckdb", "one")
    store.put(changes(fact(1)), 17)
    store.close()

    other = Store.open(tmp_path / "kpi.duckdb", "two")

    assert other.seq == 0
    assert "another journal" in other.told
    other.close()


def test_a_store_in_use_is_left_alone_and_said_so(tmp_path: Path) -> None:
    path = tmp_path / "kpi.duckdb"
    command = [sys.executable, "-c", _HOLDER, str(path)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"

        with pytest.raises(StoreLocked, match="in use by another gateway"):
            Store.open(path, "epoch")

        holder.communicate()
    assert not path.with_name("kpi.duckdb.aside").exists()


def test_only_its_owner_may_read_it(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "kpi.duckdb", "epoch")

    assert (tmp_path / "kpi.duckdb").stat().st_mode & 0o077 == 0
    store.close()
