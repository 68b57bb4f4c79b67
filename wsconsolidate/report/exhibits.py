"""The lines of code that a report shows: around findings and evidence, along the ways, and of duplicates."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import cached_property

from wsconsolidate.model.analysis import DuplicateGroup
from wsconsolidate.model.exhibit import Comparison, Exhibits, Stretch
from wsconsolidate.model.finding import Related
from wsconsolidate.model.program import Class
from wsconsolidate.model.report import Quote, Report
from wsconsolidate.report.quotes import decoded_lines

AROUND = 2
LONGEST_LINE = 240
ROOM = 3_000_000
"""How many characters of code a report shows at most, so that its size stays bounded."""
LONGEST_CLASS = 800
"""A class of more lines is not laid beside another: nobody reads that, and it takes long."""


def exhibits(report: Report, *, room: int = ROOM) -> Exhibits:
    """The lines to show, those of findings first, until `room` is used up; the same report gives the same."""
    shelf = _Shelf(report, room)
    for finding in report.findings:
        shelf.take(finding.path, _around([finding.line, *_related(finding.related, finding.path)]))
    for way in report.analysis.ways:
        for hop in way.hops:
            shelf.take(hop.path, [hop.line])
    comparisons, not_compared = _comparisons(report, shelf)
    left_out = sum(not _evidence(report, shelf, where) for where in _players(report))
    return Exhibits(
        quotes=shelf.quotes(),
        comparisons=comparisons,
        left_out=left_out,
        not_compared=not_compared,
    )


@dataclass
class _Shelf:
    """The lines taken so far, by path and number."""

    report: Report
    room: int
    taken: dict[str, dict[int, str]] = field(default_factory=dict)
    read: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @cached_property
    def data(self) -> Mapping[str, bytes]:
        """The bytes of each file."""
        return {file.path: file.data for file in self.report.analysis.tree.files}

    def lines(self, path: str) -> tuple[str, ...]:
        """All lines of a file."""
        if path not in self.read:
            self.read[path] = decoded_lines(self.data.get(path, b""))
        return self.read[path]

    def take(self, path: str, numbers: Iterable[int]) -> bool:
        """Take these lines of a file, unless there is no room for them."""
        lines = self.lines(path)
        there = self.taken.get(path, {})
        new = {
            number: _cut(lines[number - 1])
            for number in numbers
            if 1 <= number <= len(lines) and number not in there
        }
        size = sum(len(text) + 1 for text in new.values())
        if size > self.room:
            return False
        self.room -= size
        if new:
            self.taken.setdefault(path, {}).update(new)
        return True

    def quotes(self) -> dict[str, Quote]:
        """What was taken, in order of path and line."""
        return {path: Quote(path, tuple(sorted(self.taken[path].items()))) for path in sorted(self.taken)}


def _cut(line: str) -> str:
    text = line.rstrip()
    return text if len(text) <= LONGEST_LINE else f"{text[: LONGEST_LINE - 1]}…"


def _related(related: Iterable[Related], path: str) -> Iterator[int]:
    return (place.line for place in related if place.path == path)


def _around(numbers: Iterable[int]) -> Iterator[int]:
    for number in numbers:
        yield from range(number - AROUND, number + AROUND + 1)


def _players(report: Report) -> Iterator[Class]:
    return (report.analysis.program.classes[where] for where in report.analysis.casts)


def _evidence(report: Report, shelf: _Shelf, one: Class) -> bool:
    """Take the head of a class and what proves its role and its events."""
    wanted: dict[str, list[int]] = {one.path: [one.line]}
    for seen in report.analysis.casts[one.id].evidence:
        wanted.setdefault(seen.path, []).append(seen.line)
    for coverage in report.analysis.coverage.get(one.id, {}).values():
        if coverage.path is not None and coverage.line is not None:
            wanted.setdefault(coverage.path, []).append(coverage.line)
    taken = [shelf.take(path, _around(numbers)) for path, numbers in wanted.items()]
    return all(taken)


def _comparisons(report: Report, shelf: _Shelf) -> tuple[tuple[Comparison, ...], int]:
    """Each duplicate beside the class of its group that stays, and how many there was no room for."""
    groups = enumerate(report.analysis.groups)
    pairs = [pair for number, group in groups for pair in _pairs(report, number, group)]
    found = [comparison for pair in pairs if (comparison := _compared(shelf, *pair))]
    return tuple(found), len(pairs) - len(found)


def _pairs(report: Report, number: int, group: DuplicateGroup) -> Iterator[tuple[int, Class, Class]]:
    kept = report.analysis.kept(group)
    others = (report.analysis.program.classes[member] for member in group.members)
    return ((number, kept, other) for other in others if other.id != kept.id)


def _compared(shelf: _Shelf, group: int, left: Class, right: Class) -> Comparison | None:
    if max(_length(left), _length(right)) > LONGEST_CLASS:
        return None
    if not all(shelf.take(one.path, range(one.line, one.end_line + 1)) for one in (left, right)):
        return None
    return Comparison(
        group=group,
        left=left.id,
        right=right.id,
        stretches=tuple(_stretches(_body(shelf, left), _body(shelf, right), left.line, right.line)),
    )


def _length(one: Class) -> int:
    return one.end_line - one.line + 1


def _body(shelf: _Shelf, one: Class) -> list[str]:
    return [line.rstrip() for line in shelf.lines(one.path)[one.line - 1 : one.end_line]]


def _stretches(left: list[str], right: list[str], above: int, beside: int) -> Iterator[Stretch]:
    for tag, start, end, new_start, new_end in SequenceMatcher(None, left, right, False).get_opcodes():
        yield Stretch(tag == "equal", (above + start, above + end), (beside + new_start, beside + new_end))
