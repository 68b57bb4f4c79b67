"""What is to become of each class with a role, and why."""

from collections.abc import Mapping

from wsconsolidate.consolidate.duplicates import alike
from wsconsolidate.model.analysis import (
    Disposition,
    Divergence,
    DuplicateGroup,
    Likeness,
    Truth,
    Verdict,
)
from wsconsolidate.model.delegation import BUNDLED_EMITTERS
from wsconsolidate.model.event import Coverage
from wsconsolidate.model.program import Class, ClassId, MroStatus, Program
from wsconsolidate.model.role import Cast, Role

CoverageMap = Mapping[ClassId, Mapping[str, Coverage]]
_SENDERS = (Role.EMITTER, Role.BRIDGE)
_ALIKE = {
    Likeness.EXACT_COPY: "a copy of",
    Likeness.RENAMED_COPY: "under another name a copy of",
    Likeness.NEAR_COPY: "does the same job with much the same methods as",
    Likeness.SAME_ROLE: "does the same job as",
}


def delegating(
    program: Program,
    casts: Mapping[ClassId, Cast],
    coverage: CoverageMap,
    truths: Mapping[Role, Truth],
) -> frozenset[ClassId]:
    """The classes that already hand everything to a source of truth, or extend one."""
    ids = {truth.id for truth in truths.values() if truth.id is not None}
    found = set()
    for id, cast in casts.items():
        one = program.classes[id]
        if id in ids or _dead(program, one):
            continue
        extends = ids & set(one.mro.ids[1:]) and cast.role in (*_SENDERS, Role.MANAGER)
        forwards = cast.role is Role.MANAGER and any(seen.kind == "forwards" for seen in cast.evidence)
        sends = cast.role in _SENDERS and _all_through(one, coverage.get(id, {}), program, truths)
        if extends or forwards or sends:
            found.add(id)
    return frozenset(found)


def _all_through(
    one: Class, coverage: Mapping[str, Coverage], program: Program, truths: Mapping[Role, Truth]
) -> bool:
    """True if each event that the class covers goes through the truth of the emitters or bridges."""
    others = [truths[role].id for role in _SENDERS if role in truths and truths[role].id != one.id]
    owners = tuple(f"{program.classes[id].qualname}." for id in others if id is not None)
    owners += tuple(f"{name}." for name in BUNDLED_EMITTERS) if _is_bundled(truths) else ()
    covered = [found for found in coverage.values() if found.status.covers]
    through = (any(hop.symbol.startswith(owners) for hop in found.flow) for found in covered)
    return bool(covered) and bool(owners) and all(through)


def _is_bundled(truths: Mapping[Role, Truth]) -> bool:
    """True where the emitter that stays is the bundled runtime's."""
    truth = truths.get(Role.EMITTER)
    return truth is not None and truth.qualname in BUNDLED_EMITTERS


def verdicts(
    program: Program,
    casts: Mapping[ClassId, Cast],
    truths: Mapping[Role, Truth],
    groups: tuple[DuplicateGroup, ...],
    divergences: tuple[Divergence, ...],
    delegates: frozenset[ClassId],
    akin: Mapping[ClassId, str],
) -> dict[ClassId, Verdict]:
    """The disposition of each class with a role; `akin` says of which managers why they stay as they are."""
    grouped = {id: group for group in groups for id in group.members}
    apart = {divergence.other: divergence for divergence in divergences}
    return {
        id: _verdict(
            program, program.classes[id], cast, truths, grouped.get(id), apart.get(id), delegates, akin
        )
        for id, cast in casts.items()
    }


def _verdict(
    program: Program,
    one: Class,
    cast: Cast,
    truths: Mapping[Role, Truth],
    group: DuplicateGroup | None,
    divergence: Divergence | None,
    delegates: frozenset[ClassId],
    akin: Mapping[ClassId, str],
) -> Verdict:
    truth = truths.get(cast.role)
    if truth is not None and truth.id == one.id:
        return Verdict(disposition=Disposition.KEEP, reason=f"the source of truth: {truth.reason}")
    if cast.test_double or one.in_tests:
        return Verdict(disposition=Disposition.LEAVE, reason="it belongs to the tests")
    if one.id in delegates:
        return Verdict(disposition=Disposition.DELEGATES, reason="it already hands on to a source of truth")
    dead = _dead(program, one)
    if dead is not None:
        return Verdict(disposition=Disposition.REVIEW, reason=dead)
    if one.id in akin:
        return Verdict(disposition=Disposition.LEAVE, reason=akin[one.id])
    if divergence is not None:
        reason = f"same name, another contract: {divergence.conflicts[0]}"
        return Verdict(disposition=Disposition.REVIEW, reason=reason)
    if group is not None and truth is not None:
        reason = _duplicate(one, truth, program.class_(truth.id))
        return Verdict(disposition=Disposition.REVIEW, reason=reason)
    if cast.role is Role.ERROR and truth is not None and truth.id not in one.mro.ids:
        reason = f"stands outside of the hierarchy of `{truth.qualname}`"
        return Verdict(disposition=Disposition.REVIEW, reason=reason)
    if truth is not None and cast.role in (Role.MANAGER, Role.EMITTER, Role.BRIDGE):
        reason = f"a second {cast.role} beside `{truth.qualname}`, too different to be its duplicate"
        return Verdict(disposition=Disposition.REVIEW, reason=reason)
    return Verdict(disposition=Disposition.LEAVE, reason="nothing duplicates it")


def _dead(program: Program, one: Class) -> str | None:
    """Why nothing can use the class at all; None if something can."""
    if one.mro.status is MroStatus.INCONSISTENT:
        return "Python refuses to create it: its bases have no consistent order"
    found = program.shadowing(one.path)
    return f"dead code: whoever imports `{one.module}` gets `{found.path}`" if found else None


def _duplicate(one: Class, truth: Truth, canonical: Class | None) -> str:
    if canonical is None:
        return f"one of several that do the same job, which `{truth.qualname}` can take over"
    return f"{_ALIKE[alike(one, canonical)]} `{truth.qualname}`"
