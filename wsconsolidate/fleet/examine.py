"""One repository, from its path to its record: what a worker's child does."""

import hashlib
import platform
import sys
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import distributions
from pathlib import Path

from wsconsolidate import __version__
from wsconsolidate.config import Config, load
from wsconsolidate.discover import discover
from wsconsolidate.errors import NothingToAnalyse, ToolError
from wsconsolidate.fleet.bodies import bodies
from wsconsolidate.fleet.content import known_digest, opened, tree_digest
from wsconsolidate.fleet.manifest import Repository
from wsconsolidate.fleet.record import Failure, Figures, Record, RoleClass
from wsconsolidate.model.analysis import Analysis, Disposition
from wsconsolidate.model.program import Class
from wsconsolidate.model.report import Report
from wsconsolidate.model.role import Role
from wsconsolidate.model.source import Tree
from wsconsolidate.pipeline.analyze import examine_tree
from wsconsolidate.rules.registry import KNOWN_CODES

CLASS_LIMIT = 2_000


@dataclass(frozen=True, slots=True)
class Unchanged:
    """The repository is as it was when its record with this key was made."""

    repository: str


def examine(repository: Repository, kept: str | None, scratch: Path) -> Record | Failure | Unchanged:
    """The record of a repository; of one whose key is `kept` only that it is unchanged.

    `scratch` is an empty folder. Nothing of the repository is run, also no interpreter that its
    configuration names.
    """
    try:
        return _examine(repository, kept, scratch)
    except ToolError as error:
        reason = str(error).replace(f"{scratch}/", "").replace(f"{repository.path}/", "")
        return Failure(repository=repository.name, reason=reason)
    except MemoryError:
        return Failure(repository=repository.name, reason="it needs more memory than it may take")
    except Exception as error:  # noqa: BLE001 - one repository must not stop the rest
        place = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{Path(place.filename).name}:{place.lineno}"
        reason = f"a bug in wsconsolidate: {type(error).__name__}: {error} (at {where})"
        return Failure(repository=repository.name, reason=reason)


def _examine(repository: Repository, kept: str | None, scratch: Path) -> Record | Unchanged:
    digest = known_digest(repository)
    if digest is not None and _key(digest) == kept:
        return Unchanged(repository.name)
    root = opened(repository, scratch)
    config = replace(load(root, KNOWN_CODES), python=None)
    tree = _tree(root, config)
    key = _key(digest or tree_digest(root, tree))
    if key == kept:
        return Unchanged(repository.name)
    return _record(repository.name, key, examine_tree(tree, config))


def _tree(root: Path, config: Config) -> Tree:
    try:
        return discover([root], root, config)
    except NothingToAnalyse:
        return Tree(files=(), names=(), problems=())


def _key(digest: str) -> str:
    """What a record depends on: the content, the tool, the interpreter and its packages."""
    parts = (digest, __version__, *map(str, sys.version_info[:2]), _environment())
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


@cache
def _environment() -> str:
    """The installed packages, in which bases are looked for."""
    return ",".join(sorted({f"{one.name}=={one.version}" for one in distributions()}))


def _record(name: str, key: str, report: Report) -> Record:
    summary, unseen = report.summary, report.completeness
    classes = report.analysis.production(*Role)
    return Record(
        repository=name,
        key=key,
        tool=__version__,
        python=".".join(platform.python_version_tuple()[:2]),
        figures=Figures(
            files=summary.read.files,
            lines=summary.read.lines,
            classes=summary.read.classes,
            duplicates=summary.duplicates,
            completion=summary.completion,
            not_read=len(unseen.files_not_read),
            inexact_mros=len(unseen.inexact_mros),
            runtime_events=len(unseen.runtime_events),
        ),
        roles={role: number for role, number in summary.read.roles if number},
        findings=dict(summary.findings),
        events=report.analysis.vocabulary.events,
        classes=tuple(_classes(report.analysis, classes[:CLASS_LIMIT])),
        left_out=max(0, len(classes) - CLASS_LIMIT),
    )


def _classes(analysis: Analysis, classes: tuple[Class, ...]) -> Iterator[RoleClass]:
    known = bodies(classes, analysis.tree.files)
    for one in classes:
        verdict, covered = analysis.verdicts.get(one.id), analysis.coverage.get(one.id, {})
        yield RoleClass(
            qualname=one.qualname,
            path=one.path,
            line=one.line,
            role=analysis.casts[one.id].role,
            disposition=verdict.disposition if verdict else Disposition.LEAVE,
            events={event: covered[event].status for event in analysis.vocabulary.events if event in covered},
            body=known.get(one.id),
        )
