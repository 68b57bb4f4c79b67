"""Which emitters could send through an emitter that is made of any sink, and with which statements.

A send is an awaited call that is handed a frame: a dict that names its event. Handing the very same frame
to the very same call, only by way of the source of truth, changes nothing that the browser sees. What is
asked here is whether the call stands where that can be done, and whether all of a class's critical events
leave it through such calls.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from wsconsolidate.consolidate.made_messages import made_message
from wsconsolidate.model.delegation import (
    BUNDLED_EMITTERS,
    Bound,
    Send,
    event_of,
    root,
)
from wsconsolidate.model.event import Coverage, EventStatus, Vocabulary
from wsconsolidate.model.expr import (
    Attribute,
    Await,
    Call,
    Constant,
    Dict,
    Expr,
    Name,
    Starred,
    dotted,
    unparse,
    walk,
)
from wsconsolidate.model.facts import MODULE_SCOPE, PACKED, Body, Parameter, ScopeKind, ValueBinding
from wsconsolidate.model.naming import LOGGERS
from wsconsolidate.model.program import Class, ClassId, Edge, Function, FunctionId, Program, ScopeId

_DUMPS = frozenset(f"{module}.dumps" for module in ("json", "orjson", "ujson", "simplejson", "rapidjson"))
_INERT = ("builtins.", "collections.", "logging.", "copy.", "json.", "asyncio.", "dataclasses.", "structlog.")
_HARMLESS = frozenset(
    "str int float bool len list dict tuple set sorted repr round min max abs sum any all "
    "isinstance getattr type hasattr".split()
)
_FARTHEST_CALLER = 3
_OWN_WAYS = (EventStatus.EMITS, EventStatus.DELEGATES)


@dataclass(frozen=True, slots=True)
class _Frame:
    """A frame among the arguments of a call; `display` is None where it is handed in from outside."""

    position: int | str
    display: Dict | None
    dumped: bool


@dataclass(frozen=True, slots=True)
class Sent:
    """A send with its call, and its frame where that is laid out in the same function."""

    send: Send
    edge: Edge
    frame: Dict | None

    @property
    def place(self) -> tuple[str, int]:
        """Where it stands."""
        return self.send.function.path, self.send.line


@dataclass(frozen=True)
class Sends:
    """Reads the sending statements of emitters; `truth` is the full name of the emitter that stays."""

    program: Program
    vocabulary: Vocabulary
    coverage: Mapping[ClassId, Mapping[str, Coverage]] = field(repr=False)
    truth: str

    def of(self, one: Class) -> "tuple[Sent, ...] | Bound":
        """The sends by which the critical events of a class leave it, and any others to the same sinks.

        One reason against one of them is given where there is one.
        """
        leaving = self.leaving(one)
        found = [
            (Sent(self._send(edge, frame), edge, frame.display), self._hindrance(one, function, edge, frame))
            for function in one.functions.values()
            for edge in self.program.calls(function.scope)
            if self._hands_over(one, edge) and (frame := self._frame(edge)) is not None
        ]
        critical = [(sent, why) for sent, why in found if sent.send.event or sent.place in leaving.values()]
        for sent, reason in critical:
            if reason is not None:
                return Bound(reason, sent.send.line)
        places = {sent.place for sent, _ in critical}
        for event, place in leaving.items():
            if place not in places:
                line = place[1] if place else 0
                return Bound(f"`{event}` leaves without a frame that is laid out here", line)
        if not critical:
            return Bound("it lays out no frame of its own")
        sinks = {sent.send.func for sent, _ in critical}
        return tuple(sent for sent, reason in found if not reason and sent.send.func in sinks)

    def leaving(self, one: Class) -> dict[str, tuple[str, int] | None]:
        """Where each critical event that the class sends around the emitter that stays leaves it.

        None where that is not known.
        """
        above = [base.qualname for base in self.program.bases(one) if base.id != one.id]
        others = tuple(f"{name}." for name in (*above, self.truth, *BUNDLED_EMITTERS))
        return {
            event: self._last_own(one, covered)
            for event, covered in self.coverage.get(one.id, {}).items()
            if covered.status in _OWN_WAYS and not any(hop.symbol.startswith(others) for hop in covered.flow)
        }

    def _last_own(self, one: Class, covered: Coverage) -> tuple[str, int] | None:
        """Where an event leaves the class."""
        own = {function.qualname for function in one.functions.values()}
        places = [(hop.path, hop.line) for hop in covered.flow if hop.symbol in own]
        return places[-1] if places else None

    def _hands_over(self, one: Class, edge: Edge) -> bool:
        """True for a call that may hand a message to somebody else who delivers it."""
        own = {function.id for base in self.program.bases(one) for function in base.functions.values()}
        if edge.constructs or own & set(edge.targets) or dotted(edge.call.func) is None:
            return False
        if self.program.arrives(edge):
            return True
        names = [edge.outside] if edge.outside else [f"{found.name}." for found in edge.receiver]
        inert = bool(names) and all(name.startswith(_INERT) for name in names)
        return not (inert or _is_logging(edge.call) or isinstance(edge.call.func, Name) or edge.targets)

    def _frame(self, edge: Edge) -> _Frame | None:
        """The frame among the arguments; None where there is none, or it is not known to be a dict."""
        numbered: list[tuple[int | str, Expr]] = list(enumerate(edge.call.args))
        named = [(key, value) for key, value in edge.call.keywords if key is not None]
        for position, argument in (*numbered, *named):
            found = self._read(edge, position, argument)
            if found is not None:
                return found
        return None

    def _read(
        self,
        edge: Edge,
        position: int | str,
        argument: Expr,
        farthest: int = _FARTHEST_CALLER,
        above: frozenset[str] = frozenset(),
    ) -> _Frame | None:
        inner = _dumped(self.program, edge.scope, argument)
        if inner is not None:
            found = self._read(edge, position, inner, farthest, above)
            return _Frame(position, found.display, dumped=True) if found else None
        match argument:
            case Dict() if event_of(self.program, self.vocabulary, edge.scope, argument):
                return _Frame(position, argument, dumped=False)
            case Name(id=name) if name not in above:
                return self._local(edge, position, name, farthest, above | {name})
            case Call() if display := made_message(self.program, edge.scope, argument):
                is_frame = event_of(self.program, self.vocabulary, edge.scope, display)
                return _Frame(position, display, dumped=False) if is_frame else None
            case _:
                return None

    def _local(
        self, edge: Edge, position: int | str, name: str, farthest: int, above: frozenset[str]
    ) -> _Frame | None:
        """The frame that a name of the function stands for; none if it is made of one of those `above`."""
        values = list(_assigned(self.program, edge.scope, name))
        if not values:
            return self._given(edge, position, name, farthest)
        if any(value is None or isinstance(value, Name) for value in values):
            return None
        found = [self._read(edge, position, value, farthest, above) for value in values if value is not None]
        first = found[0]
        if first is None or any(one is None or one.dumped != first.dumped for one in found):
            return None
        return first

    def _given(self, edge: Edge, position: int | str, name: str, farthest: int) -> _Frame | None:
        """A parameter that is a dict, in a helper that passes whole frames on."""
        function = self.program.functions.get(edge.scope)
        parameter = _parameter(function, name) if function else None
        if parameter is None or function is None or not function.name.startswith("_"):
            return None
        passed = list(self._passed(function, name, farthest - 1)) if farthest else []
        return _Frame(position, None, dumped=False) if passed and all(passed) else None

    def _passed(self, function: Function, name: str, farthest: int) -> Iterator[bool]:
        """For each call of a helper, whether it is known to pass a frame under this name."""
        names = [parameter.name for parameter in function.facts.parameters]
        index = names.index(name) - (not has_decorator(function, "staticmethod"))
        for edge in self.program.callers(function):
            placed = edge.call.args[index] if 0 <= index < len(edge.call.args) else None
            value = edge.call.keyword(name) or placed
            yield value is not None and self._is_frame(edge, value, farthest)

    def _is_frame(self, edge: Edge, value: Expr, farthest: int) -> bool:
        found = self._read(edge, 0, value, farthest)
        return found is not None and not found.dumped

    def _send(self, edge: Edge, frame: _Frame) -> Send:
        found = frame.display and event_of(self.program, self.vocabulary, edge.scope, frame.display)
        key, event = found or ("", None)
        value = frame.display.get(key) if frame.display else None
        name = self.program.lookup.constant(edge.scope, value) if value is not None else None
        types = self.program.lookup.types(edge.scope, value) if value is not None else ()
        return Send(
            function=FunctionId(*edge.scope),
            line=edge.line,
            func=dotted(edge.call.func) or "",
            frame=frame.position,
            dumped=frame.dumped,
            key=key,
            event=event,
            known=isinstance(name, str),
            named=isinstance(name, str) or (bool(types) and all(one.name == "builtins.str" for one in types)),
        )

    def _hindrance(self, one: Class, function: Function, edge: Edge, frame: _Frame) -> str | None:
        """Why a send must stay as it is; None if it need not."""
        body = function.facts.body
        if body is None or not function.facts.is_async:
            return f"`{function.name}` is no coroutine function"
        if body.yields:
            return f"`{function.name}` is a generator"
        if not edge.site.awaited:
            return f"`{unparse(edge.call.func)}` is not awaited where it is called"
        if _in_comprehension(body, edge.call):
            return "it sends inside a comprehension"
        if self._fans_out(body, edge):
            return "it sends to many sockets in a loop, which is a manager's part"
        others = _others(edge.call, frame)
        if others is None:
            return "its arguments are unpacked"
        if not all(map(_is_plain, others)):
            return "the call's other arguments are more than names and constants"
        receiver = edge.call.func.value if isinstance(edge.call.func, Attribute) else edge.call.func
        steady = all(self._is_steady(one, function, expr) for expr in (receiver, *others))
        if not steady and not _is_quiet(frame.display):
            return "what the frame calls may change whom it is sent to"
        return None

    def _fans_out(self, body: Body, edge: Edge) -> bool:
        """True if the loop around the send goes over the very things that it sends to."""
        func = root(edge.call.func)
        loops = [body.loops[index] for index in edge.site.loops if index < len(body.loops)]
        return any(isinstance(part, Name) and part.id == func for loop in loops for part in walk(loop.target))

    def _is_steady(self, one: Class, function: Function, expr: Expr) -> bool:
        """True if nothing that is called meanwhile can make the expression another value."""
        own = next((parameter.name for parameter in function.facts.parameters), None)
        match expr:
            case Constant():
                return True
            case Name(id=name):
                return self._is_bound_once(function, name)
            case Attribute(value=Name(id=name), attr=attr) if name == own:
                return self._is_set_once(one, attr)
            case _:
                return False

    def _is_bound_once(self, function: Function, name: str) -> bool:
        """True for a name of the function itself, or one that its module binds just once."""
        if _parameter(function, name) or name in self.program.names(function.scope):
            return True
        module = self.program.bindings(ScopeId(function.path, MODULE_SCOPE))
        return sum(one.name == name for one in module) <= 1

    def _is_set_once(self, one: Class, attribute: str) -> bool:
        """True for an attribute that only constructors and class bodies set."""
        scopes = [
            holding.scope
            for base in self.program.bases(one)
            for holding in self.program.holdings.get(base.id, {}).get(attribute, ())
        ]
        return bool(scopes) and all(self._is_making(scope) for scope in scopes)

    def _is_making(self, scope: ScopeId) -> bool:
        known = self.program.scope(scope)
        return known is not None and (
            known.kind is ScopeKind.CLASS or known.qualname.endswith(("__init__", "__post_init__"))
        )


def _dumped(program: Program, scope: ScopeId, argument: Expr) -> Expr | None:
    """What a call of `json.dumps` or its like makes text of."""
    if not (isinstance(argument, Call) and argument.args and isinstance(argument.func, Name | Attribute)):
        return None
    names = [getattr(found, "name", "") for found in program.lookup.targets(scope, argument.func)]
    is_dumps = (dotted(argument.func) or "") in _DUMPS or any(name in _DUMPS for name in names)
    return argument.args[0] if is_dumps else None


def _assigned(program: Program, scope: ScopeId, name: str) -> Iterator[Expr | None]:
    """The values that a name of this function is bound to; None for one that is not followed."""
    known = program.scope(scope)
    for binding in known.bindings if known and known.kind is ScopeKind.FUNCTION else ():
        if binding.name == name:
            yield binding.value if isinstance(binding, ValueBinding) else None


def has_decorator(function: Function, name: str) -> bool:
    """True if the function stands under a plain decorator of this name."""
    return any(dotted(one) == name for one in function.facts.decorators)


def _parameter(function: Function, name: str) -> Parameter | None:
    named = (one for one in function.facts.parameters if one.name == name)
    return next((one for one in named if one.kind not in PACKED), None)


def _others(call: Call, frame: _Frame) -> list[Expr] | None:
    """The arguments beside the frame; None where some are unpacked."""
    if any(isinstance(one, Starred) for one in call.args) or any(key is None for key, _ in call.keywords):
        return None
    rest: list[Expr] = [value for index, value in enumerate(call.args) if index != frame.position]
    return rest + [value for key, value in call.keywords if key != frame.position]


def _is_plain(expr: Expr) -> bool:
    return isinstance(expr, Constant) or dotted(expr) is not None


def _is_quiet(display: Dict | None) -> bool:
    """True if to build the frame calls nothing that could change anything."""
    parts = walk(display) if display else []
    calls = [part.func for part in parts if isinstance(part, Call)]
    waits = any(isinstance(part, Await) for part in parts)
    return not waits and all(isinstance(func, Name) and func.id in _HARMLESS for func in calls)


def _in_comprehension(body: Body, call: Call) -> bool:
    names = {part.id for target, _ in body.comprehensions for part in walk(target) if isinstance(part, Name)}
    return any(isinstance(part, Name) and part.id in names for part in walk(call))


def _is_logging(call: Call) -> bool:
    match call.func:
        case Attribute(value=Name(id=owner) | Attribute(attr=owner)):
            return owner in LOGGERS
        case _:
            return False
