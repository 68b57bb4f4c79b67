"""The rows of the ratchet on other tools that have a baseline, as a table for docs/gate.md.

Every tool is given the same program, records what it finds, is given the edited program, and either
says something or not. Run it where `pyrefly`, `ty`, `semgrep` and `wsconsolidate` are on the PATH:

    PYTHONPATH=. python tests/benchmarks/gates.py > table.md
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.gate_rows import BROKEN, MENDED, PROGRAM, ROWS, RUN, Row, Says
from tests.cli.repository import Repository, replace_tree, repository

BASELINE = "known.baseline"
RULE = """\
rules:
  - id: send-not-awaited
    languages: [python]
    severity: ERROR
    message: the coroutine is dropped
    patterns:
      - pattern: $X.send(...)
      - pattern-not-inside: await $X.send(...)
"""
PYREFLY = ("pyrefly", "check", "--python-interpreter-path", sys.executable, "--baseline", BASELINE)
TY = ("ty", "check", "--python", sys.prefix, "--baseline", BASELINE)
OURS = ("wsconsolidate", "check", "--baseline", BASELINE)
SEMGREP = (
    *("semgrep", "scan", "--config", ".git/rule.yml", "--error", "--quiet"),
    *("--metrics", "off", "--disable-version-check"),
)


@dataclass(frozen=True, slots=True)
class Tool:
    """How a tool records what there is, and how it compares; `record` is None where git remembers."""

    name: str
    version: tuple[str, ...]
    compare: tuple[str, ...]
    record: tuple[str, ...] | None


TOOLS = (
    Tool("wsconsolidate", ("wsconsolidate", "--version"), OURS, (*OURS, "--update-baseline")),
    Tool(
        "pyrefly",
        ("pyrefly", "--version"),
        (*PYREFLY, "--error-stale-baseline"),
        (*PYREFLY, "--update-baseline"),
    ),
    Tool("ty", ("ty", "--version"), TY, (*TY, "--update-baseline")),
    Tool("semgrep", ("semgrep", "--version"), (*SEMGREP, "--baseline-commit", "start", "."), None),
)


def main() -> None:
    """Print the table."""
    tools = [tool for tool in TOOLS if shutil.which(tool.name)]
    print(f"| edit | must | {' | '.join(map(_title, tools))} |")  # noqa: T201
    print("| --- | --- |" + " --- |" * len(tools))  # noqa: T201
    for cells in _rows(tools):
        print(f"| {' | '.join(cells)} |", flush=True)  # noqa: T201


def _title(tool: Tool) -> str:
    said = subprocess.run(tool.version, capture_output=True, text=True, check=True).stdout
    return f"{tool.name} {said.split()[-1] if tool.name == 'semgrep' else said.split()[1]}"


def _rows(tools: Sequence[Tool]) -> Iterator[tuple[str, ...]]:
    for row in ROWS:
        must = "pass" if row.says is Says.NOTHING else "fail"
        yield row.name, must, *(_cell(must, _edited(tool, row)) for tool in tools)
    yield "two branches merged", "pass", *(_cell("pass", _merged(tool, turned=False)) for tool in tools)
    yield "the other way round", "pass", *(_cell("pass", _merged(tool, turned=True)) for tool in tools)


def _cell(must: str, did: str) -> str:
    return did if did in (must, "-") else f"**{did}**"


def _edited(tool: Tool, row: Row) -> str:
    if tool.record is None and row.says is Says.STALE:
        return "-"  # a commit is compared with, so that there is no file to go stale

    def edit(work: Repository) -> None:
        replace_tree(work.folder, PROGRAM, row.edit(PROGRAM))
        if row.committed:
            work.commit()

    return _ended(tool, edit)


def _merged(tool: Tool, *, turned: bool) -> str:
    """One branch fixes a defect, the other makes one, each with its baseline."""
    if tool.record is None:
        return "-"

    def edit(work: Repository) -> None:
        for name, (old, new) in (("one", MENDED), ("other", BROKEN)):
            work.git("switch", "--quiet", "--create", name, "main")
            text = (work.folder / RUN).read_text("utf-8")
            (work.folder / RUN).write_text(text.replace(old, new, 1), encoding="utf-8")
            _run(tool.record or (), work.folder)
            work.commit()
        if turned:
            work.git("switch", "--quiet", "one")
        merged = work.tried("merge", "--quiet", "--no-edit", "other" if turned else "one")
        if merged.returncode:
            (work.folder / BASELINE).write_text("conflict", encoding="utf-8")

    return _ended(tool, edit)


def _ended(tool: Tool, edit: Callable[[Repository], None]) -> str:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "work"
        replace_tree(place, {}, PROGRAM)
        work = repository(place)
        (place / ".git" / "rule.yml").write_text(RULE, encoding="utf-8")
        if tool.record is not None:
            _run(tool.record, place)
            work.commit()
        work.git("branch", "start")
        edit(work)
        if (place / BASELINE).is_file() and (place / BASELINE).read_text("utf-8") == "conflict":
            return "conflict"
        return "fail" if _run(tool.compare, place).returncode else "pass"


def _run(command: Sequence[str], folder: Path) -> subprocess.CompletedProcess[str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    return subprocess.run(command, cwd=folder, env=kept, capture_output=True, text=True, check=False)


if __name__ == "__main__":
    main()
