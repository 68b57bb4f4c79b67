"""A Python file as a libcst module that is proved to print the same bytes again."""

import io
import tokenize
from codecs import BOM_UTF8
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import zip_longest
from typing import TypeVar

import libcst as cst
from libcst.metadata import CodeRange, MetadataWrapper, ParentNodeProvider, PositionProvider

from wsconsolidate.codemods.patch import Unfit

_BLANKS = b" \t\r\n\f"
"""What libcst is not given at the end of a file, because it does not keep all of it."""

Node = TypeVar("Node", bound=cst.CSTNode)


@dataclass(frozen=True)
class Sheet:
    """One file: its nodes by the lines of its original text, which are those of the facts."""

    path: str
    data: bytes = field(repr=False)
    encoding: str
    module: cst.Module = field(repr=False)

    def class_at(self, line: int) -> cst.ClassDef:
        """The class whose `class` stands on this line.

        Raises:
            Unfit: there is none.
        """
        return self._at(line, cst.ClassDef)

    def function_at(self, line: int) -> cst.FunctionDef:
        """The function whose `def` or `async def` stands on this line.

        Raises:
            Unfit: there is none.
        """
        return self._at(line, cst.FunctionDef)

    def statement_at(self, line: int) -> cst.SimpleStatementLine:
        """The simple statements that begin on this line.

        Raises:
            Unfit: there are none.
        """
        return self._at(line, cst.SimpleStatementLine)

    def range_of(self, node: cst.CSTNode) -> CodeRange:
        """Where a node stands in the original text, without the comments and blank lines before it."""
        return self._wrapper.resolve(PositionProvider)[node]

    def parent(self, node: cst.CSTNode) -> cst.CSTNode:
        """The node around a node."""
        return self._wrapper.resolve(ParentNodeProvider)[node]

    def _at(self, line: int, kind: type[Node]) -> Node:
        found = self._by_line.get((kind, line))
        if not isinstance(found, kind):
            raise Unfit(self.path, f"libcst sees no {kind.__name__} on line {line}")
        return found

    @cached_property
    def _wrapper(self) -> MetadataWrapper:
        return MetadataWrapper(self.module, unsafe_skip_copy=True)

    @cached_property
    def _by_line(self) -> Mapping[tuple[type[cst.CSTNode], int], cst.CSTNode]:
        ranges = self._wrapper.resolve(PositionProvider)
        wanted = (cst.ClassDef, cst.FunctionDef, cst.SimpleStatementLine)
        found: dict[tuple[type[cst.CSTNode], int], cst.CSTNode] = {}
        for node, place in ranges.items():
            if isinstance(node, wanted):
                found.setdefault((type(node), place.start.line), node)
        return found


def read_sheet(path: str, data: bytes) -> Sheet:
    """The sheet of a file that the analysis could read.

    Raises:
        Unfit: libcst does not understand the file, or would not print it as it is.
    """
    try:
        encoding = tokenize.detect_encoding(io.BytesIO(data).readline)[0].removesuffix("-sig")
        text = data.removeprefix(BOM_UTF8).rstrip(_BLANKS).decode(encoding)
        module = cst.parse_module(text)
        again = printed(module, data, encoding)
    except cst.ParserSyntaxError as error:
        raise Unfit(path, f"libcst does not understand it (line {error.raw_line})") from error
    except RecursionError as error:
        raise Unfit(path, "it is nested too deeply to be rewritten") from error
    except (SyntaxError, UnicodeError, LookupError) as error:
        raise Unfit(path, f"its encoding is not understood: {error}") from error
    if again != data:
        raise Unfit(path, f"libcst would not print it byte for byte (line {_first_difference(data, again)})")
    return Sheet(path=path, data=data, encoding=encoding, module=module)


def _first_difference(data: bytes, again: bytes) -> int:
    pairs = zip_longest(data.splitlines(keepends=True), again.splitlines(keepends=True))
    return next(number for number, (before, after) in enumerate(pairs, start=1) if before != after)


def printed(module: cst.Module, data: bytes, encoding: str) -> bytes:
    """The bytes of a module that was read from `data`, with its byte order mark and the blanks at its end.

    Raises:
        UnicodeEncodeError: the encoding of the file lacks a character.
    """
    mark = BOM_UTF8 if data.startswith(BOM_UTF8) else b""
    blanks = data[len(data.rstrip(_BLANKS)) :]
    return mark + module.code.encode(encoding) + blanks
