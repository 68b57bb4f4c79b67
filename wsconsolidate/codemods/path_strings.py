"""Strings that name a class by an old path, as `mock.patch` takes them."""

from collections.abc import Iterator
from functools import partial

import libcst as cst
from libcst.helpers import get_full_name_for_node

from wsconsolidate.codemods.nodes import literal, nodes
from wsconsolidate.codemods.patch import Replacement, Rewriting, Unfit
from wsconsolidate.codemods.sheet import Sheet
from wsconsolidate.codemods.workshop import Workshop
from wsconsolidate.model.program import Class

_PATCHING = frozenset(("patch", "setattr", "delattr"))


def strings_follow(workshop: Workshop, old: str, truth: Class) -> Iterator[Rewriting]:
    """What lets every string that patches `old` patch the class where it is from now on.

    Raises:
        Unfit: such a string stands elsewhere than in a call that patches.
    """
    for file in workshop.found.tree.files:
        reader = workshop.found.program.files.get(file.path)
        spelled = reader.source_root.spelled if reader else str
        named = spelled(old)
        if named.encode() in file.data:
            follow = partial(_follow, workshop.sheet(file.path), named, spelled(truth.qualname))
            made = workshop.once((file.path, named), follow)
            if made is not None:
                yield made


def _follow(sheet: Sheet, old: str, name: str) -> Rewriting | None:
    found = [one for one in nodes(sheet.module) if isinstance(one, cst.SimpleString) and literal(one) == old]
    for one in found:
        if not _patches(sheet, one):
            line = sheet.range_of(one).start.line
            raise Unfit(sheet.path, f'line {line} names "{old}" for another use than to patch it')
    fresh = (Replacement(one, one.with_changes(value=_renamed(one, name))) for one in found)
    return Rewriting(path=sheet.path, replacements=tuple(fresh)) if found else None


def _renamed(text: cst.SimpleString, name: str) -> str:
    return f"{text.prefix}{text.quote}{name}{text.quote}"


def _patches(sheet: Sheet, text: cst.SimpleString) -> bool:
    """True for the first argument of a call that patches what it is the name of."""
    argument = sheet.parent(text)
    call = sheet.parent(argument) if isinstance(argument, cst.Arg) else None
    if not isinstance(call, cst.Call) or call.args[0] is not argument:
        return False
    return (get_full_name_for_node(call.func) or "").rpartition(".")[2] in _PATCHING
