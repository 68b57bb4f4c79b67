"""Follows straight-line code: what an expression gives, as far as that is known before the program runs."""

from collections.abc import Iterable, Iterator
from itertools import islice, product
from typing import TYPE_CHECKING

from wsconsolidate.link.binding import arms, complement
from wsconsolidate.link.live import alias_origin, is_library, library_has, live_class
from wsconsolidate.link.names import Names
from wsconsolidate.link.operations import compared, formatted, item_of, joined, truth_of
from wsconsolidate.link.values import (
    Callee,
    Frame,
    Known,
    LiveBase,
    MadeBase,
    Outside,
    ReadBase,
    Row,
    Site,
    Table,
    UnknownBase,
    Value,
    Values,
    unknown,
)
from wsconsolidate.model.expr import (
    Attribute,
    Call,
    Choice,
    Compare,
    Constant,
    Container,
    ContainerKind,
    Dict,
    Expr,
    Joined,
    Literal,
    Name,
    Not,
    Opaque,
    Starred,
    Subscript,
    dotted,
    unparse,
)
from wsconsolidate.model.facts import (
    Binding,
    Branch,
    ClassBinding,
    FunctionBinding,
    Guard,
    ImportBinding,
    OtherBinding,
    ScopeKind,
    ValueBinding,
)
from wsconsolidate.model.program import (
    ClassId,
    ClassTarget,
    FunctionId,
    FunctionTarget,
    ModuleTarget,
    OutsideTarget,
    ScopeId,
    Target,
    ValueTarget,
)

if TYPE_CHECKING:
    from wsconsolidate.link.calls import Calls
    from wsconsolidate.link.classes import Classes
    from wsconsolidate.link.naming import Naming

_DEEPEST, _MOST_STEPS = 60, 2_000
_MOST_OPTIONS = 8


