"""Makes repositories of every kind: folders, archives, clones, and archives that mean harm."""

import io
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path


def sdist(path: Path, files: Mapping[str, str], top: str = "thing-1.0") -> Path:
    """A .tar.gz with everything in one folder, as an sdist has it."""
    with tarfile.open(path, "w:gz") as tar:
        for name, text in files.items():
            put(tar, f"{top}/{name}", text.encode())
    return path


def wheel(path: Path, files: Mapping[str, str]) -> Path:
    """A zip archive."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return path


def put(tar: tarfile.TarFile, name: str, data: bytes = b"", **fields: object) -> None:
    """Add an entry with these header fields."""
    info = tarfile.TarInfo(name)
    info.size = len(data)
    for field, value in fields.items():
        setattr(info, field, value)
    tar.addfile(info, io.BytesIO(data))


def zipped(path: Path, folder: Path) -> Path:
    """A folder as a zip archive."""
    with zipfile.ZipFile(path, "w") as archive:
        for file in sorted(folder.rglob("*")):
            if file.is_file() and "__pycache__" not in file.parts:
                archive.write(file, file.relative_to(folder))
    return path
