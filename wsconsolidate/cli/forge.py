"""What GitHub Actions tells a step, and where it takes a summary."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from wsconsolidate.errors import UsageError
from wsconsolidate.git import changed_lines, merge_base

if TYPE_CHECKING:
    from wsconsolidate.reporters.options import Lines


def prefix(root: Path) -> str:
    """The way from the repository to the analysed root, `backend/`; empty outside of a workflow."""
    workspace = os.environ.get("GITHUB_WORKSPACE")
    if not workspace or not root.is_relative_to(Path(workspace).resolve()):
        return ""
    relative = root.relative_to(Path(workspace).resolve()).as_posix()
    return "" if relative == "." else f"{relative}/"


def lines_under_review(root: Path, since: str | None) -> "Lines":
    """The lines changed since a revision, or since the branch that a pull request goes to; else none."""
    target = os.environ.get("GITHUB_BASE_REF")
    base = since or (merge_base(root, f"origin/{target}") if target else None)
    return (changed_lines(root, base) if base else None) or {}


def add_summary(text: str) -> None:
    """Append to the summary of the step, where there is one.

    Raises:
        UsageError: it cannot be written.
    """
    place = os.environ.get("GITHUB_STEP_SUMMARY")
    if not place:
        return
    try:
        with Path(place).open("a", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
            file.write(text)
    except OSError as error:
        raise UsageError(f"cannot write GITHUB_STEP_SUMMARY {place}: {error}") from error
