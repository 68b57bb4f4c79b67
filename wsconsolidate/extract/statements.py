"""Read the statements of a file into scopes, classes, functions and bodies."""

import ast
from collections.abc import Sequence

from wsconsolidate.extract.annotations import unquoted
from wsconsolidate.extract.bodies import BodyBuilder, handling
from wsconsolidate.extract.expressions import ExpressionReader
from wsconsolidate.extract.handing import hands_on
from wsconsolidate.extract.headers import imports, parameters
from wsconsolidate.extract.places import Place, bind_target, delete_target, names_in, other
from wsconsolidate.model.expr import Attribute, Call, Container, ContainerKind, Expr, Name, Opaque
from wsconsolidate.model.facts import (
    MODULE_SCOPE,
    Body,
    Branch,
    ClassBinding,
    ClassFacts,
    Context,
    FunctionBinding,
    FunctionFacts,
    Guard,
    Handler,
    Loop,
    Scope,
    ScopeKind,
    Try,
    Use,
    ValueBinding,
)

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef
LoopNode = ast.For | ast.AsyncFor


class StatementReader:
    """Walks one file; `scopes`, `classes` and `functions` fill up in source order."""

    def __init__(self, *, with_bodies: bool) -> None:
        self._with_bodies = with_bodies
        self._open: list[Place] = []
        self.scopes: list[Scope] = []
        self.classes: list[ClassFacts] = []
        self.functions: list[FunctionFacts] = []

    def read_module(self, tree: ast.Module) -> Body | None:
        """Read everything; the module's own top-level code comes back as a body."""
        place = self._place(MODULE_SCOPE, ScopeKind.MODULE, "", with_body=self._with_bodies)
        self._scope(place, tree.body, None, "")
        return place.body.build(tree.body or [ast.Pass()]) if place.body else None

    def _place(self, line: int, kind: ScopeKind, prefix: str, *, with_body: bool) -> Place:
        body = BodyBuilder() if with_body else None
        place = Place(line, kind, prefix, [], {}, body, ExpressionReader(body))
        if body is not None:
            body.bind = place.bind
        return place

    def _scope(self, place: Place, statements: Sequence[ast.stmt], parent: int | None, qualname: str) -> None:
        """Read the statements of a scope, which may bind names in those around it."""
        self._open.append(place)
        self._block(statements, place, ())
        self._open.pop()
        self.scopes.append(
            Scope(
                line=place.line,
                parent=parent,
                kind=place.kind,
                qualname=qualname,
                bindings=tuple(place.bindings),
            )
        )

    def _block(self, statements: Sequence[ast.stmt], place: Place, guards: tuple[Guard, ...]) -> None:
        for statement in statements:
            if place.body is not None:
                place.body.guards = guards
            self._statement(statement, place, guards)

    def _statement(self, node: ast.stmt, place: Place, guards: tuple[Guard, ...]) -> None:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                self._function(node, place, guards)
            case ast.ClassDef():
                self._class(node, place, guards)
            case ast.Import() | ast.ImportFrom():
                for binding in imports(node, guards):
                    place.bind(binding)
            case ast.Assign() | ast.AnnAssign() | ast.AugAssign() | ast.Delete():
                self._assignment(node, place, guards)
            case ast.If(test=test) | ast.While(test=test):
                self._conditional(node, place, guards, place.reader.read(test))
            case ast.For() | ast.AsyncFor():
                self._loop(node, place, guards)
            case ast.Try() | ast.TryStar():
                self._try(node, place, guards)
            case ast.With() | ast.AsyncWith():
                self._with(node, place, guards)
            case ast.Match():
                self._match(node, place, guards)
            case ast.Global(names=names):
                place.elsewhere.update(dict.fromkeys(names, self._open[0]))
            case ast.Nonlocal(names=names):
                place.elsewhere.update((name, self._owner_of(name)) for name in names)
            case _:
                _simple(node, place, guards)

    def _owner_of(self, name: str) -> Place:
        """The function around the innermost one that binds a name called nonlocal in it."""
        around = [place for place in self._open[1:-1] if place.kind is ScopeKind.FUNCTION]
        owners = [place for place in around if any(binding.name == name for binding in place.bindings)]
        return (owners or around or self._open)[-1]

    def _function(self, node: FunctionNode, place: Place, guards: tuple[Guard, ...]) -> None:
        qualname = place.qualname(node.name)
        binding = FunctionBinding(name=node.name, qualname=qualname, line=node.lineno, guards=guards)
        place.bind(binding)
        decorators = place.reader.read_all(node.decorator_list)
        signature = tuple(parameters(node.args, place.reader))
        index = len(self.functions)
        body = self._function_body(node, qualname, place.line)
        facts = FunctionFacts(
            qualname=qualname,
            name=node.name,
            parameters=signature,
            returns=place.reader.read_optional(unquoted(node.returns)),
            decorators=decorators,
            hands_on=hands_on(node),
            is_async=isinstance(node, ast.AsyncFunctionDef),
            line=node.lineno,
            end_line=node.end_lineno or node.lineno,
            guards=guards,
            body=body,
        )
        self.functions.insert(index, facts)

    def _function_body(self, node: FunctionNode, qualname: str, parent: int) -> Body | None:
        if not self._with_bodies and not _reaches_out(node.body):
            return None
        prefix = f"{qualname}.<locals>."
        inner = self._place(node.lineno, ScopeKind.FUNCTION, prefix, with_body=self._with_bodies)
        self._scope(inner, node.body, parent, qualname)
        return inner.body.build(node.body) if inner.body else None

    def _class(self, node: ast.ClassDef, place: Place, guards: tuple[Guard, ...]) -> None:
        qualname = place.qualname(node.name)
        binding = ClassBinding(name=node.name, qualname=qualname, line=node.lineno, guards=guards)
        place.bind(binding)
        facts = ClassFacts(
            qualname=qualname,
            name=node.name,
            bases=place.reader.read_all(node.bases),
            keywords=tuple((keyword.arg, place.reader.read(keyword.value)) for keyword in node.keywords),
            decorators=place.reader.read_all(node.decorator_list),
            type_parameters=tuple(parameter.name for parameter in getattr(node, "type_params", ())),
            doc=ast.get_docstring(node),
            line=node.lineno,
            end_line=node.end_lineno or node.lineno,
            guards=guards,
        )
        self.classes.append(facts)
        inner = self._place(node.lineno, ScopeKind.CLASS, f"{qualname}.", with_body=False)
        self._scope(inner, node.body, place.line, qualname)

    def _assignment(
        self,
        node: ast.Assign | ast.AnnAssign | ast.AugAssign | ast.Delete,
        place: Place,
        guards: tuple[Guard, ...],
    ) -> None:
        if place.body is not None:
            place.body.use = Use.ASSIGNED
        match node:
            case ast.Assign(targets=targets, value=value):
                read = place.reader.read(value)
                for target in targets:
                    bind_target(target, value, read, None, place, guards)
            case ast.AnnAssign(target=target, annotation=annotation, value=value):
                known = place.reader.read_optional(value)
                bind_target(
                    target, value, known, place.reader.read_optional(unquoted(annotation)), place, guards
                )
            case ast.AugAssign(target=target, value=value):
                added = Opaque("AugAssign", (place.reader.read(value),), node.lineno)
                bind_target(target, None, added, None, place, guards)
            case ast.Delete(targets=targets):
                for target in targets:
                    delete_target(target, place, guards)

    def _conditional(
        self, node: ast.If | ast.While, place: Place, guards: tuple[Guard, ...], test: Expr
    ) -> None:
        branch = Branch.IF if isinstance(node, ast.If) else Branch.LOOP
        self._block(node.body, place, (*guards, Guard(branch, test, node.lineno)))
        self._block(node.orelse, place, (*guards, Guard(Branch.ELSE, test, node.lineno)))

    def _loop(self, node: LoopNode, place: Place, guards: tuple[Guard, ...]) -> None:
        iterable = place.reader.read(node.iter)
        for name in names_in(node.target):
            place.bind(other(name, "for", iterable, node, guards))
        inside = (*guards, Guard(Branch.LOOP, None, node.lineno))
        body = place.body
        if body is None:
            self._block(node.body, place, inside)
        else:
            outer = body.open_loops
            body.open_loops = (*outer, len(body.loops))
            target = ExpressionReader().read(node.target)
            body.loops.append(
                Loop(
                    target=target,
                    iterable=iterable,
                    is_async=isinstance(node, ast.AsyncFor),
                    line=node.lineno,
                    end_line=node.end_lineno or node.lineno,
                )
            )
            self._block(node.body, place, inside)
            body.open_loops = outer
        self._block(node.orelse, place, guards)

    def _try(self, node: ast.Try | ast.TryStar, place: Place, guards: tuple[Guard, ...]) -> None:
        handlers = tuple(
            Handler(place.reader.read_optional(arm.type), handling(arm.body), arm.lineno)
            for arm in node.handlers
        )
        caught = tuple(handler.types for handler in handlers if handler.types is not None)
        any_of = Opaque("Except", caught, node.lineno)
        tried = (*guards, Guard(Branch.TRY, any_of, node.lineno))
        body = place.body
        if body is None:
            self._block(node.body, place, tried)
        else:
            outer = body.open_tries
            body.open_tries = (*outer, len(body.tries))
            end_line = node.end_lineno or node.lineno
            body.tries.append(Try(handlers=handlers, line=node.lineno, end_line=end_line))
            self._block(node.body, place, tried)
            body.open_tries = outer
        for arm, handler in zip(node.handlers, handlers, strict=True):
            if arm.name:
                place.bind(other(arm.name, "except", handler.types, arm, guards))
            self._block(arm.body, place, (*guards, Guard(Branch.EXCEPT, handler.types, node.lineno)))
        self._block(node.orelse, place, tried)
        self._block(node.finalbody, place, guards)

    def _with(self, node: ast.With | ast.AsyncWith, place: Place, guards: tuple[Guard, ...]) -> None:
        for item in node.items:
            value = place.reader.read(item.context_expr)
            if place.body is not None:
                context = Context(
                    value=value,
                    is_async=isinstance(node, ast.AsyncWith),
                    line=node.lineno,
                    end_line=node.end_lineno or node.lineno,
                )
                place.body.contexts.append(context)
            for name in names_in(item.optional_vars):
                place.bind(other(name, "with", value, node, guards))
        self._block(node.body, place, (*guards, Guard(Branch.WITH, None, node.lineno)))

    def _match(self, node: ast.Match, place: Place, guards: tuple[Guard, ...]) -> None:
        place.reader.read(node.subject)
        for case in node.cases:
            self._block(case.body, place, (*guards, Guard(Branch.MATCH, None, case.pattern.lineno)))


