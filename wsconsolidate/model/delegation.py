"""How an emitter could send through the source of truth: its sending statements, or why it must not.

Decided from the facts alone, so that a scan knows what a fix would do; whoever writes the new code may
find a reason more to leave it.
"""

from dataclasses import dataclass
from typing import TypeAlias

from wsconsolidate.model.event import EVENT_KEYS, Vocabulary
from wsconsolidate.model.expr import Dict, Expr, Name
from wsconsolidate.model.finding import Applicability
from wsconsolidate.model.program import Class, Edge, FunctionId, Program, ScopeId, Type

BUNDLED_EMITTERS = frozenset(
    f"wsconsolidate.runtime.{name}" for name in ("UnifiedWebSocketEmitter", "emitter.UnifiedWebSocketEmitter")
)
SINK_MAKERS = frozenset(("for_sink", "for_socket"))
_OFFERS = SINK_MAKERS | {"emit", "emit_frame"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Send:
    """One sending statement: the awaited call of `func` on `line` in a method, `frame` among its arguments.

    `frame` is a position or a keyword; `dumped` is true where the call gets the frame as JSON text.
    `key` is the frame's key for the event (empty where the frame is laid out elsewhere), `event` the
    critical event that it is known to be; `known` is true where it is known to be any event, `named`
    where it is certainly a string.
    """

    function: FunctionId
    line: int
    func: str
    frame: int | str
    dumped: bool
    key: str
    event: str | None
    known: bool
    named: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """How one send is said to an emitter of the tree: `emitter(arguments).method(event, data)`.

    `arguments` are the constructor's parameters, each with the part of the send that it is given: a
    position or keyword of the call, None for the object that is called. `named` is true where they are
    given by name. The data are what the frame holds under `data_key`, None where there are none;
    `takes_event` is true for a method that is told the event too.
    """

    method: str
    takes_event: bool
    data_key: str | None
    arguments: tuple[tuple[str, int | str | None], ...]
    named: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Delegation:
    """Sends that can go through the source of truth; `risk` is what a reader must judge if it is unsafe.

    `told` runs parallel to `sends` where the source of truth is an emitter of the tree, and is empty
    where it is made of the sinks.
    """

    sends: tuple[Send, ...]
    told: tuple[Told, ...] = ()
    applicability: Applicability = Applicability.SAFE
    risk: str = ""


@dataclass(frozen=True, slots=True)
class Bound:
    """Why an emitter must send by itself, with the line that says so (0 for the class as a whole)."""

    reason: str
    line: int = 0

    def __str__(self) -> str:
        return f"line {self.line}: {self.reason}" if self.line else self.reason


Delegating: TypeAlias = Delegation | Bound


def makes_from_sinks(found: Class) -> bool:
    """True for an emitter that can be made of any function that takes a frame: the runtime's, or a copy."""
    return set(found.functions) >= _OFFERS


def is_runtime_emitter(program: Program, found: Type) -> bool:
    """True for the type of the bundled emitter, wherever it is imported from."""
    if found.name in BUNDLED_EMITTERS:
        return True
    known = program.class_(found.id)
    return known is not None and makes_from_sinks(known)


def is_runtime_emit(edge: Edge) -> bool:
    """True for a call that tells the bundled emitter an event."""
    owner, _, method = (edge.outside or "").rpartition(".")
    return method.startswith("emit") and _made(owner) in BUNDLED_EMITTERS


def _made(name: str) -> str:
    """The class of what a name stands for that may end in the call of a sink maker."""
    owner, _, called = name.rpartition(".")
    return owner if called.removesuffix("()") in SINK_MAKERS else name


def event_of(
    program: Program, vocabulary: Vocabulary, scope: ScopeId, frame: Dict
) -> tuple[str, str | None] | None:
    """The key under which a frame names its event, and the event if it is a critical one that is known.

    None for a dict that is no frame.
    """
    for key in EVENT_KEYS:
        value = frame.get(key)
        if value is not None:
            name = program.lookup.constant(scope, value)
            return key, vocabulary.canonical(name) if isinstance(name, str) else None
    return None


def is_open(program: Program, scope: ScopeId, value: Expr | None) -> bool:
    """True for a value that is decided at run time."""
    return value is not None and program.lookup.constant(scope, value) is None


def root(expr: Expr) -> str | None:
    """The name that a chain of attributes begins with."""
    while not isinstance(expr, Name):
        value = getattr(expr, "value", None)
        if value is None or isinstance(value, str | int | float | bool | bytes):
            return None
        expr = value
    return expr.id
