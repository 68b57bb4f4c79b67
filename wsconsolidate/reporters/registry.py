"""The reporters, in the order in which they are offered."""

from collections.abc import Callable
from dataclasses import dataclass

from wsconsolidate.model.report import Report
from wsconsolidate.reporters import to_github, to_json, to_junit, to_markdown, to_sarif
from wsconsolidate.reporters.options import Options


def _console(report: Report, options: Options) -> str:
    from wsconsolidate.reporters.to_console import render

    return render(report, options)


def _html(report: Report, options: Options) -> str:
    from wsconsolidate.reporters.to_html import render

    return render(report, options)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reporter:
    """A format: its name for `--format`, the extension of its files, and what makes the text.

    `summary` makes what a forge shows beside the log, None where there is no such place.
    """

    name: str
    extension: str
    render: Callable[[Report, Options], str]
    summary: Callable[[Report, Options], str] | None = None


REPORTERS = (
    Reporter(name="console", extension="txt", render=_console),
    Reporter(name="json", extension="json", render=to_json.render),
    Reporter(name="markdown", extension="md", render=to_markdown.render),
    Reporter(name="sarif", extension="sarif", render=to_sarif.render),
    Reporter(name="html", extension="html", render=_html),
    Reporter(name="github", extension="txt", render=to_github.render, summary=to_github.summary),
    Reporter(name="junit", extension="xml", render=to_junit.render),
)
