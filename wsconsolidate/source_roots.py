"""Folders that modules are imported from, told by the imports of the files below them, and kept apart."""

import re
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from wsconsolidate.model.source import ANYWHERE, SourceFile, SourceRoot, imported_from

_IMPORT = re.compile(
    rb"^[ \t]*(?:from[ \t]+([A-Za-z_][\w.]*)[ \t]+import[ \t]*(\([^)]*\)|[^\n;#]*)"
    rb"|import[ \t]+([\w.]+\.\w+))",
    re.MULTILINE,
)
_ASIDE = re.compile(rb"#[^\n]*|\bas\s+\w+")
_WORD = re.compile(rb"\w+")
_SELF = rb"^[ \t]*(?:from|import)[ \t]+%s\b"


def source_roots(files: Sequence[SourceFile]) -> tuple[str, ...]:
    """Folders without `__init__.py` whose files import what stands in them by its short name.

    `files` are named as if there were none. Of folders inside each other it is the outermost.
    """
    by_path = {file.path: file for file in files}
    known = {file.module.partition(".")[0] for file in files} | sys.stdlib_module_names
    below = _below(by_path, known)
    claimed = [
        root for root, inside in sorted(below.items()) if _is_imported_from(root, inside, by_path, known)
    ]
    return tuple(root for root in claimed if not any(root.startswith(f"{other}/") for other in claimed))


def packages(files: Sequence[SourceFile], places: Mapping[str, str]) -> frozenset[str]:
    """The folders without `__init__.py` that imports take for packages, though names would not begin there.

    Asked about are the `places` that are analysed, each by its path with its name, and every folder `src`.
    """
    by_path = {file.path: file for file in files}
    folders = {**places, **dict.fromkeys(_called_src(files), "src")}
    return frozenset(
        folder
        for folder, name in folders.items()
        if f"{folder}/__init__.py".removeprefix("/") not in by_path and _is_package(folder, name, by_path)
    )


def _called_src(files: Sequence[SourceFile]) -> Iterator[str]:
    for file in files:
        if "src/" in file.path:
            yield from (folder for folder in _above(file.path) if f"/{folder}".endswith("/src"))


def _is_package(folder: str, name: str, files: Mapping[str, SourceFile]) -> bool:
    """True if a file in it or beside it imports a module of it by the name of the folder."""
    if f"{folder}/{name}/__init__.py".removeprefix("/") in files:
        return False  # a repository called like the package in it, which the imports mean
    beside = folder.removesuffix(name)
    spelled = (f"from {name}".encode(), f"import {name}".encode())
    return any(
        _means(folder, file, rest, names, files)
        for path, file in files.items()
        if path.startswith(beside) and any(words in file.data for words in spelled)
        for module, names in _imports(file)
        for top, _, rest in [module.partition(".")]
        if top == name
    )


def kept_apart(files: Sequence[SourceFile]) -> Iterator[SourceFile]:
    """The files; below folders with modules of one name these get names of their own, and find each other.

    So do files beside a folder `src`, such as its tests.
    """
    folders = {file.path: imported_from(file.path, file.module) for file in files}
    roots = dict(_alike(files, folders))
    if not roots:
        yield from files
        return
    projects = {folder.removesuffix("/src"): root for folder, root in roots.items()}
    for file in files:
        own = roots.get(folders[file.path])
        module = f"{own.prefix}.{file.module}" if own else file.module
        around = own or next((projects[one] for one in _above(file.path) if one in projects), ANYWHERE)
        yield replace(file, module=module, source_root=around)


def _alike(files: Sequence[SourceFile], folders: Mapping[str, str]) -> Iterator[tuple[str, SourceRoot]]:
    """The folders below the root that have a module which another folder has, too."""
    places: dict[str, set[str]] = {}
    for file in files:
        places.setdefault(file.module, set()).add(folders[file.path])
    alike = {folder for found in places.values() if len(found) > 1 for folder in found if folder}
    tops: dict[str, set[str]] = {folder: set() for folder in sorted(alike)}
    for file in files if alike else ():
        if folders[file.path] in alike:
            tops[folders[file.path]].add(file.module.partition(".")[0])
    for folder, names in tops.items():
        yield folder, SourceRoot(folder.replace("/", "."), tuple(sorted(names)))


def _above(path: str) -> Iterator[str]:
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path


def _below(files: Mapping[str, SourceFile], known: Collection[str]) -> dict[str, list[SourceFile]]:
    """The files below each folder that may be one: no package, with a name in it that nothing else has."""
    found: dict[str, list[SourceFile]] = {}
    for path, file in files.items():
        parts = path.removesuffix("/__init__.py").removesuffix(".py").split("/")
        for index, name in enumerate(parts[1:], start=1):
            root = "/".join(parts[:index])
            if name not in known and f"{root}/__init__.py" not in files:
                found.setdefault(root, []).append(file)
    return found


def _is_imported_from(
    root: str, inside: Sequence[SourceFile], files: Mapping[str, SourceFile], known: Collection[str]
) -> bool:
    return any(
        _means(root, file, module, names, files)
        for file in inside
        for module, names in _imports(file)
        if module.partition(".")[0] not in known
    )


def _imports(file: SourceFile) -> Iterator[tuple[str, list[str]]]:
    """What the bytes seem to import by an absolute name: the module, and the names of it."""
    for module, names, dotted in _IMPORT.findall(file.data):
        whole, _, last = dotted.rpartition(b".")
        words = _WORD.findall(_ASIDE.sub(b"", names)) if module else [last]
        yield (module or whole).decode("utf-8", "replace"), [one.decode("utf-8", "replace") for one in words]


def _means(
    root: str, file: SourceFile, module: str, names: Sequence[str], files: Mapping[str, SourceFile]
) -> bool:
    """True if the module is there below the root, another one, and has all that is imported of it.

    A module that imports what is called like itself tells that this is something else, such as a library.
    """
    top = module.partition(".")[0]
    namesake = files.get(f"{root}/{top}.py")
    if namesake is not None and re.search(_SELF % top.encode(), namesake.data, re.MULTILINE):
        return False
    path = f"{root}/{module.replace('.', '/')}".strip("/")
    there = files.get(f"{path}.py") or files.get(f"{path}/__init__.py")
    return there is not file and bool(names) and all(_has(path, there, name, files) for name in names)


def _has(path: str, there: SourceFile | None, name: str, files: Mapping[str, SourceFile]) -> bool:
    """True if a name is a module in the folder, or a word of the module."""
    below = f"{path}/{name}".removeprefix("/")
    if f"{below}.py" in files or f"{below}/__init__.py" in files:
        return True
    return there is not None and name.encode() in there.data
