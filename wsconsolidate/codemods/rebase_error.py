"""Derives a scattered error from the error that stays, beside the bases that it has.

`class SendError(RuntimeError)` becomes `class SendError(WebSocketError, RuntimeError)`: every `except` that
caught it catches it still, and one `except WebSocketError` now catches them all. Name, constructor, message
and arguments stay. Python itself is asked whether the bases go together, with empty classes in their place.
It needs a reader where an `except` or an isinstance of the base that stays would now see more than before.
"""

from wsconsolidate import __version__
from wsconsolidate.codemods.bases import require_plain_bases, with_base
from wsconsolidate.codemods.bound_names import name_in
from wsconsolidate.codemods.codemod import Codemod
from wsconsolidate.codemods.patch import Adjustment, Import, Patch, Rewriting, refuse
from wsconsolidate.codemods.rebase_error_examples import REWRITES, UNTOUCHED
from wsconsolidate.codemods.runtime_names import runtime_module
from wsconsolidate.codemods.workshop import Workshop
from wsconsolidate.model.edit import Refusal
from wsconsolidate.model.finding import Finding
from wsconsolidate.model.program import Class, ClassId
from wsconsolidate.model.role import Role

_FOREIGN = "no error of the tree is the base of the others: name one as `ssot.error`, or vendor the runtime's"
_ROOTS = frozenset(("builtins.Exception", "builtins.BaseException", "builtins.object"))


def propose(finding: Finding, workshop: Workshop) -> Patch | Refusal:
    """The error with the base that stays before its own."""
    found = workshop.found
    one = found.program.classes[ClassId(finding.path, finding.line)]
    kept = found.truth(Role.ERROR)
    if kept is None and workshop.vendor is None:
        return refuse(finding, _FOREIGN)
    node = workshop.sheet(one.path).class_at(one.line)
    require_plain_bases(one, node)
    module = kept.module if kept else runtime_module(workshop)
    name = found.ssot[Role.ERROR].qualname.rpartition(".")[2]
    home = found.program.files[one.path]
    bound = name_in(home, module, name)
    imports = (Import(module=module, name=name, bound=bound),) if home.name != module else ()
    adjustment = Adjustment(node, with_base(bound, [known not in _brought(kept) for known in one.bases]))
    return Patch(
        title=f"{one.name} derives from {name}",
        rewrites=(Rewriting(path=one.path, adjustments=(adjustment,), imports=imports),),
        requirement="" if kept else f"wsconsolidate>={__version__}",
    )


def _brought(kept: Class | None) -> frozenset[str]:
    """The classes that come with the base that stays."""
    return _ROOTS | set(kept.mro.names if kept else ())


CODEMOD = Codemod(
    name="rebase-error",
    codes=("WSC107",),
    propose=propose,
    rewrites=REWRITES,
    untouched=UNTOUCHED,
)
