"""Sections and their blocks in the JSON document."""

from collections.abc import Mapping

from wsconsolidate.model.report import (
    Block,
    Code,
    Heading,
    Item,
    Listing,
    Paragraph,
    Place,
    Quote,
    Section,
    Table,
)
from wsconsolidate.reporters.shape import (
    FLAG,
    LINE,
    TEXT,
    Json,
    Kind,
    field,
    fixed,
    mapping,
    maybe,
    record,
    rows,
)

PLACE: Kind[Place] = record(
    field("path", TEXT, lambda it: it.path),
    field("line", LINE, lambda it: it.line),
)
_HEADING: Kind[Heading] = record(
    field("kind", fixed("heading"), lambda it: it),
    field("text", TEXT, lambda it: it.text),
)
_PARAGRAPH: Kind[Paragraph] = record(
    field("kind", fixed("paragraph"), lambda it: it),
    field("text", TEXT, lambda it: it.text),
)
_ITEM: Kind[Item] = record(
    field("text", TEXT, lambda it: it.text),
    field("done", maybe(FLAG), lambda it: it.done),
    field("places", rows(PLACE), lambda it: it.places),
)
_LISTING: Kind[Listing] = record(
    field("kind", fixed("listing"), lambda it: it),
    field("items", rows(_ITEM), lambda it: it.items),
)
_TABLE: Kind[Table] = record(
    field("kind", fixed("table"), lambda it: it),
    field("columns", rows(TEXT), lambda it: it.columns),
    field("rows", rows(rows(TEXT)), lambda it: it.rows),
)
_CODE: Kind[Code] = record(
    field("kind", fixed("code"), lambda it: it),
    field("language", TEXT, lambda it: it.language),
    field("text", TEXT, lambda it: it.text),
)
_LINE: Kind[tuple[int, str]] = record(
    field("number", LINE, lambda it: it[0]),
    field("text", TEXT, lambda it: it[1]),
)
_QUOTE: Kind[Quote] = record(
    field("kind", fixed("quote"), lambda it: it),
    field("path", TEXT, lambda it: it.path),
    field("lines", rows(_LINE), lambda it: it.lines),
)


def _write(block: Block) -> Json:
    match block:
        case Heading():
            return _HEADING.write(block)
        case Paragraph():
            return _PARAGRAPH.write(block)
        case Listing():
            return _LISTING.write(block)
        case Table():
            return _TABLE.write(block)
        case Code():
            return _CODE.write(block)
        case Quote():
            return _QUOTE.write(block)


_BLOCK: Kind[Block] = Kind(
    _write,
    {
        "anyOf": [
            dict(_HEADING.schema),
            dict(_PARAGRAPH.schema),
            dict(_LISTING.schema),
            dict(_TABLE.schema),
            dict(_CODE.schema),
            dict(_QUOTE.schema),
        ]
    },
)
SECTION: Kind[Section] = record(
    field("title", TEXT, lambda it: it.title),
    field("blocks", rows(_BLOCK), lambda it: it.blocks),
)
SECTIONS: Kind[Mapping[str, Section]] = mapping(SECTION)
