"""What was not seen: the end of every output that people read."""

from collections import Counter
from collections.abc import Iterator

from wsconsolidate.model.counting import counted
from wsconsolidate.model.program import Class
from wsconsolidate.model.report import Block, Heading, Item, Listing, Paragraph, Place, Report
from wsconsolidate.reporters.spoken import told

_ALL_SEEN = (
    "Nothing was left unseen: every file was read, every MRO is exact, no event is chosen at run time."
)
_RULED_OUT = (
    "{:,} of the files were not parsed: nothing in their bytes, and nothing that leads to them, has to do "
    "with sockets or events (`--all-classes` reads them)"
)


def closing(report: Report, *, all_classes: bool = False) -> tuple[Block, ...]:
    """The statement of completeness, as blocks.

    Classes without a role whose MRO is not exact are counted by reason, unless `all_classes`.
    """
    if _is_whole(report):
        return (Heading("Not seen"), Paragraph(_ALL_SEEN))
    return (Heading("Not seen"), Listing(tuple(_items(report, all_classes=all_classes))))


def unseen(report: Report) -> Iterator[str]:
    """The statement of completeness as plain lines, for formats that are no page."""
    if _is_whole(report):
        yield _ALL_SEEN
        return
    for item in _items(report, all_classes=False):
        places = ", ".join(told(item.places))
        yield f"not seen: {item.text.replace('`', '')}{f' ({places})' if places else ''}"


def _is_whole(report: Report) -> bool:
    return report.completeness.complete and not report.completeness.files_ruled_out


def _items(report: Report, *, all_classes: bool) -> Iterator[Item]:
    left = report.completeness
    if left.files_ruled_out:
        yield Item(text=_RULED_OUT.format(left.files_ruled_out))
    for problem in left.files_not_read:
        text = f"not read ({problem.kind.value}): {problem.message}"
        yield Item(text=text, places=(Place(problem.path, problem.line),))
    shown = [one for one in left.inexact_mros if all_classes or one.id in report.analysis.casts]
    yield from (_mro(one) for one in shown)
    yield from _others([one for one in left.inexact_mros if one not in shown])
    for event in left.runtime_events:
        text = f"event chosen at run time in `{event.symbol}`: {event.detail}"
        yield Item(text=text, places=(Place(event.path, event.line),))


def _mro(one: Class) -> Item:
    problem = one.mro.problem
    status = one.mro.status.value
    reason = f" ({problem.code})" if problem and problem.code != status else ""
    text = f"MRO of `{one.qualname}` is {status}{reason}{': ' + problem.detail if problem else ''}"
    return Item(text=text, places=(Place(one.path, one.line),))


def _others(others: list[Class]) -> Iterator[Item]:
    reasons = Counter(one.mro.problem.code if one.mro.problem else one.mro.status.value for one in others)
    for reason, number in sorted(reasons.items()):
        classes = counted(number, "more class")
        yield Item(text=f"MRO of {classes} without a role: {reason} (see `--all-classes`)")
