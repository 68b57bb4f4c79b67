"""Types that hold others: containers with what they hold, and class objects."""

from collections.abc import Iterable
from itertools import chain

from wsconsolidate.link.annotations import options_of, union_of, unique
from wsconsolidate.model.program import Type
from wsconsolidate.model.sockets import is_server_socket

MAPPINGS = frozenset(
    (
        "builtins.dict",
        "collections.defaultdict",
        "collections.OrderedDict",
        "weakref.WeakValueDictionary",
        "weakref.WeakKeyDictionary",
        "collections.abc.Mapping",
        "collections.abc.MutableMapping",
    )
)
CONTAINERS = MAPPINGS | {
    "builtins.list",
    "builtins.set",
    "builtins.tuple",
    "collections.deque",
    "weakref.WeakSet",
}

COMBINING = frozenset(("BitOr", "BitAnd", "Sub", "Add", "AugAssign"))
"""The syntax by which a container is made of others: `clients | {socket}`, `clients -= gone`."""

STATE = Type("?.State")
"""The `state` of an application, under whose names anything may be kept."""


_ANY = Type("builtins.object")


def wrapped(element: Type, depth: int) -> Type:
    """The element inside `depth` mappings."""
    for _ in range(depth):
        element = Type("builtins.dict", (_ANY, element))
    return element


def class_object(instance: Type) -> Type:
    """The type of the class itself, `type[C]`."""
    return Type("builtins.type", (instance,))


def is_class_object(found: Type) -> bool:
    """True for `type[C]`."""
    return found.name == "builtins.type" and len(found.args) == 1


def container_of(name: str, elements: tuple[Type, ...]) -> Type:
    """The type of a container that holds these elements."""
    if not elements:
        return Type(name)
    if name in MAPPINGS:
        return Type(name, (_ANY, union_of(elements)))
    return Type(name, (union_of(elements),))


def keyed(container: Type, keys: Iterable[Type]) -> Type:
    """The type of a mapping whose keys are objects of these classes, if nothing is known of them yet."""
    objects = tuple(key for key in keys if key.id is not None or is_server_socket(key.name))
    if not objects or container.name not in MAPPINGS or container.args[:1] not in ((), (_ANY,)):
        return container
    return Type(container.name, (union_of(objects), *(container.args[1:] or (_ANY,))))


def iterated(container: Type) -> tuple[Type, ...]:
    """The types of what a loop over the container yields: of a mapping its keys."""
    if container.name not in MAPPINGS:
        return elements_of((container,))
    return tuple(found for found in options_of(container.args[0]) if found != _ANY) if container.args else ()


def is_known(container: Type) -> bool:
    """True if it is known what the container holds; `dict[str, Any]` says nothing."""
    return bool(container.args) and any(
        not found.args or is_known(found) for found in options_of(container.args[-1])
    )


def is_foreign(container: Type) -> bool:
    """True if what the container holds is known by names only, of classes that nobody has read."""
    held = elements_of((container,))
    return bool(held) and all(one.id is None and "." in one.name and not _is_plain(one) for one in held)


def _is_plain(found: Type) -> bool:
    return found.name.startswith(("builtins.", "typing.", "collections.")) or is_server_socket(found.name)


def looks_like_class(name: str) -> bool:
    """True if the last part of a dotted name is spelt like a class."""
    last = name.rpartition(".")[2]
    return (last[:1].isupper() and not last.isupper()) or last in _LOWER_CASE_CLASSES


_LOWER_CASE_CLASSES = frozenset(
    ("dict", "list", "set", "tuple", "str", "int", "defaultdict", "deque", "frozenset")
)


def elements_of(containers: Iterable[Type]) -> tuple[Type, ...]:
    """The types of what the containers hold: values of mappings, elements of the others."""
    return unique(chain.from_iterable(options_of(found.args[-1]) for found in containers if found.args))
