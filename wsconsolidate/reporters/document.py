"""The JSON document, key by key: the one table that its values and its schema come from."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from wsconsolidate import __version__
from wsconsolidate.model.analysis import (
    Disposition,
    IntegrationPoint,
    Likeness,
    Setting,
)
from wsconsolidate.model.event import Coverage, EventStatus, Hop, RuntimeEvent
from wsconsolidate.model.finding import Finding, Related, Severity
from wsconsolidate.model.program import MroAlternative, MroProblem, MroStatus
from wsconsolidate.model.report import Completeness, Counts, Report, Section, Summary
from wsconsolidate.model.role import SSOT_ROLES, Evidence, Role
from wsconsolidate.model.source import Problem, ProblemKind
from wsconsolidate.reporters.blocks import SECTIONS
from wsconsolidate.reporters.entries import Entry, Group, entries, groups
from wsconsolidate.reporters.options import Options
from wsconsolidate.reporters.shape import (
    FLAG,
    LINE,
    SCALAR,
    SHARE,
    TEXT,
    WHOLE,
    Kind,
    field,
    fixed,
    mapping,
    maybe,
    one_of,
    optional,
    record,
    rows,
)

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Rendering:
    """A report and how it is to be rendered."""

    report: Report
    options: Options


TEXTS = rows(TEXT)

_TOOL: Kind[Rendering] = record(
    field("name", fixed("wsconsolidate"), lambda it: it),
    field("version", TEXT, lambda _: __version__),
    optional("timestamp", TEXT, lambda it: it.options.timestamp),
)
_COUNTS: Kind[Counts] = record(
    field("files", WHOLE, lambda it: it.files),
    field("lines", WHOLE, lambda it: it.lines),
    field("classes", WHOLE, lambda it: it.classes),
    field("roles", mapping(WHOLE), lambda it: dict(it.roles)),
)
_SUMMARY: Kind[Summary] = record(
    field("files", WHOLE, lambda it: it.read.files),
    field("lines", WHOLE, lambda it: it.read.lines),
    field("classes", WHOLE, lambda it: it.read.classes),
    field("roles", mapping(WHOLE), lambda it: dict(it.read.roles)),
    field("findings", mapping(WHOLE), lambda it: dict(it.findings)),
    field("completion", SHARE, lambda it: it.completion),
    field("duplicates", WHOLE, lambda it: it.duplicates),
    field("tests", _COUNTS, lambda it: it.tests),
    note="Files, lines, classes and roles are those outside of tests; tests are counted apart.",
)
_RUNTIME_EVENT: Kind[RuntimeEvent] = record(
    field("symbol", TEXT, lambda it: it.symbol),
    field("path", TEXT, lambda it: it.path),
    field("line", LINE, lambda it: it.line),
    field("detail", TEXT, lambda it: it.detail),
)
_COMPLETENESS: Kind[Completeness] = record(
    field("files_not_read", TEXTS, lambda it: tuple(one.path for one in it.files_not_read)),
    field("files_ruled_out", WHOLE, lambda it: it.files_ruled_out),
    field("inexact_mros", TEXTS, lambda it: tuple(one.qualname for one in it.inexact_mros)),
    field("runtime_events", rows(_RUNTIME_EVENT), lambda it: it.runtime_events),
)


def _truth(role: Role) -> Callable[[Rendering], str | None]:
    def get(it: Rendering) -> str | None:
        truth = it.report.analysis.ssot.get(role)
        return truth.qualname if truth else None

    return get


_SSOT: Kind[Rendering] = record(*(field(role.value, maybe(TEXT), _truth(role)) for role in SSOT_ROLES))
_EVIDENCE: Kind[Evidence] = record(
    field("kind", TEXT, lambda it: it.kind),
    field("detail", TEXT, lambda it: it.detail),
    field("path", TEXT, lambda it: it.path),
    field("line", LINE, lambda it: it.line),
)
_MRO_PROBLEM: Kind[MroProblem] = record(
    field("code", TEXT, lambda it: it.code),
    field("path", TEXT, lambda it: it.path),
    field("line", LINE, lambda it: it.line),
    field("detail", TEXT, lambda it: it.detail),
)
_MRO_ALTERNATIVE: Kind[MroAlternative] = record(
    field("condition", TEXT, lambda it: it.condition),
    field("mro", TEXTS, lambda it: it.names),
)
_HOP: Kind[Hop] = record(
    field("symbol", TEXT, lambda it: it.symbol),
    field("path", TEXT, lambda it: it.path),
    field("line", LINE, lambda it: it.line),
)
_COVERAGE: Kind[Coverage] = record(
    field("status", one_of(EventStatus), lambda it: it.status),
    field("via", maybe(TEXT), lambda it: it.via),
    field("path", maybe(TEXT), lambda it: it.path),
    field("line", maybe(LINE), lambda it: it.line),
    field("flow", rows(_HOP), lambda it: it.flow),
)
_CLASS: Kind[Entry] = record(
    field("qualname", TEXT, lambda it: it.found.qualname),
    field("name", TEXT, lambda it: it.found.name),
    field("path", TEXT, lambda it: it.found.path),
    field("line", LINE, lambda it: it.found.line),
    field("end_line", LINE, lambda it: it.found.end_line),
    field("role", maybe(one_of(Role)), lambda it: it.cast.role if it.cast else None),
    field("confidence", SHARE, lambda it: round(it.cast.confidence, 4) if it.cast else 0.0),
    field("in_tests", FLAG, lambda it: it.found.in_tests),
    field("test_double", FLAG, lambda it: bool(it.cast and it.cast.test_double)),
    field("disposition", one_of(Disposition), lambda it: it.disposition),
    field("reason", TEXT, lambda it: it.reason),
    field("evidence", rows(_EVIDENCE), lambda it: it.cast.evidence if it.cast else ()),
    field("bases", TEXTS, lambda it: it.found.bases),
    field("mro", TEXTS, lambda it: it.found.mro.names),
    field("mro_status", one_of(MroStatus), lambda it: it.found.mro.status),
    field("mro_problem", maybe(_MRO_PROBLEM), lambda it: it.found.mro.problem),
    optional("mro_alternatives", rows(_MRO_ALTERNATIVE), lambda it: it.found.mro.alternatives or None),
    field("methods", TEXTS, lambda it: it.found.methods),
    field("method_count", WHOLE, lambda it: it.found.method_count),
    field("events", mapping(_COVERAGE), lambda it: it.coverage),
    field("duplicates", TEXTS, lambda it: it.duplicates),
)
_RELATED: Kind[Related] = record(
    field("path", TEXT, lambda it: it.path),
    field("line", LINE, lambda it: it.line),
    field("message", TEXT, lambda it: it.message),
)
_FINDING: Kind[Finding] = record(
    field("code", TEXT, lambda it: it.code),
    field("rule", TEXT, lambda it: it.rule),
    field("severity", one_of(Severity), lambda it: it.severity),
    field("message", TEXT, lambda it: it.message),
    field("path", TEXT, lambda it: it.path),
    field("line", LINE, lambda it: it.line),
    field("symbol", TEXT, lambda it: it.symbol),
    field("fix", maybe(TEXT), lambda it: it.fix.word),
    field("fingerprint", TEXT, lambda it: it.fingerprint),
    field("related", rows(_RELATED), lambda it: it.related),
)
_POINT: Kind[IntegrationPoint] = record(
    field("kind", TEXT, lambda it: it.kind),
    field("symbol", TEXT, lambda it: it.symbol),
    field("path", TEXT, lambda it: it.path),
    field("line", LINE, lambda it: it.line),
)
_SETTING: Kind[Setting] = record(
    field("name", TEXT, lambda it: it.name),
    field("value", SCALAR, lambda it: it.value),
    field("symbol", TEXT, lambda it: it.symbol),
    field("path", TEXT, lambda it: it.path),
    field("line", LINE, lambda it: it.line),
)
_PROBLEM: Kind[Problem] = record(
    field("path", TEXT, lambda it: it.path),
    field("line", LINE, lambda it: it.line),
    field("kind", one_of(ProblemKind), lambda it: it.kind),
    field("message", TEXT, lambda it: it.message),
)
_GROUP: Kind[Group] = record(
    field("kind", one_of(Likeness), lambda it: it.group.kind),
    field("members", TEXTS, lambda it: it.members),
    field("shared", TEXTS, lambda it: it.group.shared),
    field("differs", TEXTS, lambda it: it.group.differs),
)


def _sections(it: Rendering) -> Mapping[str, Section] | None:
    return {one.name: one for one in it.report.sections} if it.options.sections else None


DOCUMENT: Kind[Rendering] = record(
    field("format", fixed(FORMAT), lambda it: it),
    field("tool", _TOOL, lambda it: it),
    field("root", fixed("."), lambda it: it),
    field("summary", _SUMMARY, lambda it: it.report.summary),
    field("completeness", _COMPLETENESS, lambda it: it.report.completeness),
    field("events", TEXTS, lambda it: it.report.analysis.vocabulary.events),
    field("ssot", _SSOT, lambda it: it),
    field("classes", rows(_CLASS), lambda it: entries(it.report, all_classes=it.options.all_classes)),
    field("duplicate_groups", rows(_GROUP), lambda it: groups(it.report)),
    field("findings", rows(_FINDING), lambda it: it.report.findings),
    field("integration_points", rows(_POINT), lambda it: it.report.analysis.integration_points),
    field("settings", rows(_SETTING), lambda it: it.report.analysis.settings),
    field("backup_files", TEXTS, lambda it: it.report.analysis.backup_files),
    field("problems", rows(_PROBLEM), lambda it: it.report.completeness.files_not_read),
    optional("sections", SECTIONS, _sections),
    note="What `wsconsolidate scan` and `report` find out.",
)
