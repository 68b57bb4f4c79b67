"""What classes can do beyond their role, each capability proved by a line."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from wsconsolidate.model.analysis import Feature
from wsconsolidate.model.expr import Attribute, Call, Expr, Name, Opaque, dotted, unparse, walk
from wsconsolidate.model.facts import Branch, CallSite, Guard
from wsconsolidate.model.limits import limit_checks
from wsconsolidate.model.program import Class, ClassId, Function, Program, Type
from wsconsolidate.model.role import Cast, Role

_MADE = (Role.EMITTER, Role.MANAGER, Role.BRIDGE, Role.CONNECTION)
_NESTED = frozenset(("builtins.dict", "builtins.set", "builtins.list", "collections.deque"))


@dataclass(frozen=True, slots=True)
class _Subject:
    """One class, seen among the others."""

    one: Class
    program: Program
    casts: Mapping[ClassId, Cast]

    def functions(self, *words: str) -> Iterator[Function]:
        """Its methods that do something; with words, only those that have one in their name."""
        for name, function in self.one.functions.items():
            body = function.facts.body
            if body is not None and not body.stub and (not words or set(words) & set(name.split("_"))):
                yield function

    def calls(self) -> Iterator[tuple[Function, CallSite]]:
        """The calls in its methods."""
        for function in self.functions():
            for site in function.facts.body.calls if function.facts.body else ():
                yield function, site


Seen = tuple[str, str, int]
Observer = Callable[[_Subject], Iterator[Seen]]


def features(
    program: Program, casts: Mapping[ClassId, Cast], classes: Iterable[ClassId]
) -> tuple[Feature, ...]:
    """The features of the classes, of each kind the first that is seen."""
    subjects = (_Subject(program.classes[id], program, casts) for id in dict.fromkeys(classes))
    return tuple(feature for subject in subjects for feature in _of(subject))


def _of(subject: _Subject) -> Iterator[Feature]:
    for kind, observe in _OBSERVERS.items():
        seen = next(iter(observe(subject)), None)
        if seen is not None:
            detail, path, line = seen
            yield Feature(id=subject.one.id, kind=kind, detail=detail, path=path, line=line)


def _singleton(subject: _Subject) -> Iterator[Seen]:
    for attribute, holdings in subject.program.holdings[subject.one.id].items():
        own = [h for h in holdings if any(type_.id == subject.one.id for type_ in h.types)]
        if own and "instance" in attribute:
            yield f"one instance is kept in `{attribute}`", own[0].path, own[0].line


def _per_user(subject: _Subject) -> Iterator[Seen]:
    """Connections in a mapping inside a mapping."""
    evidence = subject.casts[subject.one.id].evidence if subject.one.id in subject.casts else ()
    connections = {(seen.path, seen.line) for seen in evidence if seen.kind == "holds_connections"}
    for attribute, holdings in subject.program.holdings[subject.one.id].items():
        for holding in holdings:
            if (holding.path, holding.line) in connections and any(map(_is_nested, holding.types)):
                yield f"`self.{attribute}` keeps connections by user", holding.path, holding.line


def _is_nested(found: Type) -> bool:
    return len(found.args) == 2 and found.args[1].name in _NESTED


def _named(*words: str) -> Observer:
    def observe(subject: _Subject) -> Iterator[Seen]:
        for function in subject.functions(*words):
            yield f"`{function.name}()`", function.path, function.line

    return observe


def _limits(subject: _Subject) -> Iterator[Seen]:
    """A comparison of how many there are with how many there may be."""
    for function in subject.functions():
        for check, line in limit_checks(function):
            yield f"`{function.name}()` checks `{unparse(check)}`", function.path, line


def _locks(subject: _Subject) -> Iterator[Seen]:
    for function in subject.functions():
        for context in function.facts.body.contexts if function.facts.body else ():
            if "lock" in (dotted(context.value) or "").lower():
                yield f"`{function.name}()` holds `{unparse(context.value)}`", function.path, context.line


def _backoff(subject: _Subject) -> Iterator[Seen]:
    """A sleep inside a loop that grows with each round."""
    for function, site in subject.calls():
        match site.call:
            case Call(func=Attribute(attr="sleep") | Name(id="sleep"), args=(delay, *_)) if site.loops:
                if _grows(delay, _counters(function, site)):
                    detail = f"`{function.name}()` waits `{unparse(delay)}`"
                    yield detail, function.path, site.call.line


def _counters(function: Function, site: CallSite) -> set[str]:
    """The names that the loops around a call count with."""
    loops = function.facts.body.loops if function.facts.body else ()
    targets = (loops[index].target for index in site.loops)
    return {part.id for target in targets for part in walk(target) if isinstance(part, Name)}


def _grows(delay: Expr, counters: set[str]) -> bool:
    named = {part.id for part in walk(delay) if isinstance(part, Name)}
    syntaxes = {part.syntax for part in walk(delay) if isinstance(part, Opaque)}
    return "Pow" in syntaxes or ("Mult" in syntaxes and bool(named & counters))


def _metrics(subject: _Subject) -> Iterator[Seen]:
    for attribute, holdings in subject.program.holdings[subject.one.id].items():
        if "metric" in attribute or "stats" in attribute:
            yield f"`self.{attribute}`", holdings[0].path, holdings[0].line


def _state_machine(subject: _Subject) -> Iterator[Seen]:
    for attribute, holdings in subject.program.holdings[subject.one.id].items():
        for type_ in (type_ for holding in holdings for type_ in holding.types):
            known = subject.program.classes.get(type_.id) if type_.id else None
            if known is not None and "enum.Enum" in known.mro.names and "state" in known.name.lower():
                states = ", ".join(subject.program.holdings[known.id])
                yield f"`self.{attribute}` is one of {states}", known.path, known.line


def _idempotent(subject: _Subject) -> Iterator[Seen]:
    """An initialisation that returns at once where the instance says that it was done."""
    for function in subject.functions("ensure", "init", "initialize", "initialise", "start", "setup"):
        body = function.facts.body
        raised = {value.line for value in body.raises} if body else set()
        for leave in body.leaves if body else ():
            asked = [guard for guard in leave.guards if guard.branch is Branch.IF and _asks_itself(guard)]
            if asked and not (leave.loops or leave.skips) and leave.line not in raised:
                detail = f"`{function.name}()` returns at once if `{unparse(asked[-1].test)}`"
                yield detail, function.path, asked[-1].line


def _asks_itself(guard: Guard) -> bool:
    parts = walk(guard.test) if guard.test is not None else ()
    return any(isinstance(part, Attribute) and dotted(part.value) in ("self", "cls") for part in parts)


def _degradation(subject: _Subject) -> Iterator[Seen]:
    for function, site in subject.calls():
        for argument in site.call.args:
            if isinstance(argument, Attribute) and "degraded" in argument.attr.lower():
                yield f"`{function.name}()` goes to `{unparse(argument)}`", function.path, site.call.line


def _creates(subject: _Subject) -> Iterator[Seen]:
    for function in subject.functions("create", "make", "build", "new"):
        for edge in subject.program.calls(function.scope):
            for id in edge.constructs:
                if id in subject.casts and subject.casts[id].role in _MADE:
                    made = subject.program.classes[id].name
                    yield f"`{function.name}()` creates a `{made}`", function.path, edge.line


def _pools(subject: _Subject) -> Iterator[Seen]:
    if "pool" in subject.one.name.lower():
        for function in subject.functions("acquire", "get", "borrow", "checkout"):
            yield f"`{function.name}()` hands out what is kept", function.path, function.line


def _clean_up(subject: _Subject) -> Iterator[Seen]:
    yield from _named("stale", "prune", "reap", "evict", "expire", "expired", "idle", "inactive")(subject)
    for function in subject.functions("cleanup"):
        if len(function.facts.parameters) == 1 and not {"all", "close"} & set(function.name.split("_")):
            yield f"`{function.name}()`", function.path, function.line


_OBSERVERS: dict[str, Observer] = {
    "singleton": _singleton,
    "per-user-isolation": _per_user,
    "limits": _limits,
    "locks": _locks,
    "heartbeat": _named("heartbeat", "ping", "keepalive"),
    "stale-clean-up": _clean_up,
    "retry-with-back-off": _backoff,
    "metrics": _metrics,
    "factory": _creates,
    "pool": _pools,
    "idempotent-initialisation": _idempotent,
    "health": _named("health", "healthy"),
    "recovery": _named("recover", "recovery"),
    "state-machine": _state_machine,
    "degradation": _degradation,
}
