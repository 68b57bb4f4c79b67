"""Adds names to an import statement that is there, in the order and layout of those that it has."""

from collections.abc import Sequence

import libcst as cst

from wsconsolidate.codemods.nodes import has_comments

_LEAST_WIDTH = 88


def with_names(
    statement: cst.SimpleStatementLine, added: Sequence[cst.ImportAlias], module: cst.Module
) -> cst.SimpleStatementLine | None:
    """The `from` import with more names; None where they would not fit into what it is laid out as."""
    match statement:
        case cst.SimpleStatementLine(body=[cst.ImportFrom(names=[*names]) as imported]):
            if has_comments(imported):
                return None
            longer = _longer(imported, [*names], added)
            fits = longer is not None and _fits(longer, module)
            return statement.with_changes(body=[longer]) if fits else None
    return None


def _longer(
    imported: cst.ImportFrom, names: list[cst.ImportAlias], added: Sequence[cst.ImportAlias]
) -> cst.ImportFrom | None:
    if len(names) == 1 and imported.lpar is not None:
        return None
    order = next((key for key in (_by_type, _by_case) if names == sorted(names, key=key)), None)
    every = [*names, *added] if order is None else sorted([*names, *added], key=order)
    between = names[0].comma if len(names) > 1 else cst.MaybeSentinel.DEFAULT
    last = names[-1].comma
    laid_out = [one.with_changes(comma=between) for one in every]
    laid_out[-1] = laid_out[-1].with_changes(comma=last)
    return imported.with_changes(names=laid_out)


def _fits(imported: cst.ImportFrom, module: cst.Module) -> bool:
    text = module.code_for_node(imported)
    return "\n" in text or len(text) <= _LEAST_WIDTH


def _by_type(alias: cst.ImportAlias) -> tuple[int, str]:
    """Constants, then classes, then the rest."""
    name = alias.evaluated_name
    return (0 if name.isupper() and len(name) > 1 else 1 if name[:1].isupper() else 2, name)


def _by_case(alias: cst.ImportAlias) -> str:
    return alias.evaluated_name.lower()
