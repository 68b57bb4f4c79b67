'''Rewrites the f-strings and t-strings that the running Python does not read (PEP 701, 750).

A string becomes a subscript of a marker, its texts f-strings without fields, its fields slices:
`f"a{d["k"]!r:>{w}}"` is `__wsc_Joined__[f"""a""",(d["k"]):114:__wsc_Joined__[f""">""",(w):,],]`, so that
the code in the fields stays where it is.
'''

import ast
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from wsconsolidate.extract.restore import JOINED, TEMPLATE
from wsconsolidate.extract.tokens import BLANK, Field, Kind, Part, Text, Token, nested

_STRING = frozenset({Kind.STRING, Kind.FORMATTED})
_TAIL = {quote: re.compile(rf"((?:\\.|[^\\])*?)({quote}{{0,2}}\\?)", re.DOTALL) for quote in "\"'"}


class Edit(NamedTuple):
    """The text that takes the place of `start` to `end`."""

    start: int
    end: int
    text: str


def lower_strings(source: str, found: Sequence[Token], depth: int) -> Iterator[Edit]:
    """Rewrites the strings in `found` that the running Python does not read."""
    for group in _groups(found, depth):
        text = source[group[0].start : group[-1].end]
        if any(token.parts or _is_template(token) for token in group) and not _is_readable(text):
            yield from _group(source, group)


def _groups(found: Sequence[Token], depth: int) -> Iterator[list[Token]]:
    """The rows of string tokens that make one literal together."""
    group: list[Token] = []
    for token in found:
        if token.kind in _STRING:
            group.append(token)
        elif group and (token.kind not in BLANK or (token.kind is Kind.NEWLINE and depth == 0)):
            yield group
            group = []
        if token.kind is Kind.OP:
            depth += (token.text in {"(", "[", "{"}) - (token.text in {")", "]", "}"})
    if group:
        yield group


def _is_template(token: Token) -> bool:
    return token.kind is Kind.FORMATTED and "t" in token.text.lower()


def _is_readable(text: str) -> bool:
    try:
        ast.parse(f"({text}\n)")
    except SyntaxError:
        return False
    return True


def _group(source: str, group: Sequence[Token]) -> Iterator[Edit]:
    start, end = group[0].start, group[-1].end
    marker = TEMPLATE if any(map(_is_template, group)) else JOINED
    yield Edit(start, start, f"{marker}[")
    for token in group:
        if token.kind is Kind.STRING or _is_readable(source[token.start : token.end]):
            yield Edit(token.end, token.end, ",")
        else:
            yield from _formatted(source, token)
    yield Edit(end, end, "]")


def _formatted(source: str, token: Token) -> Iterator[Edit]:
    quote = token.text.lstrip("rRfFtT")
    opening = ("rf" if "r" in token.text.lower() else "f") + quote[0] * 3
    for code in nested(token):  # first: what ends where the outer expression ends must close before it
        yield from lower_strings(source, code, depth=1)
    yield Edit(token.start, token.start + len(token.text), "")
    yield from _parts(source, token.parts, opening)
    yield Edit(token.end - len(quote), token.end, "" if token.parts else '"",')


def _parts(source: str, parts: Sequence[Part], opening: str) -> Iterator[Edit]:
    for part in parts:
        match part:
            case Text():
                yield from _text(source, part, opening)
            case Field():
                yield from _field(source, part, opening)


def _text(source: str, text: Text, opening: str) -> Iterator[Edit]:
    """Quotes the text by itself; what would swallow the closing quote gets a literal of its own."""
    split = _TAIL[opening[-1]].fullmatch(source, text.start, text.end)
    body, tail = (split.end(1), split[2]) if split else (text.end, "")
    yield Edit(text.start, text.start, opening)
    yield Edit(body, text.end, opening[-3:] + (f" {tail!r}" if tail else "") + ",")


def _field(source: str, field: Field, opening: str) -> Iterator[Edit]:
    """A slice `(value):conversion:spec`, which is no string whatever the value is."""
    conversion = field.conversion or ("r" if field.equal and field.spec is None else "")
    behind = f"):{ord(conversion) if conversion else ''}" + ("" if field.spec is None else f":{JOINED}[")
    lines = "\n" * source.count("\n", field.code_end, field.spec_start)
    yield Edit(field.start, field.start + 1, (f"{field.equal!r}," if field.equal else "") + "(")
    yield Edit(field.code_end, field.spec_start, behind + lines)
    yield from _parts(source, field.spec or (), opening)
    closing = "," if field.spec is None else "]," if field.spec else '"",],'
    yield Edit(field.end - 1, field.end, closing)
