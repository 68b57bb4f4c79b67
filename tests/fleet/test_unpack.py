"""Archives may be hostile: nothing is written outside of the folder, and no link is made."""

import gzip
import stat
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.fleet.repositories import put, sdist, wheel
from wsconsolidate.discover import SIZE_LIMIT
from wsconsolidate.errors import UsageError
from wsconsolidate.fleet.unpack import Limits, unpack


@pytest.fixture
def target(tmp_path: Path) -> Path:
    folder = tmp_path / "deep" / "target"
    folder.mkdir(parents=True)
    return folder


def held(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_source_has_content_and_the_rest_a_name(tmp_path: Path, target: Path):
    files = {"a.py": "x = 1\n", "pyproject.toml": "", "README.md": "hi", "lib/b.so": "elf", "old.py.bak": "x"}
    kept = {name: text if not name.endswith((".so", ".bak")) else "" for name, text in files.items()}
    top = unpack(sdist(tmp_path / "a.tar.gz", files), target)
    assert top == target / "thing-1.0"
    assert held(top) == {name: text.encode() for name, text in kept.items()}


@pytest.mark.parametrize(
    ("name", "files", "inside"),
    [
        ("a.zip", ["thing-1.0/a.py"], "thing-1.0"),
        ("a.zip", ["chat/__init__.py"], ""),
        ("a.zip", ["a.py"], ""),
        ("a.zip", ["a/b.py", "c/d.py"], ""),
        ("a.whl", ["space/a.py"], ""),
    ],
)
def test_the_folder_that_everything_lies_in(
    tmp_path: Path, target: Path, name: str, files: list[str], inside: str
):
    assert unpack(wheel(tmp_path / name, dict.fromkeys(files, "")), target) == target / inside


def test_a_link_to_a_file_inside_is_a_copy(tmp_path: Path, target: Path):
    with tarfile.open(tmp_path / "a.tar", "w") as tar:
        put(tar, "p/link.py", type=tarfile.SYMTYPE, linkname="../q/real.py")
        put(tar, "p/hard.py", type=tarfile.LNKTYPE, linkname="q/real.py")
        put(tar, "p/dead.py", type=tarfile.SYMTYPE, linkname="gone.py")
        put(tar, "q/real.py", b"x = 1\n")
    unpack(tmp_path / "a.tar", target)
    assert held(target) == dict.fromkeys(("p/hard.py", "p/link.py", "q/real.py"), b"x = 1\n")
    assert not any(path.is_symlink() for path in target.rglob("*"))


def test_no_more_is_written_than_is_read(tmp_path: Path, target: Path):
    unpack(wheel(tmp_path / "a.zip", {"a.py": "#" * (SIZE_LIMIT + 100), "b.py": ""}), target)
    assert (target / "a.py").stat().st_size == SIZE_LIMIT + 1


def tar_of(**fields: object) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        name = str(fields.pop("name"))
        with tarfile.open(folder / "bad.tar", "w") as tar:
            put(tar, name, b"" if fields else b"harm", **fields)
        return folder / "bad.tar"

    return make


def zip_of(name: str) -> Callable[[Path], Path]:
    return lambda folder: wheel(folder / "bad.zip", {name: "harm"})


def bytes_of(name: str, data: bytes) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        (folder / name).write_bytes(data)
        return folder / name

    return make


def cut(name: str) -> Callable[[Path], Path]:
    """An archive whose end is missing."""

    def make(folder: Path) -> Path:
        files = {"a.py": "".join(f"x{number} = {number}\n" for number in range(9_000)), "b.py": ""}
        whole = (sdist if name.endswith("gz") else wheel)(folder / "whole", files).read_bytes()
        return bytes_of(name, whole[: len(whole) // 2])(folder)

    return make


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (tar_of(name="../out.py"), "hostile"),
        (tar_of(name="a/../../out.py"), "hostile"),
        (tar_of(name="a.py", type=tarfile.SYMTYPE, linkname="/etc/passwd"), "hostile"),
        (tar_of(name="a.py", type=tarfile.SYMTYPE, linkname="../../out.py"), "hostile"),
        (tar_of(name="a.py", type=tarfile.LNKTYPE, linkname="../../out.py"), "hostile"),
        (tar_of(name="a.py", type=tarfile.FIFOTYPE), "hostile"),
        (tar_of(name="a.py", type=tarfile.CHRTYPE), "hostile"),
        (zip_of("../out.py"), "hostile"),
        (zip_of("a/../../out.py"), "hostile"),
        (zip_of("/out.py"), "hostile"),
        (bytes_of("a.tar.gz", b""), "cannot be unpacked"),
        (bytes_of("a.tar.gz", b"no archive"), "cannot be unpacked"),
        (bytes_of("a.tar.gz", gzip.compress(b"no tar" * 200)), "cannot be unpacked"),
        (bytes_of("a.whl", b"no archive"), "cannot be unpacked"),
        (cut("a.tar.gz"), "cannot be unpacked"),
        (cut("a.zip"), "cannot be unpacked"),
    ],
)
def test_a_bad_archive_is_refused(tmp_path: Path, target: Path, make: Callable[[Path], Path], reason: str):
    archive = make(tmp_path)
    with pytest.raises(UsageError, match=reason):
        unpack(archive, target)
    assert not list(tmp_path.rglob("out.py"))


def test_an_absolute_name_stays_inside(tmp_path: Path, target: Path):
    unpack(tar_of(name="/out.py")(tmp_path), target)
    assert list(tmp_path.rglob("out.py")) == [target / "out.py"]


def test_a_link_in_a_zip_is_left_out(tmp_path: Path, target: Path):
    info = zipfile.ZipInfo("link.py")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(info, "/etc/passwd")
        archive.writestr("a.py", "")
    unpack(tmp_path / "a.zip", target)
    assert set(held(target)) == {"a.py"}


@pytest.mark.parametrize(
    ("limits", "reason"),
    [(Limits(entries=2), "more than 2 entries"), (Limits(size=20), "more than 20 bytes")],
)
@pytest.mark.parametrize("make", [sdist, wheel])
def test_a_bomb_is_refused_before_it_is_read(
    tmp_path: Path, target: Path, make: Callable[..., Path], limits: Limits, reason: str
):
    archive = make(tmp_path / ("a.tar.gz" if make is sdist else "a.zip"), dict.fromkeys("abc", "0123456789"))
    with pytest.raises(UsageError, match=reason):
        unpack(archive, target, limits)


def test_an_entry_in_the_place_of_another_is_no_crash(tmp_path: Path, target: Path):
    with tarfile.open(tmp_path / "a.tar", "w") as tar:
        put(tar, "a", b"file")
        put(tar, "a/b.py", b"")
    with pytest.raises(UsageError, match="cannot be unpacked"):
        unpack(tmp_path / "a.tar", target)


def test_an_encrypted_zip_is_refused(tmp_path: Path, target: Path):
    data = bytearray(wheel(tmp_path / "a.zip", {"a.py": "x"}).read_bytes())
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + flags] |= 1
    (tmp_path / "a.zip").write_bytes(bytes(data))
    with pytest.raises(UsageError, match="cannot be unpacked"):
        unpack(tmp_path / "a.zip", target)
