"""A frame as a dict display -> the call of the runtime's emitter that lays out the very same frame."""

from collections.abc import Sequence
from dataclasses import dataclass

import libcst as cst

from wsconsolidate.codemods.layout import items_of
from wsconsolidate.codemods.nodes import has_comments, literal
from wsconsolidate.model.delegation import Send
from wsconsolidate.model.event import CRITICAL_EVENTS

_TYPED = frozenset((*CRITICAL_EVENTS, "agent_error"))
_NAMED = {("type", "data"): "TYPE_DATA", ("event", "data"): "EVENT_DATA", ("type", None): "FLAT"}
_PAYLOAD_KEYS = ("payload", "data")


@dataclass(frozen=True, slots=True)
class Shape:
    """The envelope of a frame: the key of its event, and that of its payload, None where it is flat."""

    event_key: str = "type"
    payload_key: str | None = "payload"

    def text(self, envelope: str) -> str | None:
        """The envelope as an expression, None for the default one; `envelope` is what the class is called."""
        if self == Shape():
            return None
        named = _NAMED.get((self.event_key, self.payload_key))
        if named is not None:
            return f"{envelope}.{named}"
        key = f'event_key="{self.event_key}", ' if self.event_key != "type" else ""
        payload = f'"{self.payload_key}"' if self.payload_key else "None"
        return f"{envelope}({key}payload_key={payload})"


@dataclass(frozen=True, slots=True)
class Telling:
    """What the emitter is told: a method and its arguments; `shape` None lets a frame pass as it is."""

    method: str
    arguments: tuple[str, ...]
    shape: Shape | None


def as_it_is(frame: cst.BaseExpression, module: cst.Module) -> Telling:
    """The frame handed on as it is."""
    return Telling("emit_frame", (module.code_for_node(frame),), None)


def laid_out(frame: cst.BaseExpression, send: Send, module: cst.Module) -> Telling:
    """How to tell the emitter so that it lays out the frame: same keys, same order, same evaluation."""
    if not isinstance(frame, cst.Dict) or has_comments(frame) or not send.named:
        return as_it_is(frame, module)
    keys = [_key(one) for one in frame.elements]
    if None in keys or len(set(keys)) != len(keys) or keys[:1] != [send.key]:
        return as_it_is(frame, module)
    first, *rest = [one for one in frame.elements if isinstance(one, cst.DictElement)]
    has_payload = len(keys) > 1 and keys[1] in _PAYLOAD_KEYS
    shape = Shape(send.key, keys[1] if has_payload else None)
    text = [module.code_for_node(one.value) for one in rest[:1]] if has_payload else [_dict(rest, module)]
    beside = rest[1:] if has_payload else []
    extra = [f"extra={_dict(beside, module)}"] if beside else []
    name = literal(first.value)
    if name in _TYPED:
        return Telling(f"emit_{name}", (*text, *extra), shape)
    return Telling("emit", (module.code_for_node(first.value), *text, *extra), shape)


def _key(element: cst.BaseDictElement) -> str | None:
    return literal(element.key) if isinstance(element, cst.DictElement) else None


def _dict(elements: Sequence[cst.BaseDictElement], module: cst.Module) -> str:
    return "{" + ", ".join(items_of(cst.Dict(elements), module)) + "}"


def items(frame: cst.BaseExpression) -> dict[str, cst.BaseExpression]:
    """The values of a frame by their keys, in order; empty where they are not all written there.

    A frame is a display, or a call that keeps its keywords: of `dict`, or of a typed dictionary.
    """
    match frame:
        case cst.Dict(elements=[*elements]):
            found = {_key(one): one.value for one in elements if isinstance(one, cst.DictElement)}
            whole = len(found) == len(elements) and None not in found
            return {key: value for key, value in found.items() if key is not None} if whole else {}
        case cst.Call(func=cst.Name("dict"), args=[cst.Arg(keyword=None, star="", value=inner)]):
            return items(inner)
        case cst.Call(func=cst.Name() | cst.Attribute(attr=cst.Name()) as func, args=[*args]):
            last = func.value if isinstance(func, cst.Name) else func.attr.value
            named = {one.keyword.value: one.value for one in args if one.keyword is not None}
            return named if len(named) == len(args) and (last == "dict" or last[:1].isupper()) else {}
    return {}
