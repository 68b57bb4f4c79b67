"""What one file says, as a pure function of its bytes: its scopes, classes, functions and calls.

Qualified names here are CPython's `__qualname__` (`Outer.Inner`, `f.<locals>.C`); the module name is
not part of the facts, so equal files have equal facts wherever they stand.
"""

from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import TypeAlias

from wsconsolidate.model.expr import Call, Expr

MODULE_SCOPE = 0


class Branch(StrEnum):
    """Which arm of a compound statement something stands in."""

    IF = "if"
    ELSE = "else"
    TRY = "try"
    EXCEPT = "except"
    LOOP = "loop"
    WITH = "with"
    MATCH = "match"
    FUNCTION = "function"


@dataclass(frozen=True, slots=True)
class Guard:
    """One condition that a statement stands under.

    `test` is the condition of an `if`/`else` (true for `if`, false for `else`), the exception types of an
    `except` arm or of the `except` arms that belong to a `try` arm. All arms of one statement have its
    `line`. What a function binds in a scope around it (`global`) stands under `FUNCTION` with the line of the
    function: it may never be called.
    """

    branch: Branch
    test: Expr | None
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportBinding:
    """A name bound by an import.

    `import a.b` binds `a` to module `a`; `import a.b as c` binds `c` to module `a.b`; `from .m import x as y`
    binds `y` to attribute `x` of module `m` at level 1. `renamed` is true with an `as`, which decides between
    the first two. A star import has the name and attribute `*`.
    """

    name: str
    module: str
    attribute: str | None
    level: int
    renamed: bool
    line: int
    guards: tuple[Guard, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassBinding:
    """A name bound by a class statement; `line` is that of the statement."""

    name: str
    qualname: str
    line: int
    guards: tuple[Guard, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionBinding:
    """A name bound by a def statement; `line` is that of the statement."""

    name: str
    qualname: str
    line: int
    guards: tuple[Guard, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueBinding:
    """A name bound by an assignment; `value` is None for a bare annotation."""

    name: str
    value: Expr | None
    annotation: Expr | None
    line: int
    guards: tuple[Guard, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherBinding:
    """A name bound in a way that is not followed: loop target, `with ... as`, unpacking, `del`.

    `source` is the iterable or context expression the value comes from, where there is one; `index` the
    name's place among those that an assignment unpacks it into, None behind a star.
    """

    name: str
    how: str
    source: Expr | None
    line: int
    guards: tuple[Guard, ...]
    index: int | None = None


Binding: TypeAlias = ImportBinding | ClassBinding | FunctionBinding | ValueBinding | OtherBinding


class ParameterKind(Enum):
    """How an argument reaches a parameter."""

    POSITIONAL_ONLY = "/"
    POSITIONAL = ""
    VAR_POSITIONAL = "*"
    KEYWORD_ONLY = "kw"
    VAR_KEYWORD = "**"


POSITIONAL = (ParameterKind.POSITIONAL_ONLY, ParameterKind.POSITIONAL)
PACKED = (ParameterKind.VAR_POSITIONAL, ParameterKind.VAR_KEYWORD)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One parameter of a function."""

    name: str
    kind: ParameterKind
    annotation: Expr | None
    default: Expr | None


class Stub(StrEnum):
    """Ways in which a body does nothing."""

    PASS = "pass"  # noqa: S105 - the statement
    ELLIPSIS = "..."
    DOCSTRING = "only a docstring"
    LOGGING = "only logging"
    NOT_IMPLEMENTED = "raise NotImplementedError"
    CONSTANT = "only returns a constant"


class Use(StrEnum):
    """What becomes of a call's value."""

    DROPPED = "dropped"
    RETURNED = "returned"
    ASSIGNED = "assigned"
    NESTED = "nested"


@dataclass(frozen=True, slots=True, kw_only=True)
class CallSite:
    """A call in a body, with what surrounds it.

    `loops` and `tries` index the body's `loops` and `tries`, outermost first; `tries` lists the statements
    whose `try:` arm holds the call.
    """

    call: Call
    awaited: bool
    use: Use
    loops: tuple[int, ...]
    tries: tuple[int, ...]
    guards: tuple[Guard, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """An assignment to an attribute or item: `self.x = value`, `d[k] = value`; `del` has no value."""

    target: Expr
    value: Expr | None
    annotation: Expr | None
    deletes: bool
    line: int
    loops: tuple[int, ...]
    guards: tuple[Guard, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Loop:
    """A for statement."""

    target: Expr
    iterable: Expr
    is_async: bool
    line: int
    end_line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """One item of a with statement: `async with self._lock`."""

    value: Expr
    is_async: bool
    line: int
    end_line: int


class Leaving(StrEnum):
    """The statements that leave a loop or a function."""

    BREAK = "break"
    CONTINUE = "continue"
    RETURN = "return"
    RAISE = "raise"


@dataclass(frozen=True, slots=True, kw_only=True)
class Leave:
    """A `break`, `continue`, `return` or `raise`: the for statements that it ends, and what it returns.

    A `continue` ends none: it skips the rest of a round.
    """

    how: Leaving
    value: Expr | None
    line: int
    loops: tuple[int, ...]
    guards: tuple[Guard, ...]

    @property
    def skips(self) -> bool:
        """True for a `continue`."""
        return self.how is Leaving.CONTINUE


class Handling(StrEnum):
    """What an except arm does with the exception; `LEAVES` is a bare `break`, or a `return` of a constant."""

    PASSES = "passes"
    LEAVES = "leaves"
    LOGS = "logs"
    RAISES = "raises"
    HANDLES = "handles"


@dataclass(frozen=True, slots=True)
class Handler:
    """One except arm; `types` is None for a bare `except:`."""

    types: Expr | None
    handling: Handling
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Try:
    """A try statement with its except arms."""

    handlers: tuple[Handler, ...]
    line: int
    end_line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """What a function does: calls, stores, loops and returns in source order.

    `comprehensions` are the (target, iterable) pairs of all comprehensions; `yields` is true for a generator.
    """

    stub: Stub | None
    calls: tuple[CallSite, ...]
    stores: tuple[Store, ...]
    loops: tuple[Loop, ...]
    comprehensions: tuple[tuple[Expr, Expr], ...]
    contexts: tuple[Context, ...]
    tries: tuple[Try, ...]
    leaves: tuple[Leave, ...]
    returns: tuple[Expr, ...]
    raises: tuple[Expr, ...]
    yields: bool


class Handing(StrEnum):
    """What a function gives back, seen as a decorator."""

    ARGUMENT = "its argument"
    DECORATOR = "a function that gives back its argument"
    FUNCTION = "a function made inside"
    EITHER = "its argument or a function that gives it back"
    OTHER = "something else"


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionFacts:
    """A function or method; `body` is None when only the outline was extracted.

    `hands_on` is what it returns as far as its argument is concerned, which tells whether a class it
    decorates stays that class.
    """

    qualname: str
    name: str
    parameters: tuple[Parameter, ...]
    returns: Expr | None
    decorators: tuple[Expr, ...]
    hands_on: Handing
    is_async: bool
    line: int
    end_line: int
    guards: tuple[Guard, ...]
    body: Body | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassFacts:
    """A class statement; `line` is that of `class`, not of its first decorator."""

    qualname: str
    name: str
    bases: tuple[Expr, ...]
    keywords: tuple[tuple[str | None, Expr], ...]
    decorators: tuple[Expr, ...]
    type_parameters: tuple[str, ...]
    doc: str | None
    line: int
    end_line: int
    guards: tuple[Guard, ...]


class ScopeKind(StrEnum):
    """What a scope is the body of."""

    MODULE = "module"
    CLASS = "class"
    FUNCTION = "function"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Every binding of a module, class or function body in source order.

    A scope is known by the line of its `class` or `def`, the module's own by `MODULE_SCOPE`; `parent` is the
    enclosing scope.
    """

    line: int
    parent: int | None
    kind: ScopeKind
    qualname: str
    bindings: tuple[Binding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Patch:
    """A statement at the top of a module that sets an attribute of something: a class, a module.

    `target` is that as written; `loop` the iterable of the loop around it. What functions do is left out.
    """

    target: Expr
    attribute: str
    value: Expr
    loop: Expr | None
    line: int
    guards: tuple[Guard, ...]


@dataclass(frozen=True, slots=True)
class Suppression:
    """A `# wsconsolidate: ignore[CODES] -- reason` comment; no codes means every rule."""

    line: int
    codes: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFacts:
    """Everything the later stages know of one file.

    `has_bodies` tells whether function bodies were extracted; scopes of functions are kept only with bodies
    or where a class stands inside the function. `functions` and `classes` are in source order and may hold a
    qualname twice (defined twice). `main` is the module's own top-level code as a body.
    """

    lines: int
    has_bodies: bool
    scopes: tuple[Scope, ...]
    classes: tuple[ClassFacts, ...]
    functions: tuple[FunctionFacts, ...]
    main: Body | None
    patches: tuple[Patch, ...]
    suppressions: tuple[Suppression, ...]

    @property
    def top(self) -> Scope:
        """The module's own scope."""
        return next(scope for scope in self.scopes if scope.line == MODULE_SCOPE)
