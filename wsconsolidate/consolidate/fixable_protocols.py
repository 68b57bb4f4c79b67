"""Whether a duplicate protocol can become an import of the one that stays, or a sub-protocol of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from wsconsolidate.consolidate.agreement import DOES_NOTHING, Agreement, members
from wsconsolidate.consolidate.class_uses import ClassUses
from wsconsolidate.consolidate.reach import out_of_use, unreachable
from wsconsolidate.model.analysis import Analysis, Fix
from wsconsolidate.model.expr import Subscript, dotted
from wsconsolidate.model.facts import FunctionFacts, OtherBinding, Scope, ValueBinding
from wsconsolidate.model.finding import Applicability
from wsconsolidate.model.program import Class, ClassId, MroStatus, ScopeId
from wsconsolidate.model.role import Role

_PLAIN_BASES = frozenset(("typing.Protocol", "typing_extensions.Protocol", "abc.ABC", "builtins.object"))
_CHECKABLE = "runtime_checkable"


def judge_protocols(found: Analysis) -> Iterator[tuple[str, int, Fix]]:
    """Each member of a group of protocols but the one that stays, with what can be done about it.

    Protocols speak of each other: two types agree if one becomes the other. So all are taken to be merged
    at first, and judged anew without those that cannot be, until nothing more falls away.
    """
    pairs = [
        (found.program.classes[id], found.kept(group))
        for group in found.groups
        if group.role is Role.PROTOCOL
        for id in group.members
        if id != found.kept(group).id
    ]
    uses = ClassUses(found, frozenset(one.id for one, _ in pairs))
    becomes = {one.id: kept.id for one, kept in pairs}
    while True:
        judge = _Judge(found, uses, becomes)
        fixes = {one.id: judge.fix(one, kept) for one, kept in pairs}
        settled = {one.id: kept.id for one, kept in pairs if judge.merges(one, kept, fixes[one.id])}
        if settled == becomes:
            break
        becomes = settled
    yield from ((*id, fix) for id, fix in fixes.items())


@dataclass(frozen=True, slots=True)
class _Judge:
    """Everything by which duplicates are judged."""

    found: Analysis
    uses: ClassUses
    becomes: Mapping[ClassId, ClassId]

    def merges(self, duplicate: Class, kept: Class, fix: Fix) -> bool:
        """True if the fix leaves one class of the two."""
        own = members(duplicate, self.found.program).keys() - self._owners(kept).keys()
        return fix.applicability is Applicability.SAFE and not own

    def fix(self, duplicate: Class, kept: Class) -> Fix:
        """What can be done about one, and why not more."""
        return Fix.unless(self._against(duplicate, kept), self._risks(duplicate, kept))

    def _against(self, duplicate: Class, kept: Class) -> Iterator[str]:
        """Why it cannot be replaced at all."""
        yield from self._out_of_place(duplicate)
        yield from self._out_of_place(kept)
        yield from _out_of_form(duplicate, self._body(duplicate))
        yield from self._disagreements(duplicate, kept)
        yield from unreachable(self.found, duplicate, kept)
        yield from self._unbuildable(duplicate, kept)

    def _out_of_place(self, one: Class) -> Iterator[str]:
        program = self.found.program
        bound = [b for b in program.scopes[ScopeId(one.path, 0)].bindings if b.name == one.name]
        yield from out_of_use(self.found, one)
        if "." in one.facts.qualname:
            yield f"{one.qualname} is not defined on the top level of its module"
        if one.facts.guards:
            yield f"{one.qualname} is defined under a condition"
        if len(bound) > 1:
            yield f"{one.qualname} is not the only {one.name} of its module"
        if one.facts.keywords:
            yield f"{one.qualname} is created with {one.facts.keywords[0][0] or '**'}="
        if one.mro.status is not MroStatus.EXACT:
            yield f"the bases of {one.qualname} could not all be followed"
        if _is_generic(one):
            yield f"{one.qualname} is generic"

    def _body(self, one: Class) -> Scope:
        return self.found.program.scopes[one.scope]

    def _disagreements(self, duplicate: Class, kept: Class) -> Iterator[str]:
        program = self.found.program
        mine, owners = members(duplicate, program), self._owners(kept)
        shared = [name for name in mine if name in owners]
        alone = {} if mine.keys() - owners.keys() else {duplicate.id: kept.id}
        agreement = Agreement(program, {**self.becomes, **alone})
        for name in shared:
            yield from filter(None, [agreement.differs(duplicate, owners[name], name)])
        for name in shared:
            yield from filter(None, map(_act, (mine[name], members(owners[name], program)[name])))
        if not shared:
            yield f"it shares no member with {kept.qualname}"
        if _kinds(duplicate) != _kinds(kept):
            yield "one of the two is an ABC, the other a typing.Protocol"

    def _owners(self, kept: Class) -> dict[str, Class]:
        """The members of the one that stays, own and inherited, each with the class that declares it."""
        program = self.found.program
        above = [one for one in program.bases(kept) if one.in_tree]
        return {name: one for one in reversed(above) for name in members(one, program)}

    def _unbuildable(self, duplicate: Class, kept: Class) -> Iterator[str]:
        """A class that extends the duplicate, and could then not be created, or gets abstract methods."""
        above = [one for one in self.found.program.bases(kept) if one.in_tree]
        for heir in self.found.program.below(duplicate):
            both = next((one.qualname for one in above if one.id in heir.mro.ids), "")
            if both:
                yield f"{heir.qualname} extends both it and {both}"
        abstract = {name for one in above for name in _abstract(one)}
        for heir in self.found.program.below(duplicate):
            missing = sorted(abstract & self._gains(heir, duplicate, kept))
            if missing:
                yield f"{heir.qualname} extends it and lacks {', '.join(missing)}"

    def _gains(self, heir: Class, duplicate: Class, kept: Class) -> set[str]:
        """The members that a class which extends the duplicate would newly inherit, or find elsewhere."""
        program = self.found.program
        ahead = heir.mro.ids[: heir.mro.ids.index(duplicate.id)]
        own = [one for one in map(program.class_, ahead) if one is not None]
        has = {name for one in (*own, duplicate) for name in members(one, program)}
        return self._owners(kept).keys() - has

    def _risks(self, duplicate: Class, kept: Class) -> Iterator[str]:
        """What a reader must look at, although it can be done."""
        mine, theirs = members(duplicate, self.found.program).keys(), self._owners(kept).keys()
        use = self.uses.of(duplicate)
        if use:
            yield f"{use}: it would see the members of {kept.qualname} too"
        if _is_checkable(duplicate) and not _is_checkable(kept) and mine <= theirs:
            yield f"{kept.qualname} is not @runtime_checkable: an isinstance elsewhere would raise TypeError"
        for heir in self.found.program.below(duplicate):
            gained = sorted(self._gains(heir, duplicate, kept))
            if gained:
                yield f"{heir.qualname} extends it and would inherit {', '.join(gained)}"
        if duplicate.name != kept.name and theirs - mine:
            more = len(theirs - mine)
            yield f"it asks for less: those who satisfy it would have to offer {more} more members"


def _out_of_form(duplicate: Class, body: Scope) -> Iterator[str]:
    """What its body holds besides declarations."""
    decorators = [dotted(decorator) or "?" for decorator in duplicate.facts.decorators]
    if any(name.rpartition(".")[2] != _CHECKABLE for name in decorators):
        yield f"it is decorated with {decorators[0]}"
    if not frozenset(duplicate.bases) <= _PLAIN_BASES:
        yield "it extends other protocols"
    names = [binding.name for binding in body.bindings]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        yield f"{twice} is defined twice"
    for binding in body.bindings:
        plain = not isinstance(binding, ValueBinding) or (binding.annotation and binding.value is None)
        if binding.guards or isinstance(binding, OtherBinding) or not plain:
            yield f"{binding.name} is more than a declaration"


def _is_generic(one: Class) -> bool:
    return bool(one.facts.type_parameters) or any(isinstance(base, Subscript) for base in one.facts.bases)


def _act(member: FunctionFacts | ValueBinding) -> str:
    """How a member is more than a declaration; empty if it is none."""
    if not isinstance(member, FunctionFacts) or (member.body and member.body.stub in DOES_NOTHING):
        return ""
    return f"{member.name} does something" if member.body else f"what {member.name} does was not read"


def _kinds(one: Class) -> frozenset[str]:
    return frozenset(name.rpartition(".")[2] for name in one.bases if name in _PLAIN_BASES) - {"object"}


def _abstract(one: Class) -> Iterator[str]:
    for name, function in one.functions.items():
        decorators = [dotted(decorator) or "" for decorator in function.facts.decorators]
        if any(decorator.rpartition(".")[2] == "abstractmethod" for decorator in decorators):
            yield name


def _is_checkable(one: Class) -> bool:
    return any((dotted(d) or "").rpartition(".")[2] == _CHECKABLE for d in one.facts.decorators)
