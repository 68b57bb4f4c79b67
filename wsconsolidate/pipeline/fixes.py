"""The edits that `fix` would make for each finding by itself, for formats that show them beside it."""

from collections.abc import Iterator
from pathlib import Path

from wsconsolidate.model.finding import Applicability, Finding
from wsconsolidate.model.report import Report
from wsconsolidate.reporters.options import Fix


def fixes(
    report: Report, root: Path, vendor: str | None, *, least: Applicability = Applicability.SAFE
) -> dict[Finding, Fix]:
    """The fixes that are at least so safe, planned one by one and not proved together.

    None of them brings a copy of the runtime.
    """
    return dict(_fixes(report, root, vendor, least))


def _fixes(
    report: Report, root: Path, vendor: str | None, least: Applicability
) -> Iterator[tuple[Finding, Fix]]:
    from wsconsolidate.codemods.plan import plan

    for finding in report.findings:
        if finding.fix >= least:
            made = plan(
                report.analysis,
                (finding,),
                unsafe=finding.fix is Applicability.UNSAFE,
                vendor=vendor,
                read=lambda path: (root / path).read_bytes(),
            )
            if made.groups and not (vendor and made.requirements):
                group = made.groups[0]
                risk = group.risk if group.applicability is Applicability.UNSAFE else ""
                yield finding, Fix(group.title, made.edits, risk)
