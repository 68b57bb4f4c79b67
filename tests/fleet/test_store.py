from pathlib import Path

import pytest

from wsconsolidate.errors import UsageError
from wsconsolidate.fleet.store import FILE, opened


def test_what_is_kept_is_there_next_time_in_order_of_name(tmp_path: Path):
    with opened(tmp_path / "new") as store:
        for name in ("b", "a", "c"):
            store.keep(name, f"key of {name}", f"line of {name}")
        store.keep("c", None, "failed")
    with opened(tmp_path / "new") as store:
        assert [store.key(name) for name in "abcd"] == ["key of a", "key of b", None, None]
        assert list(store.lines(("c", "a", "x"))) == ["line of a", "failed"]
        assert list(store.lines(("b",))) == ["line of b"]


def test_a_damaged_file_is_put_aside(tmp_path: Path):
    with opened(tmp_path) as store:
        store.keep("a", "key", "line")
    (tmp_path / FILE).write_bytes(b"no database, and long enough to be read as one" * 100)
    with opened(tmp_path) as store:
        assert store.key("a") is None
        store.keep("a", "key", "line")
    assert {path.name for path in tmp_path.iterdir()} == {FILE, "kept.damaged"}


def test_two_runs_do_not_share_a_folder(tmp_path: Path):
    with (
        opened(tmp_path),
        pytest.raises(UsageError, match="another run is using it"),
        opened(tmp_path),
    ):
        pass


def test_a_folder_that_cannot_be_made(tmp_path: Path):
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="results cannot be kept there"), opened(tmp_path / "file"):
        pass
