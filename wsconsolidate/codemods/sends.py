"""A sending statement in the source: where its frame is laid out, and the sink that takes the frame."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import libcst as cst
from libcst.helpers import get_full_name_for_node

from wsconsolidate.codemods.frames import Telling, as_it_is, items, laid_out
from wsconsolidate.codemods.nodes import has_comments, nodes
from wsconsolidate.codemods.patch import Replacement, Unfit
from wsconsolidate.codemods.sheet import Sheet
from wsconsolidate.model.delegation import Send, Told

_FRAME_NAMES = ("frame", "message", "wire_frame", "emitted_frame")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """One send as it stands: the call to be replaced, what the emitter is told, and where it hands the frame.

    `sink` is an expression for the function that takes a frame, `names` the names in it. `before` is a
    statement that only laid out the frame, and what stays of it: another statement, or nothing.
    """

    call: cst.Call
    telling: Telling
    sink: str
    names: frozenset[str]
    before: Replacement | None


def read_sending(sheet: Sheet, function: cst.FunctionDef, send: Send) -> Sending:
    """The send of a function.

    Raises:
        Unfit: it does not stand there in a way that can be rewritten.
    """
    call = _call(sheet, function, send)
    _require_plain(sheet, function, call)
    argument = _argument(sheet, call, send)
    frame, gone = _laid_out(sheet, function, call, argument.value)
    if gone is not None and not _is_just_before(sheet, gone, call):
        frame, gone = argument.value, None
    dumped = _dumping(frame) if send.dumped else None
    if send.dumped and dumped is None:
        raise Unfit(sheet.path, f"line {send.line}: its text is not made just before it is sent")
    if dumped is not None and not all(_is_plain(one.value) for one in dumped.args[1:]):
        raise Unfit(sheet.path, f"line {send.line}: how its text is made is computed")
    inner = dumped.args[0].value if dumped is not None else frame
    told = laid_out(inner, send, sheet.module) if send.key else as_it_is(inner, sheet.module)
    sink, names = _sink(sheet, call, argument, dumped)
    before = Replacement(gone, cst.RemoveFromParent()) if gone is not None else None
    return Sending(call=call, telling=told, sink=sink, names=names, before=before)


def read_told(sheet: Sheet, function: cst.FunctionDef, send: Send, told: Told, emitter: str) -> Sending:
    """The send of a function, said to an emitter of the tree, which is called `emitter` here.

    Raises:
        Unfit: it does not stand there in a way that can be rewritten.
    """
    call = _call(sheet, function, send)
    _require_plain(sheet, function, call)
    argument = _argument(sheet, call, send)
    frame, laid = _laid_out(sheet, function, call, argument.value)
    values = items(frame)
    if not values or has_comments(frame):
        raise Unfit(sheet.path, f"line {send.line}: its frame is not laid out for this send alone")
    said = [values[send.key]] if told.takes_event else []
    before = Replacement(laid, cst.RemoveFromParent()) if laid is not None else None
    if told.data_key is not None:
        before, data = _kept_apart(sheet, function, call, argument, laid, values[told.data_key])
        said.append(data)
    telling = Telling(told.method, tuple(map(sheet.module.code_for_node, said)), None)
    sink = f"{emitter}({', '.join(_constructed(sheet, call, told))})"
    return Sending(call=call, telling=telling, sink=sink, names=frozenset(), before=before)


def _kept_apart(
    sheet: Sheet,
    function: cst.FunctionDef,
    call: cst.Call,
    argument: cst.Arg,
    laid: cst.SimpleStatementLine | None,
    data: cst.BaseExpression,
) -> tuple[Replacement | None, cst.BaseExpression]:
    """What becomes of the statement that laid out the frame, and the data as they are handed on.

    Where something happens between the two, the name of the frame becomes that of the data, which are
    made where they were made before, unless they are there by a name of their own.
    """
    if laid is None or _is_just_before(sheet, laid, call) or _is_given(function, data):
        return (Replacement(laid, cst.RemoveFromParent()) if laid is not None else None), data
    assigned = cst.Assign([cst.AssignTarget(argument.value)], data)  # type: ignore[arg-type]
    return Replacement(laid, laid.with_changes(body=[assigned])), argument.value


def _is_given(function: cst.FunctionDef, data: cst.BaseExpression) -> bool:
    """True for a parameter that nothing binds anew."""
    if not isinstance(data, cst.Name):
        return False
    given = function.params
    names = [one.name.value for one in (*given.posonly_params, *given.params, *given.kwonly_params)]
    return data.value in names and not any(_binds(one, data.value) for one in nodes(function.body))


def _binds(node: cst.CSTNode, name: str) -> bool:
    """True for a part of a statement that may bind or delete the name."""
    match node:
        case cst.NameItem(name=bound) | cst.AsName(name=bound) | cst.ImportAlias(name=bound):
            return _names(bound, name)
        case cst.FunctionDef(name=bound) | cst.ClassDef(name=bound):
            return _names(bound, name)
        case cst.AssignTarget() | cst.AnnAssign() | cst.AugAssign() | cst.NamedExpr() | cst.For() | cst.Del():
            return _names(node.target, name)
        case cst.MatchAs() | cst.MatchStar() | cst.MatchMapping():
            return _names(node, name)
    return False


def _names(node: cst.CSTNode, name: str) -> bool:
    return any(isinstance(one, cst.Name) and one.value == name for one in nodes(node))


def _constructed(sheet: Sheet, call: cst.Call, told: Told) -> Iterator[str]:
    """The arguments of the emitter's constructor."""
    for name, place in told.arguments:
        if place is None:
            value = cst.ensure_type(call.func, cst.Attribute).value
        elif isinstance(place, int):
            value = call.args[place].value
        else:
            value = next(one.value for one in call.args if one.keyword and one.keyword.value == place)
        yield (f"{name}=" if told.named else "") + sheet.module.code_for_node(value)


