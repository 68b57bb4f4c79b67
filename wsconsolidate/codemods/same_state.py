"""What of a constructor another one does in the same way, given the right arguments."""

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from wsconsolidate.model.facts import Parameter, ParameterKind

_MAKERS = frozenset(
    "dict list set tuple frozenset deque defaultdict str int float bool bytes bytearray".split()
)
Constructor = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Taken:
    """The statements of a constructor that another does, by index, and the arguments that it needs for it."""

    statements: tuple[int, ...]
    attributes: frozenset[str]
    arguments: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Extra:
    """A statement of the other constructor that does more than make an attribute; the line counts from it."""

    line: int


@dataclass
class _Unifier:
    """Matches expressions of two constructors; the parameters of the other may stand for anything."""

    parameters: frozenset[str]
    given: frozenset[str]
    mean_same: Callable[[str], bool]
    bound: dict[str, str] = field(default_factory=dict)

    def matches(self, theirs: ast.AST, mine: ast.AST) -> bool:
        """True if they are the same, with what the parameters stand for."""
        if isinstance(theirs, ast.Name) and theirs.id in self.parameters:
            if not isinstance(mine, ast.expr) or not self._is_plain(mine):
                return False
            return self.bound.setdefault(theirs.id, ast.unparse(mine)) == ast.unparse(mine)
        if type(theirs) is not type(mine):
            return False
        if isinstance(theirs, ast.Name) and isinstance(mine, ast.Name):
            return theirs.id == mine.id and self._is_outside(mine.id)
        fields = ((getattr(theirs, name, None), getattr(mine, name, None)) for name in theirs._fields)
        return all(self._same(one, other) for one, other in fields)

    def _same(self, theirs: object, mine: object) -> bool:
        if isinstance(theirs, list) and isinstance(mine, list):
            return len(theirs) == len(mine) and all(map(self._same, theirs, mine))
        if isinstance(theirs, ast.AST) and isinstance(mine, ast.AST):
            return self.matches(theirs, mine)
        return theirs == mine

    def _is_outside(self, name: str) -> bool:
        return name == "self" or (name not in self.given and self.mean_same(name))

    def _is_plain(self, value: ast.expr) -> bool:
        """True for a constant, a parameter, or a name of the module: what is the same at any moment."""
        match value:
            case ast.Constant():
                return True
            case ast.UnaryOp(operand=operand):
                return self._is_plain(operand)
            case ast.Name(id=name):
                return name != "self"
            case ast.Attribute(value=inner):
                return self._is_plain(inner)
        return False


def taken_over(
    mine: Constructor,
    theirs: Constructor,
    parameters: Sequence[Parameter],
    mean_same: Callable[[str], bool],
    moved: Mapping[str, str],
) -> Taken | Extra:
    """What `theirs`, which has these parameters, does of `mine`; or what it does beyond making attributes.

    `moved` are the attributes that have another name in `theirs`.
    """
    changed = {one.id for one in ast.walk(mine) if isinstance(one, ast.Name) and _is_bound(one)}
    given = frozenset(one.arg for one in ast.walk(mine.args) if isinstance(one, ast.arg)) | changed
    unifier = _Unifier(frozenset(one.name for one in parameters), given, mean_same)
    made = [one for one in _attributes(mine) if not _names(one[2]) & changed]
    own = {moved.get(name, name): (name, index, value) for index, name, value in made}
    statements: list[int] = []
    attributes: list[str] = []
    matched: set[int] = set()
    for index, name, value in _attributes(theirs):
        before = dict(unifier.bound)
        if name in own and unifier.matches(value, own[name][2]):
            statements.append(own[name][1])
            attributes.append(own[name][0])
            matched.add(index)
        else:
            unifier.bound = before
    for index, statement in enumerate(theirs.body):
        if index not in matched and not _is_harmless(statement):
            return Extra(statement.lineno)
    return Taken(tuple(sorted(statements)), frozenset(attributes), _arguments(parameters, unifier.bound))


def _is_bound(name: ast.Name) -> bool:
    return not isinstance(name.ctx, ast.Load)


def _arguments(parameters: Sequence[Parameter], bound: Mapping[str, str]) -> dict[str, str]:
    """The arguments in the order of the parameters, written as they are given: `limit=limit`."""
    return {
        one.name: bound[one.name]
        if one.kind is ParameterKind.POSITIONAL_ONLY
        else f"{one.name}={bound[one.name]}"
        for one in parameters
        if one.name in bound
    }


def _attributes(constructor: Constructor) -> Iterator[tuple[int, str, ast.expr]]:
    """The statements on the top level that only set an attribute: index, name and value; each name once."""
    found: dict[str, list[tuple[int, ast.expr]]] = {}
    for index, statement in enumerate(constructor.body):
        match statement:
            case ast.Assign(targets=[ast.Attribute(value=ast.Name(id="self"), attr=name)], value=value):
                found.setdefault(name, []).append((index, value))
            case ast.AnnAssign(
                target=ast.Attribute(value=ast.Name(id="self"), attr=name), value=ast.expr() as value
            ):
                found.setdefault(name, []).append((index, value))
    for name, places in found.items():
        if len(places) == 1:
            yield places[0][0], name, places[0][1]


def _names(value: ast.expr) -> set[str]:
    return {one.id for one in ast.walk(value) if isinstance(one, ast.Name)}


def _is_harmless(statement: ast.stmt) -> bool:
    """True for a statement that only makes an attribute of new objects, or nothing."""
    match statement:
        case ast.Pass() | ast.Expr(value=ast.Constant()) | ast.AnnAssign(value=None):
            return True
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Call(func=ast.Name(id="super"))), args=[])):
            return True
        case ast.Assign(targets=[ast.Attribute(value=ast.Name(id="self"))], value=value):
            return _only_makes(value)
        case ast.AnnAssign(target=ast.Attribute(value=ast.Name(id="self")), value=ast.expr() as value):
            return _only_makes(value)
    return False


def _only_makes(value: ast.expr) -> bool:
    calls = [one.func for one in ast.walk(value) if isinstance(one, ast.Call)]
    waits = any(isinstance(one, ast.Await | ast.Yield | ast.YieldFrom) for one in ast.walk(value))
    return not waits and all(_makes(func) for func in calls)


def _makes(func: ast.expr) -> bool:
    """True for a class by the look of it, or a container."""
    name = func.attr if isinstance(func, ast.Attribute) else func.id if isinstance(func, ast.Name) else ""
    return name[:1].isupper() or name in _MAKERS
