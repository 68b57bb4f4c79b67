"""Would a second run find nothing left to do?"""

from collections.abc import Iterator

from wsconsolidate.verify.change import Change, Objection


def objections(change: Change) -> Iterator[Objection]:
    """Something that the same plan would change again."""
    for group in change.again.groups:
        reason = f"a second run would rewrite {group.symbol} again ({group.code})"
        yield Objection(reason=reason, paths=group.paths)


def tried(change: Change) -> str:
    """How many groups a second plan was made for."""
    return f"a second plan after {len(change.plan.groups)} fixes"
