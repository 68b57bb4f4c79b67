"""Where a method asks about an attribute, awaits, and then changes what it asked about."""

from collections.abc import Iterator
from dataclasses import dataclass

from wsconsolidate.model.expr import Attribute, Call, Expr, Subscript, unparse, walk
from wsconsolidate.model.facts import Body, Branch, CallSite, Guard, Store
from wsconsolidate.model.program import Class, Function, Program
from wsconsolidate.rules.iteration import Places
from wsconsolidate.rules.timing import locks

_ADDING = frozenset(("append", "add", "appendleft", "insert", "remove"))
_REMOVING = frozenset(("pop", "remove"))


@dataclass(frozen=True, slots=True)
class Race:
    """The lines where one attribute is asked about, something is awaited, and the attribute is changed."""

    function: Function
    attribute: str
    asked: int
    awaited: int
    changed: int


@dataclass(frozen=True, slots=True)
class _Change:
    """A key that is put into a container of the instance, or taken out of it."""

    attribute: str
    key: str
    removes: bool
    line: int
    guards: tuple[Guard, ...]


def races(program: Program, owner: Class, function: Function) -> Iterator[Race]:
    """The changes of a method's attributes that rest on a condition from before an `await`."""
    body = function.facts.body
    if body is None or not function.facts.is_async:
        return
    places = Places(program, owner, function, body)
    given = _given_back(places, body)
    for change in _changes(places, body):
        attribute, line, guards = change.attribute, change.line, change.guards
        if attribute in given:
            continue  # a cache: whoever comes second fills in the same
        asked = _asked(places, body, attribute, line, guards)
        if asked is None or _is_locked(body, asked, line) or _is_called_locked(program, function):
            continue
        awaited = _awaited(body, asked, line, guards)
        if awaited is not None and not _is_reserved(places, body, change, asked, awaited):
            yield Race(function=function, attribute=attribute, asked=asked, awaited=awaited, changed=line)


def _given_back(places: Places, body: Body) -> set[str]:
    """The attributes of which a method returns an item that it looked for."""
    looked = (places.place(part) for value in body.returns for part in walk(value))
    return {place.attribute for place in looked if place is not None and place.keys}


def _changes(places: Places, body: Body) -> Iterator[_Change]:
    """Each change that matters if somebody else was faster."""
    for store in body.stores:
        target = store.target
        place = places.place(target.value) if isinstance(target, Subscript) else None
        if place is not None and not _repeats(store.guards) and not _counts(store):
            key = unparse(target.index) if isinstance(target, Subscript) else ""
            yield _Change(place.attribute, key, store.deletes, store.line, store.guards)
    for site in body.calls:
        func = site.call.func
        place = places.place(func.value) if isinstance(func, Attribute) else None
        if place is not None and not _repeats(site.guards) and _matters(site):
            key = ", ".join(map(unparse, site.call.args))
            removes = isinstance(func, Attribute) and func.attr in _REMOVING
            yield _Change(place.attribute, key, removes, site.call.line, site.guards)


def _repeats(guards: tuple[Guard, ...]) -> bool:
    """True inside a loop, whose next round asks anew: a worker that is alone with its state."""
    return any(guard.branch is Branch.LOOP for guard in guards)


def _counts(store: Store) -> bool:
    """`self.count[key] += 1`, which asks and changes at once."""
    return store.value is not None and getattr(store.value, "syntax", "") == "AugAssign"


def _matters(site: CallSite) -> bool:
    func = site.call.func
    name = func.attr if isinstance(func, Attribute) else ""
    return name in _ADDING or (name == "pop" and len(site.call.args) == 1)


def _asked(places: Places, body: Body, attribute: str, line: int, guards: tuple[Guard, ...]) -> int | None:
    """The line of the last condition before a change on which it rests: around it, or left otherwise."""
    around = [guard for guard in guards if guard.branch in (Branch.IF, Branch.ELSE)]
    left = [leave.guards[-1] for leave in body.leaves if _decides(leave.guards, guards, leave.line, line)]
    asked = [guard.line for guard in (*around, *left) if _is_about(places, guard.test, attribute)]
    return max(asked, default=None)


def _decides(leave: tuple[Guard, ...], guards: tuple[Guard, ...], at: int, line: int) -> bool:
    """True if the change is only reached where the leave, which stands before it, was not taken."""
    return (
        bool(leave) and at < line and leave[-1].branch is Branch.IF and leave[:-1] == guards[: len(leave) - 1]
    )


def _is_about(places: Places, test: Expr | None, attribute: str) -> bool:
    parts = walk(test) if test is not None else ()
    return any(
        place.attribute == attribute
        for part in parts
        if not isinstance(part, Call) and (place := places.place(part)) is not None
    )


def _awaited(body: Body, asked: int, line: int, guards: tuple[Guard, ...]) -> int | None:
    """The line of an `await` between the two that runs whenever the change is reached."""
    sites = (site for site in body.calls if site.awaited and asked < site.call.line < line)
    lines = (site.call.line for site in sites if _is_on_the_way(site.guards, guards))
    return next(lines, None)


def _is_reserved(places: Places, body: Body, change: _Change, asked: int, awaited: int) -> bool:
    """True where the same key is put in before anything is awaited: whoever comes next finds it."""
    return any(
        asked < other.line < awaited
        and (other.attribute, other.key, other.removes) == (change.attribute, change.key, False)
        and _is_on_the_way(other.guards, change.guards)
        for other in _changes(places, body)
    )


def _is_on_the_way(passed: tuple[Guard, ...], guards: tuple[Guard, ...]) -> bool:
    needed = [guard for guard in passed if guard.branch not in (Branch.TRY, Branch.WITH)]
    return all(guard in guards for guard in needed)


def _is_locked(body: Body, asked: int, changed: int) -> bool:
    return bool(set(locks(body, asked)) & set(locks(body, changed)))


def _is_called_locked(program: Program, function: Function) -> bool:
    """True for a helper whose name or callers say that the lock is held."""
    if "locked" in function.name.split("_"):
        return True
    callers = [(program.functions.get(edge.scope), edge.line) for edge in program.callers(function)]
    bodies = [(caller.facts.body if caller else None, line) for caller, line in callers]
    return bool(bodies) and all(next(locks(body, line), None) for body, line in bodies)
