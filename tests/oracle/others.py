"""The orders that griffe and astroid give, for the same classes; both must be installed to ask them."""

import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

Answers = Mapping[tuple[str, int], tuple[str, ...] | None]
"""By file and line of the class statement; None where the tool says that it does not know."""
OBJECT = "builtins.object"


def griffe_orders(files: Mapping[str, Path]) -> Answers:
    """What `Class.mro()` of griffe says, `object` added, which it leaves out."""
    import griffe

    paths = [entry for entry in sys.path if entry]
    loader = griffe.GriffeLoader(search_paths=paths, allow_inspection=False)
    for name in {name.partition(".")[0] for name in files}:
        try:
            loader.load(name, submodules=True)
        except Exception:  # noqa: BLE001, S112 - what it cannot load it does not know
            continue
    loader.resolve_aliases(external=True, implicit=False)
    found: dict[tuple[str, int], tuple[str, ...] | None] = {}
    for module in list(loader.modules_collection.members.values()):
        for cls in _griffe_classes(module, set()):
            if isinstance(cls.filepath, Path):
                found[str(cls.filepath), cls.lineno or 0] = _asked(
                    lambda cls=cls: [cls.path, *(above.path for above in cls.mro()), OBJECT]
                )
    return found


def _griffe_classes(owner: object, seen: set[int]) -> Iterator:
    for member in list(getattr(owner, "members", {}).values()):
        if getattr(member, "is_alias", False) or id(member) in seen:
            continue
        seen.add(id(member))
        if member.is_class:
            yield member
        yield from _griffe_classes(member, seen)


def astroid_orders(files: Mapping[str, Path]) -> Answers:
    """What `ClassDef.mro()` of astroid says."""
    import astroid

    found: dict[tuple[str, int], tuple[str, ...] | None] = {}
    for name, path in files.items():
        try:
            module = astroid.MANAGER.ast_from_file(str(path), name)
            classes = list(module.nodes_of_class(astroid.nodes.ClassDef))
        except Exception:  # noqa: BLE001, S112 - what it cannot read it does not know
            continue
        for node in classes:
            found[str(path), node.fromlineno] = _asked(lambda node=node: [one.qname() for one in node.mro()])
    return found


def _asked(order: Callable[[], list[str]]) -> tuple[str, ...] | None:
    try:
        return tuple(order())
    except Exception:  # noqa: BLE001 - every one of their errors means that they do not know
        return None


OTHERS: Mapping[str, Callable[[Mapping[str, Path]], Answers]] = {
    "griffe": griffe_orders,
    "astroid": astroid_orders,
}
