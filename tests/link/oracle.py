"""Run programs under CPython and print what became of each class statement, as JSON.

Reads a list of folders on stdin; for each prints {"path:line": [{"mro": ..., "methods": ...}, ...]}, with
"error" in their place where CPython refuses the class.
A class whose decorator gives back another class counts as that class.
"""

import ast
import builtins
import importlib
import inspect
import json
import sys
import warnings
from pathlib import Path

warnings.simplefilter("ignore")
BUILD = builtins.__build_class__


def entry(cls):
    """What is known of a class, or of the error in its place."""
    if isinstance(cls, str):
        return {"error": cls}
    order = [f"{one.__module__}.{one.__qualname__}" for one in cls.__mro__]
    return {"mro": order, "methods": len(inspect.getmembers(cls, inspect.isfunction))}


def statements(folder):
    """(path, first line) -> (line of `class`, decorated) of each class statement."""
    found = {}
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.ClassDef):
                first = min((d.lineno for d in node.decorator_list), default=node.lineno)
                found[str(path), first] = (node.lineno, bool(node.decorator_list))
    return found


def module_names(folder):
    paths = sorted(folder.rglob("*.py"), key=lambda path: (path.name != "main.py", str(path)))
    for path in paths:
        parts = path.relative_to(folder).with_suffix("").parts
        yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def replaced(cls):
    """What the name of a class stands for once its module is imported."""
    found = sys.modules.get(cls.__module__)
    for part in cls.__qualname__.split("."):
        found = getattr(found, part, cls)
    return found if isinstance(found, type) else cls


def run(folder):
    known = statements(folder)
    made = []

    def build(function, name, *bases, **keywords):
        place = (function.__code__.co_filename, function.__code__.co_firstlineno)
        try:
            cls = BUILD(function, name, *bases, **keywords)
        except TypeError as error:
            if place in known:
                made.append((place, f"TypeError: {error}"))
            raise
        if place in known:
            made.append((place, cls))
        return cls

    sys.path.insert(0, str(folder))
    builtins.__build_class__ = build
    try:
        for name in module_names(folder):
            try:
                importlib.import_module(name)
            except (TypeError, ImportError):
                continue
    finally:
        builtins.__build_class__ = BUILD
    answer = {}
    for place, cls in made:
        line, decorated = known[place]
        key = f"{Path(place[0]).relative_to(folder).as_posix()}:{line}"
        answer.setdefault(key, []).append(
            entry(replaced(cls) if decorated and isinstance(cls, type) else cls)
        )
    sys.path.remove(str(folder))
    own = {path.stem for path in folder.iterdir()}
    for name in [name for name in sys.modules if name.partition(".")[0] in own]:
        del sys.modules[name]
    importlib.invalidate_caches()
    return answer


if __name__ == "__main__":
    sys.dont_write_bytecode = True
    json.dump([run(Path(folder).resolve()) for folder in json.load(sys.stdin)], sys.stdout)
