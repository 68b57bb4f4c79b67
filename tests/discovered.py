"""What discovery finds on a disk."""

import subprocess
from pathlib import Path

from wsconsolidate.config import Config
from wsconsolidate.discover import discover, find_root
from wsconsolidate.model.source import Tree


def seen(root: Path, *paths: str, config: Config | None = None, limit: int = 1000) -> Tree:
    places = [root / path for path in paths or (".",)]
    return discover(places, find_root(places), config or Config(), limit=limit)


def paths(tree: Tree) -> list[str]:
    return [file.path for file in tree.files]


def kinds(tree: Tree) -> dict[str, str]:
    return {problem.path: problem.kind.value for problem in tree.problems}


def git(root: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=a", "-c", "user.email=a@b")
    subprocess.run(["git", *identity, *arguments], cwd=root, check=True, capture_output=True)
