"""What the canonical classes can do, each capability proved by a line."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from wsconsolidate.model.analysis import Feature, Truth
from wsconsolidate.model.expr import Attribute, Call, Compare, Expr, Name, Opaque, dotted, unparse, walk
from wsconsolidate.model.program import Class, Function, Program, Type
from wsconsolidate.model.role import Role

_LIMITED = ("max", "limit")


def features(program: Program, truths: Mapping[Role, Truth], others: Iterable[Class]) -> tuple[Feature, ...]:
    """The features of each source of truth in the tree, and of the factories beside it."""
    canonical = [program.classes[truth.id] for truth in truths.values() if truth.id is not None]
    found = [feature for one in (*canonical, *others) for feature in _of(one, program)]
    return tuple(dict.fromkeys(found))


def _of(one: Class, program: Program) -> Iterator[Feature]:
    for kind, observe in _OBSERVERS.items():
        seen = next(iter(observe(one, program)), None)
        if seen is not None:
            detail, path, line = seen
            yield Feature(id=one.id, kind=kind, detail=detail, path=path, line=line)


Seen = tuple[str, str, int]


def _methods(one: Class, *words: str) -> Iterator[Function]:
    for name, function in one.functions.items():
        if any(word in name.lower() for word in words) and (
            function.facts.body is None or not function.facts.body.stub
        ):
            yield function


def _singleton(one: Class, program: Program) -> Iterator[Seen]:
    for attribute, holdings in program.holdings[one.id].items():
        own = [h for h in holdings if any(type_.id == one.id for type_ in h.types)]
        if own and "instance" in attribute:
            yield f"one instance is kept in {attribute}", own[0].path, own[0].line


def _per_user(one: Class, program: Program) -> Iterator[Seen]:
    """Connections in a mapping inside a mapping, or keyed by a user."""
    for attribute, holdings in program.holdings[one.id].items():
        for holding in holdings:
            if any(_is_nested(type_) for type_ in holding.types):
                yield f"self.{attribute} keeps connections by user", holding.path, holding.line


def _is_nested(found: Type) -> bool:
    return len(found.args) == 2 and found.args[1].name in ("builtins.dict", "builtins.set", "builtins.list")


def _named(*words: str) -> Callable[[Class, Program], Iterator[Seen]]:
    def observe(one: Class, program: Program) -> Iterator[Seen]:
        del program
        for function in _methods(one, *words):
            yield f"{function.name}()", function.path, function.line

    return observe


def _limits(one: Class, program: Program) -> Iterator[Seen]:
    """A comparison of a length with a limit."""
    del program
    for function in one.functions.values():
        for expr, line in _guards(function):
            if isinstance(expr, Compare) and any(word in unparse(expr).lower() for word in _LIMITED):
                yield f"{function.name}() checks {unparse(expr)}", function.path, line


def _guards(function: Function) -> Iterator[tuple[Expr, int]]:
    body = function.facts.body
    seen = set()
    for site in body.calls if body else ():
        for guard in site.guards:
            if guard.test is not None and guard not in seen:
                seen.add(guard)
                yield from ((part, guard.line) for part in walk(guard.test))


def _locks(one: Class, program: Program) -> Iterator[Seen]:
    del program
    for function in one.functions.values():
        for context in function.facts.body.contexts if function.facts.body else ():
            if "lock" in (dotted(context.value) or "").lower():
                yield f"{function.name}() holds {unparse(context.value)}", function.path, context.line


def _backoff(one: Class, program: Program) -> Iterator[Seen]:
    """A sleep inside a loop whose time grows with a power."""
    del program
    for function in one.functions.values():
        for site in function.facts.body.calls if function.facts.body else ():
            match site.call:
                case Call(func=Attribute(attr="sleep") | Name(id="sleep"), args=(delay, *_)) if site.loops:
                    if any(
                        isinstance(part, Opaque) and part.syntax in ("Pow", "Mult") for part in walk(delay)
                    ):
                        yield f"{function.name}() waits {unparse(delay)}", function.path, site.call.line


def _metrics(one: Class, program: Program) -> Iterator[Seen]:
    for attribute, holdings in program.holdings[one.id].items():
        if "metric" in attribute or "stats" in attribute:
            yield f"self.{attribute}", holdings[0].path, holdings[0].line


def _state_machine(one: Class, program: Program) -> Iterator[Seen]:
    for attribute, holdings in program.holdings[one.id].items():
        for type_ in (type_ for holding in holdings for type_ in holding.types):
            known = program.classes.get(type_.id) if type_.id else None
            if known is not None and "enum.Enum" in known.mro.names and "state" in known.name.lower():
                states = ", ".join(program.holdings[known.id])
                yield f"self.{attribute}: {states}", known.path, known.line


def _idempotent(one: Class, program: Program) -> Iterator[Seen]:
    """An initialisation that looks first whether it was done."""
    del program
    for function in _methods(one, "ensure", "initialize", "initialise", "start"):
        body = function.facts.body
        if body and body.returns and any(site.guards for site in body.calls) | bool(body.contexts):
            yield f"{function.name}() returns at once when it is done", function.path, function.line


def _degradation(one: Class, program: Program) -> Iterator[Seen]:
    del program
    for function in one.functions.values():
        body = function.facts.body
        for site in body.calls if body else ():
            if any("degraded" in unparse(argument).lower() for argument in site.call.args):
                yield f"{function.name}() goes to {unparse(site.call.args[0])}", function.path, site.call.line


def _creates(one: Class, program: Program) -> Iterator[Seen]:
    for function in _methods(one, "create", "make", "build"):
        for edge in program.edges.get(function.scope, ()):
            if edge.constructs or edge.targets:
                yield f"{function.name}() creates", function.path, edge.line


def _pools(one: Class, program: Program) -> Iterator[Seen]:
    del program
    if "pool" in one.name.lower():
        for function in _methods(one, "acquire", "get", "borrow"):
            yield f"{function.name}() hands out what is kept", function.path, function.line


_OBSERVERS: dict[str, Callable[[Class, Program], Iterator[Seen]]] = {
    "singleton": _singleton,
    "per-user-isolation": _per_user,
    "limits": _limits,
    "locks": _locks,
    "heartbeat": _named("heartbeat", "ping"),
    "stale-clean-up": _named("stale", "cleanup", "clean_up", "prune"),
    "retry-with-back-off": _backoff,
    "metrics": _metrics,
    "factory": _creates,
    "pool": _pools,
    "idempotent-initialisation": _idempotent,
    "health": _named("health"),
    "recovery": _named("recover"),
    "state-machine": _state_machine,
    "degradation": _degradation,
}
