"""Lets the sending statements of an emitter go through the emitter that stays.

The class keeps its name, constructor, methods, answers and bookkeeping; each statement that sends hands
what it says to the source of truth, which lays out the same frame and gives it to the same sink. All
critical events of a class are delegated together, or none.
"""

from wsconsolidate import __version__
from wsconsolidate.codemods.delegate_emitter_examples import REWRITES
from wsconsolidate.codemods.delegate_emitter_traps import UNTOUCHED
from wsconsolidate.codemods.delegated_class import DelegatedClass
from wsconsolidate.codemods.patch import Codemod, Patch, Replacement, Rewriting, refuse
from wsconsolidate.codemods.runtime_names import RuntimeNames
from wsconsolidate.codemods.workshop import Workshop
from wsconsolidate.model.delegation import Delegation
from wsconsolidate.model.edit import Refusal
from wsconsolidate.model.finding import Finding
from wsconsolidate.model.program import ClassId


def propose(finding: Finding, workshop: Workshop) -> Patch | Refusal:
    """The class with its sends delegated, or why one of them has to stay."""
    program = workshop.found.program
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


CODEMOD = Codemod(
    name="delegate-emitter",
    codes=("WSC103",),
    doc=__doc__,
    propose=propose,
    rewrites=REWRITES,
    untouched=UNTOUCHED,
)
