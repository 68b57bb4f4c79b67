"""Whether a list or dict is changed after it was written down."""

from wsconsolidate.model.expr import Attribute, Name, Subscript
from wsconsolidate.model.facts import Body, FileFacts

_CHANGING = frozenset(
    """add append clear discard extend insert pop popitem remove reverse setdefault sort update
    __setitem__ __delitem__""".split()
)


def is_changed(facts: FileFacts, body: Body | None, name: str) -> bool:
    """True if the file, or one body of it where given, may change what `name` holds."""
    bodies = [body] if body else [facts.main, *(function.body for function in facts.functions)]
    return any(_changes(one, name) for one in bodies if one is not None)


def _changes(body: Body, name: str) -> bool:
    stored = [store.target.value for store in body.stores if isinstance(store.target, Subscript)]
    called = [
        site.call.func.value
        for site in body.calls
        if isinstance(site.call.func, Attribute) and site.call.func.attr in _CHANGING
    ]
    return any(isinstance(one, Name) and one.id == name for one in (*stored, *called))
