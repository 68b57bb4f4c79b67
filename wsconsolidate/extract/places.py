"""Where statements stand, and what their targets bind there."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, replace

from wsconsolidate.extract.bodies import BodyBuilder
from wsconsolidate.extract.expressions import ExpressionReader
from wsconsolidate.model.expr import Constant, Expr, Subscript
from wsconsolidate.model.facts import (
    Binding,
    Branch,
    Guard,
    OtherBinding,
    ScopeKind,
    Store,
    ValueBinding,
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a block of statements stands: its scope's names, its body, its prefix for qualnames.

    `elsewhere` holds the scopes of names that are declared `global` or `nonlocal`.
    """

    line: int
    kind: ScopeKind
    prefix: str
    bindings: list[Binding]
    elsewhere: dict[str, "Place"]
    body: BodyBuilder | None
    reader: ExpressionReader

    def qualname(self, name: str) -> str:
        """The qualname of a class or function that is called `name` here."""
        return f"{self.elsewhere.get(name, self).prefix}{name}"

    def bind(self, binding: Binding) -> None:
        """Record a binding in this scope, or in the one that `global` or `nonlocal` says."""
        owner = self.elsewhere.get(binding.name)
        if owner is None:
            self.bindings.append(binding)
        else:
            called = Guard(Branch.FUNCTION, None, self.line)
            owner.bindings.append(replace(binding, guards=(called, *binding.guards)))


def bind_target(
    target: ast.expr,
    node: ast.expr | None,
    value: Expr | None,
    annotation: Expr | None,
    place: Place,
    guards: tuple[Guard, ...],
) -> None:
    """Record that `target` gets `value`; `node` is the value's syntax, to pair up tuples."""
    line = target.lineno
    match target:
        case ast.Name(id=name):
            binding = ValueBinding(name=name, value=value, annotation=annotation, line=line, guards=guards)
            place.bind(binding)
        case ast.Tuple(elts=targets) | ast.List(elts=targets):
            _unpack(targets, node, value, place, guards)
        case ast.Starred(value=inner):
            bind_target(inner, None, None, None, place, guards)
        case _ if place.body is not None:
            place.body.stores.append(
                Store(
                    target=ExpressionReader().read(target),
                    value=value,
                    annotation=annotation,
                    deletes=False,
                    line=line,
                    loops=place.body.open_loops,
                    guards=guards,
                )
            )


def _unpack(
    targets: list[ast.expr],
    node: ast.expr | None,
    value: Expr | None,
    place: Place,
    guards: tuple[Guard, ...],
) -> None:
    paired = (
        isinstance(node, ast.Tuple | ast.List)
        and len(node.elts) == len(targets)
        and not any(isinstance(item, ast.Starred) for item in (*targets, *node.elts))
    )
    if paired and isinstance(node, ast.Tuple | ast.List):
        for target, item in zip(targets, node.elts, strict=True):
            bind_target(target, item, ExpressionReader().read(item), None, place, guards)
        return
    behind_star = False
    for index, target in enumerate(targets):
        behind_star = behind_star or isinstance(target, ast.Starred)
        if isinstance(target, ast.Name):
            binding = other(target.id, "unpacking", value, target, guards)
            place.bind(replace(binding, index=None if behind_star else index))
        else:
            source = None if behind_star else value
            one = source and Subscript(source, Constant(index, target.lineno), target.lineno)
            bind_target(target, None, one, None, place, guards)


def delete_target(target: ast.expr, place: Place, guards: tuple[Guard, ...]) -> None:
    """Record that `del` takes a name, an attribute or an item away."""
    if isinstance(target, ast.Name):
        place.bind(other(target.id, "del", None, target, guards))
    elif place.body is not None:
        store = Store(
            target=ExpressionReader().read(target),
            value=None,
            annotation=None,
            deletes=True,
            line=target.lineno,
            loops=place.body.open_loops,
            guards=guards,
        )
        place.body.stores.append(store)


def other(
    name: str,
    how: str,
    source: Expr | None,
    node: ast.stmt | ast.expr | ast.ExceptHandler,
    guards: tuple[Guard, ...],
) -> OtherBinding:
    """A binding whose value is not followed."""
    return OtherBinding(name=name, how=how, source=source, line=node.lineno, guards=guards)


def names_in(target: ast.expr | None) -> Iterator[str]:
    """Every name in a target, tuples included."""
    if target is not None:
        yield from (node.id for node in ast.walk(target) if isinstance(node, ast.Name))
