"""What is to become of each class with a role, and why."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from wsconsolidate.consolidate.duplicates import alike
from wsconsolidate.consolidate.players import Players
from wsconsolidate.consolidate.reach import why_dead
from wsconsolidate.model.analysis import (
    Disposition,
    Divergence,
    DuplicateGroup,
    Likeness,
    Truth,
    Verdict,
)
from wsconsolidate.model.delegation import BUNDLED_EMITTERS
from wsconsolidate.model.program import Class, ClassId
from wsconsolidate.model.role import Cast, Role

_SENDERS = (Role.EMITTER, Role.BRIDGE)
_ALIKE = {
    Likeness.EXACT_COPY: "a copy of",
    Likeness.RENAMED_COPY: "under another name a copy of",
    Likeness.NEAR_COPY: "does the same job with much the same methods as",
    Likeness.SAME_ROLE: "does the same job as",
}


def delegating(players: Players) -> frozenset[ClassId]:
    """The classes that already hand everything to a source of truth, or extend one."""
    ids = {truth.id for truth in players.truths.values() if truth.id is not None}
    found = set()
    for id, cast in players.casts.items():
        one = players.program.classes[id]
        if id in ids or why_dead(players.program, one):
            continue
        extends = ids & set(one.mro.ids[1:]) and cast.role in (*_SENDERS, Role.MANAGER)
        forwards = cast.role is Role.MANAGER and any(seen.kind == "forwards" for seen in cast.evidence)
        if extends or forwards or (cast.role in _SENDERS and _all_through(players, one)):
            found.add(id)
    return frozenset(found)


def _all_through(players: Players, one: Class) -> bool:
    """True if each event that the class covers goes through the truth of the emitters or bridges."""
    ids = [truth.id for role, truth in players.truths.items() if role in _SENDERS and truth.id != one.id]
    owners = tuple(f"{players.program.classes[id].qualname}." for id in ids if id is not None)
    owners += tuple(f"{name}." for name in BUNDLED_EMITTERS) if _is_bundled(players.truths) else ()
    covered = [found for found in players.coverage.get(one.id, {}).values() if found.status.covers]
    through = (any(hop.symbol.startswith(owners) for hop in found.flow) for found in covered)
    return bool(covered) and bool(owners) and all(through)


def _is_bundled(truths: Mapping[Role, Truth]) -> bool:
    """True where the emitter that stays is the bundled runtime's."""
    truth = truths.get(Role.EMITTER)
    return truth is not None and truth.qualname in BUNDLED_EMITTERS


def verdicts(
    players: Players,
    groups: Iterable[DuplicateGroup],
    divergences: Iterable[Divergence],
    delegates: Collection[ClassId],
    akin: Mapping[ClassId, str],
) -> dict[ClassId, Verdict]:
    """The disposition of each class with a role; `akin` says of which managers why they stay as they are."""
    duplicates = frozenset(id for group in groups for id in group.members)
    conflicts = {one.other: one.conflicts[0] for one in divergences}
    judge = _Judge(players, duplicates, conflicts, delegates, akin)
    return {id: judge.verdict(players.program.classes[id], cast) for id, cast in players.casts.items()}


@dataclass(frozen=True, slots=True)
class _Judge:
    """Everything by which a class is judged."""

    players: Players
    duplicates: Collection[ClassId]
    conflicts: Mapping[ClassId, str]
    delegates: Collection[ClassId]
    akin: Mapping[ClassId, str]

    def verdict(self, one: Class, cast: Cast) -> Verdict:
        """The first that holds of all that can be said of a class."""
        disposition, reason = next(self._reasons(one, cast))
        return Verdict(disposition=disposition, reason=reason)

    def _reasons(self, one: Class, cast: Cast) -> Iterator[tuple[Disposition, str]]:
        truth = self.players.truths.get(cast.role)
        if truth is not None and truth.id == one.id:
            yield Disposition.KEEP, f"the source of truth: {truth.reason}"
        if cast.test_double or one.in_tests:
            yield Disposition.LEAVE, "it belongs to the tests"
        if one.id in self.delegates:
            yield Disposition.DELEGATES, "it already hands on to a source of truth"
        dead = why_dead(self.players.program, one)
        if dead is not None:
            yield Disposition.REVIEW, dead
        if one.id in self.akin:
            yield Disposition.LEAVE, self.akin[one.id]
        if one.id in self.conflicts:
            yield Disposition.REVIEW, f"same name, another contract: {self.conflicts[one.id]}"
        if truth is not None:
            yield from ((Disposition.REVIEW, reason) for reason in self._beside(truth, one, cast.role))
        yield Disposition.LEAVE, "nothing duplicates it"

    def _beside(self, truth: Truth, one: Class, role: Role) -> Iterator[str]:
        """What a class is beside the one that stays."""
        if one.id in self.duplicates:
            yield _duplicate(one, truth, self.players.program.class_(truth.id))
        if role is Role.ERROR and truth.id not in one.mro.ids:
            yield f"stands outside of the hierarchy of `{truth.qualname}`"
        if role in (Role.MANAGER, *_SENDERS):
            yield f"a second {role} beside `{truth.qualname}`, too different to be its duplicate"


def _duplicate(one: Class, truth: Truth, canonical: Class | None) -> str:
    if canonical is None:
        return f"one of several that do the same job, which `{truth.qualname}` can take over"
    return f"{_ALIKE[alike(one, canonical)]} `{truth.qualname}`"
