"""The arguments and options that commands share, told once."""

from pathlib import Path
from typing import Annotated

import typer

from wsconsolidate.errors import UsageError
from wsconsolidate.model.glob import Glob
from wsconsolidate.reporters.registry import Format

Paths = Annotated[
    list[Path] | None,
    typer.Argument(help="Files and folders to analyse; the working directory by default.", metavar="PATHS"),
]
FormatOption = Annotated[Format, typer.Option("--format", help="What the result looks like.")]
Output = Annotated[
    Path | None, typer.Option("--output", "-o", help="Write the result to this file.", metavar="FILE")
]
Exclude = Annotated[
    list[str] | None,
    typer.Option("--exclude", help="Leave out what fits this pattern, too; repeatable.", metavar="GLOB"),
]
Python = Annotated[
    Path | None,
    typer.Option("--python", help="Environment or interpreter whose packages count.", metavar="PATH"),
]
Statistics = Annotated[bool, typer.Option("--statistics", help="Add the number of findings by rule.")]
Timings = Annotated[bool, typer.Option("--timings", help="Tell on stderr how long each stage took.")]
NoCache = Annotated[
    bool, typer.Option("--no-cache", help="Neither use nor write what is kept from other runs.")
]
Timestamp = Annotated[
    bool, typer.Option("--timestamp", help="Put the time (or SOURCE_DATE_EPOCH) into the result.")
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but results and errors.")]
Verbose = Annotated[
    bool, typer.Option("--verbose", "-v", help="Tell on stderr what is analysed, and under which root.")
]
AllClasses = Annotated[bool, typer.Option("--all-classes", help="Show every class, with or without a role.")]


def globs(patterns: list[str] | None) -> tuple[Glob, ...]:
    """The patterns of `--exclude`.

    Raises:
        UsageError: one is no pattern.
    """
    return tuple(_glob(pattern) for pattern in patterns or ())


def _glob(pattern: str) -> Glob:
    try:
        return Glob(pattern)
    except ValueError as error:
        raise UsageError(f"--exclude {pattern!r}: {error}") from error
