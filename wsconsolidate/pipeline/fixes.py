"""The edits that `fix` would make for each finding by itself, for formats that show them beside it."""

from collections.abc import Iterator
from pathlib import Path

from wsconsolidate.model.finding import Applicability, Finding
from wsconsolidate.model.report import Report
from wsconsolidate.reporters.options import Fix


def fixes(report: Report, root: Path, vendor: str | None) -> dict[Finding, Fix]:
    """The safe fixes, planned one by one and not proved together; none that brings a copy of the runtime."""
    return dict(_fixes(report, root, vendor))


def _fixes(report: Report, root: Path, vendor: str | None) -> Iterator[tuple[Finding, Fix]]:
    from wsconsolidate.codemods.plan import plan

    for finding in report.findings:
        if finding.fix is Applicability.SAFE:
            made = plan(
                report.analysis,
                (finding,),
                unsafe=False,
                vendor=vendor,
                read=lambda path: (root / path).read_bytes(),
            )
            if made.groups and not (vendor and made.requirements):
                yield finding, Fix(made.groups[0].title, made.edits)
