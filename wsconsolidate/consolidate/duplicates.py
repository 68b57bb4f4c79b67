"""Groups of classes that duplicate each other, and namesakes that only look as if they did."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from itertools import chain, combinations

from wsconsolidate.consolidate.behaviour import (
    behaviours,
    extends,
    fits,
    likeness,
    public_members,
    shape,
    signature,
)
from wsconsolidate.consolidate.players import Players
from wsconsolidate.model.analysis import Divergence, DuplicateGroup, Likeness, Truth
from wsconsolidate.model.program import Class, ClassId
from wsconsolidate.model.role import COVERING_ROLES, Role

_ENOUGH_SHARED = {Role.MANAGER: 3, Role.EMITTER: 3, Role.BRIDGE: 3, Role.PROTOCOL: 2}
_ENOUGH_ALIKE = 0.6
_NEAR_COPY = 0.5

Doing = Mapping[ClassId, frozenset[str]]


class Shapes:
    """Tells copies by the shapes of classes, each of which is worked out once."""

    def __init__(self) -> None:
        self._shapes: dict[tuple[ClassId, bool], tuple[str, ...]] = {}

    def kind(self, left: Class, right: Class) -> Likeness | None:
        """Which kind of copies of each other two classes are, None if they are none."""
        if self._shape(left, renamed=False) == self._shape(right, renamed=False):
            return Likeness.EXACT_COPY if left.name == right.name else Likeness.RENAMED_COPY
        same = self._shape(left, renamed=True) == self._shape(right, renamed=True)
        return Likeness.RENAMED_COPY if same else None

    def _shape(self, found: Class, *, renamed: bool) -> tuple[str, ...]:
        key = (found.id, renamed)
        if key not in self._shapes:
            self._shapes[key] = shape(found, renamed=renamed)
        return self._shapes[key]


def divergences(players: Players, without: Collection[ClassId]) -> tuple[Divergence, ...]:
    """The protocols whose namesakes contradict them, those `without` left out."""
    namesakes: dict[str, list[Class]] = {}
    for one in _members(players, Role.PROTOCOL, without):
        namesakes.setdefault(one.name, []).append(one)
    truth = players.truths.get(Role.PROTOCOL)
    return tuple(one for group in namesakes.values() for one in _diverging(group, truth))


def _diverging(namesakes: list[Class], truth: Truth | None) -> Iterator[Divergence]:
    canonical = _canonical(namesakes, truth)
    for other in namesakes:
        apart = other is not canonical and not extends(canonical, other)
        conflicts = tuple(_conflicts(canonical, other)) if apart else ()
        if conflicts:
            yield Divergence(role=Role.PROTOCOL, ssot=canonical.id, other=other.id, conflicts=conflicts)


def duplicates(players: Players, without: Collection[ClassId]) -> tuple[DuplicateGroup, ...]:
    """The groups of classes that duplicate each other, in order of role and path.

    Those `without`, test doubles, and classes that extend one another are no duplicates of each other.
    """
    shapes = Shapes()
    return tuple(chain.from_iterable(_groups(players, role, without, shapes) for role in COVERING_ROLES))


def _members(players: Players, role: Role, without: Collection[ClassId]) -> list[Class]:
    ids = (id for id, cast in players.casts.items() if cast.role is role and id not in without)
    return [one for one in map(players.program.classes.__getitem__, ids) if not one.in_tests]


def _canonical(namesakes: list[Class], truth: Truth | None) -> Class:
    """The source of truth if it is among them, else the one that most agree with, the most complete first."""
    kept = next((one for one in namesakes if truth is not None and one.id == truth.id), None)
    return kept or max(namesakes, key=lambda one: (_agreeing(one, namesakes), len(public_members(one))))


def _agreeing(one: Class, namesakes: list[Class]) -> int:
    return sum(not any(_conflicts(one, other)) for other in namesakes)


def _conflicts(canonical: Class, other: Class) -> Iterator[str]:
    """Members of one name that no caller could use alike; all of them where nothing is shared."""
    mine, theirs = public_members(canonical), public_members(other)
    shared = [name for name in mine if name in theirs]
    for name in shared:
        if not fits(mine[name], theirs[name]):
            yield f"{name}: {signature(mine[name])} here, {signature(theirs[name])} there"
    if not shared:
        yield "no member in common"


def _groups(
    players: Players, role: Role, without: Collection[ClassId], shapes: Shapes
) -> Iterator[DuplicateGroup]:
    members = _members(players, role, without)
    doing = {m.id: behaviours(m, players.casts[m.id], players.coverage.get(m.id, {})) for m in members}
    linked: dict[ClassId, set[ClassId]] = {member.id: {member.id} for member in members}
    for left, right in sorted(combinations(members, 2), key=lambda pair: -_shared_share(pair, doing)):
        known = linked[left.id] is linked[right.id]
        if not known and not extends(left, right) and _alike(role, left, right, doing, shapes):
            together = linked[left.id] | linked[right.id]
            if len(together) == 2 or _have_something_in_common(together, doing):
                linked.update(dict.fromkeys(together, together))
    by_id = {member.id: member for member in members}
    for ids in dict.fromkeys(tuple(sorted(ids)) for ids in linked.values()):
        if len(ids) > 1:
            yield _group(role, [by_id[id] for id in ids], doing, shapes)


def _shared_share(pair: tuple[Class, Class], doing: Doing) -> float:
    return likeness(doing[pair[0].id], doing[pair[1].id])


def _have_something_in_common(ids: Collection[ClassId], doing: Doing) -> bool:
    """True if all do one thing: where A is like B and B like C, A and C may have nothing in common."""
    return bool(frozenset.intersection(*(doing[id] for id in ids)))


def _alike(role: Role, left: Class, right: Class, doing: Doing, shapes: Shapes) -> bool:
    shared = doing[left.id] & doing[right.id]
    if role is Role.PROTOCOL and left.name != right.name:
        both = min(len(doing[left.id]), len(doing[right.id]))
        return len(shared) >= max(_ENOUGH_SHARED[role], both * _ENOUGH_ALIKE)
    if len(shared) >= _ENOUGH_SHARED[role] and likeness(doing[left.id], doing[right.id]) >= _ENOUGH_ALIKE:
        return True
    return left.functions.keys() == right.functions.keys() and shapes.kind(left, right) is not None


def _group(role: Role, members: list[Class], doing: Doing, shapes: Shapes) -> DuplicateGroup:
    shared = frozenset.intersection(*(doing[member.id] for member in members))
    return DuplicateGroup(
        role=role,
        kind=_kind(members, shapes),
        members=tuple(member.id for member in members),
        shared=tuple(sorted(shared)),
        differs=tuple(_differences(members)),
    )


def _kind(members: list[Class], shapes: Shapes) -> Likeness:
    """The loosest likeness between any two members."""
    order, kind = list(Likeness), Likeness.EXACT_COPY
    for left, right in combinations(members, 2):
        kind = max(kind, alike(left, right, shapes), key=order.index)
        if kind is order[-1]:
            break
    return kind


def alike(left: Class, right: Class, shapes: Shapes | None = None) -> Likeness:
    """In which way two classes of a group duplicate each other."""
    return (shapes or Shapes()).kind(left, right) or _near(left, right)


def _near(left: Class, right: Class) -> Likeness:
    names = likeness(public_members(left), public_members(right))
    return Likeness.NEAR_COPY if names >= _NEAR_COPY else Likeness.SAME_ROLE


def _differences(members: list[Class]) -> Iterator[str]:
    """What each member has alone, and whose signatures disagree."""
    offered = {member.id: public_members(member) for member in members}
    having = Counter(chain.from_iterable(offered.values()))
    for member in members:
        alone = [name for name in offered[member.id] if having[name] == 1]
        if alone:
            yield f"only {member.qualname}: {', '.join(alone)}"
    for name in sorted(having):
        versions = {
            signature(offered[member.id][name]): member.qualname
            for member in members
            if name in offered[member.id]
        }
        if len(versions) > 1:
            yield f"{name}: " + "; ".join(f"{shown} in {where}" for shown, where in versions.items())
