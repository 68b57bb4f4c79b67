"""Whether a send says exactly what a method of the tree's own emitter says, given the same event and data."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from wsconsolidate.consolidate.sources import Sources
from wsconsolidate.consolidate.template import (
    SELF,
    Template,
    arguments_of,
    constructor,
)
from wsconsolidate.model.delegation import Bound, Send, Told, root
from wsconsolidate.model.expr import (
    Attribute,
    Await,
    Call,
    Constant,
    Dict,
    Expr,
    Name,
    dotted,
    unparse,
)
from wsconsolidate.model.facts import PACKED, Branch, Leave, Parameter, ParameterKind, Use, ValueBinding
from wsconsolidate.model.import_graph import ImportGraph
from wsconsolidate.model.program import (
    Class,
    Edge,
    Function,
    Program,
)

_INERT = ("builtins.", "collections.", "logging.", "time.", "datetime.", "asyncio.Lock", "uuid.")
_CONDITIONS = (Branch.IF, Branch.ELSE, Branch.MATCH)


@dataclass(frozen=True, slots=True)
class Match:
    """How a send is told to the emitter, and what a reader must judge first."""

    told: Told
    risks: tuple[str, ...]


@dataclass(frozen=True)
class Teller:
    """Compares sends with what an emitter of the tree sends."""

    program: Program
    imports: ImportGraph
    emitter: Class
    known: Sequence[Template]

    def stranger(self, one: Class) -> Bound | None:
        """Why a class cannot use the emitter at all; None if it can."""
        way = self.imports.circle(one.module, self.emitter.module)
        if way and one.module != self.emitter.module:
            return Bound(f"to import `{self.emitter.name}` would close a circle: {' -> '.join(way)}")
        if self.emitter.qualname != f"{self.emitter.module}.{self.emitter.name}":
            return Bound(f"`{self.emitter.name}` cannot be imported: it is defined inside of something")
        return None

    def match(self, one: Class, edge: Edge, send: Send, frame: Dict) -> Match | Bound:
        """How the emitter is told to send this very frame, or why it cannot be."""
        template = self._template(send)
        if template is None:
            event = f"`{send.event}`" if send.event else "an event that is decided at run time"
            return Bound(f"`{self.emitter.name}` has no public method for {event}", edge.line)
        hindrance = self._hindrance(template, edge, frame)
        arguments = self._arguments(template, edge)
        if hindrance or arguments is None:
            return Bound(hindrance or f"`{self.emitter.name}` is not made of what the send knows", edge.line)
        risks = tuple(self._values(template, one, edge, frame))
        different = next((risk.reason for risk in risks if isinstance(risk, Bound)), None)
        if different is not None:
            return Bound(different, edge.line)
        return Match(
            Told(
                method=template.method.name,
                takes_event=template.event is None,
                data_key=template.data_key,
                arguments=arguments,
                named=self._by_name(arguments),
            ),
            (
                *(str(risk) for risk in risks),
                *self._conditions(template),
                *self._answers(template, edge),
                *self._making(),
            ),
        )

    def _template(self, send: Send) -> Template | None:
        """The method for the event, else one that is told the event."""
        for_it = (one for one in self.known if send.event is not None and one.event == send.event)
        return next(for_it, None) or next((one for one in self.known if one.event is None), None)

    def _hindrance(self, template: Template, edge: Edge, frame: Dict) -> str | None:
        """Why the emitter would send something else, or to somebody else."""
        sink = self.program.functions[template.sinks[0]].qualname
        if not edge.targets:
            return f"it cannot be told whose `{dotted(edge.call.func)}` it calls, and whether it is `{sink}`"
        if not set(edge.targets) <= set(template.sinks):
            return (
                f"`{self.emitter.name}` sends through `{sink}`, this class through `{dotted(edge.call.func)}`"
            )
        keys = tuple(key.value if isinstance(key, Constant) else "**" for key, _ in frame.items)
        if keys != template.keys:
            mine, others = ", ".join(map(str, keys)), ", ".join(template.keys)
            return f"its frame has the keys {mine}; that of `{self.emitter.name}` has {others}"
        if edge.site.use is not Use.DROPPED and not self._same_answer(template, edge):
            return f"it uses the answer of the send, and `{self.emitter.name}` may answer something else"
        return next(self._more(template), None)

    def _more(self, template: Template) -> Iterator[str]:
        """What else the emitter sends on the way."""
        for function in template.way:
            way = self.program.onward[function.scope]
            for edge in self.program.calls(function.scope):
                if self.program.arrives(edge) and edge is not way:
                    yield f"`{function.name}` also calls `{unparse(edge.call.func)}`, which sends"

    def _same_answer(self, template: Template, edge: Edge) -> bool:
        answers = {unparse(self.program.functions[id].facts.returns) for id in edge.targets}
        mine = {unparse(function.facts.returns) for function in template.way}
        return answers == mine and "" not in answers

    def _arguments(self, template: Template, edge: Edge) -> tuple[tuple[str, int | str | None], ...] | None:
        """What the emitter's constructor is given; None if the send does not know it all."""
        made_of = constructor(self.program, self.emitter)
        sink = self.program.functions[template.sinks[0]]
        here = arguments_of(edge.call, sink)
        found: dict[str, int | str | None] = {}
        wanted = [(None, template.receiver), *template.arguments.items()]
        for name, expr in wanted:
            parameter = _given(expr, made_of)
            if parameter is None and name is not None and _equal(here.get(name), expr):
                continue
            place = None if name is None else _place(edge.call, here.get(name))
            if parameter is None or (name is not None and place is None):
                return None
            found[parameter.name] = place
        needed = {one.name for one in self._parameters() if one.default is None}
        extra = set(here) - {*template.arguments, template.frame_parameter}
        return tuple(found.items()) if needed == set(found) & needed and not extra else None

    def _parameters(self) -> tuple[Parameter, ...]:
        init = self.program.method(self.emitter, "__init__")
        return tuple(one for one in init.facts.parameters[1:] if one.kind not in PACKED) if init else ()

    def _by_name(self, arguments: Sequence[tuple[str, object]]) -> bool:
        """True unless the arguments are the constructor's first ones, in order."""
        positional = [one.name for one in self._parameters() if one.kind is not ParameterKind.KEYWORD_ONLY]
        return [name for name, _ in arguments] != positional[: len(arguments)]

    def _values(self, template: Template, one: Class, edge: Edge, frame: Dict) -> Iterator[str | Bound]:
        """For each further key of the frame what is different in how its value is made."""
        sources = Sources(self.program, self.known)
        for (key, theirs), (_, mine) in zip(template.frame, frame.items, strict=True):
            if key in (template.data_key, template.event_key):
                continue
            here = sources.of(edge.scope, mine, one)
            there = sources.of(template.way[-1].scope, theirs, None)
            if here is None or there is None or here.formula != there.formula:
                yield Bound(f"`{key}` is made in another way than `{self.emitter.name}` makes it")
            elif here.given_to or there.given_to:
                yield (
                    f"`{key}` comes from `{unparse(theirs).replace(SELF, self.emitter.name)}` "
                    f"instead of `{unparse(mine)}`"
                )

    def _making(self) -> Iterator[str]:
        """What the constructor does besides keeping what it is given, now for each event."""
        init = self.program.method(self.emitter, "__init__")
        for edge in self.program.calls(init.scope) if init else ():
            if not _is_inert(edge):
                called = unparse(edge.call.func)
                yield f"`{self.emitter.name}.__init__` calls `{called}`, now for each event"

    def _answers(self, template: Template, sent: Edge) -> Iterator[str]:
        """Who on the way answers something else than what the sink answered, where the answer is used."""
        for function in template.way if sent.site.use is not Use.DROPPED else ():
            edge = self.program.onward[function.scope]
            same = {
                binding.name
                for binding in self.program.bindings(function.scope)
                if isinstance(binding, ValueBinding) and _is_answer(binding.value, edge.call)
            }
            returns = function.facts.body.returns if function.facts.body else ()
            if not returns or not all(_is_answer(one, edge.call) or dotted(one) in same for one in returns):
                yield f"`{function.name}` answers in its own way"

    def _conditions(self, template: Template) -> Iterator[str]:
        """What may keep the emitter from sending."""
        for function in template.way:
            edge = self.program.onward[function.scope]
            early = list(_leaves_before(function, edge))
            if any(guard.branch in _CONDITIONS for guard in edge.site.guards):
                yield f"`{function.name}` sends on a condition only"
            elif edge.site.loops or edge.site.tries:
                yield f"`{function.name}` may send again, or catch what the send raises"
            elif early:
                yield f"`{function.name}` may give up before it sends ({function.path}:{early[0].line})"


