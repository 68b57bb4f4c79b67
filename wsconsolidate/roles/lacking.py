"""Why a class has no role: what was seen of one, and what would have to be seen besides."""

from collections.abc import Mapping
from dataclasses import dataclass

from wsconsolidate.model.event import Vocabulary
from wsconsolidate.model.program import Class, ClassId, Program
from wsconsolidate.model.role import Cast, Evidence, Role
from wsconsolidate.roles.cast import can_play
from wsconsolidate.roles.part import Part
from wsconsolidate.roles.registry import PARTS
from wsconsolidate.roles.scene import Scene

OF_OTHERS = frozenset(("inherits", "doubles", "base_of"))
"""Kinds that a class owes to others: nobody misses them."""


@dataclass(frozen=True, slots=True)
class Lack:
    """A role that a class does not have, with what was seen of it and what was not, in words."""

    role: Role
    seen: tuple[Evidence, ...]
    wanted: tuple[str, ...]


def lacking(
    program: Program, vocabulary: Vocabulary, casts: Mapping[ClassId, Cast], one: Class
) -> tuple[Lack, ...]:
    """The roles of which something was seen in a class that has none, the nearest first."""
    scene = Scene(program, vocabulary)
    scene.casts = dict(casts)
    found = (_lack(one, part, scene) for part in PARTS if part.wanted and can_play(one, part))
    return tuple(sorted((lack for lack in found if lack), key=lambda lack: len(lack.wanted)))


def _lack(one: Class, part: Part, scene: Scene) -> Lack | None:
    seen = tuple(dict.fromkeys(part.observe(one, scene)))
    kinds = {evidence.kind for evidence in seen}
    if all(kind.startswith("named_") for kind in kinds):
        return None
    lacking = (set(needed) - kinds for needed in part.decisive if OF_OTHERS.isdisjoint(needed))
    wanted = min(lacking, key=lambda kinds: (len(kinds), sorted(kinds)))
    return Lack(part.role, seen, tuple(part.wanted[kind] for kind in sorted(wanted)))
