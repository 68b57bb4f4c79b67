"""What an emitter of the tree sends for an event: its own code evaluated with holes for event and data.

The evaluation follows the one way on which the event leaves the class, to the first call that is handed
a laid-out frame. All that the frame and the call are made of is then said in terms of the emitter: its
instance, the event and the data.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from wsconsolidate.model.delegation import is_runtime_emit
from wsconsolidate.model.event import EVENT_KEYS, Vocabulary
from wsconsolidate.model.expr import (
    Attribute,
    Call,
    Constant,
    Dict,
    Expr,
    Name,
    Opaque,
    Subscript,
    parts,
    text,
    walk,
)
from wsconsolidate.model.facts import POSITIONAL, Parameter, ValueBinding
from wsconsolidate.model.naming import event_parameter, is_open_emit, named_event
from wsconsolidate.model.program import Certainty, Class, Edge, Function, FunctionId, Program

SELF = "<the emitter>"
EVENT = "<the event>"
DATA = "<the data>"
_FARTHEST = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """What `method` of the emitter sends: `receiver.sink(arguments)`, one argument being the frame.

    `frame` are its items in order; `arguments` the others by the parameters of the sink, which are
    `sinks`; `way` the functions on the way there. `event` is the critical event, None where the
    method is told it.
    """

    method: Function
    event: str | None
    receiver: Expr
    sinks: tuple[FunctionId, ...]
    frame_parameter: str
    frame: tuple[tuple[str, Expr], ...]
    arguments: Mapping[str, Expr]
    way: tuple[Function, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of the frame in order."""
        return tuple(key for key, _ in self.frame)

    @property
    def data_key(self) -> str | None:
        """The key under which the data stand as they were given."""
        return next((key for key, value in self.frame if _is_hole(value, DATA)), None)

    @property
    def is_plain(self) -> bool:
        """True if the data stand under one key as they were given, and nowhere else; or there are none."""
        mentions = [key for key, value in self.frame if _mentions(value, DATA)]
        return mentions == ([self.data_key] if self.data_key else []) and not _mentions(self.receiver, DATA)

    @property
    def event_key(self) -> str | None:
        """The key under which the event stands."""
        return next((key for key, value in self.frame if key in EVENT_KEYS), None)


def templates(program: Program, vocabulary: Vocabulary, emitter: Class) -> Iterator[Template]:
    """What each public method of an emitter sends that is named after an event, or takes its name."""
    for function in emitter.functions.values():
        if function.name.startswith("_"):
            continue
        event = named_event(function.name, vocabulary)
        if event is not None or is_open_emit(function):
            found = _template(program, function, event)
            if found is not None and found.frame and found.is_plain:
                yield found


def _template(program: Program, method: Function, event: str | None) -> Template | None:
    environment = _entry(method, event)
    if environment is None:
        return None
    function, way = method, [method]
    while len(way) < _FARTHEST:
        edge = program.onward.get(function.scope)
        if edge is None or edge.certainty is Certainty.QUEUED or is_runtime_emit(edge):
            return None
        around = {**_locals(program, function), **environment}
        frame = _frame(edge, around)
        if frame is not None:
            return _finished(program, edge, around, frame, (method, event, tuple(way)))
        reached = next((target for target in edge.targets if target in program.onward), None)
        if reached is None:
            return None
        function = program.functions[reached]
        environment = _passed(edge.call, function, around)
        way.append(function)
    return None


def _entry(method: Function, event: str | None) -> dict[str, Expr] | None:
    """What the parameters of the emitter's method stand for; None if it needs more than event and data."""
    line = method.line
    own, *rest = method.facts.parameters
    told = event_parameter(method) if event is None else None
    needed = [one for one in rest if one.default is None and one.name != told and one.kind in POSITIONAL]
    if len(needed) > 1 or not method.facts.is_async:
        return None
    known: dict[str, Expr] = {own.name: Name(SELF, line), **{one.name: Name(DATA, line) for one in needed}}
    defaults = {one.name: one.default for one in rest if one.default is not None}
    return {**defaults, **known, **({told: Name(EVENT, line)} if told else {})}


def _locals(program: Program, function: Function) -> dict[str, Expr]:
    """The names that are bound once in a function, by the values they are bound to."""
    bound: dict[str, list[Expr | None]] = {}
    for binding in program.bindings(function.scope):
        bound.setdefault(binding.name, []).append(
            binding.value if isinstance(binding, ValueBinding) else None
        )
    return {name: values[0] for name, values in bound.items() if len(values) == 1 and values[0] is not None}


