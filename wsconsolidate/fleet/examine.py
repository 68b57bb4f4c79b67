"""One repository, from its path to its record: what a worker's child does."""

import platform
import traceback
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from wsconsolidate import __version__
from wsconsolidate.config import Config, load
from wsconsolidate.discover import discover
from wsconsolidate.errors import NothingToAnalyse, ToolError
from wsconsolidate.fleet.bodies import bodies
from wsconsolidate.fleet.content import key_of, opened, tree_digest
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


def examine(
    repository: Repository, digest: str | None, kept: str | None, scratch: Path
) -> Record | Failure | None:
    """The record of a repository; None if it is `kept`, which is the key of the last one.

    `digest` is that of its content where it is known; `scratch` is an empty folder. Nothing of the
    repository is run, also no interpreter that its configuration names.
    """
    try:
        return _examine(repository, digest, kept, scratch)
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


def _examine(repository: Repository, digest: str | None, kept: str | None, scratch: Path) -> Record | None:
    root = opened(repository, scratch)
    config = replace(load(root, KNOWN_CODES), python=None)
    tree = _tree(root, config)
    key = key_of(digest or tree_digest(root, tree))
    return None if key == kept else _record(repository.name, key, examine_tree(tree, config))


def _tree(root: Path, config: Config) -> Tree:
    try:
        return discover([root], root, config)
    except NothingToAnalyse:
        return Tree(files=(), names=(), problems=())


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
