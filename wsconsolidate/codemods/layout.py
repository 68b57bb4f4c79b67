"""New code as text, laid out as the lines around it: calls and dicts on one line where they fit."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import libcst as cst

from wsconsolidate.codemods.sheet import Sheet

_LEAST_WIDTH = 88
_LINE_END = re.compile(r"\r\n|\n|\r")  # what ends a line of Python; splitlines() knows more
_KEYWORD = re.compile(r"(\w+=)?\{")


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Where text goes, as libcst has it: without the indentation of the block that it stands in.

    `indent` is what its lines have beyond that, `step` one more level; `before` the columns in front of
    the text's first line, `base` those in front of the others, `width` all that a line may have.
    """

    indent: str
    step: str
    before: int
    base: int
    width: int

    def call(self, head: str, arguments: Sequence[str]) -> str:
        """`head(arguments)`, on one line, on a line of their own, or on a line each."""
        inside = ", ".join(arguments)
        deeper = self.indent + self.step
        last = head.rpartition("\n")[2]
        if self._fits(f"{last}({inside})", self.before + 1 if last == head else self.base):
            return f"{head}({inside})"
        if self._fits(inside, self.base + len(deeper)):
            return f"{head}(\n{deeper}{inside}\n{self.indent})"
        lines = "".join(f"{deeper}{self._broken(one, deeper)},\n" for one in arguments)
        return f"{head}(\n{lines}{self.indent})"

    def _fits(self, text: str, before: int) -> bool:
        return "\n" not in text and before + len(text) <= self.width

    def _broken(self, argument: str, indent: str) -> str:
        """An argument with lines of its own; a dict that is too long gets a line for each item."""
        head = _KEYWORD.match(argument)
        if "\n" in argument:
            return moved(argument, indent)
        if head is None or self._fits(argument, self.base + len(indent) + 1):
            return argument
        display = cst.parse_expression(argument[head.end() - 1 :])
        if not isinstance(display, cst.Dict):
            return argument
        items = "".join(f"{indent}{self.step}{one},\n" for one in items_of(display, cst.Module([])))
        return f"{head[0]}\n{items}{indent}}}"


def layout_at(sheet: Sheet, node: cst.CSTNode, around: cst.CSTNode) -> Layout:
    """The layout for what takes the place of a node; lines may be as long as the longest `around` it."""
    place = sheet.range_of(node).start
    lines = _LINE_END.split(sheet.module.code)
    line = lines[place.line - 1]
    whole = sheet.range_of(around)
    longest = max(map(len, lines[whole.start.line - 1 : whole.end.line]))
    return Layout(
        indent="",
        step=sheet.module.default_indent,
        before=place.column,
        base=len(line) - len(line.lstrip()),
        width=max(_LEAST_WIDTH, longest),
    )


def moved(text: str, indent: str) -> str:
    """An expression of several lines, its last line indented so; as it is where a string goes over lines."""
    first, *rest = text.split("\n")
    now = rest[-1][: len(rest[-1]) - len(rest[-1].lstrip())]
    hangs = not all(one.startswith(now) for one in rest if one.strip())
    if hangs or _has_long_string(cst.parse_expression(text)):
        return text
    return "\n".join((first, *(f"{indent}{one.removeprefix(now)}" if one.strip() else one for one in rest)))


def _has_long_string(node: cst.CSTNode) -> bool:
    if isinstance(node, cst.SimpleString):
        return "\n" in node.value
    if isinstance(node, cst.FormattedString):
        return len(node.start.strip("rRfF")) == 3
    return any(map(_has_long_string, node.children))


def items_of(display: cst.Dict, module: cst.Module) -> list[str]:
    """The items of a dict display as text, without what stands between them."""
    return [
        module.code_for_node(one.with_changes(comma=cst.MaybeSentinel.DEFAULT)) for one in display.elements
    ]
