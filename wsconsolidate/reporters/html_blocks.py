"""Blocks of the report as HTML that is readable without a script or a style."""

import re
from collections.abc import Iterable, Sequence
from html import escape

from wsconsolidate.model.counting import counted
from wsconsolidate.model.report import Block, Code, Heading, Item, Listing, Paragraph, Quote, Table
from wsconsolidate.reporters.spoken import numbered, pieces, printable, told

MOST_ROWS = 300
"""More rows of a table or list are only counted: the page stays small, and the JSON document has them all."""
LONG = 40
_BREAK = re.compile(r"(?<=\w)([./])(?=\w)")
_TICKS = {True: ' class="done"', False: ' class="open"', None: ""}
_SPOKEN = {True: "done: ", False: "open: ", None: ""}


def rendered(blocks: Iterable[Block]) -> str:
    """All blocks, one after the other; drawings are left to the page's own graph."""
    return "\n".join(_block(block) for block in blocks if not _is_drawing(block))


def _is_drawing(block: Block) -> bool:
    return isinstance(block, Code) and block.language == "mermaid"


def _block(block: Block) -> str:
    match block:
        case Heading(text=text):
            return f"<h3>{prose(text)}</h3>"
        case Paragraph(text=text):
            return f"<p>{prose(text)}</p>" if text else ""
        case Listing(items=items):
            return f"<ul>{''.join(map(_item, items[:MOST_ROWS]))}</ul>{_more(items, 'line')}"
        case Table():
            return _table(block)
        case Code(text=text):
            return f'<pre tabindex="0">{escape(printable(text))}</pre>'
        case Quote(path=path, lines=lines):
            return f'<p class="path">{_code(path)}</p><pre tabindex="0">{escape(numbered(lines))}</pre>'


def _item(item: Item) -> str:
    places = ", ".join(_code(place) for place in told(item.places))
    said = f'<span class="spoken">{_SPOKEN[item.done]}</span>' if item.done is not None else ""
    where = f' <span class="places">{places}</span>' if places else ""
    return f"<li{_TICKS[item.done]}>{said}{prose(item.text)}{where}</li>"


def _table(table: Table) -> str:
    head = "".join(f'<th scope="col">{prose(column)}</th>' for column in table.columns)
    rows = "".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in table.rows[:MOST_ROWS])
    return (
        f'<div class="wide" tabindex="0"><table><thead><tr>{head}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
        f"{_more(table.rows, 'row')}"
    )


def _cell(text: str) -> str:
    return f"<td>{'<br>'.join(prose(line) for line in text.split(chr(10)))}</td>"


def _more(shown: Sequence[object], noun: str) -> str:
    """How much of a long table or list is left out."""
    left = len(shown) - MOST_ROWS
    return f"<p>… and {counted(left, f'more {noun}')}: the JSON document has all.</p>" if left > 0 else ""


def prose(text: str) -> str:
    """Text with code between backticks."""
    return "".join(_code(piece) if is_code else escape(piece) for is_code, piece in pieces(text))


def _code(text: str) -> str:
    """Code that may break behind its dots and slashes."""
    shown = escape(printable(text))
    broken = _BREAK.sub(r"\1<wbr>", shown) if len(shown) > LONG else shown
    return f"<code>{broken}</code>"
