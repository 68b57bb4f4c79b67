"""From paths to what an analysis is made of: root, configuration, files and environment."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from wsconsolidate.config import Config, Overrides, load
from wsconsolidate.discover import discover, find_root
from wsconsolidate.environment import Environment, environment_at, running_environment
from wsconsolidate.model.source import Tree
from wsconsolidate.rules.codes import KNOWN_CODES


@dataclass(frozen=True, slots=True)
class Ground:
    """A tree as it lies on the disk, with the configuration that holds for it."""

    root: Path
    config: Config
    tree: Tree = field(repr=False)


def prepare(paths: Sequence[Path], overrides: Overrides) -> Ground:
    """What lies at these paths.

    Raises:
        ConfigError: an option of the tree's pyproject.toml is wrong.
        NothingToAnalyse: there is no Python file.
    """
    root = find_root(paths)
    config = load(root, KNOWN_CODES).override(overrides)
    return Ground(root, config, discover(paths, root, config))


def environment_of(config: Config) -> Environment:
    """Where the modules outside of the tree are looked for."""
    return environment_at(config.python) if config.python else running_environment()
