"""A tree as it would be after some edits, without writing one of them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import PurePosixPath

from wsconsolidate.discover import is_test_path
from wsconsolidate.model.edit import FileEdit
from wsconsolidate.model.source import ANYWHERE, SourceFile, SourceRoot, Tree

_INIT = "__init__.py"


def overlay(tree: Tree, edits: Iterable[FileEdit]) -> Tree:
    """The tree with every edit done: files changed, made and deleted, in the order of discovery."""
    after = {edit.path: edit.after for edit in edits}
    files = {file.path: file for file in tree.files}
    gone = {path for path, data in after.items() if data is None}
    made = {path: data for path, data in after.items() if data is not None and path not in files}
    kept = [_changed(file, after.get(file.path, file.data)) for file in tree.files]
    return replace(
        tree,
        files=tuple(sorted((*filter(None, kept), *_made(made, files)), key=lambda file: file.path)),
        names=tuple(sorted({*tree.names, *made} - gone)),
        pages=tuple(page for page in tree.pages if page.path not in gone),
    )


def _changed(file: SourceFile, data: bytes | None) -> SourceFile | None:
    """The file with these bytes; None if it is deleted."""
    if data is None or data is file.data:
        return None if data is None else file
    return replace(file, data=data)


def _made(made: Mapping[str, bytes], files: Mapping[str, SourceFile]) -> Iterator[SourceFile]:
    packages = {*files, *made}
    for path, data in made.items():
        if path.endswith(".py"):
            yield SourceFile(
                path=path,
                module=_module(path, files.values(), packages),
                is_package=path.endswith(_INIT),
                in_tests=is_test_path(path),
                source_root=_beside(PurePosixPath(path), files.values()),
                data=data,
            )


def _module(path: str, files: Iterable[SourceFile], packages: set[str]) -> str:
    """The name of a new module: below its packages, as those around it are named."""
    place = PurePosixPath(path)
    names = [] if place.name == _INIT else [place.stem]
    folder = place.parent
    while folder.name and f"{folder}/{_INIT}" in packages and not _within(folder, files):
        names.insert(0, folder.name)
        folder = folder.parent
    return ".".join((*_named(folder, files), *names))


def _beside(place: PurePosixPath, files: Iterable[SourceFile]) -> SourceRoot:
    """The source root of a module in the same folder, or in the nearest above."""
    for folder in place.parents:
        for file in files:
            if folder in PurePosixPath(file.path).parents:
                return file.source_root
    return ANYWHERE


def _within(folder: PurePosixPath, files: Iterable[SourceFile]) -> bool:
    return any(file.path.startswith(f"{folder}/") for file in files)


def _named(folder: PurePosixPath, files: Iterable[SourceFile]) -> tuple[str, ...]:
    """The dotted name of a folder, told by a module that lies below it."""
    for file in files:
        if folder in PurePosixPath(file.path).parents:
            below = PurePosixPath(file.path).relative_to(folder).with_suffix("").parts
            parts = file.module.split(".")
            return tuple(parts[: len(parts) - len(below) + file.is_package])
    return folder.parts
