"""The section of validation: inheritance of each class, and each event's way to the socket."""

from collections.abc import Iterator

from wsconsolidate.model.counting import counted
from wsconsolidate.model.program import Class, MroStatus
from wsconsolidate.model.report import Block, Code, Heading, Item, Listing, Paragraph, Table
from wsconsolidate.report.flow import flow
from wsconsolidate.report.material import Draft
from wsconsolidate.report.words import code, is_are, places, series


def blocks(draft: Draft) -> Iterator[Block]:
    """Whether the classes stand, and whether the events arrive."""
    if draft.players:
        yield from _inheritance(draft)
        yield from flow(draft)


def _inheritance(draft: Draft) -> Iterator[Block]:
    yield Heading("Method resolution order")
    rows = tuple(_row(draft, one) for one in draft.players)
    yield Table(("Class", "MRO", "Status", "Methods"), rows)
    yield from _trees(draft)
    yield from _conflicts(draft)


def _row(draft: Draft, one: Class) -> tuple[str, ...]:
    order = _order(one.mro.names)
    return (draft.label(one), code(order) if order else "none", one.mro.status.value, str(one.method_count))


def _order(names: tuple[str, ...]) -> str:
    return " > ".join(_short(name) for name in names)


def _short(name: str) -> str:
    return name.rpartition(".")[2] if not name.startswith("?") else name


def _trees(draft: Draft) -> Iterator[Block]:
    deep = [one for one in draft.truths if len(one.mro.names) > 2]
    if deep:
        yield Code("text", "\n".join(line for one in deep for line in _tree(draft, one)))


def _tree(draft: Draft, one: Class) -> Iterator[str]:
    for depth, (name, where) in enumerate(zip(one.mro.names, one.mro.ids, strict=True)):
        base = draft.analysis.program.class_(where)
        own = f": {counted(len(base.methods), 'method')} of its own" if base and base.in_tree else ""
        mark = "   " * (depth - 1) + "└─ " if depth else ""
        yield f"{mark}{name}{own}"


def _conflicts(draft: Draft) -> Iterator[Block]:
    found = draft.coded("WSC3")
    inexact = [one for one in draft.players if one.mro.status is not MroStatus.EXACT]
    if not found and not inexact:
        silent = ", and no rule of inheritance finds anything" if draft.asked("WSC3") else ""
        yield Paragraph(f"No conflict: every order is exact{silent}.")
        return
    items = [Item(text=f"{one.code} {one.message}", places=places([one])) for one in found]
    unsaid = [one for one in inexact if not draft.against(one, "WSC301")]
    yield Listing((*items, *_reasons(draft, unsaid)))


def _reasons(draft: Draft, inexact: list[Class]) -> Iterator[Item]:
    """Why orders are not exact, classes with the same reason together."""
    reasons: dict[str, list[Class]] = {}
    for one in inexact:
        reasons.setdefault(_reason(one), []).append(one)
    for reason, found in reasons.items():
        text = f"{series([draft.label(one) for one in found])} {is_are(len(found))} {reason}"
        yield Item(text=text, places=places(found))


def _reason(one: Class) -> str:
    orders = [f"{found.condition}: {code(_order(found.names))}" for found in one.mro.alternatives]
    detail = "; ".join(orders) or (one.mro.problem.detail if one.mro.problem else "")
    return f"{one.mro.status.value}: {detail}" if detail else one.mro.status.value
