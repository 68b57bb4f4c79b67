"""The report as one HTML page that needs nothing else: no network, no other file, no build step."""

from collections.abc import Iterator
from functools import cache
from html import escape
from string import Template

from wsconsolidate import __version__
from wsconsolidate.model.report import Report
from wsconsolidate.reporters import html_bundle as bundle
from wsconsolidate.reporters.closing import closing
from wsconsolidate.reporters.html_blocks import rendered
from wsconsolidate.reporters.html_document import data, kind
from wsconsolidate.reporters.options import Options
from wsconsolidate.reporters.overview import gate, listed, overview

STYLES = ("theme", "layout", "parts", "code", "overview", "lists", "detail", "flow", "text", "phone", "print")
_TITLES = {"report": "WebSocket consolidation report", "scan": "WebSocket scan", "check": "WebSocket check"}


def render(report: Report, options: Options) -> str:
    """The page; the same input gives the same bytes."""
    made = f" on {options.timestamp}" if options.timestamp else ""
    page = Template(bundle.text("page.html")).substitute(
        _constant(),
        title=_TITLES[kind(options)],
        made=escape(f"wsconsolidate {__version__}{made}"),
        text="\n".join(_text(report, options)),
        unseen=rendered(closing(report, all_classes=options.all_classes)[1:]),
        data=data(report, options),
    )
    return page.rstrip("\n") + "\n"


@cache
def _constant() -> dict[str, str]:
    """What is the same on every page: style, scripts, and the policy that lets nothing else in."""
    style = "\n" + bundle.styles([f"styles/{name}.css" for name in STYLES])
    early, script = bundle.text("scripts/early.js"), bundle.script("scripts/main.js")
    policy = (
        "default-src 'none'; base-uri 'none'; form-action 'none'; img-src data:; "
        f"style-src {bundle.fingerprint(style)}; "
        f"script-src {bundle.fingerprint(early)} {bundle.fingerprint(script)}; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    )
    return {"policy": policy, "style": style, "early": early, "script": script}


def _text(report: Report, options: Options) -> Iterator[str]:
    """What the page says in words, with or without a script."""
    if options.check:
        yield rendered((listed(report.findings), *gate(report, options)))
    elif not options.sections:
        yield rendered(overview(report, options))
    for section in report.sections if options.sections else ():
        yield f'<section><h2 id="text-{section.name}">{escape(section.title)}</h2>'
        yield f"{rendered(section.blocks)}</section>"
