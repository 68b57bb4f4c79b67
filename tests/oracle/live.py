"""Import every module of a package under CPython and print what became of its class statements, as JSON.

    python -I -S -X frozen_modules=off live.py PACKAGE

Prints {"classes": [{"name": ..., "path": ..., "line": ..., "first": ..., "mro": [...], "methods": 3}, ...],
"modules": 12, "failed": ["p.b: ModuleNotFoundError: ..."]}. `first` is the line of the first decorator;
`path` and lines are null for a class that was made before this script watched. A class whose decorator
gives back another class counts as that class.
"""
# ruff: noqa: E402 - the watch begins before anything else is imported

import builtins

BUILD = builtins.__build_class__
MADE = []


def watching(function, name, *bases, **keywords):
    """A `__build_class__` that notes every class and where its statement stands."""
    cls = BUILD(function, name, *bases, **keywords)
    if isinstance(cls, type):
        MADE.append((cls, function.__code__.co_filename, function.__code__.co_firstlineno))
    return cls


builtins.__build_class__ = watching

import ast
import contextlib
import functools
import importlib
import inspect
import io
import json
import os
import pkgutil
import signal
import site
import sys
import sysconfig
import warnings
from pathlib import Path

NEVER = frozenset(("antigravity", "this", "idlelib", "lib2to3", "test", "tests", "turtledemo", "__main__"))
"""Names of modules whose import does something, or that hold nothing but tests."""
PATCHING = frozenset(("tkinter.tix",))
"""Modules whose import gives classes of other modules other bases."""
SECONDS = 20
DJANGO = """
from django.conf import settings
apps = "admin auth contenttypes sessions messages staticfiles sites flatpages redirects sitemaps syndication"
settings.configure(INSTALLED_APPS=["django.contrib." + app for app in apps.split()], SECRET_KEY="x")
import django
django.setup()
"""
PREPARE = {"django": DJANGO, "channels": DJANGO}
"""What a package wants to be told before its modules can be imported."""


@functools.cache
def places(path):
    """First line of each class statement of a file, decorators included -> (line of `class`, decorated)."""
    try:
        tree = ast.parse(Path(path).read_bytes())
    except (OSError, SyntaxError, ValueError):
        return {}
    nodes = [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    first = (min((d.lineno for d in node.decorator_list), default=node.lineno) for node in nodes)
    return {line: (node.lineno, bool(node.decorator_list)) for line, node in zip(first, nodes, strict=True)}


def module_names(package):
    """The names of a package's modules, those of the standard library for `stdlib`."""
    if package == "stdlib":
        yield from _library()
        return
    spec = importlib.util.find_spec(package)
    yield package
    for folder in spec.submodule_search_locations or ():
        yield from _below(Path(folder), package)


def _below(folder, prefix):
    for path in sorted(folder.rglob("*.py")):
        parts = path.relative_to(folder).with_suffix("").parts
        name = ".".join((prefix, *(parts[:-1] if parts[-1] == "__init__" else parts)))
        if NEVER.isdisjoint(parts) and all(part.isidentifier() for part in parts):
            yield name


def _library():
    folder = Path(sysconfig.get_path("stdlib"))
    for found in pkgutil.iter_modules([str(folder)]):
        if found.name in sys.stdlib_module_names and found.name not in NEVER:
            yield found.name
            if found.ispkg:
                yield from _below(folder / found.name, found.name)


def imported(names):
    """Import each module; yields those that could not be."""

    def late(*_):
        raise TimeoutError

    signal.signal(signal.SIGALRM, late)
    for name in names:
        if name in PATCHING:
            continue
        signal.alarm(SECONDS)
        try:
            importlib.import_module(name)
        except BaseException as error:  # noqa: BLE001 - a module may exit, or ask for what is not there
            yield f"{name}: {type(error).__name__}: {error}"
        finally:
            signal.alarm(0)


def named(module, qualname):
    """What a qualified name stands for once its module is imported, None if nothing."""
    found = sys.modules.get(module)
    for part in qualname.split("."):
        found = getattr(found, part, None)
    return found


def replaced(cls):
    found = named(cls.__module__, cls.__qualname__)
    return found if isinstance(found, type) else cls


def entry(cls, path, line, first):
    return {
        "first": first,
        "name": full(cls),
        "path": path,
        "line": line,
        "mro": [full(one) for one in type.__dict__["__mro__"].__get__(cls)],
        "methods": methods(cls),
    }


def full(cls):
    return f"{cls.__module__}.{cls.__qualname__}"


def methods(cls):
    try:
        return len(inspect.getmembers(cls, inspect.isfunction))
    except BaseException:  # noqa: BLE001 - a descriptor may refuse to be looked at
        return None


def statements(made, belongs):
    """Every class statement of the package that ran."""
    for cls, path, first in made:
        line, decorated = places(path).get(first, (None, False))
        if line is not None and belongs(path):
            yield entry(replaced(cls) if decorated else cls, path, line, first)


def older(made, names):
    """Classes of modules that were loaded before this script watched."""
    seen = {id(cls) for cls, _, _ in made}
    for name in names:
        waiting = list(vars(sys.modules.get(name, object)).values())
        while waiting:
            cls = waiting.pop()
            if isinstance(cls, type) and id(cls) not in seen and cls.__module__ == name:
                seen.add(id(cls))
                waiting.extend(vars(cls).values())
                yield entry(cls, None, None, None)


def report(package):
    exec(PREPARE.get(package, ""), {})  # noqa: S102 - ours, above
    names = list(dict.fromkeys(module_names(package)))
    failed = list(imported(names))
    builtins.__build_class__ = BUILD
    folder = Path(sysconfig.get_path("stdlib")) if package == "stdlib" else None
    place = folder or Path(importlib.util.find_spec(package).origin).parent
    inside = f"{place}{os.sep}"
    classes = [
        *statements(MADE, lambda path: path.startswith(inside) and "site-packages" not in path[len(inside) :])
    ]
    if package == "stdlib":
        classes += older(MADE, [name for name in names if name in sys.modules])
    return {"classes": classes, "modules": len(names), "failed": failed}


if __name__ == "__main__":
    sys.dont_write_bytecode = True
    site.main()
    warnings.simplefilter("ignore")
    out = os.dup(1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        text = json.dumps(report(sys.argv[1]))
    with os.fdopen(out, "w", encoding="utf-8") as stream:
        stream.write(text)
    os._exit(0)  # threads that a package started do not hold us
