"""The tokens of a Python source in its newest syntax, with f-strings and t-strings opened up.

Unlike `tokenize`, it reads PEP 701 and PEP 750 on every Python and gives offsets, so that a rewrite
can replace exactly what must go.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

_DEEPEST = 40
_TOKEN = re.compile(
    r"""
      (?P<OPENING> (?:[rR][fFtT]|[fFtT][rR]?) (?:\"{3}|'{3}|"|') )
    | (?P<STRING> (?:[rR][bB]?|[bB][rR]?|[uU])? (?:
          \"{3} [^"\\]* (?: (?: \\. | "(?!"") ) [^"\\]* )* \"{3}
        | '{3} [^'\\]* (?: (?: \\. | '(?!'') ) [^'\\]* )* '{3}
        | " [^"\\\n]* (?: \\. [^"\\\n]* )* "
        | ' [^'\\\n]* (?: \\. [^'\\\n]* )* ' ) )
    | (?P<NAME> [^\W\d]\w* )
    | (?P<NUMBER> \d\w* )
    | (?P<COMMENT> \#[^\n]* )
    | (?P<NEWLINE> \n )
    | (?P<JOIN> \\\r?\n )
    | (?P<OP> [=!<>:]= | \*\* | [^\s\w\\] )
    """,
    re.VERBOSE | re.DOTALL,
)
_EQUAL = re.compile(r"=(?:\s|#[^\n]*\n)*(?=[:}]|!(?!=))")
_COMMENT = re.compile(r"#[^\n]*")
_CONVERSION = re.compile(r"!\s*([^\W\d]\w*)\s*(?=[:}])")
_NAMED = re.compile(r"\\N\{[^{}]*\}")


class Kind(Enum):
    """What a token is; blanks are none."""

    NAME = "name"
    NUMBER = "number"
    OP = "operator"
    STRING = "string"
    FORMATTED = "f-string or t-string"
    COMMENT = "comment"
    NEWLINE = "end of line"
    JOIN = "backslash before the end of line"


BLANK = frozenset({Kind.COMMENT, Kind.NEWLINE, Kind.JOIN})


@dataclass(frozen=True, slots=True)
class Text:
    """A run of literal text in an f-string, escapes and doubled braces as written."""

    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A replacement field `{code = !conversion : spec}`; `end` is behind the closing brace.

    `code_end` is where the expression's text ends, `spec_start` is behind the colon and its
    conversion. `equal` is the text that a self-documenting field shows, or empty.
    """

    start: int
    code: tuple["Token", ...]
    code_end: int
    equal: str
    conversion: str
    spec_start: int
    spec: tuple["Part", ...] | None
    end: int


Part = Text | Field


@dataclass(frozen=True, slots=True)
class Token:
    """A token from offset `start` to `end`; an f-string has its `parts`."""

    kind: Kind
    text: str
    start: int
    end: int
    parts: tuple[Part, ...] = ()


def tokens(source: str) -> tuple[Token, ...]:
    """Every token of `source`, in order.

    Raises:
        SyntaxError: a string does not end, or f-strings are nested more than 40 deep.
    """
    found, _ = _Scanner(source).code(0)
    return found


class _Scanner:
    """Reads code and f-strings, each in the other, from an offset."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._depth = 0

    def code(self, start: int, *, in_field: bool = False) -> tuple[tuple[Token, ...], int]:
        """The tokens from `start` to the end of the source or of the field, and where that is."""
        found: list[Token] = []
        brackets = 0
        while (match := _TOKEN.search(self._source, start)) is not None:
            text = match.group()
            if match.lastgroup == "OP":
                if in_field and brackets == 0 and self._ends_field(text, match.start()):
                    return tuple(found), match.start()
                brackets += (text in "([{") - (text in ")]}")
            token = self._token(match, text)
            found.append(token)
            start = token.end
        if in_field:
            raise SyntaxError("a replacement field does not end")
        return tuple(found), len(self._source)

    def _ends_field(self, text: str, start: int) -> bool:
        equal = text == "=" and _EQUAL.match(self._source, start) is not None
        return equal or text in {"}", "!", ":", ":="}

    def _token(self, match: re.Match[str], text: str) -> Token:
        if match.lastgroup == "OPENING":
            return self._formatted(text, match.start(), match.end())
        if text in {'"', "'"}:
            raise SyntaxError("a string does not end")
        return Token(Kind[match.lastgroup or ""], text, match.start(), match.end())

    def _formatted(self, opening: str, start: int, end: int) -> Token:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise SyntaxError("f-strings are nested too deeply")
        quote = opening.lstrip("rRfFtT")
        raw = "r" in opening.lower()
        parts, end = self._parts(end, quote, raw=raw, in_spec=False)
        self._depth -= 1
        return Token(Kind.FORMATTED, opening, start, end + len(quote), parts)

    def _parts(self, start: int, quote: str, *, raw: bool, in_spec: bool) -> tuple[tuple[Part, ...], int]:
        """Text and fields from `start` to the closing quote or, in a format spec, brace."""
        parts: list[Part] = []
        while True:
            end = self._text_end(start, quote, raw=raw, in_spec=in_spec)
            if end > start:
                parts.append(Text(start, end))
            if self._source[end] != "{":
                return tuple(parts), end
            field = self._field(end, quote, raw=raw)
            parts.append(field)
            start = field.end

    def _text_end(self, at: int, quote: str, *, raw: bool, in_spec: bool) -> int:
        """Where the text that starts at `at` stops: a brace or the closing quote."""
        source = self._source
        while at < len(source):
            char = source[at]
            if char == "\\":
                at = self._behind_escape(at, raw=raw)
            elif char == "\n" and len(quote) == 1:
                break
            elif char in "{}" and not in_spec and source[at : at + 2] == char * 2:
                at += 2
            elif char in "{}" and (char == "{" or in_spec):
                return at
            elif source.startswith(quote, at):
                if in_spec:
                    break
                return at
            else:
                at += 1
        raise SyntaxError("an f-string does not end")

    def _behind_escape(self, at: int, *, raw: bool) -> int:
        """The offset behind a backslash and what it takes with it; a brace is never taken."""
        named = None if raw else _NAMED.match(self._source, at)
        if named is not None:
            return named.end()
        return at + (1 if self._source[at + 1 : at + 2] in {"{", "}"} else 2)

    def _field(self, start: int, quote: str, *, raw: bool) -> Field:
        code, code_end = self.code(start + 1, in_field=True)
        if all(token.kind in BLANK for token in code):
            raise SyntaxError("a replacement field is empty")
        equal = _EQUAL.match(self._source, code_end)
        at = equal.end() if equal else code_end
        conversion = _CONVERSION.match(self._source, at)
        at = conversion.end() if conversion else at
        spec: tuple[Part, ...] | None = None
        spec_start = at
        if self._source[at] == ":":
            spec_start = at + 1
            spec, at = self._parts(spec_start, quote, raw=raw, in_spec=True)
        if self._source[at] != "}":
            raise SyntaxError("a replacement field does not end")
        return Field(
            start=start,
            code=code,
            code_end=code_end,
            equal=self._shown(start + 1, code, equal) if equal else "",
            conversion=conversion[1] if conversion else "",
            spec_start=spec_start,
            spec=spec,
            end=at + 1,
        )

    def _shown(self, start: int, code: tuple[Token, ...], equal: re.Match[str]) -> str:
        """The text of a self-documenting field, which leaves comments out."""
        pieces = []
        for token in code:
            if token.kind is Kind.COMMENT:
                pieces.append(self._source[start : token.start])
                start = token.end
        return "".join((*pieces, self._source[start : equal.start()], _COMMENT.sub("", equal.group())))


def nested(token: Token) -> Iterator[tuple[Token, ...]]:
    """The code of every field of an f-string, also of those in its format specs."""
    pending = list(reversed(token.parts))
    while pending:
        part = pending.pop()
        if isinstance(part, Field):
            yield part.code
            pending.extend(reversed(part.spec or ()))
