"""What the header of a statement names: the bindings of an import, the parameters of a function."""

import ast
from collections.abc import Iterator

from wsconsolidate.extract.annotations import unquoted
from wsconsolidate.extract.expressions import ExpressionReader
from wsconsolidate.model.facts import Guard, ImportBinding, Parameter, ParameterKind


def imports(node: ast.Import | ast.ImportFrom, guards: tuple[Guard, ...]) -> Iterator[ImportBinding]:
    """The bindings of an import statement, in order."""
    for alias in node.names:
        if isinstance(node, ast.ImportFrom):
            name, module, attribute = alias.asname or alias.name, node.module or "", alias.name
            level = node.level
        elif alias.asname:
            name, module, attribute, level = alias.asname, alias.name, None, 0
        else:
            name, module, attribute, level = alias.name.partition(".")[0], alias.name, None, 0
        yield ImportBinding(
            name=name,
            module=module,
            attribute=attribute,
            level=level,
            line=node.lineno,
            guards=guards,
            renamed=alias.asname is not None,
        )


def parameters(arguments: ast.arguments, reader: ExpressionReader) -> Iterator[Parameter]:
    """The parameters of a function, in order."""
    positional = (*arguments.posonlyargs, *arguments.args)
    missing = [None] * (len(positional) - len(arguments.defaults))
    for index, (arg, default) in enumerate(zip(positional, [*missing, *arguments.defaults], strict=True)):
        only = index < len(arguments.posonlyargs)
        kind = ParameterKind.POSITIONAL_ONLY if only else ParameterKind.POSITIONAL
        yield _parameter(arg, kind, default, reader)
    if arguments.vararg:
        yield _parameter(arguments.vararg, ParameterKind.VAR_POSITIONAL, None, reader)
    for arg, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        yield _parameter(arg, ParameterKind.KEYWORD_ONLY, default, reader)
    if arguments.kwarg:
        yield _parameter(arguments.kwarg, ParameterKind.VAR_KEYWORD, None, reader)


def _parameter(
    arg: ast.arg, kind: ParameterKind, default: ast.expr | None, reader: ExpressionReader
) -> Parameter:
    annotation = reader.read_optional(unquoted(arg.annotation))
    return Parameter(name=arg.arg, kind=kind, annotation=annotation, default=reader.read_optional(default))
