"""Makes the messages of events with the typed dictionary that has their keys.

`{"type": "agent_started", "payload": data}` becomes `EventEnvelope(type="agent_started", payload=data)`: at
run time that is the same plain dict, with the same keys in the same order, and a type checker sees a key that
is missing or misspelt. Where the receiver asks for a dict it is given one. All messages of a class are typed
together, or none.
"""

from collections.abc import Iterator

import libcst as cst
from libcst.helpers import get_full_name_for_node

from wsconsolidate.codemods.bound_names import name_in
from wsconsolidate.codemods.codemod import Codemod
from wsconsolidate.codemods.layout import moved
from wsconsolidate.codemods.nodes import literal, nodes
from wsconsolidate.codemods.patch import Import, Patch, Replacement, Rewriting, Unfit, refuse
from wsconsolidate.codemods.sheet import Sheet
from wsconsolidate.codemods.type_payload_examples import REWRITES, UNTOUCHED
from wsconsolidate.codemods.workshop import Workshop
from wsconsolidate.model.ad_hoc import HandMade, ad_hoc_messages
from wsconsolidate.model.edit import Refusal
from wsconsolidate.model.expr import Attribute, Expr, Name, walk
from wsconsolidate.model.facts import Parameter, ValueBinding
from wsconsolidate.model.finding import Finding
from wsconsolidate.model.payload_types import fitting, keys_of, payload_types
from wsconsolidate.model.program import Certainty, Class, Function, Program

_DICTS = frozenset(("dict", "Dict", "MutableMapping", "defaultdict", "OrderedDict"))


def propose(finding: Finding, workshop: Workshop) -> Patch | Refusal:
    """The typed messages of a class or function."""
    for one in ad_hoc_messages(workshop.found):
        if (one.path, one.symbol) == (finding.path, finding.symbol):
            return _patch(one.path, one.symbol, one.messages, workshop)
    return refuse(finding, "its messages were not found again")


def _patch(path: str, symbol: str, messages: list[HandMade], workshop: Workshop) -> Patch:
    sheet, home = workshop.sheet(path), workshop.program.files[path]
    swaps: dict[cst.CSTNode, Replacement] = {}
    imports: dict[Import, None] = {}
    for message in messages:
        one = _type_of(message, workshop)
        bound = name_in(home, one.module, one.name)
        node = _written(sheet, message)
        typed = _typed(node, bound)
        as_dict = _asks_for_dict(message, workshop.program)
        swaps[node] = Replacement(node, _as_dict(typed, sheet) if as_dict else typed)
        if one.module != home.name:
            imports[Import(module=one.module, name=one.name, bound=bound)] = None
    names = " and ".join(dict.fromkeys(_type_of(message, workshop).name for message in messages))
    rewriting = Rewriting(path=path, replacements=tuple(swaps.values()), imports=tuple(imports))
    return Patch(title=f"{symbol.rpartition('.')[2]} makes its messages with {names}", rewrites=(rewriting,))


def _type_of(message: HandMade, workshop: Workshop) -> Class:
    keys = keys_of(message.frame) or ()
    return fitting(payload_types(workshop.found), keys)[0].one


def _written(sheet: Sheet, message: HandMade) -> cst.Dict | cst.Call:
    """The display or call of `dict` that makes a message.

    Raises:
        Unfit: there is not just one.
    """
    function = sheet.function_at(message.function.line)
    found = [
        node
        for node in nodes(function.body)
        if isinstance(node, cst.Dict | cst.Call)
        and sheet.range_of(node).start.line == message.frame.line
        and _keys(node) == keys_of(message.frame)
    ]
    if len(found) != 1:
        raise Unfit(sheet.path, f"line {message.frame.line}: its message is written {len(found)} times there")
    return found[0]


def _keys(node: cst.Dict | cst.Call) -> tuple[str, ...]:
    if isinstance(node, cst.Dict):
        keys = (literal(one.key) for one in node.elements if isinstance(one, cst.DictElement))
    else:
        is_dict = get_full_name_for_node(node.func) == "dict"
        keys = (one.keyword.value for one in node.args if is_dict and one.keyword is not None)
    return tuple(key or "" for key in keys)


def _typed(node: cst.Dict | cst.Call, name: str) -> cst.Call:
    """The call of the typed dictionary, laid out as the display was."""
    return node.with_changes(func=cst.Name(name)) if isinstance(node, cst.Call) else _call(node, name)


def _as_dict(made: cst.Call, sheet: Sheet) -> cst.BaseExpression:
    """`dict(...)` around what is made, which is indented a step more where it has several lines."""
    text = sheet.module.code_for_node(made).replace("\r\n", "\n")
    if "\n" not in text:
        return cst.Call(cst.Name("dict"), [cst.Arg(made)])
    last = text.rpartition("\n")[2]
    indent = last[: len(last) - len(last.lstrip())]
    deeper = indent + sheet.module.default_indent
    lines = f"dict(\n{deeper}{moved(text, deeper)}\n{indent})"
    newline = sheet.module.default_newline
    return cst.parse_expression(lines.replace("\n", newline), sheet.module.config_for_parsing)


def _call(node: cst.Dict, name: str) -> cst.Call:
    bare = cst.AssignEqual(
        whitespace_before=cst.SimpleWhitespace(""), whitespace_after=cst.SimpleWhitespace("")
    )
    arguments = [
        cst.Arg(keyword=cst.Name(literal(one.key) or ""), value=one.value, comma=one.comma, equal=bare)
        for one in node.elements
        if isinstance(one, cst.DictElement)
    ]
    arguments[-1] = arguments[-1].with_changes(whitespace_after_arg=node.rbrace.whitespace_before)
    return cst.Call(
        cst.Name(name),
        arguments,
        whitespace_before_args=node.lbrace.whitespace_after,
        lpar=node.lpar,
        rpar=node.rpar,
    )


def _asks_for_dict(message: HandMade, program: Program) -> bool:
    """True if what takes the message, or the name that it is bound to, is annotated as a dict of any keys."""
    return any(
        (part.id if isinstance(part, Name) else part.attr) in _DICTS
        for annotation in _annotations(message, program)
        for part in walk(annotation)
        if isinstance(part, Name | Attribute)
    )


def _annotations(message: HandMade, program: Program) -> Iterator[Expr]:
    names = set()
    for binding in program.bindings(message.function.scope):
        if isinstance(binding, ValueBinding) and binding.value and binding.value.line == message.frame.line:
            names.add(binding.name)
            yield from (binding.annotation,) if binding.annotation else ()
    given = [*enumerate(message.edge.call.args), *message.edge.call.keywords]
    for place, value in given:
        if value is message.frame or (isinstance(value, Name) and value.id in names):
            yield from _taken_as(place, message, program)


def _taken_as(place: int | str | None, message: HandMade, program: Program) -> Iterator[Expr]:
    """The annotations of the parameters that an argument reaches; what drains a queue has none for it."""
    for target in message.edge.targets if message.edge.certainty is not Certainty.QUEUED else ():
        function = program.functions[target]
        for index, parameter in enumerate(_parameters(function)):
            if place in (index, parameter.name) and parameter.annotation is not None:
                yield parameter.annotation


def _parameters(function: Function) -> tuple[Parameter, ...]:
    return function.facts.parameters[1:] if function.owner else function.facts.parameters


CODEMOD = Codemod(
    name="type-payload",
    codes=("WSC108",),
    propose=propose,
    rewrites=REWRITES,
    untouched=UNTOUCHED,
)
