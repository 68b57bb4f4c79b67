"""Messages that a call makes: a typed dictionary, `dict(type=...)`, the dump of a model."""

from wsconsolidate.model.expr import Attribute, Call, Dict, Expr, Name
from wsconsolidate.model.program import ClassTarget, Program, ScopeId

_DUMPS = frozenset(("model_dump", "dict"))


def made_message(program: Program, scope: ScopeId, made: Expr) -> Dict | None:
    """The keys and values of a message that is certainly a dict; None for any other call."""
    match made:
        case Call(func=Name(id="dict"), args=()):
            return _keywords(made)
        case Call(func=Name(id="dict"), args=(Call() as inner,), keywords=()):
            return made_message(program, scope, inner)
        case Call(func=Attribute(value=Call() as model, attr=attr), args=(), keywords=()) if attr in _DUMPS:
            return _keywords(model) if _is_class(program, scope, model, dicts=False) else None
        case Call(func=Name(id="asdict") | Attribute(attr="asdict"), args=(Call() as model,), keywords=()):
            return _keywords(model) if _is_class(program, scope, model, dicts=False) else None
        case Call():
            return _keywords(made) if _is_class(program, scope, made, dicts=True) else None
    return None


def _is_class(program: Program, scope: ScopeId, made: Call, *, dicts: bool) -> bool:
    """True for the call of a class of the program; with `dicts`, of a typed dictionary."""
    targets = program.lookup.targets(scope, made.func)
    classes = [program.class_(one.id) if isinstance(one, ClassTarget) else None for one in targets]
    known = [one for one in classes if one is not None]
    is_dict = all(one.mro.names[1:2] == ("builtins.dict",) for one in known)
    return bool(known) and len(known) == len(targets) and is_dict == dicts


def _keywords(made: Call) -> Dict | None:
    return None if made.args else made.as_dict()