def _simple(node: ast.stmt, place: Place, guards: tuple[Guard, ...]) -> None:
    """Statements that bind nothing: expressions, return, raise, assert."""
    uses = {ast.Expr: Use.DROPPED, ast.Return: Use.RETURNED}
    if place.body is not None:
        place.body.use = uses.get(type(node), Use.NESTED)
    read = [place.reader.read(child) for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr)]
    if isinstance(node, ast.Expr):
        _grown_exports(read[0], place, guards)
    if place.body is not None and isinstance(node, ast.Break | ast.Continue | ast.Return | ast.Raise):
        place.body.on_leave(node, read[0] if read and isinstance(node, ast.Return) else None)
    if place.body is not None and isinstance(node, ast.Return):
        place.body.returns.extend(read)
    if place.body is not None and isinstance(node, ast.Raise):
        place.body.raises.extend(read[:1])


def _grown_exports(expr: Expr, place: Place, guards: tuple[Guard, ...]) -> None:
    """`__all__.extend(names)` as `__all__ += names`; any other method as something not followed."""
    match expr:
        case Call(func=Attribute(value=Name(id="__all__"), attr=method), args=args, line=line):
            added = {"extend": args, "append": (Container(ContainerKind.LIST, args, line),)}.get(method)
            value = Opaque("AugAssign", added, line) if added else None
            place.bind(ValueBinding(name="__all__", value=value, annotation=None, line=line, guards=guards))


def _reaches_out(statements: Sequence[ast.stmt]) -> bool:
    """True if the statements of a function matter outside of it: a class, or a name declared global.

    Expressions are not visited.
    """
    for statement in statements:
        if isinstance(statement, ast.ClassDef | ast.Global):
            return True
        for field in ("body", "orelse", "finalbody", "handlers", "cases"):
            below = getattr(statement, field, None)
            if below and _reaches_out(below):
                return True
    return False
