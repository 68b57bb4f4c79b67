"""What a result hangs on: every question that was asked about files, so that these may change beneath it.

A result is told again for a changed tree if each question about the files that changed has the answer that
it had: their facts are the same or were not asked for, and what was asked about their bytes, too, is answered
alike. Only how many lines there are is put into the text anew.
"""

import json
import re
import zlib
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from wsconsolidate.store import digest

if TYPE_CHECKING:
    from wsconsolidate.model.report import Report
    from wsconsolidate.pipeline.reading import Reader

Prints = Mapping[str, str]
"""The key of each file's facts by its path: another one if the file changed."""
Pair = tuple[int, int]
"""Lines outside of tests, and in tests."""
_PLACE = re.compile(r"[\w./+-]+\.py", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """A result and all that it was made from, in types that JSON has.

    In `text` there are `marks` where it says how many lines there are: `lines`, when it was made. `prints`
    has every file; `near` those that mattered by their bytes, `telling` those of them that speak of events,
    `read` all that facts were asked of, `unread` those that have none; of `opened` ones every byte counts.
    `silent` ones were read to understand others, and no line of theirs is told.
    """

    text: str
    marks: list[int]
    lines: list[int]
    asked: dict[str, str]
    prints: dict[str, str]
    whole: bool
    near: list[str]
    telling: list[str]
    read: list[str]
    silent: list[str]
    unread: list[str]
    opened: list[str]
    needs: dict[str, object]
    searches: list[tuple[str, list[str], bool, dict[str, str]]]

    @property
    def of_then(self) -> tuple[Pair, Pair]:
        """The marks, and the lines in their place."""
        return (self.marks[0], self.marks[1]), (self.lines[0], self.lines[1])


def traced(
    report: "Report",
    read: "Reader",
    prints: Prints,
    text: str,
    render: "Callable[[Report], str]",
    *,
    shows_code: bool,
) -> Trace:
    """What the text that the report was rendered to hangs on.

    Of one that `shows_code` nobody notes which bytes it shows: it hangs on all.
    """
    tree, far = report.analysis.tree, read.far
    near = [file.path for file in tree.files if file.path not in far.paths]
    marked, marks, lines = _marked(report, text, render)
    return Trace(
        text=marked,
        marks=list(marks),
        lines=list(lines),
        asked=read.asked,
        prints=dict(prints),
        whole=len(near) == len(tree.files),
        near=near,
        telling=sorted(far.telling),
        read=sorted({*near, *far.read}),
        silent=sorted(_silent(report, far.read)),
        unread=[problem.path for problem in tree.problems],
        opened=sorted(prints if shows_code else tree.looked.opened),
        needs=asdict(far.needs()),
        searches=[
            (
                _text(asked.pattern),
                [*map(_text, asked.words)],
                asked.places,
                {path: answer(found) for path, found in hits.items()},
            )
            for asked, hits in tree.looked.searches.items()
        ],
    )


def _silent(report: "Report", read: Collection[str]) -> Iterator[str]:
    """Those of the files that are no part of the program, and of which all that is told names none."""
    from wsconsolidate.reporters.options import Options
    from wsconsolidate.reporters.to_json import render

    told = render(report, Options(all_classes=True, sections=True))
    named = "\n".join({*_PLACE.findall(told)})
    for path in read:
        if path not in report.analysis.program.files and _PLACE.fullmatch(path) and path not in named:
            yield path


def _marked(report: "Report", text: str, render: "Callable[[Report], str]") -> tuple[str, Pair, Pair]:
    """The text with marks in place of the lines, the marks and the lines."""
    from wsconsolidate.report.build import build

    summary = report.summary
    lines = (summary.read.lines, summary.tests.lines)
    marks = (_mark(lines[0], text, lines[1]), _mark(lines[1], text, lines[0]))
    marked = render(build(report.analysis, report.findings, report.rules, marks))
    return (marked, marks, lines) if filled(marked, marks, lines) == text else (text, lines, lines)


def _mark(lines: int, text: str, other: int) -> int:
    """A number of as many digits that the text does not hold; the very number where there is none."""
    digits = 10 ** (len(str(lines)) - 1)
    candidates = (digits + (number * 7919 + other) % (9 * digits) for number in range(1, 50))
    free = (one for one in candidates if str(one) not in text and f"{one:,}" not in text and one != other)
    return next(free, lines) if lines > 1 else lines


def filled(text: str, marks: Pair, lines: Pair) -> str:
    """The text with the lines in place of their marks."""
    for mark, count in zip(marks, lines, strict=True):
        text = text.replace(f"{mark:,}", f"{count:,}").replace(str(mark), str(count))
    return text


def answer(found: object) -> str:
    """A short name for the hits of a search."""
    return digest(repr(found).encode())[:16]


def _text(data: bytes) -> str:
    return data.decode("latin-1")


def packed(trace: Trace) -> bytes:
    """The trace as bytes."""
    return zlib.compress(json.dumps(asdict(trace)).encode(), 1)


def unpacked(data: bytes) -> Trace:
    """The trace in these bytes.

    Raises:
        ValueError, TypeError, zlib.error: they are damaged.
    """
    return Trace(**json.loads(zlib.decompress(data)))
