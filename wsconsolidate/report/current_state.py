"""The current state: the SSOT classes with their features; duplicates, legacy code and backup files."""

from collections.abc import Iterator

from wsconsolidate.model.analysis import Divergence, DuplicateGroup, Feature, Likeness
from wsconsolidate.model.counting import counted
from wsconsolidate.model.program import Class
from wsconsolidate.model.report import Block, Heading, Item, Listing, Paragraph
from wsconsolidate.model.role import Role
from wsconsolidate.report.material import Draft
from wsconsolidate.report.words import at, code, places, sentence, series

_SPOKEN = {
    "per-user-isolation": "per-user isolation",
    "stale-clean-up": "stale clean-up",
    "retry-with-back-off": "retry with back-off",
}


_KINDS = {
    Likeness.EXACT_COPY: "{roles}, copies of each other",
    Likeness.RENAMED_COPY: "{roles}, copies under other names",
    Likeness.NEAR_COPY: "{roles}, near copies of each other",
    Likeness.SAME_ROLE: "{roles} that do the same job",
}


def blocks(draft: Draft) -> Iterator[Block]:
    """What stays, and what stands beside it."""
    if not draft.players:
        yield Paragraph(draft.nothing)
    else:
        yield from _classes(draft)
    yield from _backups(draft)


def _classes(draft: Draft) -> Iterator[Block]:
    if not draft.truths:
        yield Paragraph("No class of this code base is a source of truth.")
    for one in draft.truths:
        roles = [role.value for role, truth in draft.analysis.ssot.items() if truth.id == one.id]
        yield from _class(draft, one, f"the {series(roles)}")
    for one in draft.analysis.production(Role.FACTORY):
        if _features(draft, one):
            yield from _class(draft, one, "a factory beside them")
    yield from _duplicates(draft)
    yield from _legacy(draft)


def _class(draft: Draft, one: Class, part: str) -> Iterator[Block]:
    yield Heading(f"{draft.label(one)}, {part}")
    lines = one.end_line - one.line + 1
    methods = counted(one.method_count, "method")
    yield Paragraph(f"{at(one)} to line {one.end_line}: {counted(lines, 'line')}, {methods}.")
    features = _features(draft, one)
    if features:
        yield Listing(tuple(map(_feature, features)))


def _features(draft: Draft, one: Class) -> list[Feature]:
    return [feature for feature in draft.analysis.features if feature.id == one.id]


def _feature(found: Feature) -> Item:
    kind = _SPOKEN.get(found.kind, found.kind.replace("-", " "))
    text = sentence(f"{kind}: {found.detail}").removesuffix(".")
    return Item(text=text, done=True, places=places([found]))


def _duplicates(draft: Draft) -> Iterator[Block]:
    yield Heading("Duplicates")
    groups, rifts = draft.analysis.groups, draft.analysis.divergences
    if not groups and not rifts:
        yield Paragraph("No class duplicates another.")
        return
    for group in groups:
        yield from _group(draft, group)
    if rifts:
        yield Paragraph("Same name, another contract (to be told apart, never merged):")
        yield Listing(tuple(_rift(draft, rift) for rift in rifts))


def _group(draft: Draft, group: DuplicateGroup) -> Iterator[Block]:
    """The members with their places, then what they share and where they differ."""
    kind = _KINDS[group.kind].format(roles=counted(len(group.members), group.role))
    shared = f"; shared: {', '.join(group.shared)}" if group.shared else ""
    yield Paragraph(f"{kind}{shared}.")
    members = [Item(text=draft.label_of(one), places=places([one])) for one in group.members]
    yield Listing((*members, *(Item(text=f"differs: {text}") for text in group.differs)))


def _rift(draft: Draft, rift: Divergence) -> Item:
    text = f"{draft.label_of(rift.other)} against {draft.label_of(rift.ssot)}: {'; '.join(rift.conflicts)}"
    return Item(text=text, places=places([rift.other, rift.ssot]))


def _legacy(draft: Draft) -> Iterator[Block]:
    yield Heading("Legacy imports")
    found = draft.coded("WSC105")
    if not found:
        yield Paragraph("Nothing is imported from elsewhere than its source of truth.")
        return
    texts = (Item(text=one.message, places=places([one])) for one in found)
    yield Listing(tuple(texts))


def _backups(draft: Draft) -> Iterator[Block]:
    files = draft.analysis.backup_files
    if not files:
        yield Paragraph("There are no backup files.")
        return
    yield Heading("Backup files")
    yield Listing(tuple(Item(text=code(path)) for path in files))
