"""Which WebSocket errors stand outside of the hierarchy that stays."""

from collections.abc import Iterable, Iterator

from wsconsolidate.model.analysis import Analysis
from wsconsolidate.model.program import Class, ClassId, MroStatus
from wsconsolidate.model.role import Role


def scattered_errors(found: Analysis) -> Iterator[Class]:
    """Each topmost error class that does not derive from the source of truth of the errors."""
    truth, stays = found.ssot.get(Role.ERROR), found.truth(Role.ERROR)
    errors = {one.id: one for one in found.production(Role.ERROR)}
    roots = [one for one in errors.values() if _is_root(one) and not set(one.mro.ids[1:]) & set(errors)]
    if truth is None or len(roots) < 2 or (stays and not _is_hierarchy(stays, errors.values())):
        return
    if stays is None and len({one.path for one in roots}) == 1:
        return
    own = {one.id: set(_own_bases(found, one)) for one in (*roots, *filter(None, (stays,)))}
    shared = own[stays.id] if stays else set.intersection(*own.values())
    yield from (one for one in roots if not own[one.id] & shared)


def _own_bases(found: Analysis, one: Class) -> Iterator[ClassId]:
    """The classes of the program by which an error can be caught, itself among them."""
    above = map(found.program.class_, one.mro.ids)
    yield from (base.id for base in above if base is not None and base.in_tree)


def _is_hierarchy(base: Class, errors: Iterable[Class]) -> bool:
    """True for a base of several errors; one that has a single heir is only what that one is like."""
    return sum(base.id in one.mro.ids[1:] for one in errors) > 1


def _is_root(one: Class) -> bool:
    known = all(id is not None or name.startswith("builtins.") for name, id in _above(one))
    return one.mro.status is MroStatus.EXACT and known


def _above(one: Class) -> Iterator[tuple[str, object]]:
    return zip(one.mro.names[1:], one.mro.ids[1:], strict=True)