class Evaluator:
    """Evaluates expressions where they stand; what cannot be told is an `UnknownBase`."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self.naming: Naming
        self.classes: Classes
        self.calls: Calls
        self._depth = self._cut = self._steps = 0
        self._open: set[tuple[ScopeId, int | None, Expr, Frame | None]] = set()
        self._called: dict[tuple[ScopeId, int | None, Expr, Frame | None], Values] = {}

    def values(self, site: Site, expr: Expr) -> Values:
        """What `expr` may be; never empty."""
        key = (site.scope, site.line, expr, site.frame)
        if (known := self._called.get(key)) is not None:
            return known
        self._steps = self._steps + 1 if self._depth else 0
        if key in self._open or self._depth > _DEEPEST or self._steps > _MOST_STEPS:
            self._cut += 1
            return (unknown(expr, f"`{unparse(expr)}` is made of itself, or of too much"),)
        cut, self._depth = self._cut, self._depth + 1
        self._open.add(key)
        try:
            found = tuple(dict.fromkeys(islice(self._values(site, expr), _MOST_OPTIONS)))
        finally:
            self._depth -= 1
            self._open.discard(key)
        found = found or (unknown(expr, f"`{unparse(expr)}` is not bound here"),)
        if isinstance(expr, Call) and site.frame is None and cut == self._cut:
            self._called[key] = found
        return found

    def one(self, site: Site, expr: Expr) -> Value:
        """What `expr` is, an `UnknownBase` if there are several possibilities."""
        found = self.values(site, expr)
        return found[0] if len(found) == 1 else unknown(expr, f"`{unparse(expr)}` is decided at run time")

    def _values(self, site: Site, expr: Expr) -> Iterable[Value]:
        match expr:
            case Name():
                return self._name(site, expr)
            case Attribute(value=value, attr=attr):
                owners = self.values(site, value)
                return (one for owner in owners for one in self.classes.attribute(owner, attr, expr))
            case Call():
                return self.calls.called(site, expr)
            case Constant(value=value) if not isinstance(value, Literal):
                return (Known(value),)
            case Container(kind=kind, items=items) if kind is not ContainerKind.SET or items:
                return self._rows(site, items, expr)
            case Dict():
                return (Table(expr, site),)
            case Subscript(value=value):
                return (self._item(site, owner, expr) for owner in self.values(site, value))
            case Choice(operator="or" | "and" as word, options=options):
                return self._first(site, options, ends=word == "or")
            case Opaque(syntax="IfExp", parts=(test, Choice(options=(yes, no)))):
                truth = self.truth(site, test)
                chosen = (yes, no) if truth is None else (yes,) if truth else (no,)
                return (one for option in chosen for one in self.values(site, option))
            case _:
                return (self._computed(site, expr),)

    def _computed(self, site: Site, expr: Expr) -> Value:
        """The value of an operation on constants and rows."""
        found: Value | None = None
        match expr:
            case Not(operand=operand):
                truth = self.truth(site, operand)
                found = None if truth is None else Known(not truth)
            case Compare(operators=(operator,), operands=(left, right)):
                result = compared(operator, self.one(site, left), self.one(site, right))
                found = None if result is None else Known(result)
            case Joined(parts=parts):
                found = joined([self.one(site, part) for part in parts])
            case Opaque(syntax="Add" | "Mod" as syntax, parts=(left, right)):
                found = formatted(syntax, self.one(site, left), self.one(site, right))
        return found or unknown(expr, f"`{unparse(expr)}` is computed at run time")

    def _rows(self, site: Site, items: tuple[Expr, ...], expr: Expr) -> Iterator[Value]:
        options = [self._row_part(site, item) for item in items]
        for chosen in islice(product(*options), _MOST_OPTIONS):
            flat = [one for part in chosen for one in (part.items if isinstance(part, Row) else (None,))]
            known = tuple(one for one in flat if one is not None)
            yield (
                Row(known)
                if len(known) == len(flat)
                else unknown(expr, f"`{unparse(expr)}` unpacks values at run time")
            )

    def _row_part(self, site: Site, item: Expr) -> list[Value]:
        """Each possibility of an item, as the row of what it brings."""
        if isinstance(item, Starred):
            return list(self.values(site, item.value))
        return [Row((one,)) for one in self.values(site, item)]

    def _first(self, site: Site, options: tuple[Expr, ...], *, ends: bool) -> Iterator[Value]:
        """What `a or b` may be: what is surely false is passed over, what is surely true ends it."""
        for option in options:
            truth = self.truth(site, option)
            if truth is ends or truth is None or option is options[-1]:
                yield from self.values(site, option)
            if truth is ends:
                return

    def _item(self, site: Site, owner: Value, expr: Subscript) -> Value:
        match owner:
            case UnknownBase():
                return owner
            case ReadBase() | LiveBase() | MadeBase():
                return self.classes.subscripted(site, owner, expr)
            case Table():
                found = self.looked_up(owner, self.one(site, expr.index))
                return found or unknown(expr, f"`{unparse(expr)}` is looked up at run time")
            case Outside(name="sys.modules"):
                return self.module_called(site, self.one(site, expr.index)) or unknown(
                    expr, f"`{unparse(expr)}` is looked up at run time"
                )
            case _:
                found = item_of(owner, expr.index, self.one(site, expr.index))
                return found or unknown(expr, f"`{unparse(expr)}` is looked up at run time")

    def module_called(self, site: Site, name: Value) -> ModuleTarget | None:
        """The module that is called so at a place, if there is one."""
        if not isinstance(name, Known) or not isinstance(name.value, str):
            return None
        known = self.names.module_at(site.scope.path).source_root.within(name.value)
        return ModuleTarget(known) if self.names.is_module(known) else None

    def looked_up(self, table: Table, key: Value) -> Value | None:
        """The value under a key; None where the key, another key or a `**` is not known, or it is missing."""
        if not isinstance(key, Known):
            return None
        found: Value | None = None
        for name, value in table.display.items:
            given = None if name is None else self.one(table.site, name)
            if not isinstance(given, Known):
                return None
            if given == key:
                found = self.one(table.site, value)
        return found

    def keys(self, table: Table) -> list[Value] | None:
        """The keys of a table, None where one is not known."""
        given = [None if name is None else self.one(table.site, name) for name, _ in table.display.items]
        known = [one for one in given if isinstance(one, Known)]
        return list(known) if len(known) == len(given) else None

    def truth(self, site: Site, expr: Expr) -> bool | None:
        """The truth of an expression, None if only the running program knows."""
        if isinstance(expr, Compare) and expr.operators in (("in",), ("not in",)):
            held = self._holds(site, expr)
            if held is not None:
                return held
        truths = {truth_of(one) for one in self.values(site, expr)}
        if len(truths) == 1 and None not in truths:
            return truths.pop()
        return self.names.reach.decide(site.scope, expr, 1 << 30 if site.line is None else site.line)

    def _holds(self, site: Site, expr: Compare) -> bool | None:
        table = self.one(site, expr.operands[1])
        keys = self.keys(table) if isinstance(table, Table) else None
        key = self.one(site, expr.operands[0])
        if keys is None or not isinstance(key, Known):
            return None
        return (key in keys) is (expr.operators == ("in",))

    def _name(self, site: Site, expr: Name) -> Iterator[Value]:
        module = self.names.module_at(site.scope.path)
        if site.frame is not None and (found := self._in_frames(site, expr.id)):
            yield from found
            return
        for target in self.names.unfollowed(site.scope, expr.id, site.line):
            match target:
                case OutsideTarget(name="builtins.__name__"):
                    yield Known(module.imported_as)
                case OutsideTarget(name="builtins.__package__" | "builtins.__spec__" as name):
                    package = module.name if module.is_package else module.name.rpartition(".")[0]
                    package = module.source_root.spelled(package)
                    yield Known(package) if name.endswith("package__") else Outside(f"<spec>.{package}")
                case ValueTarget(value=None):
                    yield from self._unpacked(site, expr, target)
                case _:
                    yield from self.of_target(target, expr, site.frame)

    def _in_frames(self, site: Site, name: str) -> Values:
        """What a name stands for in the functions that run; nothing if they do not bind it."""
        line = site.line
        for scope in self.names.outwards(site.scope):
            kind = self.names.kind(scope)
            if kind is ScopeKind.CLASS and scope != site.scope:
                continue
            frame = site.frame.around(scope) if site.frame else None
            if frame is not None:
                found = self._local(scope, frame, name, line)
            elif kind is ScopeKind.MODULE:
                return ()
            else:
                targets = self.names.bound(scope, name, line)
                found = tuple(v for t in targets for v in self.of_target(t, Name(name, 0), site.frame))
            if found:
                return found
            line = None if kind is not ScopeKind.CLASS else line
        return ()

    def _local(self, scope: ScopeId, frame: Frame, name: str, line: int | None) -> Values:
        """What a running function binds a name to, above the line."""
        chosen: list[tuple[Binding | None, Values]] = []
        if name in frame.given:
            chosen.append((None, frame.given[name]))
        for binding in self.names.bindings(scope, name):
            if line is not None and binding.line >= line:
                continue
            state = self.runs(scope, frame, binding.guards)
            if state is False or (isinstance(binding, ValueBinding) and binding.value is None):
                continue
            values = self._bound(scope, frame, binding, [one for _, found in chosen for one in found])
            if state:
                chosen = []
            elif arm := complement(binding.guards):
                chosen = [(other, found) for other, found in chosen if other and arm in arms(other)] or chosen
            chosen.append((binding, values))
        return tuple(one for _, found in chosen for one in found)

    def runs(self, scope: ScopeId, frame: Frame, guards: tuple[Guard, ...]) -> bool | None:
        """Whether a statement of a running function runs."""
        states = [self._guard(scope, frame, guard) for guard in guards]
        return False if False in states else None if None in states else True

    def _guard(self, scope: ScopeId, frame: Frame, guard: Guard) -> bool | None:
        if guard.branch not in (Branch.IF, Branch.ELSE) or guard.test is None:
            return self.names.reach.runs(scope, (guard,))
        truth = self.truth(Site(scope, guard.line, frame), guard.test)
        return truth if guard.branch is Branch.IF or truth is None else not truth

    def _bound(self, scope: ScopeId, frame: Frame, binding: Binding, before: list[Value]) -> Values:
        """What a binding of a running function binds; `before` is what the name was bound to."""
        site = Site(scope, binding.line, frame)
        match binding:
            case ClassBinding(line=line):
                return (self.classes.in_frame(ClassId(scope.path, line), frame),)
            case FunctionBinding(line=line):
                return (Callee(FunctionId(scope.path, line), frame),)
            case ImportBinding():
                targets = self.names.imported(scope, binding)
                return tuple(one for t in targets for one in self.of_target(t, Name(binding.name, 0), frame))
            case ValueBinding(value=Opaque(syntax="AugAssign", parts=(added,))) if len(before) == 1:
                found = formatted("Add", before[0], self.one(site, added))
                return (found or unknown(added, f"`{binding.name}` grows at run time"),)
            case ValueBinding(value=value) if value is not None:
                return self.assigned(site, binding.name, value)
            case OtherBinding(source=source, index=index) if source is not None and index is not None:
                return self._part(site, source, index)
            case _:
                return (unknown(Name(binding.name, binding.line), f"`{binding.name}` is bound at run time"),)

    def _part(self, site: Site, source: Expr, index: int) -> Values:
        """What stands at a place of the row that is unpacked."""
        row, place = self.one(site, source), Constant(index, source.line)
        found = item_of(row, place, Known(index))
        return (found or unknown(source, f"`{unparse(source)}` is unpacked at run time"),)

    def assigned(self, site: Site, name: str | None, value: Expr) -> Values:
        """What a value assigned at a site is, unless it is a list or dict that is changed later."""
        changeable = isinstance(value, Dict) or (
            isinstance(value, Container) and value.kind is ContainerKind.LIST
        )
        if changeable and name and self.names.is_changed(site.scope, name):
            return (unknown(value, f"`{name}` is changed at run time"),)
        return self.values(site, value)

    def _unpacked(self, site: Site, expr: Name, target: ValueTarget) -> Values:
        """What a name is whose binding gives no value by itself: part of a row that is unpacked."""
        for binding in self.names.bindings(target.scope, expr.id):
            match binding:
                case OtherBinding(line=line, source=source, index=index, how="unpacking") if (
                    line == target.line and source is not None and index is not None
                ):
                    return self._part(Site(target.scope, line, site.frame), source, index)
        detail = f"`{expr.id}` is bound on line {target.line} to a value known only at run time"
        return (unknown(expr, detail),)

    def of_target(self, target: Target, expr: Expr, frame: Frame | None = None) -> Values:
        """The value of what a name stands for."""
        match target:
            case ClassTarget(id=id):
                return (self.read(id, unparse(expr)),)
            case FunctionTarget(id=function):
                return (Callee(function),)
            case OutsideTarget(name=name):
                return (self._outside(expr, name),)
            case ValueTarget(value=None, line=line):
                detail = f"`{unparse(expr)}` is bound on line {line} to a value known only at run time"
                return (unknown(expr, detail),)
            case ValueTarget(value=value, scope=scope, line=line) if value is not None:
                name = (dotted(expr) or "").rpartition(".")[2]
                return self.assigned(Site(scope, line, frame), name, value)
            case _:
                return (target,) if isinstance(target, ModuleTarget) else ()

    def read(self, id: ClassId, written: str = "") -> ReadBase:
        """A class that was read."""
        return ReadBase(written, id, self.naming.of(id))

    def _outside(self, expr: Expr, name: str) -> Value:
        origin = alias_origin(name)
        if origin is not None:
            return LiveBase(unparse(expr), origin, alias=True)
        cls = live_class(name)
        if cls is not None:
            return LiveBase(unparse(expr), cls)
        owner, _, attribute = name.rpartition(".")
        if library_has(owner, attribute):
            return Outside(name)
        top = name.partition(".")[0]
        if top == "builtins":
            return unknown(expr, f"`{unparse(expr)}` is not bound here")
        if self.names.module(top, runtime=True) or is_library(top):
            detail = f"{name} is not defined by a statement of Python source"
            return UnknownBase(unparse(expr), name, "lazy-attribute", detail, expr.line)
        return UnknownBase(unparse(expr), name, "not-installed", f"{top} is not installed", expr.line)
