"""Functions of the standard library whose result is understood."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import FunctionType, GenericAlias, ModuleType

from wsconsolidate.link.evaluate import Evaluator
from wsconsolidate.link.values import (
    Callee,
    Instance,
    Known,
    LiveBase,
    MadeBase,
    Namespace,
    Outside,
    Partial,
    ReadBase,
    Row,
    Site,
    Table,
    UnknownBase,
    Value,
    Values,
    unknown,
)
from wsconsolidate.model.expr import Dict, Expr, unparse
from wsconsolidate.model.program import ModuleTarget

CLASS = ReadBase | LiveBase | MadeBase


@dataclass(frozen=True, slots=True)
class Given:
    """The arguments of a call, what its function is bound to first; `call` is what stands there."""

    evaluator: Evaluator
    site: Site
    row: tuple[Value, ...]
    words: Mapping[str, Value]
    call: Expr

    @classmethod
    def of(
        cls, evaluator: Evaluator, site: Site, row: Sequence[Values], words: Mapping[str, Values], call: Expr
    ) -> "Given":
        """The arguments, each as the one value that it has."""
        known = tuple(_only(one, call) for one in row)
        return cls(evaluator, site, known, {key: _only(one, call) for key, one in words.items()}, call)

    def get(self, index: int, name: str) -> Value | None:
        """An argument by place or by name, None if it is not given."""
        if index < len(self.row):
            return self.row[index]
        return self.words.get(name)

    def text(self, index: int, name: str) -> str | None:
        """An argument that is a known string."""
        match self.get(index, name):
            case Known(value=str(value)):
                return value
            case _:
                return None


def _only(options: Values, call: Expr) -> Value:
    return options[0] if len(options) == 1 else unknown(call, f"`{unparse(call)}` is given one of several")


def _import_module(given: Given) -> Value | None:
    name = given.text(0, "name")
    if name is None:
        return None
    if name.startswith("."):
        package = given.text(1, "package")
        if package is None:
            return None
        level = len(name) - len(name.lstrip("."))
        parts = package.split(".")
        anchor = parts[: len(parts) - level + 1]
        name = ".".join((*anchor, *filter(None, (name.lstrip("."),))))
    return given.evaluator.module_called(given.site, Known(name))


def _dunder_import(given: Given) -> Value | None:
    name = given.text(0, "name")
    if name is None or len(given.row) > 1 or given.words:
        return None
    return given.evaluator.module_called(given.site, Known(name.partition(".")[0]))


def _getattr(given: Given) -> Value | None:
    name = given.text(1, "name")
    if name is None or len(given.row) > 2:
        return None
    found = given.evaluator.classes.attribute(given.row[0], name, given.call)
    return found[0] if len(found) == 1 else None


def _hasattr(given: Given) -> Value | None:
    name = given.text(1, "name")
    if name is None or not isinstance(given.row[0], ReadBase | LiveBase | MadeBase):
        return None
    has = given.evaluator.classes.has(given.row[0], name)
    return None if has is None else Known(has)


def _type(given: Given) -> Value | None:
    if len(given.row) == 1:
        match given.row[0]:
            case UnknownBase():
                return None
            case Instance(of=cls):
                return cls
            case ReadBase() | LiveBase() | MadeBase() as cls:
                return _class_of(given, cls)
            case ModuleTarget():
                return LiveBase("type", ModuleType)
            case Known(value=value):
                return LiveBase("type", type(value))
            case Callee(bound=None):
                return LiveBase("type", FunctionType)
            case _:
                return None
    return made_class(given)


def _class_of(given: Given, cls: ReadBase | LiveBase | MadeBase) -> Value | None:
    if not cls.written.endswith("]"):
        return given.evaluator.classes.metaclass(cls)
    return LiveBase("type", GenericAlias) if isinstance(cls, LiveBase) and not cls.alias else None


def made_class(given: Given) -> Value | None:
    """`type(name, bases, namespace)`, and `type.__new__(metaclass, name, bases, namespace)`."""
    if len(given.row) < 3:
        return None
    name, bases, namespace = given.row[-3:]
    body = given.evaluator.calls.namespace(given.site, given.call, namespace)
    return given.evaluator.classes.make(name, bases, body, given.site, given.call)


def _new_class(given: Given) -> Value | None:
    name, bases = given.get(0, "name"), given.get(1, "bases") or Row(())
    if name is None or given.get(3, "exec_body") is not None:
        return None
    empty = Table(Dict((), given.call.line), given.site)
    return given.evaluator.classes.make(name, bases, empty, given.site, given.call, module="types")


def _named_tuple(given: Given) -> Value | None:
    name = given.get(0, "typename")
    if name is None or "module" in given.words:
        return None
    empty = Table(Dict((), given.call.line), given.site)
    bases = Row((LiveBase("tuple", tuple),))
    return given.evaluator.classes.make(name, bases, empty, given.site, given.call)


def _default_order(given: Given) -> Value | None:
    match given.row:
        case (ReadBase() | LiveBase() | MadeBase() as cls,):
            classes = given.evaluator.classes
            return Row(tuple(classes.value_of(entry) for entry in classes.order(cls)))
        case _:
            return None


def _row(given: Given) -> Value | None:
    match given.row:
        case ():
            return Row(())
        case (Row() as row,):
            return row
        case _:
            return None


def _reversed(given: Given) -> Value | None:
    match given.row:
        case (Row(items=items),):
            return Row(items[::-1])
        case _:
            return None


def _is_instance(given: Given) -> Value | None:
    match given.row:
        case (value, Row(items=kinds)):
            found = [_of_kind(given, value, kind) for kind in kinds]
            truth = True if True in found else None if None in found else False
        case (value, kind):
            truth = _of_kind(given, value, kind)
        case _:
            return None
    return None if truth is None else Known(truth)


def _of_kind(given: Given, value: Value, kind: Value) -> bool | None:
    classes = given.evaluator.classes
    if not isinstance(kind, CLASS):
        return None
    wanted = classes.order(kind)[0]
    match value:
        case ReadBase() | LiveBase() | MadeBase():
            return wanted in classes.order(classes.metaclass(value))
        case Instance(of=cls) if isinstance(cls, CLASS):
            return wanted in classes.order(cls)
        case Known(value=known):
            return isinstance(kind, LiveBase) and isinstance(known, kind.cls)
        case Row():
            return isinstance(kind, LiveBase) and issubclass(tuple, kind.cls)
        case _:
            return None


def _is_subclass(given: Given) -> Value | None:
    match given.row:
        case (ReadBase() | LiveBase() | MadeBase() as cls, ReadBase() | LiveBase() | MadeBase() as kind):
            classes = given.evaluator.classes
            return Known(classes.order(kind)[0] in classes.order(cls))
        case _:
            return None


def _first(given: Given) -> Value | None:
    return given.row[0] if given.row else None


def _second(given: Given) -> Value | None:
    return given.get(1, "val")


def _dict_get(given: Given) -> Value | None:
    match given.row:
        case (Table() as table, key, *rest):
            keys = given.evaluator.keys(table)
            if keys is None or not isinstance(key, Known):
                return None
            missing = rest[0] if rest else Known(None)
            return given.evaluator.looked_up(table, key) if key in keys else missing
        case _:
            return None


def _namespace(given: Given) -> Value | None:
    match given.row:
        case (Namespace() | Table() as same,):
            return same
        case (ReadBase() | LiveBase() | MadeBase() as cls,):
            return Namespace(cls)
        case _:
            return None


def _partial(given: Given) -> Value | None:
    if not given.row:
        return None
    return Partial(given.row[0], given.row[1:], tuple(given.words.items()))


def _namespace_get(given: Given) -> Value | None:
    match given.row:
        case (Namespace(of=cls), Known(value="__module__"), *_):
            return Known(given.evaluator.classes.full_name(cls)[0])
        case (Namespace(of=cls), Known(value="__qualname__"), *_):
            return Known(given.evaluator.classes.full_name(cls)[1])
        case _:
            return None


def _generic_alias(given: Given) -> Value | None:
    """`super().__class_getitem__(key)` in a generic class."""
    match given.row:
        case (ReadBase() | MadeBase() as cls, _):
            return replace(cls, alias=True)
        case _:
            return None


def _globals(given: Given) -> Value | None:
    return ModuleTarget(given.evaluator.names.module_at(given.site.scope.path).name)


def _text(given: Given) -> Value | None:
    match given.row:
        case (Known(value=str() | int() as value),):
            return Known(str(value))
        case _:
            return None


def _callable(given: Given) -> Value | None:
    return (
        Known(True)
        if given.row and isinstance(given.row[0], ReadBase | LiveBase | MadeBase | Callee)
        else None
    )


def _simple_enum(given: Given) -> Value | None:
    """A decorator that makes an enum of a class, below the kind of enum it is given."""
    return Outside("enum._simple_enum()", given.row[0]) if given.row else None


def _as_simple_enum(given: Given) -> Value | None:
    match given.row:
        case (kind, ReadBase() as cls):
            classes = given.evaluator.classes
            _, qualname = classes.full_name(cls)
            return classes.make(Known(qualname), Row((kind,)), Namespace(cls), given.site, given.call)
        case _:
            return None


LIBRARY: Mapping[str, Callable[[Given], Value | None]] = {
    "builtins.__import__": _dunder_import,
    "builtins.callable": _callable,
    "builtins.dict": _namespace,
    "builtins.getattr": _getattr,
    "builtins.hasattr": _hasattr,
    "builtins.isinstance": _is_instance,
    "builtins.issubclass": _is_subclass,
    "builtins.list": _row,
    "builtins.reversed": _reversed,
    "builtins.str": _text,
    "builtins.super": _first,
    "builtins.tuple": _row,
    "builtins.type": _type,
    "builtins.type.__new__": made_class,
    "builtins.type.mro": _default_order,
    "builtins.vars": _namespace,
    "collections.namedtuple": _named_tuple,
    "enum._simple_enum": _simple_enum,
    "enum._simple_enum()": _as_simple_enum,
    "functools.partial": _partial,
    "importlib.import_module": _import_module,
    "typing.NamedTuple": _named_tuple,
    "typing_extensions.NamedTuple": _named_tuple,
    "types.new_class": _new_class,
    "typing.Generic.__class_getitem__": _generic_alias,
    "typing.cast": _second,
    "Namespace.copy": _namespace,
    "Namespace.get": _namespace_get,
    "Table.copy": _namespace,
    "Table.get": _dict_get,
    "super.__class_getitem__": _generic_alias,
    "super.mro": _default_order,
    "super.__new__": made_class,
}
"""By full name; a method of a value that is followed bears the value's kind."""
