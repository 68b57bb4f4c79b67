"""The manifest: which repositories there are, one a line."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from wsconsolidate.errors import ManifestError

ARCHIVES = (".tar.gz", ".tgz", ".tar.bz2", ".tar.xz", ".tar", ".zip", ".whl")
_COMMENT = re.compile(r"(?:^|\s)#.*")
_NAMED = " = "
_AT = " @ "


@dataclass(frozen=True, slots=True, kw_only=True)
class Repository:
    """A folder, archive or git clone by its absolute path; `revision` is what git is asked for."""

    name: str
    path: str
    revision: str | None = None

    @property
    def is_archive(self) -> bool:
        """True if the name of the file says so."""
        return self.path.lower().endswith(ARCHIVES)


def read_manifest(text: str, label: str, folder: Path) -> tuple[Repository, ...]:
    """The repositories by name; paths are relative to `folder`, `label` stands for the file in errors.

    A line is `[NAME = ]PATH[ @ REVISION]`; what follows a `#` at the start of a word is a comment.

    Raises:
        ManifestError: lines are wrong, or there is none; it names them all.
    """
    found: dict[str, tuple[int, Repository]] = {}
    problems: list[str] = []
    for number, line in _lines(text):
        try:
            repository = _repository(line, folder)
        except ValueError as error:
            problems.append(f"{label}:{number}: {error}")
            continue
        first, _ = found.setdefault(repository.name, (number, repository))
        if first != number:
            problems.append(
                f"{label}:{number}: `{repository.name}` stands in line {first} already: remove one, "
                "or name one (NAME = PATH)"
            )
    if not found and not problems:
        problems.append(f"{label}: it names no repository: write one path a line")
    if problems:
        raise ManifestError(tuple(problems))
    return tuple(repository for _, (_, repository) in sorted(found.items()))


def _lines(text: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text.splitlines(), start=1):
        told = _COMMENT.sub("", line).strip()
        if told:
            yield number, told


def _repository(line: str, folder: Path) -> Repository:
    """The repository of one line.

    Raises:
        ValueError: the line is no description of one, and why.
    """
    padded = f" {line} "
    if _NAMED in padded:
        name, _, where = map(str.strip, padded.partition(_NAMED))
    else:
        name, where = line, line
    path, at, revision = map(
        str.strip, f" {where} ".rpartition(_AT) if _AT in f" {where} " else (where, "", "")
    )
    if not (name and path):
        raise ValueError(f"`{line}`: write it as [NAME = ]PATH[ @ REVISION]")
    if at and not revision:
        raise ValueError(f"`{line}`: no revision follows the `@`")
    found = Repository(name=name, path=str(folder / path), revision=revision or None)
    if found.revision and found.is_archive:
        raise ValueError(f"`{line}`: an archive has no revisions: remove `@ {revision}`")
    return found
