"""The findings as SARIF 2.1.0, for code scanning and editors."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from wsconsolidate import __version__
from wsconsolidate.model.finding import Finding, Related, Severity
from wsconsolidate.model.report import Completeness, Report
from wsconsolidate.model.rule import Rule
from wsconsolidate.reporters.options import Options, PlannedFix
from wsconsolidate.reporters.replacements import Replacement, replacements
from wsconsolidate.reporters.shape import Json
from wsconsolidate.reporters.spoken import printable

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
FINGERPRINT = "wsconsolidate/v1"
LIMIT = 25_000

_BASE = "%SRCROOT%"
_PROBLEM_SEVERITY = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "recommendation"}
_SEVERITIES = tuple(Severity)
_MARKS = re.compile(r"(?<!\w)\*([^*\n]+)\*(?!\w)")


@dataclass(frozen=True, slots=True)
class _Row:
    """A finding, and whether a baseline knows it."""

    finding: Finding
    known: bool


def render(report: Report, options: Options) -> str:
    """The log with one run: at most 25,000 results, the gravest; what a baseline knows is suppressed."""
    log: Json = {"$schema": SCHEMA, "version": "2.1.0", "runs": [_run(report, options)]}
    return json.dumps(log, indent=2, allow_nan=False) + "\n"


def _run(report: Report, options: Options) -> Json:
    rows = [
        *(_Row(one, known=False) for one in report.findings),
        *(_Row(one, known=True) for one in options.gate.known),
    ]
    kept = sorted(sorted(rows, key=_gravity)[:LIMIT], key=_place)
    invocation: dict[str, Json] = {
        "executionSuccessful": True,
        "toolExecutionNotifications": list(_notifications(report.completeness, options, len(rows))),
    }
    if options.timestamp:
        invocation["endTimeUtc"] = options.timestamp.replace("+00:00", "Z")
    return {
        "tool": {"driver": {
            "name": "wsconsolidate",
            "semanticVersion": __version__,
            "rules": [_rule(rule) for rule in report.rules],
        }},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {_BASE: {"description": {"text": "The root of the repository."}}},
        "invocations": [invocation],
        "results": list(_results(kept, report.rules, options)),
    }  # fmt: skip


def _rule(rule: Rule) -> Json:
    page = f"# {rule.code} {rule.name}\n\n{rule.doc.strip()}\n"
    return {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": _plain(rule.doc.strip())},
        "help": {"text": _plain(page), "markdown": page},
        "defaultConfiguration": {"level": rule.severity.value},
        "properties": {"problem.severity": _PROBLEM_SEVERITY[rule.severity], "tags": ["websocket"]},
    }


def _plain(markdown: str) -> str:
    return _MARKS.sub(r"\1", markdown).replace("`", "")


def _results(rows: Sequence[_Row], rules: Sequence[Rule], options: Options) -> Iterator[Json]:
    index = {rule.code: number for number, rule in enumerate(rules)}
    seen: Counter[str] = Counter()
    for row in rows:
        one = row.finding
        seen[one.fingerprint] += 1
        result: dict[str, Json] = {
            "ruleId": one.code,
            "level": one.severity.value,
            "message": {"text": printable(one.message)},
            "locations": [_location(one, options)],
            "partialFingerprints": {FINGERPRINT: f"{one.fingerprint}:{seen[one.fingerprint]}"},
        }
        if one.code in index:
            result["ruleIndex"] = index[one.code]
        if one.related:
            result["relatedLocations"] = list(_related(one.related, options))
        if row.known:
            result["suppressions"] = [{"kind": "external", "justification": "the baseline knows it"}]
        if one.fix.word:
            result["properties"] = {"fix": one.fix.word}
        if one in options.fixes:
            result["fixes"] = [_fix(options.fixes[one], options)]
        yield result


def _location(finding: Finding, options: Options) -> Json:
    return {
        "physicalLocation": _physical(finding.path, finding.line, options),
        "logicalLocations": [{"fullyQualifiedName": printable(finding.symbol)}],
    }


def _related(places: Iterable[Related], options: Options) -> Iterator[Json]:
    for number, one in enumerate(places, start=1):
        yield {
            "id": number,
            "message": {"text": printable(one.message)},
            "physicalLocation": _physical(one.path, one.line, options),
        }


def _physical(path: str, line: int, options: Options) -> Json:
    return {"artifactLocation": _artifact(path, options), "region": {"startLine": line}}


def _artifact(path: str, options: Options) -> Json:
    return {"uri": quote(options.prefix + path), "uriBaseId": _BASE}


def _fix(fix: PlannedFix, options: Options) -> Json:
    changes: list[Json] = [
        {
            "artifactLocation": _artifact(edit.path, options),
            "replacements": [_replacement(one) for one in replacements(edit)],
        }
        for edit in fix.edits
    ]
    return {"description": {"text": printable(fix.title)}, "artifactChanges": changes}


def _replacement(one: Replacement) -> Json:
    region: Json = {
        "startLine": one.line,
        "startColumn": 1,
        "endLine": one.end_line,
        "endColumn": one.end_column,
    }
    return {"deletedRegion": region, "insertedContent": {"text": one.text}}


def _notifications(left: Completeness, options: Options, found: int) -> Iterator[Json]:
    """What was not seen, and why the check fails beside findings."""
    for complaint in options.gate.complaints:
        yield {"level": "error", "message": {"text": printable(complaint)}}
    if left.files_ruled_out:
        text = f"{left.files_ruled_out:,} files were ruled out by their bytes"
        yield {"level": "note", "message": {"text": text}}
    for problem in left.files_not_read:
        where: Json = {"physicalLocation": _physical(problem.path, problem.line, options)}
        text = f"not read ({problem.kind}): {problem.message}"
        yield {"level": "warning", "message": {"text": printable(text)}, "locations": [where]}
    for one in left.inexact_mros:
        where = {"physicalLocation": _physical(one.path, one.line, options)}
        text = f"MRO of {one.qualname} is {one.mro.status}"
        yield {"level": "note", "message": {"text": printable(text)}, "locations": [where]}
    for event in left.runtime_events:
        where = {"physicalLocation": _physical(event.path, event.line, options)}
        text = f"event chosen at run time in {event.symbol}: {event.detail}"
        yield {"level": "note", "message": {"text": printable(text)}, "locations": [where]}
    if found > LIMIT:
        yield {"level": "warning", "message": {"text": f"{found - LIMIT:,} more findings are left out"}}


def _gravity(row: _Row) -> tuple[bool, int]:
    return (row.known, _SEVERITIES.index(row.finding.severity))


def _place(row: _Row) -> tuple[str, int, str, str, str]:
    one = row.finding
    return (one.path, one.line, one.code, one.symbol, one.message)