def _call(sheet: Sheet, function: cst.FunctionDef, send: Send) -> cst.Call:
    found = [
        node
        for node in nodes(function.body)
        if isinstance(node, cst.Call)
        and get_full_name_for_node(node.func) == send.func
        and sheet.range_of(node.func).end.line == send.line
    ]
    if len(found) != 1:
        raise Unfit(sheet.path, f"line {send.line}: `{send.func}` is called {len(found)} times there")
    return found[0]


def _require_plain(sheet: Sheet, function: cst.FunctionDef, call: cst.Call) -> None:
    """Raise Unfit unless the call is awaited in the function itself, and builds no surprises."""
    line = sheet.range_of(call).start.line
    if not isinstance(sheet.parent(call), cst.Await):
        raise Unfit(sheet.path, f"line {line}: the send is not awaited where it stands")
    inside = (cst.Lambda, cst.BaseComp, cst.FunctionDef, cst.ClassDef)
    above = sheet.parent(call)
    while above is not function:
        if isinstance(above, inside):
            raise Unfit(sheet.path, f"line {line}: it sends inside a comprehension, lambda or inner function")
        above = sheet.parent(above)
    if any(isinstance(one, cst.NamedExpr | cst.Yield) for one in nodes(call)):
        raise Unfit(sheet.path, f"line {line}: the send binds a name or yields while it is made")


def _argument(sheet: Sheet, call: cst.Call, send: Send) -> cst.Arg:
    named = [one for one in call.args if one.keyword is not None and one.keyword.value == send.frame]
    found = [call.args[send.frame]] if isinstance(send.frame, int) else named
    around = call.with_deep_changes(found[0], value=cst.Name("frame"))
    if has_comments(around):
        raise Unfit(sheet.path, f"line {send.line}: a comment stands in the call and would be lost")
    return found[0]


