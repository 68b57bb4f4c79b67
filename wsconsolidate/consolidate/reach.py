"""Whether the module of a class or function can import a class that stays."""

from collections.abc import Iterator

from wsconsolidate.model.analysis import Analysis
from wsconsolidate.model.program import Class, Function


def unreachable(found: Analysis, one: Class | Function, kept: Class) -> Iterator[str]:
    """Why `one` cannot name `kept`, a class where it is defined, a function when it runs."""
    if one.path == kept.path:
        if isinstance(one, Class) and one.line < kept.line:
            yield f"{kept.name} is defined after it"
        return
    if not all(map(str.isidentifier, _named(found, one, kept).split("."))):
        yield f"{kept.path} cannot be imported by a name"
    if not found.imports.together(one.module, kept.module):
        tops = f"{_top(one)} and {_top(kept)} together: they may be two programs"
        package = f"{_top(kept)} as a package: its files may be scripts"
        yield f"nothing imports {package if _top(one) == _top(kept) else tops}"
    circle = found.imports.circle(one.module, kept.module)
    if circle:
        yield f"the import would close a circle: {' -> '.join(circle)}"


def _named(found: Analysis, one: Class | Function, kept: Class) -> str:
    return found.program.files[one.path].source_root.spelled(kept.module)


def _top(one: Class | Function) -> str:
    return one.module.partition(".")[0]
