"""What `fix` did or would do, what it leaves and why, as blocks."""

import re
from collections import Counter
from collections.abc import Iterator

from wsconsolidate.model.counting import counted
from wsconsolidate.model.edit import EditGroup, FileEdit, Plan, Refusal
from wsconsolidate.model.finding import Applicability
from wsconsolidate.model.report import Block, Heading, Item, Listing, Paragraph, Table

_PLACE = re.compile(r"^(\S+\.\S+: )?(line \d+: )?")


def summary(plan: Plan, *, vendored: str | None, done: bool) -> tuple[Block, ...]:
    """A table of each kind (fixed, unsafe, left), then what to do; `vendored` is where the runtime goes."""
    return (
        *_groups("Fixed" if done else "Would be fixed", plan.groups),
        *_groups("Needs --unsafe", plan.held),
        *_table("Left", ("Rule", "Where", "Why"), map(_reason, plan.refusals)),
        *_table("Left, by reason", ("Findings", "Rules", "Why"), _reasons(plan)),
        *_table(
            "By rule", ("Rule", "Fixed" if done else "Would be fixed", "Needs --unsafe", "Left"), _rules(plan)
        ),
        *_requirements(plan),
        *_copied(plan, vendored),
        Paragraph(_closing(plan, done=done)),
    )


def shown(plan: Plan, vendored: str | None) -> tuple[FileEdit, ...]:
    """The edits that a reader wants to see: not the files of the runtime that is copied."""
    return tuple(one for one in plan.edits if not (vendored and one.path.startswith(f"{vendored}/")))


def _table(title: str, columns: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> tuple[Block, ...]:
    found = tuple(rows)
    return (Heading(title), Table(columns, found)) if found else ()


def _groups(title: str, groups: tuple[EditGroup, ...]) -> tuple[Block, ...]:
    """The groups of a plan, and what a reader must judge of those that are unsafe."""
    is_risky = any(group.applicability is Applicability.UNSAFE for group in groups)
    return _table(title, ("Rule", "Where", "What, and its risk" if is_risky else "What"), map(_row, groups))


def _row(group: EditGroup) -> tuple[str, ...]:
    risk = f"; risk: {group.risk}" if group.applicability is Applicability.UNSAFE else ""
    return (group.code, f"{group.path}:{group.line}", f"{group.title}{risk}")


def _reason(refusal: Refusal) -> tuple[str, ...]:
    return (refusal.code, f"{refusal.path}:{refusal.line}", refusal.reason)


def _reasons(plan: Plan) -> Iterator[tuple[str, ...]]:
    """What keeps several findings from being fixed, the most frequent first."""
    kept: dict[str, list[str]] = {}
    for refusal in plan.refusals:
        kept.setdefault(_PLACE.sub("", refusal.reason), []).append(refusal.code)
    for reason, codes in sorted(kept.items(), key=lambda item: (-len(item[1]), item[0])):
        if len(codes) > 1:
            yield (str(len(codes)), ", ".join(sorted(set(codes))), reason)


def _rules(plan: Plan) -> Iterator[tuple[str, ...]]:
    """How many findings of each rule are fixed, held and left, where several rules are concerned."""
    counts = [Counter(one.code for one in kind) for kind in (plan.groups, plan.held, plan.refusals)]
    codes = sorted(set().union(*counts))
    if len(codes) > 1:
        yield from ((code, *(str(count[code]) for count in counts)) for code in codes)


def _requirements(plan: Plan) -> tuple[Block, ...]:
    items = tuple(Item(text=f"`{one}`") for one in plan.requirements)
    return (Heading("Add to the requirements of this code base"), Listing(items)) if items else ()


def _copied(plan: Plan, vendored: str | None) -> tuple[Block, ...]:
    copied = len(plan.edits) - len(shown(plan, vendored))
    return (Paragraph(f"{counted(copied, 'file')} of the runtime go to `{vendored}`."),) if copied else ()


def _closing(plan: Plan, *, done: bool) -> str:
    if not plan.edits:
        return "Nothing to fix."
    fixes, files = counted(len(plan.groups), "finding"), counted(len(plan.edits), "file")
    return f"{fixes} {'settled' if done else 'would be settled'} in {files}."
