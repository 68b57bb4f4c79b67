"""The reporters, in the order in which they are offered."""

from collections.abc import Callable
from dataclasses import dataclass

from wsconsolidate.model.report import Report
from wsconsolidate.reporters import to_json, to_markdown
from wsconsolidate.reporters.options import Options


def _console(report: Report, options: Options) -> str:
    from wsconsolidate.reporters.to_console import render

    return render(report, options)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reporter:
    """A format: its name for `--format`, the extension of its files, and what makes the text."""

    name: str
    extension: str
    render: Callable[[Report, Options], str]


REPORTERS = (
    Reporter(name="console", extension="txt", render=_console),
    Reporter(name="json", extension="json", render=to_json.render),
    Reporter(name="markdown", extension="md", render=to_markdown.render),
)