def _laid_out(
    sheet: Sheet, function: cst.FunctionDef, call: cst.Call, value: cst.BaseExpression
) -> tuple[cst.BaseExpression, cst.SimpleStatementLine | None]:
    """The frame, and the statement before the send that does nothing but give it a name of its own."""
    if not isinstance(value, cst.Name):
        return value, None
    uses = sum(isinstance(one, cst.Name) and one.value == value.value for one in nodes(function))
    for before in _statements_before(sheet, call):
        match before:
            case cst.SimpleStatementLine(
                body=[
                    cst.Assign(targets=[cst.AssignTarget(target=cst.Name(value=name))], value=frame)
                    | cst.AnnAssign(target=cst.Name(value=name), value=cst.BaseExpression() as frame)
                ]
            ) if name == value.value and isinstance(frame, cst.Dict | cst.Call):
                if uses == 2 and not has_comments(before) and not _surprises(frame):
                    return frame, before
    return value, None


def _surprises(frame: cst.BaseExpression) -> bool:
    return any(isinstance(one, cst.NamedExpr | cst.Yield | cst.Await) for one in nodes(frame))


def _is_just_before(sheet: Sheet, laid: cst.CSTNode, call: cst.Call) -> bool:
    return next(iter(_statements_before(sheet, call)), None) is laid


def _statements_before(sheet: Sheet, node: cst.CSTNode) -> Sequence[cst.CSTNode]:
    """The statements before the simple one that holds the node, in the same block, the nearest first."""
    while not isinstance(node, cst.SimpleStatementLine):
        if isinstance(node, cst.BaseCompoundStatement):
            return ()
        node = sheet.parent(node)
    block = sheet.parent(node)
    if len(node.body) != 1 or not isinstance(block, cst.IndentedBlock):
        return ()
    index = next(index for index, one in enumerate(block.body) if one is node)
    return tuple(reversed(block.body[:index]))


def _is_plain(value: cst.BaseExpression) -> bool:
    """True for a constant, a name, or a pair or triple of them as `separators` takes."""
    if isinstance(value, cst.Tuple):
        return all(_is_plain(one.value) for one in value.elements)
    constant = isinstance(value, cst.SimpleString | cst.BaseNumber)
    return constant or (get_full_name_for_node(value) is not None and not isinstance(value, cst.Call))


def _dumping(frame: cst.BaseExpression) -> cst.Call | None:
    return frame if isinstance(frame, cst.Call) and frame.args and frame.args[0].keyword is None else None


def _sink(
    sheet: Sheet, call: cst.Call, argument: cst.Arg, dumped: cst.Call | None
) -> tuple[str, frozenset[str]]:
    """The function that takes a frame as the call did: the called one itself, or a lambda around the call."""
    module = sheet.module
    kept = [one.value for one in call.args if one is not argument]
    making = [dumped.func, *(one.value for one in dumped.args[1:])] if dumped is not None else []
    parts = [call.func, *kept, *making]
    names = frozenset(one.value for part in parts for one in _free_names(part))
    if dumped is None and len(call.args) == 1 and argument.keyword is None:
        return module.code_for_node(call.func), names
    frame = next(name for name in _FRAME_NAMES if name not in names)
    value = frame if dumped is None else _with_first(dumped, frame, module)
    inside = ", ".join(_text(one, value if one is argument else None, module) for one in call.args)
    return f"lambda {frame}: {module.code_for_node(call.func)}({inside})", names


def _with_first(dumped: cst.Call, frame: str, module: cst.Module) -> str:
    rest = [_text(one, None, module) for one in dumped.args[1:]]
    return f"{module.code_for_node(dumped.func)}({', '.join((frame, *rest))})"


def _text(argument: cst.Arg, value: str | None, module: cst.Module) -> str:
    keyword = f"{argument.keyword.value}=" if argument.keyword is not None else ""
    return keyword + (value if value is not None else module.code_for_node(argument.value))


def _free_names(node: cst.CSTNode) -> Iterator[cst.Name]:
    """The names of an expression that are no attributes."""
    if isinstance(node, cst.Name):
        yield node
    below = [node.value] if isinstance(node, cst.Attribute) else node.children
    for part in below:
        yield from _free_names(part)
