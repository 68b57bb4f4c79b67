"""`wsconsolidate fleet MANIFEST`: many repositories on the workers of a Dask scheduler, and one result."""

import os
import re
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wsconsolidate.cli import options as given
from wsconsolidate.cli.output import emit, looks, say
from wsconsolidate.cli.progress import Progress
from wsconsolidate.errors import UsageError
from wsconsolidate.reporters.options import Options

if TYPE_CHECKING:
    from wsconsolidate.fleet.manifest import Repository
    from wsconsolidate.fleet.run import Order, Outcome

STDIN = Path("-")
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([KMGT]?)(?:i?B)?", re.IGNORECASE)
_UNITS = {"": 0, "K": 10, "M": 20, "G": 30, "T": 40}


class Format(StrEnum):
    """How the joined result is written."""

    CONSOLE = "console"
    MARKDOWN = "markdown"
    JSON = "json"


Manifest = Annotated[
    Path,
    typer.Argument(metavar="MANIFEST", help="A repository a line: [NAME = ]PATH[ @ REVISION]; - is stdin."),
]
Scheduler = Annotated[
    str | None,
    typer.Option("--scheduler", help="A Dask scheduler; else a cluster on this machine.", metavar="ADDRESS"),
]
Workers = Annotated[
    int | None,
    typer.Option("--workers", min=1, help="Processes on this machine; one a core by default.", metavar="N"),
]
Results = Annotated[
    Path | None,
    typer.Option(
        "--results",
        help="Where finished ones are kept, with results.jsonl; MANIFEST.results by default.",
        metavar="DIR",
    ),
]
Seconds = Annotated[
    float, typer.Option("--time-limit", min=1, help="Seconds that a repository may take.", metavar="SECONDS")
]
Memory = Annotated[
    str, typer.Option("--memory-limit", help="Memory that a repository may take: 500M, 4G.", metavar="SIZE")
]
Top = Annotated[
    int, typer.Option("--top", min=1, help="Rows that a table may have; the rest is counted.", metavar="N")
]


def fleet(
    manifest: Manifest,
    scheduler: Scheduler = None,
    workers: Workers = None,
    results: Results = None,
    time_limit: Seconds = 600,
    memory_limit: Memory = "4G",
    top: Top = 20,
    format: Annotated[Format, typer.Option("--format", help="What the result looks like.")] = Format.CONSOLE,  # noqa: A002 - the option's name
    output: given.Output = None,
    quiet: given.Quiet = False,
) -> None:
    """Analyse many repositories and show roles, events and copies across them."""
    from wsconsolidate.fleet.run import Order, run

    if scheduler and workers:
        raise UsageError("--workers is for a cluster on this machine: with --scheduler leave it out")
    order = Order(
        scheduler=scheduler,
        workers=workers or os.cpu_count() or 1,
        seconds=time_limit,
        memory=_bytes(memory_limit),
        results=results or Path(f"{'fleet' if manifest == STDIN else manifest}.results"),
        top=top,
    )
    repositories = _repositories(manifest)
    progress = Progress(quiet=quiet)
    try:
        outcome = run(repositories, order, progress)
    finally:
        progress.finish()
    emit(_text(outcome, format, output), output)
    _tell(outcome, order, quiet=quiet)
    sys.exit(1 if outcome.fleet.totals.failed else 0)


def _text(outcome: "Outcome", form: Format, output: Path | None) -> str:
    from wsconsolidate.fleet import report

    columns, colour = looks(output)
    renderers = {
        Format.CONSOLE: report.to_console,
        Format.MARKDOWN: report.to_markdown_page,
        Format.JSON: report.to_json,
    }
    return renderers[form](outcome.fleet, Options(width=columns, colour=colour))


def _tell(outcome: "Outcome", order: "Order", *, quiet: bool) -> None:
    totals = outcome.fleet.totals
    if outcome.unchanged and not quiet:
        say(f"wsconsolidate: {outcome.unchanged:,} unchanged, as kept in {order.results}")
    if totals.failed:
        say(f"wsconsolidate: {totals.failed:,} of {totals.failed + totals.analysed:,} repositories failed")


def _repositories(manifest: Path) -> "tuple[Repository, ...]":
    from wsconsolidate.fleet.manifest import read_manifest

    if manifest == STDIN:
        return read_manifest(sys.stdin.read(), "-", Path.cwd())
    try:
        text = manifest.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"{manifest}: no UTF-8 text: write one path a line") from error
    except OSError as error:
        raise UsageError(f"{manifest}: cannot read it: {(error.strerror or str(error)).lower()}") from error
    return read_manifest(text, str(manifest), manifest.absolute().parent)


def _bytes(size: str) -> int:
    found = _SIZE.fullmatch(size.strip())
    if found is None:
        raise UsageError(f"--memory-limit {size!r}: write a number and K, M, G or T, as in 4G")
    return int(float(found[1]) * 2 ** _UNITS[found[2].upper()])
