"""Writing results."""

import io
from pathlib import Path

import pytest

from wsconsolidate.cli.output import emit, looks, replace_file
from wsconsolidate.errors import UsageError


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_replace_keeps_mode_and_link(tmp_path: Path) -> None:
    real = tmp_path / "real.txt"
    real.write_text("old")
    real.chmod(0o600)
    (tmp_path / "link.txt").symlink_to("real.txt")
    replace_file(tmp_path / "link.txt", b"new")
    assert real.read_bytes() == b"new"
    assert real.stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "link.txt").is_symlink()


def test_new_file_has_the_usual_mode(tmp_path: Path) -> None:
    (tmp_path / "usual").touch()
    replace_file(tmp_path / "new", b"")
    assert (tmp_path / "new").stat().st_mode == (tmp_path / "usual").stat().st_mode


def test_a_failed_write_leaves_the_old_file_and_no_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.txt").write_text("old")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(UsageError, match=r"cannot write .*a\.txt: no space left on device"):
        emit("new", tmp_path / "a.txt")
    assert (tmp_path / "a.txt").read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


def test_a_device_is_written_not_replaced() -> None:
    emit("text", Path("/dev/null"))
    assert Path("/dev/null").is_char_device()


def test_what_utf_8_cannot_say_is_escaped(tmp_path: Path) -> None:
    emit("a\ud800ä", tmp_path / "a.txt")
    assert (tmp_path / "a.txt").read_bytes() == b"a\\ud800\xc3\xa4"


@pytest.mark.parametrize(
    ("stream", "output", "variables", "columns", "colour"),
    [
        (Terminal(), None, {}, 77, True),
        (Terminal(), None, {"NO_COLOR": "1"}, 77, False),
        (Terminal(), None, {"NO_COLOR": ""}, 77, True),
        (Terminal(), None, {"TERM": "dumb"}, 77, False),
        (Terminal(), Path("a.txt"), {}, 120, False),
        (io.StringIO(), None, {}, 120, False),
    ],
)
def test_looks(
    monkeypatch: pytest.MonkeyPatch,
    stream: io.StringIO,
    output: Path | None,
    variables: dict[str, str],
    columns: int,
    colour: bool,
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    for name, value in {"TERM": "xterm", "COLUMNS": "77", **variables}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("sys.stdout", stream)
    assert looks(output) == (columns, colour)
