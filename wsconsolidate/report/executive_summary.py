"""The executive summary: what was found, in a few sentences."""

from collections import Counter
from collections.abc import Iterator

from wsconsolidate.model.counting import counted
from wsconsolidate.model.finding import Applicability, Severity
from wsconsolidate.model.report import Block, Item, Listing, Paragraph, Table
from wsconsolidate.model.role import Role
from wsconsolidate.report.material import Draft
from wsconsolidate.report.words import at, code, percent, sentence, series


def headline(draft: Draft) -> str:
    """How the events fare, in one sentence."""
    if not draft.players:
        return draft.nothing
    return sentence(_events(draft)) if draft.senders else "No class sends events."


def blocks(draft: Draft) -> Iterator[Block]:
    """The summary; one sentence where nothing is relevant."""
    yield Paragraph(_read(draft))
    if not draft.players:
        yield Paragraph(draft.nothing)
        return
    yield Listing(tuple(Item(text=text) for text in _facts(draft)))
    if draft.analysis.ssot:
        yield Table(("SSOT", "Class", "Where", "Why"), tuple(_truths(draft)))


def _read(draft: Draft) -> str:
    read, tests = draft.summary.read, draft.summary.tests
    text = (
        f"{counted(read.files, 'Python file')} with {counted(read.lines, 'line')} and "
        f"{counted(read.classes, 'class')} {'was' if read.files == 1 else 'were'} analysed"
    )
    apart = f", and {counted(tests.files, 'test file')} counted apart" if tests.files else ""
    return f"{text}{apart}."


def _facts(draft: Draft) -> Iterator[str]:
    yield sentence(_roles(draft))
    yield sentence(_duplicates(draft))
    if draft.senders:
        yield sentence(_events(draft))
    yield sentence(_findings(draft))
    total = draft.summary.done + draft.summary.open
    if total:
        done = f"{draft.summary.done} of {total} actions of high and medium priority done"
        yield f"Consolidation: {percent(draft.summary.completion)}, {done}."


def _roles(draft: Draft) -> str:
    counts = Counter(draft.analysis.casts[one.id].role for one in draft.players)
    words = [counted(counts[role], role) for role in Role if counts[role]]
    doubles = f"; {counted(draft.doubles, 'more stands', 'more stand')} in tests" if draft.doubles else ""
    return f"{counted(len(draft.players), 'class plays', 'classes play')} a role: {series(words)}{doubles}"


def _duplicates(draft: Draft) -> str:
    number = draft.summary.duplicates
    if not number:
        return "no class duplicates another"
    groups = counted(len(draft.analysis.groups), "group")
    return f"{counted(number, 'class duplicates', 'classes duplicate')} another, in {groups}"


def _events(draft: Draft) -> str:
    events = draft.analysis.vocabulary.events
    lost = [code(event) for event in events if draft.arriving(event) is None]
    if not draft.speaks:
        return f"no class sends any of the {counted(len(events), 'critical event')} by its name"
    if not lost:
        return f"all {counted(len(events), 'critical event')} reach the socket"
    some = f"{len(events) - len(lost)} of {counted(len(events), 'critical event')} reach the socket"
    return f"{some}; for {series(lost)} no way was found"


def _findings(draft: Draft) -> str:
    found = draft.findings
    if not found:
        return "no rule finds anything" if draft.rules else "no rule was asked"
    severities = Counter(finding.severity for finding in found)
    parts = [counted(severities[one], one.value) for one in Severity if severities[one]]
    fixable = Counter(finding.fix for finding in found)
    safe, unsafe = fixable[Applicability.SAFE], fixable[Applicability.UNSAFE]
    more = f", and {unsafe} more with `--unsafe`" if unsafe else ""
    number = counted(len(found), "finding")
    return f"{number} ({series(parts)}), of which `fix` settles {safe or 'none'}{more}"


def _truths(draft: Draft) -> Iterator[tuple[str, ...]]:
    for role in Role:
        truth = draft.analysis.ssot.get(role)
        if truth is None:
            continue
        where = at(truth.id) if truth.id else "bundled runtime"
        yield (role.value, code(truth.qualname), where, truth.reason)
