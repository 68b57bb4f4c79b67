"""The section of actions: high, medium and low, open or done."""

from collections.abc import Iterator

from wsconsolidate.model.finding import Applicability
from wsconsolidate.model.report import (
    Action,
    Block,
    Heading,
    Item,
    Listing,
    Paragraph,
    Priority,
)
from wsconsolidate.report.checks import checks
from wsconsolidate.report.done import done_actions
from wsconsolidate.report.material import Draft, Material
from wsconsolidate.report.open import open_actions
from wsconsolidate.report.words import sentence

_ORDER = tuple(Priority)
_FIXES = {
    Applicability.SAFE: "`fix` does it",
    Applicability.UNSAFE: "`fix --unsafe` does it",
    Applicability.DISPLAY: "by hand",
}


def collect(material: Material) -> tuple[Action, ...]:
    """Every action: by priority, the open ones first, else as found."""
    found = (*open_actions(material), *done_actions(material), *checks(material))
    return tuple(sorted(found, key=lambda action: (_ORDER.index(action.priority), action.done)))


def blocks(draft: Draft) -> Iterator[Block]:
    """The actions under a heading for each priority."""
    for priority in Priority:
        yield from _of(draft, priority)
    if not draft.actions:
        yield Paragraph("There is nothing to do.")


def _of(draft: Draft, priority: Priority) -> Iterator[Block]:
    actions = [action for action in draft.actions if action.priority is priority]
    if not actions:
        return
    done = sum(action.done for action in actions)
    yield Heading(f"{priority.value.capitalize()} priority: {done} of {len(actions)} done")
    yield Listing(tuple(item(action) for action in actions))


def item(action: Action) -> Item:
    """An action as a line of a list."""
    notes = [action.rule] if action.rule else []
    if not action.done and action.rule:
        notes.append(_FIXES[action.fix])
    text = sentence(action.title)
    note = f" ({', '.join(notes)})" if notes else ""
    return Item(text=text.removesuffix(".") + note, done=action.done, places=action.places)
