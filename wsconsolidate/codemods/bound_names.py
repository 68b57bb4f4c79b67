"""What a class is called in a file that is to name it."""

from wsconsolidate.model.facts import Binding, ImportBinding
from wsconsolidate.model.module import Module


def name_in(home: Module, module: str, name: str) -> str:
    """What `module.name` is called on the top level of `home`: as it is imported there, or a free name."""
    if home.name == module:
        return name
    bindings = home.facts.top.bindings
    known = (one for one in bindings if isinstance(one, ImportBinding) and not one.guards)
    names = (one.name for one in known if (home.origin(one), one.attribute) == (module, name))
    return next(names, "") or _free(name, bindings)


def _free(name: str, bindings: tuple[Binding, ...]) -> str:
    taken = {binding.name for binding in bindings}
    while name in taken:
        name = f"_{name}"
    return name
