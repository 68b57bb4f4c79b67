"""What `scan` shows: classes by role, duplicates, findings by rule, problems; as blocks."""

from collections import Counter
from collections.abc import Iterator

from wsconsolidate.model.counting import counted
from wsconsolidate.model.event import EventStatus
from wsconsolidate.model.finding import Finding
from wsconsolidate.model.report import Block, Heading, Item, Listing, Paragraph, Report, Table
from wsconsolidate.model.role import Role
from wsconsolidate.reporters.closing import closing
from wsconsolidate.reporters.entries import Entry, entries, groups
from wsconsolidate.reporters.options import Options
from wsconsolidate.reporters.spoken import tally

_COLUMNS = ("Class", "Where", "Disposition", "Events", "MRO")
_NO_ROLE = "no role"


def overview(report: Report, options: Options) -> tuple[Block, ...]:
    """The blocks of a scan, ending with what was not seen."""
    return (
        Paragraph(_headline(report)),
        *_classes(report, options),
        *_duplicates(report),
        *_findings(report),
        *_backups(report),
        *closing(report, all_classes=options.all_classes),
    )


def gate(report: Report, options: Options) -> tuple[Block, ...]:
    """The blocks that follow the findings of a check."""
    found = report.findings
    told = tally(found) if found else "No finding"
    counts = statistics(found) if options.statistics and found else ()
    return (Paragraph(f"{told}."), *counts, *closing(report, all_classes=options.all_classes))


def statistics(findings: tuple[Finding, ...]) -> tuple[Block, ...]:
    """How often each rule found something."""
    rules: dict[str, list[Finding]] = {}
    for one in sorted(findings, key=lambda one: one.code):
        rules.setdefault(one.code, []).append(one)
    rows = (
        (code, found[0].rule, found[0].severity.value, str(len(found)), _fixable(found))
        for code, found in rules.items()
    )
    return (Table(("Rule", "Name", "Severity", "Findings", "Fix"), tuple(rows)),)


def listed(findings: tuple[Finding, ...]) -> Table:
    """The findings as rows."""
    rows = ((one.code, one.severity.value, f"`{one.path}:{one.line}`", one.message) for one in findings)
    return Table(("Rule", "Severity", "Where", "Message"), tuple(rows))


def _fixable(found: list[Finding]) -> str:
    words = Counter(one.fix.word for one in found)
    return ", ".join(f"{words[word]} {word}" for word in ("safe", "unsafe") if words[word]) or "by hand"


def _headline(report: Report) -> str:
    read, tests = report.summary.read, report.summary.tests
    apart = f", and {counted(tests.files, 'test file')}" if tests.files else ""
    if not report.analysis.casts:
        return f"{counted(read.files, 'file')}{apart}: no class plays a role between agents and sockets."
    duplicates = counted(report.summary.duplicates, "duplicate")
    return f"{counted(read.files, 'file')}{apart}: {_playing(report)}; {duplicates}; {_found(report)}."


def _playing(report: Report) -> str:
    """How many classes have a role; those in tests, and doubles for tests, apart."""
    doubles = sum(map(report.analysis.is_test, report.analysis.casts))
    number = len(report.analysis.casts) - doubles
    plays = "1 class plays a role" if number == 1 else f"{number:,} classes play a role"
    return f"{plays}, and {doubles:,} more in tests" if doubles else plays


def _found(report: Report) -> str:
    return tally(report.findings) if report.findings else "no finding"


def _classes(report: Report, options: Options) -> Iterator[Block]:
    total = len(report.analysis.vocabulary.events)
    by_role: dict[str, list[Entry]] = {role.value: [] for role in Role}
    for entry in entries(report, all_classes=options.all_classes):
        by_role.setdefault(entry.cast.role.value if entry.cast else _NO_ROLE, []).append(entry)
    for role, found in by_role.items():
        if found:
            yield Heading(f"{role} ({len(found)})")
            yield Table(_COLUMNS, tuple(_row(entry, total) for entry in found))


def _row(entry: Entry, total: int) -> tuple[str, ...]:
    one = entry.found
    return (
        f"`{one.name}`{' (test)' if entry.is_test else ''}",
        f"`{one.path}:{one.line}`",
        entry.disposition.value if entry.cast else "",
        _covered(entry, total),
        one.mro.status.value,
    )


def _covered(entry: Entry, total: int) -> str:
    statuses = [coverage.status for coverage in entry.coverage.values()]
    if not statuses:
        return ""
    declared = statuses.count(EventStatus.DECLARES)
    if declared:
        return f"{declared}/{total} declared"
    covered = f"{sum(status.covers for status in statuses)}/{total}"
    return f"{covered}, generic" if EventStatus.GENERIC in statuses else covered


def _duplicates(report: Report) -> Iterator[Block]:
    found = groups(report)
    if found:
        yield Heading(f"Duplicates ({report.summary.duplicates})")
        rows = ((one.group.kind.value, "\n".join(f"`{name}`" for name in one.members)) for one in found)
        yield Table(("Kind", "Classes"), tuple(rows))


def _findings(report: Report) -> Iterator[Block]:
    if report.findings:
        yield Heading(f"Findings ({len(report.findings)})")
        yield from statistics(report.findings)


def _backups(report: Report) -> Iterator[Block]:
    files = report.analysis.backup_files
    if files:
        yield Heading(f"Backup files ({len(files)})")
        yield Listing(tuple(Item(text=f"`{path}`") for path in files))
