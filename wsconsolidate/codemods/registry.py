"""Every codemod, in order of the rules that they fix."""

from wsconsolidate.codemods import (
    await_emit,
    copy_before_iterating,
    delegate_emitter,
    delete_backup,
    extend_manager,
    import_from_home,
    rebase_error,
    replace_protocol,
    type_payload,
)
from wsconsolidate.codemods.codemod import Codemod

CODEMODS: tuple[Codemod, ...] = (
    replace_protocol.CODEMOD,
    delegate_emitter.CODEMOD,
    extend_manager.CODEMOD,
    import_from_home.CODEMOD,
    delete_backup.CODEMOD,
    rebase_error.CODEMOD,
    type_payload.CODEMOD,
    await_emit.CODEMOD,
    copy_before_iterating.CODEMOD,
)


def codemod_for(code: str) -> Codemod | None:
    """The codemod that fixes the findings of a rule."""
    return next((codemod for codemod in CODEMODS if code in codemod.codes), None)
