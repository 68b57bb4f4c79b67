"""Which findings the comments of the code suppress, and which comments suppress nothing."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from wsconsolidate.model.analysis import Analysis
from wsconsolidate.model.facts import ClassFacts, FileFacts, FunctionFacts, Suppression
from wsconsolidate.model.finding import Finding

OWN_FAMILY = "WSC0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A suppression comment, and the line that it speaks of; `module` is where it stands."""

    path: str
    module: str
    target: int
    comment: Suppression

    def covers(self, finding: Finding, code: str | None = None) -> bool:
        """True if the comment, or one code of it, suppresses the finding."""
        if (finding.path, finding.line) != (self.path, self.target) or finding.code.startswith(OWN_FAMILY):
            return False
        codes = self.comment.codes if code is None else (code,)
        return not codes or any(finding.code.startswith(one) for one in codes)


def notes(found: Analysis) -> tuple[Note, ...]:
    """Every suppression comment of the tree, in order of path and line."""
    return tuple(
        Note(path=path, module=module.name, target=target, comment=comment)
        for path, module in found.program.files.items()
        if module.facts.suppressions
        for comment, target in _targets(module.facts, found.tree.content(path))
    )


def _targets(facts: FileFacts, data: bytes) -> Iterator[tuple[Suppression, int]]:
    lines, decorated = data.splitlines(), _decorated(facts)
    for comment in facts.suppressions:
        line = comment.line
        while line <= len(lines) and lines[line - 1].lstrip().startswith(b"#"):
            line += 1
        yield comment, line if line == comment.line else decorated.get(line, line)


def _decorated(facts: FileFacts) -> Mapping[int, int]:
    """The line of a class or function by the line of its first decorator."""
    named: tuple[ClassFacts | FunctionFacts, ...] = (*facts.classes, *facts.functions)
    return {one.decorators[0].line: one.line for one in named if one.decorators}


def unsuppressed(findings: Sequence[Finding], comments: Sequence[Note]) -> tuple[Finding, ...]:
    """The findings that no comment suppresses."""
    by_line: dict[tuple[str, int], list[Note]] = {}
    for note in comments:
        by_line.setdefault((note.path, note.target), []).append(note)
    return tuple(
        finding
        for finding in findings
        if not any(note.covers(finding) for note in by_line.get((finding.path, finding.line), ()))
    )


def unused(
    findings: Sequence[Finding],
    comments: Sequence[Note],
    known: Sequence[str],
    ran: Callable[[str, str], bool],
) -> Iterator[Finding]:
    """A finding for each comment, or code in one, that suppresses none of `findings`.

    `ran(code, path)` tells whether a rule looked at a file: of one that did not, nothing is said.
    """
    by_line: dict[tuple[str, int], list[Finding]] = {}
    for finding in findings:
        by_line.setdefault((finding.path, finding.line), []).append(finding)
    for note in comments:
        there = by_line.get((note.path, note.target), ())
        for code in note.comment.codes or ("",):
            fitting = [one for one in known if one.startswith(code)]
            judged = all(ran(one, note.path) for one in fitting)
            if judged and not any(note.covers(finding, code or None) for finding in there):
                yield _finding(note, code, exists=bool(fitting))


def _finding(note: Note, code: str, *, exists: bool) -> Finding:
    what = f"no finding of {code}" if code else "no finding"
    message = f"this comment suppresses nothing: {what} in line {note.target}"
    return Finding(
        message=message if exists else f"this comment suppresses nothing: there is no rule {code}",
        path=note.path,
        line=note.comment.line,
        symbol=note.module,
        identity=code,
    )
