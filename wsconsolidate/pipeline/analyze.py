"""From paths to an Analysis and its report: every stage of the reading half, in order."""

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from wsconsolidate.config import Config, Overrides, load
from wsconsolidate.consolidate.consolidate import consolidate
from wsconsolidate.discover import discover, find_root
from wsconsolidate.environment import Environment, environment_at, running_environment
from wsconsolidate.events.cover import cover
from wsconsolidate.extract.extract import extract
from wsconsolidate.link.conditions import Interpreter
from wsconsolidate.link.link import link
from wsconsolidate.model.analysis import Analysis
from wsconsolidate.model.facts import FileFacts
from wsconsolidate.model.program import Module
from wsconsolidate.model.report import Report
from wsconsolidate.model.source import Problem, SourceFile, Tree
from wsconsolidate.pipeline.relevance import imported, importing, is_relevant
from wsconsolidate.report.build import build
from wsconsolidate.roles.cast import cast
from wsconsolidate.rules.registry import KNOWN_CODES, RULES
from wsconsolidate.rules.run import run

Progress = Callable[[str, int, int], None]
"""Told of the stage, how much of it is done, and how much there is."""


class Extract(Protocol):
    """Reads the facts of one file, as `extract` does."""

    def __call__(self, path: str, data: bytes, *, bodies: bool) -> FileFacts | Problem:
        """The facts of the file, or why it has none."""


def examine(
    paths: Sequence[Path], overrides: Overrides, progress: Progress | None = None
) -> tuple[Report, Config, Path]:
    """The report on the tree that holds `paths`, with the configuration and root it was made under.

    Raises:
        ConfigError: an option of the tree's pyproject.toml is wrong.
        NothingToAnalyse: there is no Python file.
    """
    root = find_root(paths)
    config = load(root, KNOWN_CODES).override(overrides)
    return examine_tree(discover(paths, root, config), config, progress), config, root


def examine_tree(
    tree: Tree, config: Config, progress: Progress | None = None, read: Extract = extract
) -> Report:
    """The report on a tree, on disk or not.

    Raises:
        ConfigError: a configured source of truth is not in the tree.
    """
    with _without_collector():
        analysis = analyze_tree(tree, config, progress, read)
        asked = tuple(rule for rule in RULES if config.severity_of(rule.code, rule.severity) is not None)
        return build(analysis, run(analysis, config), asked)


def analyze(paths: Sequence[Path], root: Path, config: Config) -> Analysis:
    """Discover, then as `analyze_tree`.

    Raises:
        NothingToAnalyse: there is no Python file.
        ConfigError: a configured source of truth is not in the tree.
    """
    return analyze_tree(discover(paths, root, config), config)


def analyze_tree(
    tree: Tree, config: Config, progress: Progress | None = None, read: Extract = extract
) -> Analysis:
    """Extract, link, cast, cover and consolidate; `read` may be an `extract` that remembers.

    Raises:
        ConfigError: a configured source of truth is not in the tree.
    """
    with _without_collector():
        facts, problems = _extract_all(tree, config, progress or _silent, read)
        modules = (_module(file, facts[file.path]) for file in tree.files if file.path in facts)
        environment = environment_at(config.python) if config.python else running_environment()
        target = Interpreter(config.target_version, config.target_platform)
        program = link(
            modules,
            lambda name: _installed(environment, name, read),
            target,
            lambda module: _with_bodies(environment, tree, module, read),
        )
        casts = cast(program, config.vocabulary, tree.copies())
        covered = cover(program, casts, config.vocabulary)
        return consolidate(
            tree=replace(tree, problems=tuple(sorted((*tree.problems, *problems), key=_place))),
            program=program,
            vocabulary=config.vocabulary,
            casts=casts,
            coverage=covered.coverage,
            ways=covered.ways,
            runtime_events=covered.runtime_events,
            configured=config.ssot,
        )


def _extract_all(
    tree: Tree, config: Config, progress: Progress, read: Extract
) -> tuple[dict[str, FileFacts], list[Problem]]:
    """The facts of every file: with bodies where they matter, else the outline."""
    facts: dict[str, FileFacts] = {}
    problems: list[Problem] = []
    relevant = [file for file in tree.files if is_relevant(file.data, config.vocabulary)]
    names = {file.path for file in relevant}
    for index, file in enumerate(tree.files):
        progress("reading", index, len(tree.files))
        found = read(file.path, file.data, bodies=file.path in names)
        if isinstance(found, Problem):
            problems.append(found)
        else:
            facts[file.path] = found
    around = imported(relevant, facts, tree.files) | importing(relevant, facts, tree.files)
    for file in (one for one in tree.files if one.path in around - names):
        again = read(file.path, file.data, bodies=True)
        if not isinstance(again, Problem):
            facts[file.path] = again
    return facts, problems


def _module(file: SourceFile, facts: FileFacts) -> Module:
    return Module(
        name=file.module,
        path=file.path,
        is_package=file.is_package,
        in_tests=file.in_tests,
        in_tree=True,
        facts=facts,
    )


def _installed(environment: Environment, name: str, read: Extract) -> Module | None:
    """A module of the environment, in outline; None if it is not there or cannot be read."""
    source = environment.find(name)
    facts = read(source.path, source.data, bodies=False) if source else None
    if source is None or facts is None or isinstance(facts, Problem):
        return None
    return replace(_module(source, facts), in_tree=False)


def _with_bodies(environment: Environment, tree: Tree, module: Module, read: Extract) -> Module:
    """A module of the tree or of the environment, read again with the bodies of its functions."""
    inside = next((file for file in tree.files if file.path == module.path), None)
    source = inside if module.in_tree else environment.find(module.name)
    facts = read(source.path, source.data, bodies=True) if source else None
    return replace(module, facts=facts) if isinstance(facts, FileFacts) else module


@contextmanager
def _without_collector() -> Iterator[None]:
    """Without the cyclic garbage collector, which here finds nothing and doubles the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _place(problem: Problem) -> tuple[str, int, str]:
    return (problem.path, problem.line, problem.kind)


def _silent(stage: str, done: int, total: int) -> None:
    """The progress of nobody who looks."""
