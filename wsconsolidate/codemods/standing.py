"""A duplicate on top of the class that stays: what it does in the very same way it does no more itself."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import libcst as cst

from wsconsolidate.codemods.bases import require_plain_bases, with_base
from wsconsolidate.codemods.bound_names import name_in
from wsconsolidate.codemods.layout import layout_at
from wsconsolidate.codemods.nodes import is_docstring, nodes, without_blank_lines
from wsconsolidate.codemods.patch import Adjustment, Import, Patch, Replacement, Rewriting, Unfit
from wsconsolidate.codemods.same_code import SameCode
from wsconsolidate.codemods.same_methods import same_methods
from wsconsolidate.codemods.same_state import Extra, Taken, taken_over
from wsconsolidate.codemods.sheet import Sheet
from wsconsolidate.codemods.workshop import Workshop
from wsconsolidate.model.facts import PACKED, Parameter, ParameterKind, ValueBinding
from wsconsolidate.model.moved_state import held, moved_state, read_outside
from wsconsolidate.model.program import Class, Function

_INIT = "__init__"
_REMOVED = cst.RemoveFromParent()


@dataclass(frozen=True)
class Pair:
    """A duplicate and the class of its role that stays."""

    workshop: Workshop
    one: Class
    kept: Class

    @cached_property
    def _same(self) -> SameCode:
        return SameCode(self.workshop)

    def patch(self) -> Patch:
        """The class with the other as its base, without what that does."""
        home = self.workshop.program.files[self.one.path]
        bound = name_in(home, self.kept.module, self.kept.name)
        imports = (Import(module=self.kept.module, name=self.kept.name, bound=bound),)
        require_plain_bases(self.one, self._node)
        based = with_base(bound, [True] * len(self.one.bases))
        header = Adjustment(self._node, lambda node: _closed(based(node)))
        rewriting = Rewriting(
            path=self.one.path,
            replacements=(*self._dropped(), *self._forwarding(), *self._moved_state(), *self._renamed()),
            adjustments=(header, *self._constructor_calls()),
            imports=imports if home.name != self.kept.module else (),
        )
        return Patch(title=f"{self.one.name} stands on {self.kept.name}", rewrites=(rewriting,))

    @cached_property
    def hindrance(self) -> str:
        """Why it would still keep or send everything by itself; empty if it would not."""
        if isinstance(self._taken, Extra):
            return f"the constructor of {self.kept.qualname} does more than set attributes"
        connections = self.workshop.found.connections(self.one).keys() - self._class_names
        left = () if _INIT in self._shared else sorted(connections - self._taken.attributes)
        if left:
            return f"{self.kept.qualname} makes {left[0]}, where it keeps its connections, in another way"
        if not any(self._sends(self.one.functions[name]) for name in self._settled):
            return f"no method of it sends in the very same way as one of {self.kept.qualname}"
        return ""

    @cached_property
    def sends_alone(self) -> str:
        """The first method that would still send by itself; empty if all would send through the other."""
        own = {function.id for function in self.one.functions.values()}
        program = self.workshop.program
        stays = (one for name, one in self.one.functions.items() if name not in self._settled)
        alone = (
            one.name
            for one in stays
            for edge in program.calls(one.scope)
            if program.arrives(edge) and (not edge.targets or not own.issuperset(edge.targets))
        )
        return next(alone, "")

    @property
    def _settled(self) -> tuple[str, ...]:
        return (*self._shared, *self._forwards)

    def _sends(self, function: Function) -> bool:
        program = self.workshop.program
        return any(map(program.arrives, program.calls(function.scope)))

    @cached_property
    def _class_names(self) -> frozenset[str]:
        """The names of the class body that are more than annotated."""
        bindings = self.workshop.program.bindings(self.one.scope)
        bare = {one.name for one in bindings if isinstance(one, ValueBinding) and one.value is None}
        return frozenset(one.name for one in bindings) - bare

    @cached_property
    def _moved(self) -> Mapping[str, str]:
        """The attributes that have another name in the other, those of its connections among them."""
        found = self.workshop.found
        differing = (names for pair in self._alike.items() for names in self._alone(*pair))
        proposed = {one: other for one, other in differing if not any(read_outside(found, self.one, one))}
        proposed |= moved_state(found, self.one, self.kept)
        return {one: other for one, other in proposed.items() if [*proposed.values()].count(other) == 1}

    def _alone(self, pair: tuple[str, str], names: tuple[tuple[str, str], ...]) -> Iterator[tuple[str, str]]:
        """The attributes that each class has alone, as far as two methods tell that no other is like."""
        name, other = pair
        if name != other and sum(name == one or other == another for one, another in self._alike) > 1:
            return
        mine, theirs = held(self.workshop.found, self.one), held(self.workshop.found, self.kept)
        yield from (
            (one, another) for one, another in names if one in mine - theirs and another in theirs - mine
        )

    @cached_property
    def _alike(self) -> Mapping[tuple[str, str], tuple[tuple[str, str], ...]]:
        """The pairs of methods that do the same, whatever the names of their attributes mean."""
        names = ((name, other) for name in self._defined_once for other in self._methods)
        found = {(name, other): self._may_be(name, other) for name, other in names}
        return {pair: differing for pair, differing in found.items() if differing is not None}

    @cached_property
    def _shared(self) -> tuple[str, ...]:
        """The methods that the other has under the same name, and that do the very same."""
        namesakes = (name for name, other in self._same_methods.items() if name == other)
        return tuple(name for name in namesakes if self._takes_same(name))

    @cached_property
    def _forwards(self) -> dict[str, Function]:
        """The methods that do the very same as one of the other that has another name."""
        kept = {*self.one.functions} - {*self._shared}
        return {
            name: self._methods[other]
            for name, other in self._same_methods.items()
            if name != other and other not in kept
        }

    @cached_property
    def _forgotten(self) -> frozenset[str]:
        """The private methods that would hand on, and that nothing would call any more."""
        stay = [one for name, one in self.one.functions.items() if name not in self._settled]
        code = [self._sheet.module.code_for_node(self._sheet.function_at(one.line)) for one in stay]
        return frozenset(
            name
            for name in self._forwards
            if name[:1] == "_"
            and not any(re.search(rf"\b{name}\b", text) for text in code)
            and not any(read_outside(self.workshop.found, self.one, name))
        )

    def _takes_same(self, name: str) -> bool:
        """True if callers may call both in the same way, also by keyword."""
        return _named(self.one.functions[name]) == _named(self._methods[name])

    @cached_property
    def _same_methods(self) -> Mapping[str, str]:
        """Each method with the one of the other that does the very same, given that its own calls do."""
        return same_methods(self._alike, self.one.functions, self._moved)

    def _may_be(self, name: str, other: str) -> tuple[tuple[str, str], ...] | None:
        """The attributes that two methods know by other names; None where they do not do the same."""
        mine, theirs = self.one.functions[name], self._methods[other]
        if name != other and not self._may_hand_on(mine, theirs):
            return None
        return self._same.differing(mine, theirs)

    def _may_hand_on(self, mine: Function, theirs: Function) -> bool:
        """True for a method that could call another, public one of its instance."""
        facts, heirs = mine.facts, self.workshop.program.below(self.one)
        plain = not facts.decorators and not (facts.is_async and facts.body and facts.body.yields)
        named = mine.name[:2] != "__" and theirs.name[:1] != "_" and mine.name not in self._methods
        return plain and named and not any({mine.name, theirs.name} & {*heir.functions} for heir in heirs)

    @cached_property
    def _methods(self) -> dict[str, Function]:
        """The methods of the other, own and inherited."""
        return self.workshop.program.methods(self.kept)

    @cached_property
    def _defined_once(self) -> tuple[str, ...]:
        names = [binding.name for binding in self.workshop.program.bindings(self.one.scope)]
        return tuple(name for name in self.one.functions if names.count(name) == 1)

    @cached_property
    def _sheet(self) -> Sheet:
        return self.workshop.sheet(self.one.path)

    @cached_property
    def _node(self) -> cst.ClassDef:
        return self._sheet.class_at(self.one.line)

    def _dropped(self) -> Iterator[Replacement]:
        for name in (*self._shared, *self._forgotten):
            yield Replacement(self._sheet.function_at(self.one.functions[name].line), _REMOVED)

    def _forwarding(self) -> Iterator[Replacement]:
        for name, other in self._forwards.items():
            if name in self._forgotten:
                continue
            facts = self.one.functions[name].facts
            body = self._sheet.function_at(facts.line).body
            if not isinstance(body, cst.IndentedBlock):
                raise Unfit(self.one.path, f"line {facts.line}: {name} stands on one line")
            handed = ", ".join(map(_handed_on, facts.parameters[1:], other.facts.parameters[1:]))
            wait = "await " if facts.is_async else ""
            fresh = cst.parse_statement(f"return {wait}self.{other.name}({handed})")
            documented = [one for one in body.body[:1] if is_docstring(one)]
            yield Replacement(body, body.with_changes(body=[*documented, fresh]))

    @cached_property
    def _taken(self) -> Taken | Extra:
        """What the constructor of the other does of this one's."""
        mine, theirs = self.one.functions.get(_INIT), self._methods.get(_INIT)
        if mine is None or theirs is None or _INIT in self._shared:
            return Taken((), frozenset(), {})
        here, there = self._same.tree(mine), self._same.tree(theirs)
        if here is None or there is None:
            raise Unfit(self.one.path, f"the constructor of {self.one.name} cannot be read")
        parameters = theirs.facts.parameters[1:]
        return taken_over(here, there, parameters, lambda name: self._mean_same(name, theirs), self._moved)

    def _mean_same(self, name: str, theirs: Function) -> bool:
        return self._same.mean_same(self.one.path, theirs.path, name)

    def _moved_state(self) -> Iterator[Replacement]:
        """The statements of the own constructor that the other's does, and its call of `object`'s."""
        if _INIT not in self.one.functions or _INIT in self._shared or isinstance(self._taken, Extra):
            return
        for index, statement in enumerate(self._statements):
            if index in self._taken.statements or _calls_super(statement):
                yield Replacement(statement, _REMOVED)

    def _renamed(self) -> Iterator[Replacement]:
        """The connections by the name that they have in the other, wherever a method of its own stays."""
        for node in nodes(self._node.body) if self._moved else ():
            match node:
                case cst.Attribute(value=cst.Name("self"), attr=cst.Name(value=name)) if name in self._moved:
                    yield Replacement(node.attr, cst.Name(self._moved[name]))

    @cached_property
    def _statements(self) -> tuple[cst.BaseStatement, ...]:
        """The statements of the own constructor."""
        body = self._sheet.function_at(self.one.functions[_INIT].line).body
        if not isinstance(body, cst.IndentedBlock):
            raise Unfit(self.one.path, f"the constructor of {self.one.name} stands on one line")
        if any(isinstance(one, cst.SimpleStatementLine) and len(one.body) > 1 for one in body.body):
            raise Unfit(self.one.path, f"the constructor of {self.one.name} has several statements on a line")
        return tuple(body.body)

    def _constructor_calls(self) -> Iterator[Adjustment]:
        """The call of the other's constructor before all that the own one does."""
        theirs = self._methods.get(_INIT)
        if theirs is None or _INIT in self._shared or isinstance(self._taken, Extra):
            return
        self._require_callable(theirs, self._taken)
        if _INIT not in self.one.functions:
            return
        layout = layout_at(self._sheet, self._statements[0], self._node)
        text = layout.call("super().__init__", tuple(self._taken.arguments.values()))
        text = text.replace("\n", self._sheet.module.default_newline)
        call = cst.parse_statement(text, self._sheet.module.config_for_parsing)
        body = self._sheet.function_at(self.one.functions[_INIT].line).body
        yield Adjustment(body, lambda block: _begun_with(block, call))

    def _require_callable(self, init: Function, taken: Taken) -> None:
        """Make sure that the other's constructor needs nothing more, and that no other base has one.

        Raises:
            Unfit: it does, or one has.
        """
        for one in init.facts.parameters[1:]:
            if one.default is None and one.kind not in PACKED and one.name not in taken.arguments:
                raise Unfit(self.one.path, f"{self.kept.qualname} cannot be made without {one.name}")
        above = self.workshop.program.bases(self.one)
        if any(one.in_tree and one.id != self.one.id and _INIT in one.functions for one in above):
            raise Unfit(self.one.path, f"a base of {self.one.name} has a constructor of its own")


