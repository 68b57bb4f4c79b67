"""How C3 comes to an order, one step at a time."""

from collections.abc import Iterator
from dataclasses import dataclass

from wsconsolidate.link.live import full_name, live_class
from wsconsolidate.model.program import Class, ClassId, Program

Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One step: the lists that are left, the class that is taken, and the heads that must wait.

    `taken` is None where every head must wait. A head that waits stands with the list that holds it back.
    """

    lists: tuple[Row, ...]
    taken: str | None
    waiting: tuple[tuple[str, Row], ...]


def steps(program: Program, of: Class) -> tuple[Step, ...]:
    """The merge of the orders of its bases and the list of the bases; none if a base's order is not known."""
    lists = [_order(program, of, base) for base in of.bases]
    if not lists or not all(lists):
        return ()
    return tuple(_merged([*lists, of.bases]))


def _merged(lists: list[Row]) -> Iterator[Step]:
    while lists:
        heads = dict.fromkeys(row[0] for row in lists)
        held = {head: row for head in heads for row in lists if head in row[1:]}
        taken = next((head for head in heads if head not in held), None)
        yield Step(tuple(lists), taken, tuple(held.items()))
        if taken is None:
            return
        lists = [rest for row in lists if (rest := row[1:] if row[0] == taken else row)]


def _order(program: Program, of: Class, base: str) -> Row:
    """The order of a base by the name it has in the class's own order."""
    for name, id in zip(of.mro.names, of.mro.ids, strict=True):
        if name == base:
            return _order_of(program, name, id)
    return ()


def _order_of(program: Program, name: str, id: ClassId | None) -> Row:
    read = program.class_(id)
    if read is not None:
        return read.mro.names
    cls = live_class(name)
    if cls is not None:
        return tuple(full_name(one) for one in cls.__mro__)
    return (name, "builtins.object") if name.startswith("?") else ()
