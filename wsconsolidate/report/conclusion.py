"""The conclusion: completion and how it is counted, priority, status, risk, next steps."""

from collections.abc import Iterator

from wsconsolidate.model.counting import counted
from wsconsolidate.model.finding import Applicability
from wsconsolidate.model.report import Block, Item, Listing, Paragraph, Priority
from wsconsolidate.report.material import Draft
from wsconsolidate.report.words import code, percent, sentence, series


def blocks(draft: Draft) -> Iterator[Block]:
    """Where the code base stands and what comes next."""
    if not draft.players:
        return
    yield Listing(
        (
            Item(text=f"Completion: {_completion(draft)}"),
            Item(text=f"Priority: {_priority(draft)}"),
            Item(text=f"Status: {_status(draft)}"),
            Item(text=f"Risk: {risk(draft)}"),
        )
    )
    steps = tuple(Item(text=sentence(step)) for step in _steps(draft))
    if steps:
        yield Paragraph("Next steps:")
        yield Listing(steps)


def _completion(draft: Draft) -> str:
    figures = draft.summary
    total = figures.done + figures.open
    if not total:
        return "there is no action of high or medium priority."
    how = "done / (done + open), counted over the actions of high and medium priority"
    return f"{percent(figures.completion)} ({figures.done} of {total}: {how})."


def _open(draft: Draft, priority: Priority) -> int:
    return sum(one.priority is priority and not one.done for one in draft.actions)


def _priority(draft: Draft) -> str:
    for priority in (Priority.HIGH, Priority.MEDIUM):
        number = _open(draft, priority)
        if number:
            return f"{priority.value} ({counted(number, 'open action')})."
    return "low (no action of high or medium priority is open)."


def _status(draft: Draft) -> str:
    if not draft.summary.open:
        return "consolidated."
    return "consolidation in progress." if draft.summary.done else "consolidation not begun."


def risk(draft: Draft) -> str:
    """What may happen, and why."""
    lost = [event for event in draft.analysis.vocabulary.events if draft.arriving(event) is None]
    errors = [one for one in draft.coded("WSC2") if one.severity == "error"]
    if errors:
        number = counted(len(errors), "finding means", "findings mean")
        return f"high: {number} that an event can be lost and a chat hang."
    if not draft.senders:
        return "low: no class sends events."
    if not draft.speaks:
        return (
            "unknown: no critical event occurs in this program, and events of other names are not followed."
        )
    if lost:
        return f"high: no way to the socket was found for {series([code(event) for event in lost])}."
    if draft.findings:
        return "moderate: every critical event arrives, but the findings make it easy to lose one."
    return "low: every critical event arrives, and no finding is left."


def _steps(draft: Draft) -> Iterator[str]:
    fixes = {fix: sum(one.fix is fix for one in draft.findings) for fix in Applicability}
    by_hand = fixes[Applicability.DISPLAY]
    if fixes[Applicability.SAFE]:
        safe = counted(fixes[Applicability.SAFE], "finding")
        yield f"read the diff of `wsconsolidate fix`, then write it with `--apply`: it settles {safe}"
    if fixes[Applicability.UNSAFE]:
        yield f"review {counted(fixes[Applicability.UNSAFE], 'more edit')} with `wsconsolidate fix --unsafe`"
    if by_hand:
        yield f"settle {counted(by_hand, 'finding')} by hand; `wsconsolidate explain CODE` tells how"
    others = sum(not (one.done or one.rule) for one in draft.actions if one.priority is not Priority.LOW)
    if others:
        yield f"take up {counted(others, 'action')} that no rule names"
    if draft.findings:
        yield "keep what is reached: `wsconsolidate check --update-baseline`, then `check` in CI"
    else:
        yield "keep it that way: run `wsconsolidate check` in CI"
