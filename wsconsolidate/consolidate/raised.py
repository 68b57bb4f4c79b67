"""Where errors are caught, made, and asked about: what a new base of theirs would be seen by."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from wsconsolidate.model.analysis import Analysis
from wsconsolidate.model.expr import Call, Container, Expr, Name, dotted, text
from wsconsolidate.model.facts import Body
from wsconsolidate.model.program import Class, ClassId, ClassTarget, Edge, ScopeId, ValueTarget
from wsconsolidate.model.search import Search

_PROBES = frozenset(("getattr", "hasattr"))


@dataclass(frozen=True)
class Raised:
    """The handlers of a program, and the calls that make errors of some classes."""

    found: Analysis

    def catching(self, ids: Collection[ClassId]) -> Iterator[str]:
        """The places whose `except` names one of the classes, as the start of a sentence."""
        names = {self.found.program.classes[id].name for id in ids if id in self.found.program.classes}
        for scope, body in self._bodies():
            for handler in (one for each in body.tries for one in each.handlers if one.types):
                if handler.types is not None and self._stands_for(scope, handler.types, ids):
                    yield f"{scope.path}:{handler.line} catches {unparsed(handler.types)}"
        for path in self._outlines():
            yield from (
                f"{path} may catch {name}"
                for name in sorted(names)
                if path in self.found.tree.search(_excepting(name.encode()))
            )

    def _outlines(self) -> Iterator[str]:
        """The files of which only the outline was read."""
        for file in self.found.tree.files:
            module = self.found.program.files.get(file.path)
            if module is not None and not module.facts.has_bodies:
                yield file.path

    def _bodies(self) -> Iterator[tuple[ScopeId, Body]]:
        for path, module in self.found.program.files.items():
            if module.facts.main is not None:
                yield ScopeId(path, 0), module.facts.main
        for function in self.found.program.functions.values():
            if function.facts.body is not None:
                yield function.scope, function.facts.body

    def _stands_for(self, scope: ScopeId, types: Expr, ids: Collection[ClassId]) -> bool:
        if isinstance(types, Container):
            return any(self._stands_for(scope, one, ids) for one in types.items)
        for target in self.found.program.lookup.targets(scope, types):
            match target:
                case ClassTarget(id=id) if id in ids:
                    return True
                case ValueTarget(value=Container(items=items), scope=where):
                    if any(self._stands_for(where, one, ids) for one in items):
                        return True
        return False

    def making(self, one: Class) -> Iterator[Call]:
        """The calls that make an error of just this class; `raise Error` is one without arguments."""
        for edges in self.found.program.edges.values():
            yield from (edge.call for edge in edges if one.id in edge.constructs)
        for scope, body in self._bodies():
            for raised in body.raises:
                bare = not isinstance(raised, Call) and dotted(raised) is not None
                if bare and self._stands_for(scope, raised, (one.id,)):
                    yield Call(Name(one.name, raised.line), (), (), raised.line)

    def probing(self, names: Collection[str]) -> Iterator[str]:
        """The places that ask whether an object has an attribute of one of these names."""
        for edges in self.found.program.edges.values():
            for edge in edges:
                if _probed(edge) in names:
                    yield f"{edge.path}:{edge.line} asks for {_probed(edge)}"


def _excepting(name: bytes) -> Search:
    return Search(pattern=rb"\bexcept\b[^\n]*\b%s\b" % name, words=(name,), places=False)


def unparsed(types: Expr) -> str:
    """What an `except` names, as short text."""
    items = types.items if isinstance(types, Container) else (types,)
    return ", ".join(dotted(one) or "an error" for one in items)


def _probed(edge: Edge) -> str | None:
    is_probe = dotted(edge.call.func) in _PROBES and len(edge.call.args) > 1
    return text(edge.call.args[1]) if is_probe else None
