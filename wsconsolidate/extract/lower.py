'''Source for a newer Python as source that the running one reads, line for line.

    class A[T: Bound](Base, k=1):      class A(Base, __wsc_Generic__[T], k=1):         PEP 695, 696
    def f[T](x: T) -> T:               def f(x: T) -> T:                               PEP 695, 696
    type X[T] = list[T]                X = list[T]                                     PEP 695, 696
    f"a{d["k"]!r}"                     __wsc_Joined__[f"""a""",(d["k"]):114,]          PEP 701
    t"{b}"                             __wsc_Template__[(b):,]                         PEP 750
    except A, B:                       except (A, B):                                  PEP 758
    lazy import a                      import a                                        PEP 810

Only what the running Python does not accept is touched. `restore` turns the markers in the tree back
into the nodes that a newer `ast` gives, so that the later stages see no difference.

It works on tokens: libcst ends the process on some thousand nested parentheses and takes ten times as
long. Whether the outcome is valid is left to `ast`.
'''

import ast
import re
import sys
import warnings
from collections.abc import Iterator, Sequence
from keyword import iskeyword

from wsconsolidate.extract.lower_strings import Edit, lower_strings
from wsconsolidate.extract.restore import GENERIC
from wsconsolidate.extract.tokens import BLANK, Kind, Token, tokens

_SINCE = {"class": (3, 13), "def": (3, 13), "type": (3, 13), "except": (3, 14), "lazy": (3, 15)}
_GAP = re.compile(r"(?:[ \t\f]|\\\r?\n)*")
_LINE_END = re.compile(r"\n")
_PARAMETER = re.compile(r"\*{0,2}\s*([^\W\d]\w*)")