def _named(function: Function) -> list[tuple[str, ParameterKind]]:
    return [(one.name, one.kind) for one in function.facts.parameters]


def _handed_on(mine: Parameter, theirs: Parameter) -> str:
    """One parameter as an argument of a call that hands on."""
    match theirs.kind:
        case ParameterKind.KEYWORD_ONLY:
            return f"{theirs.name}={mine.name}"
        case ParameterKind.VAR_POSITIONAL:
            return f"*{mine.name}"
        case ParameterKind.VAR_KEYWORD:
            return f"**{mine.name}"
    return mine.name


def _calls_super(statement: cst.CSTNode) -> bool:
    """True for a statement `super().__init__()`."""
    match statement:
        case cst.SimpleStatementLine(
            body=[
                cst.Expr(
                    value=cst.Call(
                        func=cst.Attribute(value=cst.Call(func=cst.Name("super")), attr=cst.Name("__init__")),
                        args=[],
                    )
                )
            ]
        ):
            return True
    return False


def _begun_with(block: cst.CSTNode, call: cst.BaseStatement) -> cst.CSTNode:
    """The body with the call before all but its docstring."""
    body = list(cst.ensure_type(block, cst.IndentedBlock).body)
    index = int(bool(body) and is_docstring(body[0]))
    rest = body[index:]
    if rest and isinstance(rest[0], cst.SimpleStatementLine | cst.BaseCompoundStatement):
        rest[0] = without_blank_lines(rest[0])
    return block.with_changes(body=[*body[:index], call, *rest])


def _closed(node: cst.CSTNode) -> cst.CSTNode:
    """The class without blank lines before what is first in it now."""
    found = cst.ensure_type(node, cst.ClassDef)
    first, *rest = found.body.body or (None,)
    if not isinstance(first, cst.SimpleStatementLine | cst.BaseCompoundStatement):
        return found
    return found.with_deep_changes(found.body, body=[without_blank_lines(first), *rest])
