"""Every command in the documentation is run, in a copy of the example, and says what the page says."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FIXTURE = ROOT / "fixtures" / "legacy_chat" / "input"
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.DOTALL | re.MULTILINE)
PROMPT = "$ "
ANYTHING = "..."
FIRST = 2
"""So many commands of a page are run each time; all of them only by the slow suite."""

PAGES = [page for page in sorted((ROOT / "docs").rglob("*.md")) if BLOCK.search(page.read_text("utf-8"))]


@dataclass(frozen=True, slots=True)
class Command:
    """A command of a page, with the lines that it says; `...` stands for any text, alone for any lines."""

    line: str
    says: tuple[str, ...]

    def fits(self, said: str) -> bool:
        """True if the output is what the page shows."""
        pattern = "".join(map(_pattern, self.says))
        return re.fullmatch(pattern, said) is not None


def _pattern(line: str) -> str:
    if line == ANYTHING:
        return r"(?:.*\n)*"
    return ".*".join(map(re.escape, line.split(ANYTHING))) + r"\n"


def commands(text: str) -> Iterator[Command]:
    for block in BLOCK.findall(text):
        for part in f"\n{block}".split(f"\n{PROMPT}")[1:]:
            line, *says = part.rstrip("\n").split("\n")
            yield Command(line, tuple(says))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT / "docs").as_posix())
@pytest.mark.parametrize("number", [FIRST, pytest.param(None, marks=pytest.mark.slow)], ids=["first", "all"])
def test_commands_do_what_the_page_says(page: Path, number: int | None, tmp_path: Path):
    folder = shutil.copytree(FIXTURE, tmp_path / "chat")
    told = list(commands(page.read_text("utf-8")))[:number]
    assert told
    for command in told:
        code, said = ran(command.line, folder)
        assert code == 0 or command.says, f"{command.line}: exit {code}\n{said}"
        assert command.fits(said) or not command.says, f"$ {command.line}\n{said}"


def ran(line: str, folder: Path) -> tuple[int, str]:
    """How a shell ends this line, and what its reader sees."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("GIT_", "GITHUB_"))}
    done = subprocess.run(
        ["bash", "-c", line],
        cwd=folder,
        env={
            **kept,
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_AUTHOR_NAME": "Anna",
            "GIT_AUTHOR_EMAIL": "anna@example.org",
            "GIT_COMMITTER_NAME": "Anna",
            "GIT_COMMITTER_EMAIL": "anna@example.org",
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


def test_there_are_pages():
    assert {page.stem for page in PAGES} >= {"tutorial", "adopting", "gate", "guarantees"}


@pytest.mark.parametrize(
    ("says", "said", "fits"),
    [
        (("a",), "a\n", True),
        (("a",), "b\n", False),
        (("a",), "a\nb\n", False),
        (("a", "..."), "a\nb\nc\n", True),
        (("a", "..."), "a\n", True),
        (("a...c",), "abbc\n", True),
        (("a...c",), "a\nc\n", False),
        (("...", "z"), "a\nz\n", True),
        (("...", "z"), "a\nz\nb\n", False),
    ],
)
def test_dots_stand_for_what_is_left_out(says: tuple[str, ...], said: str, fits: bool):
    assert Command("x", says).fits(said) is fits
