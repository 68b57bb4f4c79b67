"""Lets the sending statements of an emitter go through the emitter that stays.

The class keeps its name, constructor, methods, answers and bookkeeping; each statement that sends hands
what it says to the source of truth, which lays out the same frame and gives it to the same sink. All
critical events of a class are delegated together, or none.

Where nothing but forwarding would be left of every method that sends, as of a copy, a thin subclass of the
emitter that stays is offered instead (unsafe): what both do in the very same way goes, a method that does it
under another name hands on, bookkeeping and methods of its own stay.
"""

from dataclasses import replace

from wsconsolidate import __version__
from wsconsolidate.codemods.codemod import Codemod
from wsconsolidate.codemods.delegate_emitter_examples import REWRITES
from wsconsolidate.codemods.delegate_emitter_offers import OFFERS
from wsconsolidate.codemods.delegate_emitter_traps import UNTOUCHED
from wsconsolidate.codemods.delegated_class import DelegatedClass
from wsconsolidate.codemods.patch import Patch, Replacement, Rewriting, refuse
from wsconsolidate.codemods.runtime_names import RuntimeNames
from wsconsolidate.codemods.standing import Pair
from wsconsolidate.codemods.workshop import Workshop
from wsconsolidate.model.delegation import Delegation
from wsconsolidate.model.edit import Refusal
from wsconsolidate.model.finding import Applicability, Finding
from wsconsolidate.model.program import ClassId
from wsconsolidate.model.role import Role


def propose(finding: Finding, workshop: Workshop) -> Patch | Refusal:
    """The class with its sends delegated, or why one of them has to stay."""
    program = workshop.program
    one = program.classes[ClassId(finding.path, finding.line)]
    delegation = workshop.found.delegations.get(one.id)
    if not isinstance(delegation, Delegation):
        return refuse(finding, str(delegation or "its sends were not read"))
    sheet = workshop.sheet(finding.path)
    names = RuntimeNames(workshop, one)
    node = sheet.class_at(one.line)
    changed = DelegatedClass(sheet, program, one, names).changed(node, delegation)
    rewriting = Rewriting(
        path=finding.path, replacements=(Replacement(node, changed),), imports=tuple(names.imports())
    )
    return Patch(
        title=f"{one.name} sends through {names.emitter}",
        applicability=delegation.applicability,
        risk=delegation.risk,
        rewrites=(rewriting,),
        requirement=f"wsconsolidate>={__version__}" if names.are_bundled else "",
    )


def offer(finding: Finding, workshop: Workshop) -> Patch | Refusal:
    """The class as a thin subclass of the emitter that stays, or why that would not do."""
    one = workshop.program.classes[ClassId(finding.path, finding.line)]
    kept, fix = workshop.found.truth(Role.EMITTER), workshop.found.offers.get(one.id)
    if kept is None or fix is None:
        return refuse(finding, "it cannot stand on the emitter that stays")
    pair = Pair(workshop, one, kept)
    if pair.hindrance or pair.sends_alone:
        return refuse(finding, pair.hindrance or f"{pair.sends_alone} would still send by itself")
    return replace(pair.patch(), applicability=Applicability.UNSAFE, risk=fix.reason)


CODEMOD = Codemod(
    name="delegate-emitter",
    codes=("WSC103",),
    propose=propose,
    offer=offer,
    rewrites=(*REWRITES, *OFFERS),
    untouched=UNTOUCHED,
)