def _is_inert(edge: Edge) -> bool:
    """True for a call that changes nothing but what belongs to the caller."""
    if edge.constructs:
        return True
    changes = bool(edge.receiver) and root(edge.call.func) != "self"
    texts = all(found.name == "builtins.str" for found in edge.receiver)
    return not edge.targets and (edge.outside or "").startswith(_INERT) and (texts or not changes)


def _given(expr: Expr, made_of: Mapping[str, Parameter]) -> Parameter | None:
    match expr:
        case Attribute(value=Name(id=name), attr=attr) if name == SELF:
            return made_of.get(attr)
        case _:
            return None


def _equal(mine: Expr | None, theirs: Expr) -> bool:
    """True for the same constant."""
    return isinstance(mine, Constant) and isinstance(theirs, Constant) and mine.value == theirs.value


def _place(call: Call, value: Expr | None) -> int | str | None:
    """Where an argument stands in a call."""
    for index, argument in enumerate(call.args):
        if argument is value:
            return index
    return next((name for name, given in call.keywords if given is value), None)


def _is_answer(value: Expr | None, call: Call) -> bool:
    """True for the awaited call itself."""
    return isinstance(value, Await) and value.value is call


def _leaves_before(function: Function, edge: Edge) -> Iterator[Leave]:
    """The returns and raises before the send, those in an except arm apart."""
    for leave in function.facts.body.leaves if function.facts.body else ():
        if leave.line < edge.line and not any(guard.branch is Branch.EXCEPT for guard in leave.guards):
            yield leave
