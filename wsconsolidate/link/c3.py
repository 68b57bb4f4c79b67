"""C3 linearisation, as CPython's `mro_implementation` does it.

Source: Barrett et al., "A Monotonic Superclass Linearization for Dylan" (OOPSLA 1996), and
Objects/typeobject.c.
"""

from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class InconsistentError(Exception):
    """No order satisfies every constraint; `heads` are the classes that block one another."""

    def __init__(self, heads: tuple[object, ...]) -> None:
        super().__init__(heads)
        self.heads = heads


def linearise(own: T, orders: Sequence[Sequence[T]], bases: Sequence[T]) -> tuple[T, ...]:
    """The MRO of a class `own` with the given `bases`, whose own MROs are `orders`.

    Raises:
        InconsistentError: where CPython raises TypeError at class creation, also for a base named twice.
    """
    if len(set(bases)) < len(bases):
        raise InconsistentError(tuple(base for base in dict.fromkeys(bases) if bases.count(base) > 1))
    merged = [own]
    waiting = [list(order) for order in (*orders, bases) if order]
    while waiting:
        tails = {entry for order in waiting for entry in order[1:]}
        head = next((order[0] for order in waiting if order[0] not in tails), None)
        if head is None:
            raise InconsistentError(tuple(dict.fromkeys(order[0] for order in waiting)))
        merged.append(head)
        waiting = [rest for order in waiting if (rest := order[1:] if order[0] == head else order)]
    return tuple(merged)
