"""The findings that an earlier revision of the tree had, judged by today's configuration."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from wsconsolidate.config import Config
from wsconsolidate.errors import ConfigError, NothingToAnalyse
from wsconsolidate.git import write_revision
from wsconsolidate.model.analysis import Analysis
from wsconsolidate.model.finding import Finding
from wsconsolidate.pipeline.analyze import analyze
from wsconsolidate.rules.run import run


def findings_at(revision: str, paths: Sequence[Path], root: Path, config: Config) -> tuple[Finding, ...]:
    """What the rules found in these paths at the revision; the work tree is not touched.

    Raises:
        UsageError: there is no git work tree, or no such revision in it.
    """
    with TemporaryDirectory(prefix="wsconsolidate-", ignore_cleanup_errors=True) as folder:
        then = write_revision(root, revision, Path(folder).resolve())
        places = [then / path.resolve().relative_to(root) for path in paths]
        there = [place for place in places if place.exists()]
        if not there:
            return ()
        try:
            return run(_analysis(there, then, config), config)
        except NothingToAnalyse:
            return ()


def _analysis(paths: Sequence[Path], root: Path, config: Config) -> Analysis:
    """The analysis; where a class that is to stay was not there yet, the evidence chooses all of them."""
    try:
        return analyze(paths, root, config)
    except ConfigError:
        return analyze(paths, root, replace(config, ssot={}))