def lower(source: str) -> str:
    """`source` in syntax that the running `ast` accepts, every statement and call on its line.

    Bounds and defaults of type parameters are dropped.

    Raises:
        SyntaxError: the one of `source` itself, if it is no valid newer Python either.
        RecursionError: the code is nested too deeply; MemoryError likewise.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # an invalid escape in the user's code is not ours to report
        try:
            ast.parse(source)
        except SyntaxError as error:
            original = error
        else:
            return source
        try:
            lowered = _rewrite(source)
            ast.parse(lowered)
        except SyntaxError:
            raise original from None
    return lowered


def _rewrite(source: str) -> str:
    found = tokens(source)
    edits = [*_Statements(source, found).edits(), *lower_strings(source, found, depth=0)]
    pieces: list[str] = []
    at = 0
    for edit in sorted(edits, key=lambda edit: edit.start):
        if edit.start >= at:  # else it stands in what an outer edit drops
            pieces += (source[at : edit.start], edit.text)
            at = edit.end
    return "".join((*pieces, source[at:]))


class _Statements:
    """Rewrites class, def, type, except and lazy import statements."""

    def __init__(self, source: str, found: Sequence[Token]) -> None:
        self._source = source
        end = Token(Kind.OP, "", len(source), len(source))
        self._solid = [token for token in found if token.kind not in BLANK] + [end] * 4
        self._comments = {token.end: token.text for token in found if token.kind is Kind.COMMENT}
        self._closing = _closing(self._solid)

    def edits(self) -> Iterator[Edit]:
        """What to change, unordered."""
        rewrites = {
            "class": self._class,
            "def": self._function,
            "type": self._alias,
            "except": self._except,
            "lazy": self._lazy,
        }
        wanted = {word for word, version in _SINCE.items() if sys.version_info < version}
        for at, token in enumerate(self._solid):
            if token.text in wanted and token.kind is Kind.NAME:
                yield from rewrites[token.text](at)

    def _class(self, at: int) -> Iterator[Edit]:
        closing = self._closing.get(at + 2)
        if self._solid[at + 2].text != "[" or closing is None:
            return
        marker = f"{GENERIC}[{', '.join(self._parameters(at + 2))}]"
        start = self._solid[at + 2].start
        last = self._closing.get(closing + 1)
        if self._solid[closing + 1].text == "(" and last is not None:
            yield self._opened(start, self._solid[closing + 1].end)
            yield self._base(closing + 1, last, marker)
        else:
            opened = self._opened(start, self._solid[closing].end)
            yield opened._replace(text=f"{opened.text}{marker})")

    def _opened(self, start: int, end: int) -> Edit:
        """An opening parenthesis for `start` to `end`, with the line ends and comments in between."""
        ends = (match.start() for match in _LINE_END.finditer(self._source, start, end))
        return Edit(start, end, "(" + "".join(self._comments.get(at, "") + "\n" for at in ends))

    def _parameters(self, opening: int) -> Iterator[str]:
        """The names of type parameters, a TypeVarTuple's with its star."""
        at = opening + 1
        while at < self._closing[opening]:
            match = _PARAMETER.match(self._source, self._solid[at].start)
            if match is None:
                raise SyntaxError("not a type parameter")
            yield ("*" if self._solid[at].text == "*" else "") + match[1]
            at = self._behind_comma(at, self._closing[opening])

    def _base(self, opening: int, closing: int, base: str) -> Edit:
        """Adds `base` behind the last positional argument between two parentheses."""
        at = opening + 1
        while at < closing:
            first = self._solid[at]
            if first.text == "**" or (first.kind is Kind.NAME and self._solid[at + 1].text == "="):
                return Edit(first.start, first.start, f"{base}, ")
            at = self._behind_comma(at, closing)
        last = self._solid[closing - 1]
        return Edit(last.end, last.end, base if last.text in {"(", ","} else f", {base}")

    def _behind_comma(self, at: int, end: int) -> int:
        while at < end and self._solid[at].text != ",":
            at = self._closing.get(at, at) + 1
        return at + 1

    def _function(self, at: int) -> Iterator[Edit]:
        closing = self._closing.get(at + 2)
        if self._solid[at + 2].text == "[" and closing is not None and self._solid[closing + 1].text == "(":
            yield self._opened(self._solid[at + 2].start, self._solid[closing + 1].end)

    def _alias(self, at: int) -> Iterator[Edit]:
        word, name = self._solid[at : at + 2]
        if name.kind is not Kind.NAME or iskeyword(name.text) or not self._adjacent(word, name):
            return
        equal = at + 2
        if self._solid[equal].text == "[":
            equal = self._closing.get(equal, at) + 1
        if self._solid[equal].text == "=":
            yield self._shortened(word.start, self._solid[equal].end, f"{name.text} =")

    def _except(self, at: int) -> Iterator[Edit]:
        first = at + (2 if self._solid[at + 1].text == "*" else 1)
        end, words = first, set()
        while self._solid[end].text not in {":", "except", ""}:
            words.add(self._solid[end].text)
            end = self._closing.get(end, end) + 1
        if "," in words and "as" not in words:
            start, stop = self._solid[first].start, self._solid[end - 1].end
            yield from (Edit(start, start, "("), Edit(stop, stop, ")"))

    def _lazy(self, at: int) -> Iterator[Edit]:
        word, following = self._solid[at : at + 2]
        line = self._source.rfind("\n", 0, word.start) + 1
        first = not self._source[line : word.start].strip() or self._solid[at - 1].text == ";"
        if first and following.text in {"import", "from"} and self._adjacent(word, following):
            yield self._shortened(word.start, following.start, "")

    def _adjacent(self, one: Token, other: Token) -> bool:
        return _GAP.fullmatch(self._source, one.end, other.start) is not None

    def _shortened(self, start: int, end: int, text: str) -> Edit:
        return Edit(start, end, text + "\\\n" * self._source.count("\n", start, end))


def _closing(solid: Sequence[Token]) -> dict[int, int]:
    """The index of the closing bracket by that of the opening one."""
    found, opened = {}, []
    for at, token in enumerate(solid):
        if token.text in {"(", "[", "{"}:
            opened.append(at)
        elif token.text in {")", "]", "}"} and opened:
            found[opened.pop()] = at
    return found
