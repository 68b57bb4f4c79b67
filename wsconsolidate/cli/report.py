"""`wsconsolidate report`: the consolidation report."""

from dataclasses import replace
from typing import Annotated

import typer

from wsconsolidate.cli.session import Session, show
from wsconsolidate.cli.sharing import RENDERING, sharing
from wsconsolidate.errors import UsageError
from wsconsolidate.reporters.registry import Format

ReportFormat = Annotated[
    Format | None, typer.Option("--format", help="What the report looks like; Markdown by default.")
]
Markdown = Annotated[bool, typer.Option("--markdown", help="Short for --format markdown.")]
Json = Annotated[bool, typer.Option("--json", help="Short for --format json.")]
Sarif = Annotated[bool, typer.Option("--sarif", help="Short for --format sarif.")]
Html = Annotated[
    bool, typer.Option("--html", help="Short for --format html: one page with everything in it.")
]


@sharing(*(name for name in RENDERING if name != "format"))
def report(
    session: Session,
    format: ReportFormat = None,  # noqa: A002 - the option's name
    markdown: Markdown = False,
    json: Json = False,
    sarif: Sarif = False,
    html: Html = False,
) -> None:
    """Write the consolidation report."""
    chosen = _chosen(format, markdown=markdown, json=json, sarif=sarif, html=html)
    show(replace(session, format=chosen, sections=True))


def _chosen(
    format: Format | None,  # noqa: A002
    *,
    markdown: bool,
    json: bool,
    sarif: bool,
    html: bool,
) -> Format:
    """The one format that was asked for.

    Raises:
        UsageError: several were.
    """
    short = {
        Format.MARKDOWN: markdown,
        Format.JSON: json,
        Format.SARIF: sarif,
        Format.HTML: html,
    }
    asked = {name for name, is_set in short.items() if is_set} | ({format} if format else set())
    if len(asked) > 1:
        raise UsageError(f"choose one format, not {' and '.join(sorted(asked))}")
    return asked.pop() if asked else Format.MARKDOWN