def _frame(edge: Edge, around: Mapping[str, Expr]) -> tuple[int | str, Dict] | None:
    """The position and display of the frame among the arguments, with the holes filled in."""
    numbered: list[tuple[int | str, Expr]] = list(enumerate(edge.call.args))
    named = [(key, value) for key, value in edge.call.keywords if key is not None]
    for position, argument in (*numbered, *named):
        found = said(argument, around)
        if isinstance(found, Dict) and any(found.get(key) is not None for key in EVENT_KEYS):
            return position, found
    return None


def _finished(
    program: Program,
    edge: Edge,
    around: Mapping[str, Expr],
    frame: tuple[int | str, Dict],
    of: tuple[Function, str | None, tuple[Function, ...]],
) -> Template | None:
    method, event, way = of
    if not isinstance(edge.call.func, Attribute) or len(edge.targets) == 0:
        return None
    sink = program.functions[edge.targets[0]]
    given = arguments_of(edge.call, sink)
    position, display = frame
    placed = edge.call.args[position] if isinstance(position, int) else edge.call.keyword(position)
    named_items = tuple((text(key), value) for key, value in display.items)
    items = tuple((key, value) for key, value in named_items if key is not None)
    return Template(
        method=method,
        event=event,
        receiver=said(edge.call.func.value, around),
        sinks=edge.targets,
        frame_parameter=next((name for name, value in given.items() if value is placed), ""),
        frame=items if len(items) == len(display.items) else (),
        arguments={name: said(value, around) for name, value in given.items() if value is not placed},
        way=way,
    )


def arguments_of(call: Call, function: Function) -> dict[str, Expr]:
    """The arguments of a call of a method by the names of its parameters."""
    positional = [one.name for one in function.facts.parameters if one.kind in POSITIONAL][1:]
    found = dict(zip(positional, call.args, strict=False))
    return {**found, **{name: value for name, value in call.keywords if name is not None}}


def _passed(call: Call, function: Function, around: Mapping[str, Expr]) -> dict[str, Expr]:
    """What the parameters of a called method stand for."""
    given = {name: said(value, around) for name, value in arguments_of(call, function).items()}
    own = function.facts.parameters[0] if function.facts.parameters else None
    receiver = said(call.func.value, around) if isinstance(call.func, Attribute) else None
    defaults = {one.name: one.default for one in function.facts.parameters if one.default is not None}
    return {**defaults, **given, **({own.name: receiver} if own and receiver else {})}


def said(expr: Expr, around: Mapping[str, Expr], depth: int = 8) -> Expr:
    """An expression with the names that are known replaced by what they stand for."""
    match expr:
        case Name(id=name) if name in around and depth:
            return said(around[name], {key: value for key, value in around.items() if key != name}, depth - 1)
        case Attribute(value=value):
            return replace(expr, value=said(value, around, depth))
        case Call(func=func, args=args, keywords=keywords):
            return Call(
                said(func, around, depth),
                tuple(said(one, around, depth) for one in args),
                tuple((key, said(value, around, depth)) for key, value in keywords),
                expr.line,
            )
        case Dict(items=items):
            return Dict(tuple((key, said(value, around, depth)) for key, value in items), expr.line)
        case Subscript(value=value, index=index):
            return Subscript(said(value, around, depth), said(index, around, depth), expr.line)
        case Name() | Constant():
            return expr
        case _:
            told = any(isinstance(part, Name) and part.id in around for part in walk(expr))
            return Opaque("Unknown", parts(expr), expr.line) if told else expr


def _mentions(value: Expr, hole: str) -> bool:
    return any(isinstance(part, Name) and part.id == hole for part in walk(value))


def _is_hole(value: Expr, hole: str) -> bool:
    return isinstance(value, Name) and value.id == hole


def constructor(program: Program, emitter: Class) -> Mapping[str, Parameter]:
    """The attributes of an emitter that are just what its constructor was given, by the parameter."""
    init = program.method(emitter, "__init__")
    if init is None:
        return {}
    parameters = {one.name: one for one in init.facts.parameters[1:]}
    found: dict[str, Parameter] = {}
    for base in program.bases(emitter):
        for attribute, holdings in program.holdings.get(base.id, {}).items():
            values = [holding.value for holding in holdings]
            if len(values) == 1 and isinstance(values[0], Name) and values[0].id in parameters:
                found.setdefault(attribute, parameters[values[0].id])
    return found
