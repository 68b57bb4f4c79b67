"""From paths to an Analysis and its report: every stage of the reading half, in order."""

import gc
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from wsconsolidate.config import Config
from wsconsolidate.consolidate.consolidate import consolidate
from wsconsolidate.discover import discover
from wsconsolidate.events.cover import cover
from wsconsolidate.link.conditions import Interpreter
from wsconsolidate.link.link import link
from wsconsolidate.model.analysis import Analysis
from wsconsolidate.model.facts import FileFacts
from wsconsolidate.model.report import Report
from wsconsolidate.model.source import Problem, SourceFile, Tree
from wsconsolidate.pipeline.far import Far, module_of
from wsconsolidate.pipeline.outside import Outside
from wsconsolidate.pipeline.prepare import environment_of
from wsconsolidate.pipeline.reading import DEEPEST, Reader
from wsconsolidate.pipeline.relevance import matters, names_event, reads_all
from wsconsolidate.report.build import build
from wsconsolidate.roles.cast import cast
from wsconsolidate.rules.registry import RULES
from wsconsolidate.rules.run import run

Progress = Callable[[str, int, int], None]
"""Told of the stage, how much of it is done, and how much there is."""


def examine_tree(
    tree: Tree,
    config: Config,
    progress: Progress | None = None,
    read: Reader | None = None,
    *,
    whole: bool | None = None,
) -> Report:
    """The report on a tree, on disk or not.

    Raises:
        ConfigError: a configured source of truth is not in the tree.
    """
    read, progress = read or Reader(), progress or _silent
    with _undisturbed():
        analysis = analyze_tree(tree, config, progress, read, whole=whole)
        asked = tuple(rule for rule in RULES if config.severity_of(rule.code, rule.severity) is not None)
        progress("judging", 0, 0)
        findings = run(analysis, config)
        progress("reporting", 0, 0)
        report = build(analysis, findings, asked)
    read.flush()
    return report


def analyze(paths: Sequence[Path], root: Path, config: Config) -> Analysis:
    """Discover, then as `analyze_tree`.

    Raises:
        NothingToAnalyse: there is no Python file.
        ConfigError: a configured source of truth is not in the tree.
    """
    return analyze_tree(discover(paths, root, config), config)


def analyze_tree(
    tree: Tree,
    config: Config,
    progress: Progress | None = None,
    read: Reader | None = None,
    *,
    whole: bool | None = None,
) -> Analysis:
    """Extract, link, cast, cover and consolidate; `read` may know what is kept from other runs.

    Raises:
        ConfigError: a configured source of truth is not in the tree.
    """
    read, progress = read or Reader(), progress or _silent
    with _undisturbed():
        near, far = _near_and_far(tree, config, read, whole=whole)
        facts, problems = _extract_all(near, progress, read)
        outside = Outside(environment_of(config), read)
        progress("linking", 0, 0)
        program = link(
            (module_of(file, facts[file.path]) for file in tree.files if file.path in facts),
            lambda name: far.module(name) or outside.module(name),
            Interpreter(config.target_version, config.target_platform),
            outside.with_bodies,
            far,
        )
        progress("casting", 0, 0)
        casts = cast(program, config.vocabulary, tree.copies())
        covered = cover(program, casts, config.vocabulary)
        progress("consolidating", 0, 0)
        met = tuple(sorted((*tree.problems, *problems, *far.problems), key=_place))
        return consolidate(
            tree=replace(tree, problems=met),
            program=program,
            vocabulary=config.vocabulary,
            casts=casts,
            covered=covered,
            configured=config.ssot,
        )


def _near_and_far(
    tree: Tree, config: Config, read: Reader, *, whole: bool | None
) -> tuple[Sequence[SourceFile], Far]:
    """The files that matter, and the others, which are read when something leads there."""
    near = tree.files if reads_all(tree, config, whole) else matters(tree.files, config)
    known = {file.path for file in near}
    telling = (file for file in near if names_event(file.data, config.vocabulary))
    read.far = Far((file for file in tree.files if file.path not in known), telling, read)
    return near, read.far


def _extract_all(
    files: Sequence[SourceFile], progress: Progress, read: Reader
) -> tuple[dict[str, FileFacts], list[Problem]]:
    """The facts of these files by path, and why some have none."""
    facts: dict[str, FileFacts] = {}
    problems: list[Problem] = []
    progress("reading", 0, len(files))
    read.ahead(files)
    for index, file in enumerate(files):
        progress("reading", index, len(files))
        found = read(file.path, file.data, bodies=True)
        if isinstance(found, Problem):
            problems.append(found)
        else:
            facts[file.path] = found
    return facts, problems


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Without the cyclic garbage collector, and with room for questions that lead far.

    The collector finds nothing here and doubles the time; what was made meanwhile is set aside until the
    next time: nor is it gone through afterwards.
    """
    enabled, depth = gc.isenabled(), sys.getrecursionlimit()
    gc.unfreeze()
    gc.disable()
    sys.setrecursionlimit(max(depth, DEEPEST))
    try:
        yield
    finally:
        sys.setrecursionlimit(depth)
        if enabled:
            gc.freeze()
            gc.enable()


def _place(problem: Problem) -> tuple[str, int, str]:
    return (problem.path, problem.line, problem.kind)


def _silent(stage: str, done: int, total: int) -> None:
    """The progress of nobody who looks."""
