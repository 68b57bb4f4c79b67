"""A git repository for tests, deaf to the configuration of whoever runs them."""

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_QUIET = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
    "GIT_AUTHOR_NAME": "Anna",
    "GIT_AUTHOR_EMAIL": "anna@example.org",
    "GIT_COMMITTER_NAME": "Anna",
    "GIT_COMMITTER_EMAIL": "anna@example.org",
}


@dataclass(frozen=True, slots=True)
class Repository:
    """A work tree under git."""

    folder: Path

    def git(self, *arguments: str) -> str:
        """What git says; it must succeed."""
        done = self.tried(*arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def tried(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """How git ended."""
        environment = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
        return subprocess.run(
            ["git", *arguments],
            cwd=self.folder,
            env=environment | _QUIET,
            capture_output=True,
            text=True,
            check=False,
        )

    def commit(self) -> str:
        """Commit everything; the name of the commit."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", "one more")
        return self.git("rev-parse", "HEAD").strip()


def repository(folder: Path) -> Repository:
    """A new repository in this folder, with all that is there committed."""
    made = Repository(folder)
    folder.mkdir(parents=True, exist_ok=True)
    made.git("init", "--quiet", "--initial-branch", "main")
    made.commit()
    return made


def replace_tree(folder: Path, before: Mapping[str, str], after: Mapping[str, str]) -> None:
    """Turn one set of files into another."""
    for name in set(before) - set(after):
        (folder / name).unlink()
    for name, text in after.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
