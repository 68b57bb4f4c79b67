"""The tree of a lowered source as a newer `ast` gives it: nodes in the place of the markers."""

import ast
from collections.abc import Iterator, Sequence

GENERIC = "__wsc_Generic__"
JOINED = "__wsc_Joined__"
TEMPLATE = "__wsc_Template__"


class TypeParameter(ast.AST):
    """A type parameter of a class, as far as `lower` keeps it."""

    _fields = ("name",)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name


class TemplateStr(ast.expr):
    """A t-string: constants and interpolations in order."""

    _fields = ("values",)

    def __init__(self, values: list[ast.expr]) -> None:
        super().__init__()
        self.values = values


class Interpolation(ast.expr):
    """A replacement field of a t-string."""

    _fields = ("value", "conversion", "format_spec")

    def __init__(self, value: ast.expr, conversion: int, format_spec: ast.expr | None) -> None:
        super().__init__()
        self.value = value
        self.conversion = conversion
        self.format_spec = format_spec


def restore(tree: ast.Module) -> ast.Module:
    """The tree of a lowered source as a newer `ast` gives it; `tree` itself is changed.

    Classes get `type_params`, whose elements have a `name`; f-strings become `ast.JoinedStr`;
    t-strings become `TemplateStr`, whose name and shape are those of 3.14.
    """
    restored: ast.Module = _Restorer().visit(tree)
    return restored


class _Restorer(ast.NodeTransformer):
    """Replaces the markers by the nodes they stand for, inner ones first."""

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.ClassDef:
        self.generic_visit(node)
        for base in node.bases:
            match base:
                case ast.Subscript(value=ast.Name(id=name), slice=below) if name == GENERIC:
                    node.bases.remove(base)
                    node.__dict__["type_params"] = list(map(_type_parameter, _elements(below)))
                    break
        return node

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        self.generic_visit(node)
        match node:
            case ast.Subscript(value=ast.Name(id=name), slice=ast.Tuple(elts=parts)) if name == JOINED:
                return ast.copy_location(ast.JoinedStr(values=_values(parts, ast.FormattedValue)), node)
            case ast.Subscript(value=ast.Name(id=name), slice=ast.Tuple(elts=parts)) if name == TEMPLATE:
                return ast.copy_location(TemplateStr(_values(parts, Interpolation)), node)
        return node


def _elements(index: ast.expr) -> list[ast.expr]:
    return index.elts if isinstance(index, ast.Tuple) else [index]


def _type_parameter(index: ast.expr) -> TypeParameter:
    name = index.value if isinstance(index, ast.Starred) else index
    return TypeParameter(ast.unparse(name))


def _values(parts: Sequence[ast.expr], field: type[ast.FormattedValue | Interpolation]) -> list[ast.expr]:
    """The parts of a string, with neighbouring texts joined and empty ones left out."""
    found: list[ast.expr] = []
    for part in _flat(parts):
        match part, found[-1:]:
            case ast.Slice(
                lower=ast.expr() as value, upper=ast.Constant(value=int(conversion)), step=spec
            ), _:
                found.append(ast.copy_location(field(value, conversion, spec), value))
            case ast.Slice(lower=ast.expr() as value, step=spec), _:
                found.append(ast.copy_location(field(value, -1, spec), value))
            case ast.Constant(value=""), _:
                continue
            case ast.Constant(value=str(text)), [ast.Constant(value=str(before))]:
                found[-1] = ast.copy_location(ast.Constant(before + text), found[-1])
            case _:
                found.append(part)
    return found


def _flat(parts: Sequence[ast.expr]) -> Iterator[ast.expr]:
    for part in parts:
        yield from part.values if isinstance(part, ast.JoinedStr) else (part,)
