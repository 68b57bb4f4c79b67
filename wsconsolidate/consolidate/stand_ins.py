"""Empty classes in the place of the program's, so that Python itself says which bases go together.

No code of the program runs: the order of C3 and conflicts of layout are CPython's own answer.
"""

import builtins
from collections.abc import Iterator

from wsconsolidate.model.program import Class, ClassId, Program

_Made = dict[ClassId, type]


def clash(program: Program, one: Class, kept: Class | None) -> Iterator[str]:
    """Why Python would refuse a class, or one that extends it, with a new first base.

    That is `kept`, or the error of the bundled runtime where it is None; the bases that it brings with it
    are left out.
    """
    made: _Made = {}
    try:
        first = _stand_in(program, kept, made) if kept else type("WebSocketError", (Exception,), {})
        bases = [known for known in _bases(program, one, made) if not issubclass(first, known)]
        made[one.id] = type(one.name, (first, *bases), {})
        for heir in program.below(one):
            _stand_in(program, heir, made)
    except (TypeError, LookupError) as error:
        reason = " ".join(str(error).split())
        name = kept.name if kept else "WebSocketError"
        yield f"Python refuses it with {name} as a base: {reason}"


def _stand_in(program: Program, one: Class, made: _Made) -> type:
    if one.id not in made:
        slots = {"__slots__": ("_",)} if "__slots__" in program.names(one.scope) else {}
        made[one.id] = type(one.name, tuple(_bases(program, one, made)) or (object,), slots)
    return made[one.id]


def _bases(program: Program, one: Class, made: _Made) -> Iterator[type]:
    """The stand-ins of the direct bases, in order."""
    ids = dict(zip(one.mro.names, one.mro.ids, strict=True))
    for name in one.bases:
        known = vars(builtins).get(name.removeprefix("builtins."))
        base = program.class_(ids.get(name))
        if isinstance(known, type):
            yield known
        elif base is not None:
            yield _stand_in(program, base, made)
        else:
            raise LookupError(f"{name} is not known")
