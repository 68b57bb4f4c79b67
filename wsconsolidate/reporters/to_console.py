"""The report for people at a terminal, and for files and pipes: 120 wide, nothing cut."""

import io
from collections.abc import Iterable, Iterator

from rich import box
from rich.console import Console
from rich.table import Table as Grid
from rich.text import Text

from wsconsolidate.model.finding import Finding, Severity
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
from wsconsolidate.reporters.overview import gate, overview
from wsconsolidate.reporters.spoken import numbered, pieces, printable, told

_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "blue"}
_DIFF_COLOURS = (("---", "bold"), ("+++", "bold"), ("@@", "cyan"), ("-", "red"), ("+", "green"))
_TICKS = {True: ("[x] ", "green"), False: ("[ ] ", "red"), None: ("", "")}


def render(report: Report, options: Options) -> str:
    """The whole report with `sections`, the findings as lines with `check`, else what `scan` shows."""
    console = _console(options)
    if options.check:
        for finding in report.findings:
            _print(console, _finding(finding))
    return _text(console, _document(report, options))


def show(blocks: Iterable[Block], options: Options) -> str:
    """Blocks as they stand on a terminal, or in a file."""
    return _text(_console(options), blocks)


def _text(console: Console, blocks: Iterable[Block]) -> str:
    for block in blocks:
        _show(console, block)
    text = console.file.getvalue() if isinstance(console.file, io.StringIO) else ""
    lines = (line.rstrip() for line in text.strip("\n").split("\n"))
    return "\n".join(lines) + "\n"


def _console(options: Options) -> Console:
    """A console that knows nothing of the surroundings: same input, same bytes."""
    return Console(
        file=io.StringIO(),
        width=options.width,
        force_terminal=options.colour,
        color_system="standard" if options.colour else None,
        no_color=not options.colour,
        markup=False,
        highlight=False,
        emoji=False,
        legacy_windows=False,
        _environ={},
    )


def _document(report: Report, options: Options) -> Iterator[Block]:
    if options.check:
        yield from gate(report, options)
    elif not options.sections:
        yield from overview(report, options)
    else:
        for section in report.sections:
            yield Heading(section.title.upper())
            yield from section.blocks
        yield from closing(report, all_classes=options.all_classes)


def _finding(finding: Finding) -> Text:
    text = Text(printable(f"{finding.path}:{finding.line}: "))
    text.append(finding.code, style=_COLOURS[finding.severity])
    return text.append(" ").append(_prose(finding.message))


def _print(console: Console, text: Text) -> None:
    """Lines may be longer than the width: a terminal folds them, a file keeps them whole."""
    console.print(text, soft_wrap=True)


def _show(console: Console, block: Block) -> None:
    match block:
        case Heading(text=text):
            _print(console, Text("\n").append(_prose(text, "bold")))
        case Paragraph(text=text):
            _print(console, _prose(text))
        case Listing(items=items):
            for item in items:
                _print(console, _item(item))
        case Table():
            console.print(_grid(block))
        case Code(language="diff", text=text):
            for line in text.splitlines():
                _print(console, Text(printable(line), style=_diff_style(line)))
        case Code(text=text):
            _print(console, Text(printable(text)))
        case Quote(path=path, lines=lines):
            _print(console, Text(f"{printable(path)}\n{numbered(lines)}"))


def _diff_style(line: str) -> str:
    """The colour of a line of a unified diff, by its first letters."""
    return next((style for start, style in _DIFF_COLOURS if line.startswith(start)), "")


def _item(item: Item) -> Text:
    tick, style = _TICKS[item.done]
    line = Text("- ").append(tick, style=style).append(_prose(item.text))
    places = ", ".join(told(item.places))
    return line.append(f"  {places}" if places else "", style="dim")


def _grid(table: Table) -> Grid:
    grid = Grid(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for column in table.columns:
        grid.add_column(_prose(column), overflow="fold")
    for row in table.rows:
        grid.add_row(*(_cell(cell) for cell in row))
    return grid


def _cell(text: str) -> Text:
    return Text("\n").join(_prose(line) for line in text.split("\n"))


def _prose(text: str, style: str = "") -> Text:
    made = Text(style=style)
    for is_code, piece in pieces(text):
        made.append(piece, style="cyan" if is_code else "")
    return made
