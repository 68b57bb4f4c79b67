"""Where a duplicate manager would keep its connections, on top of the manager that stays."""

import re
from collections.abc import Iterator, Mapping

from wsconsolidate.model.analysis import Analysis
from wsconsolidate.model.program import Class


def moved_state(found: Analysis, one: Class, kept: Class) -> Mapping[str, str]:
    """The attribute of its connections that has another name there: its own, and that one.

    Empty where both have the same, or where it is not one for one.
    """
    mine, theirs = set(found.connections(one)), set(found.connections(kept))
    own, other = mine - theirs - held(found, kept), theirs - mine - held(found, one)
    return {own.pop(): other.pop()} if len(own) == len(other) == 1 else {}


def held(found: Analysis, one: Class) -> set[str]:
    """The attributes of a class, own and inherited."""
    return {name for above in found.program.bases(one) for name in found.program.holdings.get(above.id, {})}


def read_outside(found: Analysis, one: Class, attribute: str) -> Iterator[str]:
    """The places that may read an attribute of a class's instances, other than by its own `self`.

    By a dot that is, or by the name as a string that `getattr` and its like are given.
    """
    name = re.escape(attribute.encode())
    read = re.compile(rb"([\w\])]*)\.%s\b|attr\w*\([^\n]*[\"']%s[\"']" % (name, name))
    below = {heir.path for heir in found.program.below(one)}
    for file in found.tree.files:
        for match in read.finditer(file.data):
            line = file.data.count(b"\n", 0, match.start()) + 1
            inside = file.path == one.path and one.line <= line <= one.end_line
            known = inside or file.path not in below
            if match[1] != b"self" or not known:
                yield f"{file.path}:{line}"
