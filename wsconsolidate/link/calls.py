"""What calls give: functions of the program whose body is straight-line code, and those of the library."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise

from wsconsolidate.link.evaluate import Evaluator
from wsconsolidate.link.library import LIBRARY, Given, made_class
from wsconsolidate.link.live import full_name
from wsconsolidate.link.operations import string_method
from wsconsolidate.link.values import (
    Above,
    Base,
    Callee,
    Frame,
    Instance,
    Known,
    LiveBase,
    MadeBase,
    Outside,
    Partial,
    ReadBase,
    Row,
    Site,
    Table,
    UnknownBase,
    Value,
    Values,
    unknown,
)
from wsconsolidate.model.expr import Call, Constant, Dict, Expr, Lambda, Name, Starred, dotted, unparse, walk
from wsconsolidate.model.facts import (
    Body,
    Branch,
    FunctionFacts,
    Leave,
    Leaving,
    Parameter,
    ParameterKind,
    ScopeKind,
)
from wsconsolidate.model.program import ClassId, FunctionId, ScopeId

_LONGEST = 40
"""Calls inside calls are followed so far."""
_KEEPING_FUNCTIONS = frozenset(
    """staticmethod classmethod abstractmethod lru_cache cache wraps overload override no_type_check final
    dataclass_transform deprecated""".split()
)
"""Decorators whose function gives what the decorated one gives."""
_SPECIAL = ("__module__", "__qualname__", "__dict__")


@dataclass(frozen=True, slots=True)
class Arguments:
    """What a call passes; `unpacks` is true where some of it is not known one by one."""

    row: tuple[Values, ...] = ()
    words: Mapping[str, Values] = field(default_factory=dict)
    unpacks: bool = False

    def behind(self, row: Sequence[Value], words: Sequence[tuple[str, Value]]) -> "Arguments":
        """These arguments behind those of a `functools.partial`."""
        given = {**{key: (value,) for key, value in words}, **self.words}
        return Arguments((*((one,) for one in row), *self.row), given, self.unpacks)


class Calls:
    """Follows calls."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator = evaluator
        self._names = evaluator.names
        self._frames: list[Frame] = []
        self._asked: set[tuple[ScopeId, str]] = set()

    def called(self, site: Site, call: Call) -> Values:
        """What a call gives."""
        if isinstance(call.func, Lambda) and not call.func.parameters:
            return self._evaluator.values(site, call.func.body)
        functions = self._evaluator.values(site, call.func)
        if all(self._is_plain_class(one) for one in functions):
            return tuple(self._instance(one, call) for one in functions if isinstance(one, ReadBase))
        passed = self._passed(site, call)
        found = [result for one in functions for result in self.invoked(site, one, passed, call)]
        return tuple(found) or _untold(call)

    def _is_plain_class(self, value: Value) -> bool:
        """True for a class that was read and is no metaclass: what it is called with does not matter."""
        return isinstance(value, ReadBase) and not self._is_metaclass(value)

    def _instance(self, cls: ReadBase | LiveBase | MadeBase, call: Expr) -> Value:
        """An instance of a class, unless its `__new__` or its metaclass's `__call__` may give another."""
        classes = self._evaluator.classes
        made = (classes.order(cls), "__new__"), (classes.order(classes.metaclass(cls)), "__call__")
        written = (
            self._names.bindings(entry.id, name)
            for order, name in made
            for entry in order
            if entry.id is not None
        )
        return _untold(call)[0] if any(written) else Instance(cls)

    def _is_metaclass(self, cls: Base) -> bool:
        return "builtins.type" in (entry.name for entry in self._evaluator.classes.order(cls))

    def _passed(self, site: Site, call: Call) -> Arguments:
        row: list[Values] = []
        unpacks = None in dict(call.keywords)
        for arg in call.args:
            if not isinstance(arg, Starred):
                row.append(self._evaluator.values(site, arg))
                continue
            spread = self._evaluator.one(site, arg.value)
            unpacks = unpacks or not isinstance(spread, Row)
            row += [(item,) for item in spread.items] if isinstance(spread, Row) else []
        words = {key: self._evaluator.values(site, value) for key, value in call.keywords if key}
        return Arguments(tuple(row), words, unpacks)

    def invoked(self, site: Site, func: Value, passed: Arguments, call: Expr) -> Values:
        """What calling `func` with these arguments gives; `call` is what stands there."""
        match func:
            case UnknownBase(code=code, detail=detail):
                return (unknown(call, f"`{unparse(call)}`: {detail}", code),)
            case Callee():
                name = self._evaluator.naming.function(func.id)
                return self._of_library(name, func.bound, site, passed, call) or self._run(
                    func, site, passed, call
                )
            case LiveBase(cls=cls):
                made = self._of_library(full_name(cls), None, site, passed, call)
                return made or self._constructed(func, site, passed, call)
            case ReadBase() | MadeBase():
                return self._constructed(func, site, passed, call)
            case Instance():
                methods = self._evaluator.classes.attribute(func, "__call__", call)
                return tuple(
                    v for one in methods if one != func for v in self.invoked(site, one, passed, call)
                )
            case Partial(func=inner, row=row, words=words):
                return self.invoked(site, inner, passed.behind(row, words), call)
            case Outside(name=name, bound=bound):
                return self._outside(name, bound, site, passed, call)
            case _:
                return _untold(call)

    def _outside(self, name: str, bound: Value | None, site: Site, passed: Arguments, call: Expr) -> Values:
        if isinstance(bound, Known) and isinstance(bound.value, str):
            given = Given.of(self._evaluator, site, passed.row, passed.words, call)
            found = string_method(bound.value, name.rpartition(".")[2], given.row)
            return (found,) if found else _untold(call)
        return self._of_library(name, bound, site, passed, call) or _untold(call)

    def _of_library(
        self, name: str, bound: Value | None, site: Site, passed: Arguments, call: Expr
    ) -> Values:
        """What a function of the library gives that is understood; nothing for any other."""
        known = LIBRARY.get(name)
        if known is None:
            return ()
        if name == "builtins.super" and not passed.row:
            return (self._super(site) or unknown(call, "`super()` stands in no method that is followed"),)
        row = passed.row if bound is None else ((bound,), *passed.row)
        given = Given.of(self._evaluator, site, row, passed.words, call)
        found = None if passed.unpacks and not name.endswith("__new__") else known(given)
        return (found,) if found is not None else _untold(call)

    def _constructed(
        self, cls: ReadBase | LiveBase | MadeBase, site: Site, passed: Arguments, call: Expr
    ) -> Values:
        """An instance of a class; a class, where it is a metaclass."""
        if not self._is_metaclass(cls):
            return (self._instance(cls, call),)
        made = made_class(Given.of(self._evaluator, site, passed.row, passed.words, call))
        return (made,) if made is not None else _untold(call)

    def namespace(self, site: Site, call: Expr, found: Value) -> Value:
        """The namespace that a call passes last, an empty one if it surely holds no special name."""
        expr = call.args[-1] if isinstance(call, Call) and call.args else call
        if (
            isinstance(found, UnknownBase)
            and expr is not call
            and not any(self.may_say(site, expr, key) for key in _SPECIAL)
        ):
            return Table(Dict((), expr.line), site)
        return found

    def _super(self, site: Site) -> Above | None:
        """`super()` in a method that runs."""
        scopes = [s for s in self._names.outwards(site.scope) if self._names.kind(s) is not ScopeKind.MODULE]
        for function, owner in pairwise(scopes):
            frame = site.frame.around(function) if site.frame else None
            if frame is not None and self._names.kind(owner) is ScopeKind.CLASS:
                facts = self._names.function_facts(FunctionId(*function))
                first = facts.parameters[0].name if facts.parameters else ""
                match frame.given.get(first):
                    case (bound,):
                        return Above(ClassId(*owner), bound)
        return None

    def _run(self, callee: Callee, site: Site, passed: Arguments, call: Expr) -> Values:
        """What a function of the program returns."""
        self._names.with_bodies(callee.id.path)
        facts = self._names.function_facts(callee.id)
        if facts.body is None or facts.is_async or facts.body.yields or not _is_plain(facts):
            return _untold(call)
        frame = self.frame(callee, site, passed, call)
        return _untold(call) if frame is None else tuple(self._returned(facts.body, frame, call))

    def frame(self, callee: Callee, site: Site, passed: Arguments, call: Expr) -> Frame | None:
        """The function as it runs with these arguments; None if they do not fit or are not known."""
        facts = self._names.function_facts(callee.id)
        given = None if passed.unpacks else self._bind(facts, callee, passed)
        step = (site.scope.path, call.line, unparse(call))
        trail = (*(site.frame.trail if site.frame else ()), step)
        if given is None or len(trail) > _LONGEST:
            return None
        frame = Frame(callee.id, given, callee.frame, trail)
        self._frames.append(frame)
        return frame

    @contextmanager
    def watched(self) -> Iterator[list[Frame]]:
        """The functions that are followed meanwhile."""
        outer, self._frames = self._frames, []
        try:
            yield self._frames
        finally:
            self._frames = outer

    def _returned(self, body: Body, frame: Frame, call: Expr) -> Iterator[Value]:
        """What the `return` statements that may run give."""
        arms: list[tuple[Branch, int]] = []
        for leave in body.leaves:
            if leave.how in (Leaving.BREAK, Leaving.CONTINUE):
                continue
            state = self._evaluator.runs(frame.function, frame, leave.guards)
            if state is False:
                continue
            if leave.how is Leaving.RETURN:
                yield from self._value(leave, frame, call)
            if state or self._covers(leave, arms):
                return
            arms.extend((guard.branch, guard.line) for guard in leave.guards[-1:])
        yield unknown(call, f"`{unparse(call)}` may return nothing")

    def _value(self, leave: Leave, frame: Frame, call: Expr) -> Values:
        if leave.loops or leave.value is None:
            return (unknown(call, f"what `{unparse(call)}` returns is decided at run time"),)
        return self._evaluator.values(Site(frame.function, leave.line, frame), leave.value)

    def _covers(self, leave: Leave, arms: Sequence[tuple[Branch, int]]) -> bool:
        """True if the statement stands in the other arm of an `if` whose first arm leaves too."""
        return len(leave.guards) == 1 and (
            leave.guards[0].branch is Branch.ELSE and (Branch.IF, leave.guards[0].line) in arms
        )

    def _bind(self, facts: FunctionFacts, callee: Callee, passed: Arguments) -> dict[str, Values] | None:
        """What each parameter is given; None if the call does not fit."""
        row: list[Values] = [(callee.bound,)] if callee.bound is not None else []
        row += passed.row
        words = dict(passed.words)
        home = Site(self._names.around(callee.id), callee.id.line, callee.frame)
        bound: dict[str, Values] = {}
        for parameter in facts.parameters:
            found = self._argument(parameter, row, words, home)
            if found is None:
                return None
            bound[parameter.name] = found
        return None if row or words else bound

    def _argument(
        self, parameter: Parameter, row: list[Values], words: dict[str, Values], home: Site
    ) -> Values | None:
        match parameter.kind:
            case ParameterKind.VAR_POSITIONAL:
                rest, row[:] = [one[0] for one in row if len(one) == 1], []
                return (Row(tuple(rest)),)
            case ParameterKind.VAR_KEYWORD:
                words.clear()
                return (unknown(Name(parameter.name, 0), f"`**{parameter.name}` is known only at run time"),)
            case ParameterKind.POSITIONAL | ParameterKind.POSITIONAL_ONLY if row:
                return row.pop(0)
        if parameter.name in words:
            return words.pop(parameter.name)
        if parameter.default is not None:
            return self._evaluator.values(home, parameter.default)
        return None

    def may_say(self, site: Site, expr: Expr, key: str) -> bool:
        """True unless an expression, and what it calls or names, surely has nothing to do with a name."""
        match expr:
            case Dict(items=items):
                keys = [name.value if isinstance(name, Constant) else None for name, _ in items]
                spreads = [value for name, value in items if name is None]
                return key in keys or any(self.may_say(site, one, key) for one in spreads)
            case Call(func=func, args=args, keywords=keywords):
                if any(name == key for name, _ in keywords):
                    return True
                match self._evaluator.one(site, func):
                    case LiveBase(cls=cls) if cls is dict:
                        spread = [value for name, value in keywords if name is None]
                        return any(self.may_say(site, one, key) for one in (*args, *spread))
                    case Callee(id=id):
                        self._names.with_bodies(id.path)
                        return _mentions(self._names.function_facts(id).body, key)
            case Name(id=name):
                return self._variable_may_say(site, name, key)
        return True

    def _variable_may_say(self, site: Site, name: str, key: str) -> bool:
        """True unless a local variable starts as an understood dict in a body that never says the key."""
        place = (site.scope, name)
        if site.frame is None or name in site.frame.given or place in self._asked:
            return True
        body = self._names.function_facts(FunctionId(*site.scope)).body
        self._asked.add(place)
        values = [getattr(one, "value", None) for one in self._names.bindings(site.scope, name)]
        starts = all(
            one is not None and not isinstance(one, Name) and not self.may_say(site, one, key)
            for one in values
        )
        self._asked.discard(place)
        return not values or not starts or _mentions(body, key)


def _mentions(body: Body | None, key: str) -> bool:
    """True if a body holds the name as a string or an attribute, or was not read."""
    if body is None:
        return True
    written = (
        [site.call for site in body.calls] + [store.target for store in body.stores] + list(body.returns)
    )
    parts = (part for expr in written for part in walk(expr))
    return any(getattr(part, "value", None) == key or getattr(part, "attr", None) == key for part in parts)


def _untold(call: Expr) -> Values:
    return (unknown(call, f"`{unparse(call)}` is called at run time"),)


def _is_plain(facts: FunctionFacts) -> bool:
    """True if no decorator makes the function another one."""
    written = (d.func if isinstance(d, Call) else d for d in facts.decorators)
    return all((dotted(one) or "").rpartition(".")[2] in _KEEPING_FUNCTIONS for one in written)
