"""Where a program writes the names of events, and which words nearly are a critical one."""

from collections.abc import Iterator
from dataclasses import dataclass

from wsconsolidate.model.event import EVENT_KEYS, Vocabulary
from wsconsolidate.model.expr import (
    Attribute,
    Call,
    Compare,
    Constant,
    Container,
    Dict,
    Expr,
    Name,
    Subscript,
    parts,
    text,
)
from wsconsolidate.model.facts import MODULE_SCOPE, Body, ScopeKind, ValueBinding
from wsconsolidate.model.naming import EVENT_PARAMETERS, sends_by_name
from wsconsolidate.model.program import Program, ScopeId, ValueTarget

_SHORTEST = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Spelling:
    """A string that stands where the name of an event is expected."""

    word: str
    symbol: str
    path: str
    line: int


def near_miss(word: str, vocabulary: Vocabulary) -> str | None:
    """The critical event that differs from the word in one letter; None if it is one, or a plural of one."""
    if vocabulary.canonical(word) is not None:
        return None
    return next((event for event in vocabulary.events if _nearly(word, event)), None)


def _nearly(word: str, event: str) -> bool:
    written, meant = word.split("_"), event.split("_")
    if len(written) != len(meant):
        return False
    wrong = [pair for pair in zip(written, meant, strict=True) if pair[0] != pair[1]]
    return len(wrong) == 1 and _one_letter_apart(*wrong[0])


def _one_letter_apart(written: str, meant: str) -> bool:
    """True if a letter is missing, added, another one, or swapped with the next; not for a plural."""
    if not written.isalpha() or len(meant) < _SHORTEST or written == f"{meant}s":
        return False
    at = next((at for at, pair in enumerate(zip(written, meant, strict=False)) if pair[0] != pair[1]), None)
    at = min(len(written), len(meant)) if at is None else at
    swapped = written[at : at + 2] == meant[at : at + 2][::-1] and written[at + 2 :] == meant[at + 2 :]
    other = written[at + 1 :] == meant[at + 1 :]
    return swapped or other or written[at:] == meant[at + 1 :] or written[at + 1 :] == meant[at:]


def declared_words(program: Program) -> frozenset[str]:
    """The strings to which a constant or a member of an enum gives a name."""
    return frozenset(
        word
        for scope in program.scopes.values()
        if scope.kind is not ScopeKind.FUNCTION
        for binding in scope.bindings
        if isinstance(binding, ValueBinding) and (word := text(binding.value))
    )


def spellings(program: Program, vocabulary: Vocabulary) -> tuple[Spelling, ...]:
    """The names of events that production code writes, each place once."""
    found: dict[tuple[str, int, str], Spelling] = {}
    seen: set[tuple[ScopeId, int]] = set()
    for scope, symbol, expr in _written(program):
        for owner, name, constant in _expected(program, vocabulary, scope, expr, seen):
            word = text(constant)
            writer = f"{_module(program, owner.path)}.{name}" if name else symbol
            if word is not None:
                place = (owner.path, constant.line, word)
                found.setdefault(
                    place, Spelling(word=word, symbol=writer, path=owner.path, line=constant.line)
                )
    return tuple(found.values())


def _module(program: Program, path: str) -> str:
    """The name of the module in this file; of one that is not part of the program as its path tells."""
    known = program.files.get(path)
    return known.name if known else path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _written(program: Program) -> Iterator[tuple[ScopeId, str, Expr]]:
    """Every expression of production code that may hold a name of an event, with who writes it."""
    for id, scope in program.scopes.items():
        module = program.files[id.path]
        if module.in_tests:
            continue
        prefix = f"{module.name}.{scope.qualname}" if scope.qualname else module.name
        for binding in scope.bindings:
            if isinstance(binding, ValueBinding) and binding.value is not None:
                name = prefix if scope.kind is ScopeKind.FUNCTION else f"{prefix}.{binding.name}"
                yield id, name, binding.value
        body = _body(program, id)
        for expr in _of_body(body) if body is not None else ():
            yield id, prefix, expr


def _body(program: Program, id: ScopeId) -> Body | None:
    if id.line == MODULE_SCOPE:
        return program.files[id.path].facts.main
    function = program.functions.get(id)
    return function.facts.body if function is not None else None


def _of_body(body: Body) -> Iterator[Expr]:
    guards = {guard for site in body.calls for guard in site.guards}
    guards |= {guard for leave in body.leaves for guard in leave.guards}
    guards |= {guard for store in body.stores for guard in store.guards}
    yield from (guard.test for guard in guards if guard.test is not None)
    yield from (site.call for site in body.calls)
    yield from (store.value for store in body.stores if store.value is not None)
    yield from body.returns
    yield from (loop.iterable for loop in body.loops)


def _unseen(scope: ScopeId, expr: Expr, seen: set[tuple[ScopeId, int]]) -> list[Expr]:
    """As `walk`, without what was walked in this scope before: a call stands by itself and in others."""
    found: list[Expr] = []
    pending = [expr]
    while pending:
        current = pending.pop()
        below = parts(current)
        if below:
            key = (scope, id(current))
            if key in seen:
                continue
            seen.add(key)
            found.append(current)
            pending.extend(reversed(below))
    return found


def _expected(
    program: Program, vocabulary: Vocabulary, scope: ScopeId, expr: Expr, seen: set[tuple[ScopeId, int]]
) -> Iterator[tuple[ScopeId, str, Expr]]:
    """What stands where an event's name is expected: the scope that writes it, and the name it has there."""
    for part in _unseen(scope, expr, seen):
        match part:
            case Dict(items=items):
                yield from ((scope, "", value) for key, value in items if text(key) in EVENT_KEYS)
                yield from (
                    (scope, "", key) for key in _company([key for key, _ in items if key], vocabulary)
                )
            case Container(items=items):
                yield from ((scope, "", item) for item in _company(items, vocabulary))
            case Call(func=func, args=args, keywords=keywords):
                yield from ((scope, "", value) for key, value in keywords if key in EVENT_PARAMETERS)
                yield from ((scope, "", value) for value in args if _is_sending(func))
            case Compare(operands=operands) if any(map(_is_event, operands)):
                for operand in operands:
                    yield from _compared(program, scope, operand)


def _company(items: "list[Expr] | tuple[Expr, ...]", vocabulary: Vocabulary) -> Iterator[Expr]:
    """The members of a collection in which a critical event stands too."""
    if any(vocabulary.canonical(text(item) or "") for item in items):
        yield from items


def _is_sending(func: Expr) -> bool:
    return isinstance(func, Attribute) and sends_by_name(func.attr)


def _is_event(operand: Expr) -> bool:
    """True for `event`, `message["type"]`, `message.get("type")` and `message.event_type`."""
    match operand:
        case Name(id=name) | Attribute(attr=name):
            return name in EVENT_PARAMETERS
        case Subscript(index=key) | Call(func=Attribute(attr="get"), args=(key, *_)):
            return text(key) in EVENT_KEYS
        case _:
            return False


def _compared(program: Program, scope: ScopeId, operand: Expr) -> Iterator[tuple[ScopeId, str, Expr]]:
    """The strings on the other side of a comparison, also of a collection that is named there."""
    match operand:
        case Constant():
            yield scope, "", operand
        case Container(items=items):
            yield from ((scope, "", item) for item in items)
        case Name(id=name) | Attribute(attr=name):
            for target in program.lookup.targets(scope, operand):
                if isinstance(target, ValueTarget) and isinstance(target.value, Container):
                    yield from ((target.scope, name, item) for item in target.value.items)
