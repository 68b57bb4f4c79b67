"""The report as Markdown that renders well on GitHub."""

import re
from collections.abc import Iterable, Iterator

from wsconsolidate import __version__
from wsconsolidate.model.report import (
    Block,
    Code,
    Heading,
    Item,
    Listing,
    Paragraph,
    Quote,
    Report,
    Table,
)
from wsconsolidate.reporters.closing import closing
from wsconsolidate.reporters.options import Options
from wsconsolidate.reporters.overview import gate, listed, overview
from wsconsolidate.reporters.spoken import numbered, pieces, printable, told

_SPECIAL = re.compile(r"([\\`*\[\]<~$]|(?<![^\W_])_|_(?![^\W_])|^[#>+-])")
_TITLE = "WebSocket consolidation report"


def render(report: Report, options: Options) -> str:
    """The whole report with `sections`, the findings with `check`, else what `scan` shows."""
    return page(_document(report, options))


def page(parts: Iterable[Block | str]) -> str:
    """Blocks, and lines of Markdown, as a page."""
    blocks = (_block(part) for part in parts)
    return "\n\n".join(text for text in blocks if text) + "\n"


def _document(report: Report, options: Options) -> Iterator[Block | str]:
    if options.check:
        yield "# Check"
        yield from (listed(report.findings),) if report.findings else ()
        yield from gate(report, options)
        return
    yield f"# {_TITLE if options.sections else 'Scan'}"
    if not options.sections:
        yield from overview(report, options)
        return
    made = f" on {options.timestamp}" if options.timestamp else ""
    yield f"Made by wsconsolidate {__version__}{_escaped(made)}. Every statement is computed from the code."
    for section in report.sections:
        yield f"## {_escaped(section.title)}"
        yield from section.blocks
    yield "## Completeness"
    yield from closing(report, all_classes=options.all_classes)[1:]


def _block(block: Block | str) -> str:
    match block:
        case str():
            return block
        case Heading(text=text):
            return f"### {prose(text)}"
        case Paragraph(text=text):
            return prose(text)
        case Listing(items=items):
            return "\n".join(_item(item) for item in items)
        case Table():
            return _table(block)
        case Code(language=language, text=text):
            return _fenced(language, printable(text))
        case Quote(path=path, lines=lines):
            return f"{_code(printable(path))}\n\n{_fenced('text', numbered(lines))}"


def _item(item: Item) -> str:
    tick = {True: "[x] ", False: "[ ] ", None: ""}[item.done]
    places = ", ".join(_code(place) for place in told(item.places))
    return f"- {tick}{prose(item.text)}{' — ' + places if places else ''}"


def _table(table: Table) -> str:
    lines = [_row(table.columns), "|" + " --- |" * len(table.columns)]
    return "\n".join(lines + [_row(row) for row in table.rows])


def _row(cells: tuple[str, ...]) -> str:
    return "| " + " | ".join(_cell(cell) for cell in cells) + " |"


def _cell(text: str) -> str:
    """A pipe ends a cell even inside code, so every one of them is escaped."""
    return "<br>".join(prose(line, in_table=True) for line in text.split("\n"))


def prose(text: str, *, in_table: bool = False) -> str:
    """Text as Markdown shows it, with code between backticks."""
    return "".join(_piece(piece, is_code, in_table) for is_code, piece in pieces(text))


def _piece(piece: str, is_code: bool, in_table: bool) -> str:
    if is_code:
        return _code(piece, in_table=in_table)
    return _escaped(piece).replace("|", r"\|") if in_table else _escaped(piece)


def _code(text: str, *, in_table: bool = False) -> str:
    """A code span; one that holds backticks gets longer fences."""
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", text)), default=0))
    pad = " " if "`" in text else ""
    inside = text.replace("|", r"\|") if in_table else text
    return f"{fence}{pad}{inside}{pad}{fence}"


def _escaped(text: str) -> str:
    """Prose that Markdown leaves alone; an underscore inside a word is no mark."""
    return _SPECIAL.sub(r"\\\1", text.replace("&", "&amp;"))


def _fenced(language: str, text: str) -> str:
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", text)), default=0))
    return f"{fence}{language}\n{text}\n{fence}"
