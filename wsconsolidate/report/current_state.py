"""The current state: the SSOT classes with their features; duplicates, legacy code and backup files."""

from collections.abc import Iterator

from wsconsolidate.model.analysis import DuplicateGroup, Feature
from wsconsolidate.model.program import Class
from wsconsolidate.model.report import Block, Heading, Item, Listing, Paragraph, Section
from wsconsolidate.report.material import Draft
from wsconsolidate.report.words import at, code, count, places, sentence, series

FEATURES = (
    "singleton",
    "per-user isolation",
    "heartbeat",
    "pooling",
    "stale clean-up",
    "retry with back-off",
    "metrics",
    "factory",
    "pool",
    "idempotent initialisation",
    "health",
    "state machine",
    "degradation",
)


def section(draft: Draft) -> Section:
    """What stays, and what stands beside it."""
    return Section("current_state", "Current state", tuple(_blocks(draft)))


def _blocks(draft: Draft) -> Iterator[Block]:
    if not draft.truths:
        yield Paragraph("No class of this code base is a source of truth.")
    for one in draft.truths:
        yield from _truth(draft, one)
    yield from _duplicates(draft)
    yield from _legacy(draft)
    yield from _backups(draft)


def _truth(draft: Draft, one: Class) -> Iterator[Block]:
    roles = [role.value for role, truth in draft.analysis.ssot.items() if truth.id == one.id]
    yield Heading(f"{draft.label(one)}, the {series(roles)}")
    lines = one.end_line - one.line + 1
    methods = count(one.method_count, "method")
    yield Paragraph(f"{at(one.path, one.line)} to line {one.end_line}: {count(lines, 'line')}, {methods}.")
    features = [feature for feature in draft.analysis.features if feature.id == one.id]
    if features:
        yield Listing(tuple(_feature(found) for found in _by_kind(features)))
    else:
        yield Paragraph("None of the known features was found in it.")


def _by_kind(features: list[Feature]) -> list[list[Feature]]:
    kinds: dict[str, list[Feature]] = {}
    for feature in features:
        kinds.setdefault(feature.kind, []).append(feature)
    return list(kinds.values())


def _feature(found: list[Feature]) -> Item:
    details = dict.fromkeys(feature.detail for feature in found if feature.detail)
    text = f"{_spoken(found[0].kind)}: {'; '.join(details)}" if details else _spoken(found[0].kind)
    proof = places((feature.path, feature.line) for feature in found)
    return Item(text=sentence(text).removesuffix("."), done=True, places=proof)


def _spoken(kind: str) -> str:
    return kind.replace("_", " ")


def _duplicates(draft: Draft) -> Iterator[Block]:
    yield Heading("Duplicates")
    groups, rifts = draft.analysis.groups, draft.analysis.divergences
    if not groups and not rifts:
        yield Paragraph("No class duplicates another.")
        return
    items = [_group(draft, group) for group in groups]
    for rift in rifts:
        text = (
            f"{draft.label_of(rift.other)} bears the name of the {rift.role.value} "
            f"{draft.label_of(rift.ssot)} and differs: {'; '.join(rift.conflicts)}"
        )
        items.append(Item(text=text, places=places([rift.other, rift.ssot])))
    yield Listing(tuple(items))


def _group(draft: Draft, group: DuplicateGroup) -> Item:
    members = series([draft.label_of(member) for member in group.members])
    text = f"{group.kind.value.capitalize()} among the {group.role.value}s: {members}"
    shared = f"; shared: {_names(group.shared)}" if group.shared else ""
    differs = f"; differs: {_names(group.differs)}" if group.differs else ""
    return Item(text=f"{text}{shared}{differs}", places=places(group.members))


def _names(names: tuple[str, ...]) -> str:
    return series([code(name) for name in names])


def _legacy(draft: Draft) -> Iterator[Block]:
    yield Heading("Legacy imports")
    found = draft.coded("WSC105")
    if not found:
        yield Paragraph("Nothing is imported from elsewhere than its source of truth.")
        return
    texts = (Item(text=one.message, places=places([(one.path, one.line)])) for one in found)
    yield Listing(tuple(texts))


def _backups(draft: Draft) -> Iterator[Block]:
    yield Heading("Backup files")
    files = draft.analysis.backup_files
    if not files:
        yield Paragraph("There are none.")
        return
    yield Listing(tuple(Item(text=code(path)) for path in files))
