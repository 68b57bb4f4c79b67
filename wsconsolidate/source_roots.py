"""Folders that modules are imported from, told by the imports of the files below them."""

import re
import sys
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence

from wsconsolidate.model.source import SourceFile

_IMPORT = re.compile(
    rb"^[ \t]*(?:from[ \t]+([A-Za-z_][\w.]*)[ \t]+import[ \t]*(\([^)]*\)|[^\n;#]*)"
    rb"|import[ \t]+([\w.]+\.\w+))",
    re.MULTILINE,
)
_ASIDE = re.compile(rb"#[^\n]*|\bas\s+\w+")
_WORD = re.compile(rb"\w+")


def source_roots(files: Sequence[SourceFile]) -> tuple[str, ...]:
    """Folders without `__init__.py` whose files import what stands in them by its short name.

    `files` are named as if there were none. Of folders inside each other it is the outermost, and none by
    which two modules would have one name.
    """
    by_path = {file.path: file for file in files}
    known = {file.module.partition(".")[0] for file in files} | sys.stdlib_module_names
    below = _below(by_path, known)
    claimed = [
        root for root, inside in sorted(below.items()) if _is_imported_from(root, inside, by_path, known)
    ]
    outermost = [root for root in claimed if not any(root.startswith(f"{other}/") for other in claimed)]
    return tuple(_apart(outermost, files))


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
    """True if the module is there below the root, another one, and has all that is imported of it."""
    path = f"{root}/{module.replace('.', '/')}"
    there = files.get(f"{path}.py") or files.get(f"{path}/__init__.py")
    return there is not file and bool(names) and all(_has(path, there, name, files) for name in names)


def _has(path: str, there: SourceFile | None, name: str, files: Mapping[str, SourceFile]) -> bool:
    """True if a name is a module in the folder, or a word of the module."""
    if f"{path}/{name}.py" in files or f"{path}/{name}/__init__.py" in files:
        return True
    return there is not None and name.encode() in there.data


def _apart(roots: Sequence[str], files: Sequence[SourceFile]) -> Iterator[str]:
    """Those of the roots below which no module gets the name of another."""
    short = {
        root: [_named_from(root, file) for file in files if file.path.startswith(f"{root}/")]
        for root in roots
    }
    outside = (file.module for file in files if not file.path.startswith(tuple(f"{root}/" for root in roots)))
    often = Counter([*outside, *(name for names in short.values() for name in set(names))])
    return (root for root, names in short.items() if all(often[name] == 1 for name in names))


def _named_from(root: str, file: SourceFile) -> str:
    return file.path[len(root) + 1 :].removesuffix("/__init__.py").removesuffix(".py").replace("/", ".")
