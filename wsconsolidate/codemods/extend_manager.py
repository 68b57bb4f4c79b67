"""Puts a duplicate manager on top of the manager that stays.

The class keeps its name, its constructor and all its methods. It extends the manager that stays: what both do
in the very same way it does no more itself, a method that does the same under another name hands on, and the
connections are kept where the manager that stays keeps them. Methods that do something else, or that the
other lacks, stay on top of it. Whatever a method does it does as before, on the same state, so that the
browser gets the same frames.
"""

from wsconsolidate.codemods.codemod import Codemod
from wsconsolidate.codemods.extend_manager_examples import REWRITES
from wsconsolidate.codemods.extend_manager_traps import UNTOUCHED
from wsconsolidate.codemods.patch import Patch, refuse
from wsconsolidate.codemods.standing import Pair
from wsconsolidate.codemods.workshop import Workshop
from wsconsolidate.model.edit import Refusal
from wsconsolidate.model.finding import Finding
from wsconsolidate.model.program import ClassId
from wsconsolidate.model.role import Role


def propose(finding: Finding, workshop: Workshop) -> Patch | Refusal:
    """The class on top of the one that stays, or why too little of it would be left to that."""
    one = workshop.program.classes[ClassId(finding.path, finding.line)]
    kept = workshop.found.truth(Role.MANAGER)
    if kept is None:
        return refuse(finding, "no manager of the tree stays")
    pair = Pair(workshop, one, kept)
    return refuse(finding, pair.hindrance) if pair.hindrance else pair.patch()


CODEMOD = Codemod(
    name="extend-manager",
    codes=("WSC104",),
    propose=propose,
    rewrites=REWRITES,
    untouched=UNTOUCHED,
)
