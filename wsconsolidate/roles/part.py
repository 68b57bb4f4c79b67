"""What the file of a role says: what observes it, how much each kind of evidence counts, which decide."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field

from wsconsolidate.model.program import Class
from wsconsolidate.model.role import Evidence, Role
from wsconsolidate.roles.scene import Scene

MOST_SURE = 0.99


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A role, complete with the kinds of its evidence.

    Each kind has its weight. A class plays the role only if one of the `decisive` sets was seen whole,
    so that names alone never decide. `wanted` says of the kinds in those sets what a class without the
    role lacks; a role that nobody asks for has none. `acts` is false for a role that describes or carries
    something: it has no doubles in tests, and a class that only declares may play it.
    """

    role: Role
    observe: Callable[[Class, Scene], Iterator[Evidence]]
    weights: Mapping[str, float]
    decisive: tuple[Collection[str], ...]
    wanted: Mapping[str, str] = field(default_factory=dict)
    acts: bool = True

    def confidence(self, kinds: Collection[str]) -> float:
        """How sure the role is, 0 to `MOST_SURE` in two places; 0 where nothing decisive was seen.

        It is 1 - product(1 - weight) over the kinds that were seen: independent witnesses.
        """
        if not any(set(needed) <= set(kinds) for needed in self.decisive):
            return 0.0
        doubt = 1.0
        for kind in set(kinds):
            doubt *= 1.0 - self.weights[kind]
        return min(round(1.0 - doubt, 2), MOST_SURE)
