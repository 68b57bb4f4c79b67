"""`wsconsolidate explain`: the page of a rule, or why a class is judged as it is."""

import re
import textwrap
from collections.abc import Iterator, Mapping
from typing import Annotated

import typer

from wsconsolidate.cli.inheritance import inheritance
from wsconsolidate.cli.output import emit
from wsconsolidate.cli.session import Session, examined
from wsconsolidate.cli.sharing import EXAMINING, sharing
from wsconsolidate.config import suggestion
from wsconsolidate.errors import UsageError
from wsconsolidate.model.analysis import Analysis
from wsconsolidate.model.event import Coverage
from wsconsolidate.model.program import Class
from wsconsolidate.model.report import Report
from wsconsolidate.model.role import Cast
from wsconsolidate.model.rule import Rule
from wsconsolidate.report.quotes import quote

Subject = Annotated[
    str, typer.Argument(metavar="CODE|CLASS", help="A rule's code or name; or a class by full or bare name.")
]

_CODE = re.compile(r"WSC\d+", re.IGNORECASE)


@sharing("output", *EXAMINING)
def explain(
    session: Session,
    subject: Subject,
) -> None:
    """Show a rule's page, or a class's role, MRO, events and disposition with the reasons."""
    rule = _rule(subject)
    lines = _page(rule) if rule is not None else _classes(subject, examined(session, whole=True).report)
    from wsconsolidate.reporters.spoken import printable

    emit(printable("\n".join((*lines, ""))), session.output)


def _rule(subject: str) -> Rule | None:
    """The rule with this code or name; None if the subject looks like neither.

    Raises:
        UsageError: it looks like a code, and there is no such rule.
    """
    from wsconsolidate.rules.registry import RULES

    found = next((rule for rule in RULES if subject.upper() == rule.code or subject == rule.name), None)
    if found is None and _CODE.fullmatch(subject):
        hint = suggestion(subject.upper(), [rule.code for rule in RULES])
        raise UsageError(f"no rule is called {subject!r}{hint}")
    return found


def _page(rule: Rule) -> Iterator[str]:
    yield f"{rule.code} {rule.name}"
    yield f"severity: {rule.severity}, since {rule.since}"
    yield ""
    yield rule.doc.strip()
    for title, examples in (("Found", rule.bad), ("Not found", rule.good)):
        for example in examples:
            yield f"\n{title}:\n"
            yield textwrap.indent(example.strip(), "    ")


def _classes(name: str, report: Report) -> Iterator[str]:
    """All classes of this full name, or the one of this bare name, or a list of several.

    Raises:
        UsageError: there is none.
    """
    found = report.analysis.program.named(name)
    if not found:
        raise UsageError(f"no rule and no class is called {name!r}{_similar(name, report.analysis)}")
    if len(found) > 1 and any(one.qualname != name for one in found):
        yield f"{len(found)} classes are called {name}; ask for one by its full name:"
        yield from (f"  {_headline(one)}: {_role(one, report.analysis)}" for one in found)
        return
    for number, one in enumerate(found):
        yield from ("",) if number else ()
        yield from _explained(one, report)


def _similar(name: str, analysis: Analysis) -> str:
    classes = analysis.program.classes.values()
    return suggestion(name, {word for one in classes for word in (one.name, one.qualname)})


def _headline(one: Class) -> str:
    return f"{one.qualname} ({one.path}:{one.line})"


def _role(one: Class, analysis: Analysis) -> str:
    cast = analysis.casts.get(one.id)
    if cast is None:
        return "no role"
    double = ", a test double" if cast.test_double else ""
    return f"{cast.role}, confidence {cast.confidence:.2f}{double}"


def _explained(one: Class, report: Report) -> Iterator[str]:
    analysis = report.analysis
    yield _headline(one)
    yield f"\nrole: {_role(one, analysis)}"
    cast = analysis.casts.get(one.id)
    yield from _evidence(cast, analysis) if cast else _missed(one, analysis)
    yield from inheritance(analysis.program, one)
    yield from _events(analysis.coverage.get(one.id, {}))
    yield from _disposition(one, analysis)
    yield from _findings(one, report)


def _evidence(cast: Cast, analysis: Analysis) -> Iterator[str]:
    """Each observation with the line of code that it was made on; no line twice."""
    quoted: set[tuple[str, int]] = set()
    for seen in cast.evidence:
        yield f"  {seen.kind}: {seen.detail} ({seen.path}:{seen.line})"
        found = quote(analysis.tree, seen.path, [seen.line])
        if found is not None and (seen.path, seen.line) not in quoted:
            quoted.add((seen.path, seen.line))
            yield from (f"    | {text.strip()}" for _, text in found.lines)


def _missed(one: Class, analysis: Analysis) -> Iterator[str]:
    """What was seen of roles that the class does not have, and what was not."""
    from wsconsolidate.roles.lacking import lacking

    for lack in lacking(analysis.program, analysis.vocabulary, analysis.casts, one):
        yield f"  no {lack.role}, for want of {' and '.join(lack.wanted)}; seen of one:"
        yield from (f"    {seen.kind}: {seen.detail} ({seen.path}:{seen.line})" for seen in lack.seen)


def _events(covered: Mapping[str, Coverage]) -> Iterator[str]:
    yield from ("\nevents:",) if covered else ()
    for event, coverage in covered.items():
        via = f" by {coverage.via}" if coverage.via else ""
        place = f" ({coverage.path}:{coverage.line})" if coverage.path else ""
        lost = "" if coverage.arrives or not coverage.status.covers else ", but never reaches a socket"
        yield f"  {event}: {coverage.status}{via}{place}{lost}"
        yield from (f"    -> {hop.symbol} ({hop.path}:{hop.line})" for hop in coverage.flow)


def _disposition(one: Class, analysis: Analysis) -> Iterator[str]:
    verdict = analysis.verdicts.get(one.id)
    if verdict is not None:
        yield f"\ndisposition: {verdict.disposition}, {verdict.reason}"
    for group in analysis.groups:
        if one.id in group.members:
            others = (analysis.program.classes[member] for member in group.members if member != one.id)
            yield f"duplicates ({group.kind}):"
            yield from (f"  {_headline(other)}" for other in others)


def _findings(one: Class, report: Report) -> Iterator[str]:
    own = [
        finding
        for finding in report.findings
        if finding.path == one.path and one.line <= finding.line <= one.end_line
    ]
    yield from ("\nfindings:",) if own else ()
    for finding in own:
        yield f"  {finding.code} {finding.severity}: {finding.message} ({finding.path}:{finding.line})"
