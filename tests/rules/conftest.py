"""Programs of the rules' tests: written into a folder, analysed by the real pipeline."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from wsconsolidate.config import Config
from wsconsolidate.model.finding import Finding
from wsconsolidate.pipeline.analyze import analyze
from wsconsolidate.rules.run import run

Found = Callable[..., tuple[Finding, ...]]

_FILE = re.compile(r"# file: (\S+)")
_DEFAULT_FILE = "example.py"


def split(program: str) -> dict[str, str]:
    """The files of a program by name; what stands before the first `# file:` is example.py."""
    files: dict[str, list[str]] = {}
    name = _DEFAULT_FILE
    for line in program.strip().splitlines():
        match = _FILE.fullmatch(line)
        if match:
            name = match[1]
        else:
            files.setdefault(name, []).append(line)
    return {name: "\n".join((*lines, "")) for name, lines in files.items()}


@pytest.fixture
def files_of() -> Callable[[str], dict[str, str]]:
    return split


@pytest.fixture
def found_in(tmp_path: Path) -> Found:
    """The findings in a program, of which each call writes a fresh copy."""
    count = 0

    def found(program: str, config: Config | None = None) -> tuple[Finding, ...]:
        nonlocal count
        count += 1
        root = tmp_path / str(count)
        for name, text in split(program).items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text, encoding="utf-8")
        chosen = config or Config()
        return run(analyze([root], root, chosen), chosen)

    return found
