"""Where a duplicate manager would keep its connections, on top of the manager that stays."""

import re
from collections.abc import Iterator, Mapping

from wsconsolidate.model.analysis import Analysis
from wsconsolidate.model.program import Class
from wsconsolidate.model.search import Search


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
    pattern = rb"([\w\])]*)\.%s\b|attr\w*\([^\n]*[\"']%s[\"']" % (name, name)
    read = Search(pattern=pattern, words=(attribute.encode(),))
    below = {heir.path for heir in found.program.below(one)}
    for path, hits in found.tree.search(read).items():
        for line, (owner,) in hits:
            inside = path == one.path and one.line <= line <= one.end_line
            known = inside or path not in below
            if owner != b"self" or not known:
                yield f"{path}:{line}"
