"""Where a class is used as a value while the program runs: tested for, handed on, put into a table.

Annotations, bases, imports and `typing.cast` are no such use.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from wsconsolidate.model.analysis import Analysis
from wsconsolidate.model.expr import Attribute, Call, Container, Dict, Expr, Name, dotted, walk
from wsconsolidate.model.facts import ImportBinding, ValueBinding
from wsconsolidate.model.program import Class, ClassId, ClassTarget, ScopeId
from wsconsolidate.model.search import Search, whether

_FOR_CHECKERS = frozenset(("cast", "TypeVar", "NewType", "assert_type", "reveal_type"))
_TESTS = frozenset(("isinstance", "issubclass"))


@dataclass(frozen=True)
class ClassUses:
    """The uses of some classes of a program."""

    found: Analysis
    classes: frozenset[ClassId]

    def of(self, one: Class) -> str:
        """The first use that is seen, as the start of a sentence; empty if there is none."""
        return self._seen.get(one.id) or next(self._in_text(one), "")

    @cached_property
    def _seen(self) -> dict[ClassId, str]:
        seen: dict[ClassId, str] = {}
        for scope, line, expr, verb in (*self._in_calls(), *self._in_tables()):
            for id in self._named(scope, expr):
                seen.setdefault(id, f"{scope.path}:{line} {verb}")
        return seen

    @cached_property
    def _names(self) -> frozenset[str]:
        """Every name that one of the classes goes by."""
        names = {self.found.program.classes[id].name for id in self.classes}
        bindings = (binding for scope in self.found.program.scopes.values() for binding in scope.bindings)
        aliases = {b.name for b in bindings if isinstance(b, ImportBinding) and b.attribute in names}
        return frozenset(names | aliases)

    def _in_calls(self) -> Iterator[tuple[ScopeId, int, Expr, str]]:
        for scope, edges in self.found.program.edges.items() if self.classes else ():
            for edge in edges:
                verb = _verb(edge.call)
                if verb:
                    yield from ((scope, edge.line, expr, verb) for expr in edge.call.arguments)

    def _in_tables(self) -> Iterator[tuple[ScopeId, int, Expr, str]]:
        for id, scope in self.found.program.scopes.items() if self.classes else ():
            for binding in scope.bindings:
                if isinstance(binding, ValueBinding) and isinstance(binding.value, Dict | Container):
                    yield id, binding.line, binding.value, "keeps it in a table"

    def _named(self, scope: ScopeId, expr: Expr) -> Iterator[ClassId]:
        for part in walk(expr):
            name = part.id if isinstance(part, Name) else part.attr if isinstance(part, Attribute) else None
            if name in self._names:
                for target in self.found.program.lookup.targets(scope, part):
                    if isinstance(target, ClassTarget) and target.id in self.classes:
                        yield target.id

    def _in_text(self, one: Class) -> Iterator[str]:
        """A class pattern, which no facts hold; and a test in a file of which only the outline was read."""
        name, tree = one.name.encode(), self.found.tree
        word = rb"(?<!\w)%s(?!\w)" % name
        case = rb"^[ \t]*case [^\n]*" + word + rb"\("
        matching = tree.search(Search(pattern=case, words=(name,), places=False))
        named = Search(pattern=word, words=(name,), places=False)
        for file in tree.files:
            if file.path in matching:
                yield f"{file.path} matches it"
            elif (
                file.path in self._outlines
                and file.path in tree.search(named)
                and file.path in tree.search(whether(("isinstance",)))
            ):
                yield f"{file.path} may test for it"

    @cached_property
    def _outlines(self) -> frozenset[str]:
        """The files of which only the outline was read."""
        files = self.found.program.files.items()
        return frozenset(path for path, module in files if not module.facts.has_bodies)


def _verb(call: Call) -> str:
    name = (dotted(call.func) or "").rpartition(".")[2]
    if name in _FOR_CHECKERS:
        return ""
    return "tests for it" if name in _TESTS else "hands it on"
