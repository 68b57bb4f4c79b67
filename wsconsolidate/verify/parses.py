"""Does every rewritten file still parse, and is none empty?"""

from collections.abc import Iterator

from wsconsolidate.verify.change import Change, Objection


def objections(change: Change) -> Iterator[Objection]:
    """A file that could be read and no longer can, or of which nothing is left."""
    unread = {problem.path for problem in change.before.completeness.files_not_read}
    for problem in change.after.completeness.files_not_read:
        if problem.path not in unread:
            place = f"{problem.path}:{problem.line}"
            yield Objection(reason=f"{place} would not parse: {problem.message}", paths=(problem.path,))
    for edit in change.plan.edits:
        if edit.before and edit.after is not None and edit.before.strip() and not edit.after.strip():
            yield Objection(reason=f"{edit.path} would be empty", paths=(edit.path,))


def tried(change: Change) -> str:
    """How many files were read again."""
    return f"{len(change.sources)} rewritten files, {len(change.programs[1].files)} in all"
