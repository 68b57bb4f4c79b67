"""Whether a class can be reached at all, and whether its module can import a class that stays."""

from collections.abc import Iterator

from wsconsolidate.model.analysis import Analysis
from wsconsolidate.model.program import Class, Function, MroStatus, Program


def why_dead(program: Program, one: Class) -> str | None:
    """Why nothing can use a class at all; None if something can."""
    if one.mro.status is MroStatus.INCONSISTENT:
        return "Python refuses to create it: its bases have no consistent order"
    found = program.shadowing(one.path)
    return f"dead code: whoever imports `{one.module}` gets `{found.path}`" if found else None


def out_of_use(found: Analysis, one: Class) -> Iterator[str]:
    """Why the file of a class is none of the running program."""
    if found.program.shadowing(one.path) is not None:
        yield f"{one.path} is dead code: another file is imported in its place"
    if one.path in found.backup_files:
        yield f"{one.path} is a backup file"


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
