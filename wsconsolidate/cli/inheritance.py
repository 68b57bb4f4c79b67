"""How `explain` tells of an order of inheritance: the steps that lead to it, and what is missing."""

from collections.abc import Iterator

from wsconsolidate.link.steps import Row, Step, steps
from wsconsolidate.model.program import Class, MroStatus, Program

_OBJECT = "builtins.object"
_HELP = {
    "not-installed": "install it here, or name an environment that has it: --python PATH",
    "dynamic-base": "only the running program knows it; a base that is a name bound once can be followed",
    "custom-mro": "its metaclass decides at run time; one that only returns known classes can be followed",
    "class-decorator": "a decorator that returns its class, or one that it names, can be followed",
    "lazy-attribute": "import it from the module that defines it, as a name that a statement there binds",
    "mro-entries": "__mro_entries__ or a subscript that only returns known classes can be followed",
}


def inheritance(program: Program, one: Class) -> Iterator[str]:
    """The lines about a class's order."""
    yield f"\nMRO: {one.mro.status}"
    yield from (f"  {name}" for name in one.mro.names)
    for alternative in one.mro.alternatives:
        yield f"  if {alternative.condition}: {', '.join(alternative.names)}"
    problem = one.mro.problem
    if problem is not None:
        yield f"  {problem.code}: {problem.detail} ({problem.path}:{problem.line})"
    if one.mro.status is MroStatus.INCOMPLETE and problem is not None and problem.code in _HELP:
        yield f"  to complete it: {_HELP[problem.code]}"
    if len(one.bases) > 1 or one.mro.status is MroStatus.INCONSISTENT:
        yield from _linearised(one, steps(program, one))


def _linearised(one: Class, found: tuple[Step, ...]) -> Iterator[str]:
    taken = tuple(step.taken for step in found)
    if not found or (None not in taken and taken != one.mro.names[1:]):
        return  # a metaclass or a decorator made the order
    yield "linearisation (C3: the first head that stands in no other list's tail is taken):"
    yield f"  {one.qualname}"
    for step in found:
        yield f"    of {' '.join(_list(row) for row in step.lists)}"
        if step.taken is not None:
            yield f"  {step.taken}"
        else:
            yield from (f"    {head} must wait: {_list(row)} puts it later" for head, row in step.waiting)
            yield "  no class can be taken, so CPython raises TypeError"
        if all(row == (_OBJECT,) for row in step.lists):
            return


def _list(row: Row) -> str:
    return f"[{', '.join(row)}]"
