"""The new text of a class whose sends go through the runtime's emitter."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import libcst as cst

from wsconsolidate.codemods.layout import Layout, layout_at
from wsconsolidate.codemods.patch import By
from wsconsolidate.codemods.runtime_names import RuntimeNames
from wsconsolidate.codemods.sends import Sending, read_sending, read_told
from wsconsolidate.codemods.sheet import Sheet
from wsconsolidate.codemods.typed_answers import typed_answers
from wsconsolidate.model.delegation import Delegation, Send
from wsconsolidate.model.expr import dotted
from wsconsolidate.model.program import Class, Function, MroStatus, Program

ENVELOPE = "Envelope"
_WORD = re.compile(r"\b_[A-Za-z]\w*")
_QUIET_DECORATORS = frozenset(
    ("dataclass", "dataclasses.dataclass", "attr.s", "attrs.define", "define", "final", "typing.final")
)


@dataclass(frozen=True, slots=True)
class _Maker:
    """A private method that makes the emitter for one sink and envelope."""

    name: str
    sink: str
    envelope: str | None


@dataclass
class DelegatedClass:
    """One class on its way from sending by itself to delegating.

    The emitter of a sink is made by a private method, so that it sees the instance as it is when it
    sends; where the sink uses what only one method knows, or the class must not get a method more, it
    is made on the spot.
    """

    sheet: Sheet
    program: Program
    one: Class
    names: RuntimeNames
    _makers: dict[tuple[str, str | None], _Maker] = field(default_factory=dict)

    def changed(self, node: cst.ClassDef, delegation: Delegation) -> cst.ClassDef:
        """The class with all sends delegated.

        Raises:
            Unfit: one of them does not stand in the source in a way that can be rewritten.
        """
        if delegation.told:
            return self._told(node, delegation)
        read = [(send, self._read(send)) for send in delegation.sends]
        laid_out_first = sorted(read, key=lambda pair: pair[1].telling.shape is None)
        calls: dict[cst.CSTNode, By] = {}
        for send, sending in laid_out_first:
            function, by = self.program.functions[send.function], self._call(node, send, sending)
            calls[sending.call] = by
            calls.update(typed_answers(self.sheet, self.program, function, sending.call, by))
        changed = _swapped(node, calls, [sending for _, sending in read])
        methods = [self._method(node, maker) for maker in self._makers.values()]
        return changed.with_changes(body=changed.body.with_changes(body=[*changed.body.body, *methods]))

    def _told(self, node: cst.ClassDef, delegation: Delegation) -> cst.ClassDef:
        """The class with each send said to an emitter of the tree, which is made on the spot."""
        emitter = self.names.bound(self.names.emitter)
        calls: dict[cst.CSTNode, By] = {}
        sendings = []
        for send, told in zip(delegation.sends, delegation.told, strict=True):
            function = self.sheet.function_at(send.function.line)
            sending = read_told(self.sheet, function, send, told, emitter)
            layout = layout_at(self.sheet, sending.call, node)
            text = layout.call(f"{sending.sink}.{sending.telling.method}", sending.telling.arguments)
            calls[sending.call] = self._expression(text)
            sendings.append(sending)
        return _swapped(node, calls, sendings)

    def _read(self, send: Send) -> Sending:
        return read_sending(self.sheet, self.sheet.function_at(send.function.line), send)

    def _call(self, node: cst.ClassDef, send: Send, sending: Sending) -> cst.BaseExpression:
        layout = layout_at(self.sheet, sending.call, node)
        head = f"{self._emitter(node, send, sending, layout)}.{sending.telling.method}"
        return self._expression(layout.call(head, sending.telling.arguments))

    def _emitter(self, node: cst.ClassDef, send: Send, sending: Sending, layout: Layout) -> str:
        """The expression that gives the emitter for a send."""
        shape = sending.telling.shape
        envelope = shape.text(self.names.bound(ENVELOPE)) if shape and shape.text("") else None
        function = self.program.functions[send.function]
        own = _own_name(function)
        if own is None or sending.names & self._locals(function, own) or not self._may_grow(node):
            return layout.call(
                f"{self.names.bound(self.names.emitter)}.for_sink", _sink_arguments(sending.sink, envelope)
            )
        key = (sending.sink, envelope)
        if shape is None:
            key = next((known for known in self._makers if known[0] == sending.sink), key)
        if key not in self._makers:
            self._makers[key] = _Maker(self._free_name(send), *key)
        return f"{own}.{self._makers[key].name}()"

    def _method(self, node: cst.ClassDef, maker: _Maker) -> cst.BaseStatement:
        emitter = self.names.bound(self.names.emitter)
        step = self.sheet.module.default_indent
        first = layout_at(self.sheet, node.body.body[0], node)
        layout = Layout(
            indent=step,
            step=step,
            before=first.base + len(f"{step}return "),
            base=first.base,
            width=first.width,
        )
        made = layout.call(f"{emitter}.for_sink", _sink_arguments(maker.sink, maker.envelope))
        text = f"def {maker.name}(self) -> {emitter}:\n{step}return {made}\n"
        method = cst.parse_statement(self._lines(text), self.sheet.module.config_for_parsing)
        return cst.ensure_type(method, cst.FunctionDef).with_changes(
            leading_lines=[cst.EmptyLine(indent=False)]
        )

    def _expression(self, text: str) -> cst.BaseExpression:
        return cst.parse_expression(self._lines(text), self.sheet.module.config_for_parsing)

    def _lines(self, text: str) -> str:
        return text.replace("\r\n", "\n").replace("\n", self.sheet.module.default_newline)

    def _locals(self, function: Function, own: str) -> frozenset[str]:
        """The names that only the function knows, its instance apart."""
        parameters = {one.name for one in function.facts.parameters}
        return self.program.names(function.scope) | (parameters - {own})

    def _may_grow(self, node: cst.ClassDef) -> bool:
        """True if nobody looks at what methods the class has, and all that could clash is known."""
        decorators = [dotted(getattr(one, "func", one)) for one in self.one.facts.decorators]
        return (
            isinstance(node.body, cst.IndentedBlock)
            and self.one.mro.status is MroStatus.EXACT
            and not self.one.facts.keywords
            and all(name in _QUIET_DECORATORS for name in decorators)
            and not any("__init_subclass__" in base.functions for base in self.program.bases(self.one))
        )

    def _free_name(self, send: Send) -> str:
        last = send.func.rpartition(".")[2].strip("_")
        numbered = (f"_emitter_{number}" for number in range(2, 100))
        candidates = ("_emitter", f"_{last}_emitter", "_unified_emitter", *numbered)
        return next(one for one in candidates if one not in self._taken)

    @property
    def _taken(self) -> Collection[str]:
        """The names of the file, of the classes above and below, and of the methods made so far."""
        used = {maker.name for maker in self._makers.values()} | self._mentioned
        for other in self.program.classes.values():
            if self.one.id in other.mro.ids or other.id in self.one.mro.ids:
                used |= {*other.functions, *self.program.holdings.get(other.id, {})}
        return used

    @cached_property
    def _mentioned(self) -> frozenset[str]:
        """The names that the file mentions, also of what somebody else sets."""
        return frozenset(_WORD.findall(self.sheet.module.code))


def _own_name(function: Function) -> str | None:
    """What a method calls its instance; None where it has none, or binds the name anew."""
    bare = {dotted(one) for one in function.facts.decorators} & {"staticmethod", "classmethod"}
    parameters = function.facts.parameters
    return parameters[0].name if parameters and not bare and parameters[0].name == "self" else None


def _sink_arguments(sink: str, envelope: str | None) -> tuple[str, ...]:
    return (sink,) if envelope is None else (sink, f"envelope={envelope}")


def _swapped(
    node: cst.ClassDef, calls: Mapping[cst.CSTNode, By], sendings: Sequence[Sending]
) -> cst.ClassDef:
    """The class with new calls, and without the statements that are needed no more."""
    before = {one.before.node: one.before.by for one in sendings if one.before is not None}
    return cst.ensure_type(node.visit(_Swap({**before, **calls})), cst.ClassDef)


class _Swap(cst.CSTTransformer):
    """Puts new nodes in the place of old ones."""

    def __init__(self, by_node: Mapping[cst.CSTNode, By]) -> None:
        super().__init__()
        self.by_node = by_node

    def on_leave(self, original_node: cst.CSTNode, updated_node: cst.CSTNode) -> By:  # type: ignore[override]
        return self.by_node.get(original_node, updated_node)
