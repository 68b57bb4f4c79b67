"""The data of the HTML page: the report as columns and numbers of texts."""

import json
from collections.abc import Iterator, Sequence
from enum import StrEnum
from itertools import groupby

from wsconsolidate import __version__
from wsconsolidate.model.analysis import Disposition
from wsconsolidate.model.counting import counted
from wsconsolidate.model.event import EventStatus
from wsconsolidate.model.exhibit import Exhibits
from wsconsolidate.model.program import MroStatus
from wsconsolidate.model.report import Quote, Report
from wsconsolidate.model.role import Role
from wsconsolidate.reporters import html_classes, html_findings
from wsconsolidate.reporters.entries import entries
from wsconsolidate.reporters.html_tables import Hops, Texts
from wsconsolidate.reporters.options import Options
from wsconsolidate.reporters.shape import Json
from wsconsolidate.reporters.spoken import printable

_WORDS: tuple[tuple[str, type[StrEnum]], ...] = (
    ("roles", Role),
    ("fates", Disposition),
    ("statuses", EventStatus),
    ("orders", MroStatus),
)


def data(report: Report, options: Options) -> str:
    """The data as JSON that can stand inside a script element, whatever the names in it."""
    texts = Texts()
    document = {**_head(report, options), **_body(report, options, texts), "text": list(texts.numbers)}
    written = json.dumps(document, separators=(",", ":"), allow_nan=False)
    return written.replace("&", r"\u0026").replace("<", r"\u003c").replace(">", r"\u003e")


def kind(options: Options) -> str:
    """Which command the page is made for."""
    return "check" if options.check else "report" if options.sections else "scan"


def _head(report: Report, options: Options) -> dict[str, Json]:
    """What needs no table: words, figures and sentences."""
    return {
        "format": 1,
        "kind": kind(options),
        "version": __version__,
        **{name: [member.value for member in words] for name, words in _WORDS},
        "events": [printable(event) for event in report.analysis.vocabulary.events],
        "headline": printable(report.headline),
        "risk": printable(report.risk),
        "summary": _summary(report),
        "rules": {rule.code: [rule.name, printable(rule.summary)] for rule in report.rules},
        "complaints": [printable(complaint) for complaint in options.gate.complaints],
        "fixes": html_findings.fixes(report, options.fixes),
        "notes": list(_notes(options.exhibits)),
    }


def _body(report: Report, options: Options, texts: Texts) -> dict[str, Json]:
    hops = Hops(texts)
    found = entries(report, all_classes=options.all_classes)
    numbers = {entry.found.id: number for number, entry in enumerate(found)}
    events = report.analysis.vocabulary.events
    return {
        "ssot": html_classes.truths(report, numbers, texts),
        "classes": html_classes.columns(found, texts),
        "evidence": html_classes.evidence(found, texts),
        "coverage": html_classes.coverage(found, events, texts, hops),
        "groups": html_classes.groups(report, numbers, texts),
        "comparisons": [html_classes.comparison(one, numbers) for one in options.exhibits.comparisons],
        "ways": _ways(report, hops),
        "hops": hops.rows(),
        "findings": [html_findings.finding(one, texts) for one in report.findings],
        "known": [html_findings.finding(one, texts) for one in options.gate.known],
        "actions": html_findings.actions(report, texts) if options.sections else [],
        "quotes": {str(texts.number(path)): _quote(one) for path, one in options.exhibits.quotes.items()},
    }


def _summary(report: Report) -> dict[str, Json]:
    figures = report.summary
    return {
        "files": figures.read.files,
        "lines": figures.read.lines,
        "done": figures.done,
        "open": figures.open,
        "completion": figures.completion,
        "duplicates": figures.duplicates,
        "complete": report.completeness.complete,
    }


def _ways(report: Report, hops: Hops) -> list[Json]:
    """The event's number, whether it arrives, and its steps."""
    events = report.analysis.vocabulary.events
    return [
        [events.index(way.event), int(way.arrives), hops.all(way.hops)]
        for way in report.analysis.ways
        if way.event in events and way.hops
    ]


def _quote(quote: Quote) -> list[Json]:
    """The lines in runs: the number of the first, then the text of all of them."""
    runs = groupby(enumerate(quote.lines), lambda pair: pair[1][0] - pair[0])
    return [_run([line for _, line in run]) for _, run in runs]


def _run(lines: Sequence[tuple[int, str]]) -> list[Json]:
    return [lines[0][0], "\n".join(printable(line.replace("\n", " ")) for _, line in lines)]


def _notes(shown: Exhibits) -> Iterator[str]:
    """What was left out so that the page stays small."""
    if shown.left_out:
        yield f"To keep this page small, the code of {counted(shown.left_out, 'class')} is left out."
    if shown.not_compared:
        yield f"Not laid side by side, as too long: {counted(shown.not_compared, 'duplicate')}."
