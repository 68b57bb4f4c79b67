"""The joined result as text: for a terminal, as a Markdown page, as JSON."""

import json
from collections.abc import Iterator
from dataclasses import asdict

from wsconsolidate import __version__
from wsconsolidate.fleet.copies import Copies
from wsconsolidate.fleet.join import EventShare, Fleet, Row, Share
from wsconsolidate.model.counting import counted
from wsconsolidate.model.event import EventStatus
from wsconsolidate.model.report import Block, Heading, Item, Listing, Paragraph, Table
from wsconsolidate.reporters import to_markdown
from wsconsolidate.reporters.options import Options

_UNSEEN = (
    ("not_read", "file", "not read"),
    ("inexact_mros", "class", "whose MRO is not exact"),
    ("runtime_events", "place", "where the event is chosen at run time"),
    ("left_out", "class", "with a role beyond the limit of a repository"),
)


def to_console(fleet: Fleet, options: Options) -> str:
    """Tables to read."""
    from wsconsolidate.reporters.to_console import show

    return show(_blocks(fleet), options)


def to_markdown_page(fleet: Fleet, options: Options) -> str:  # noqa: ARG001 - as its neighbours
    """The same as a page."""
    return to_markdown.page(("# Fleet", *_blocks(fleet)))


def to_json(fleet: Fleet, options: Options) -> str:  # noqa: ARG001 - as its neighbours
    """The same as a document; lists are cut as the tables are, `totals` says how much there is."""
    tool = {"name": "wsconsolidate", "version": __version__}
    return json.dumps({"format": 1, "tool": tool, **asdict(fleet)}, indent=2) + "\n"


def _blocks(fleet: Fleet) -> Iterator[Block]:
    yield Paragraph(_headline(fleet))
    yield from _failures(fleet)
    yield from _roles(fleet)
    yield from _events(fleet)
    yield from _copies(fleet)
    yield from _repositories(fleet)
    yield from _findings(fleet)
    yield Heading("Not seen")
    yield Listing(tuple(_unseen(fleet)) or (Item(text="nothing was left unseen"),))


def _headline(fleet: Fleet) -> str:
    totals = fleet.totals
    failed = f", {totals.failed:,} failed" if totals.failed else ""
    empty = f" ({totals.without_python:,} without Python)" if totals.without_python else ""
    playing = sum(role.number for role in fleet.roles)
    return (
        f"{counted(totals.analysed, 'repository')} analysed{empty}{failed}: {counted(totals.files, 'file')}, "
        f"{counted(totals.lines, 'line')}; {counted(playing, 'class')} with a role in "
        f"{counted(totals.playing, 'repository')}; "
        f"{counted(totals.copies, 'class')} copied between repositories."
    )


def _failures(fleet: Fleet) -> Iterator[Block]:
    if fleet.failures:
        yield Heading(f"Failed ({fleet.totals.failed:,})")
        rows = ((f"`{one.repository}`", one.reason) for one in fleet.failures)
        yield Table(("Repository", "Reason"), tuple(rows))
        yield from _rest(fleet.totals.failed - len(fleet.failures), "repository")


def _roles(fleet: Fleet) -> Iterator[Block]:
    if fleet.roles:
        yield Heading("Roles")
        yield Table(("Role", "Classes", "Repositories"), tuple(map(_share, fleet.roles)))


def _events(fleet: Fleet) -> Iterator[Block]:
    if fleet.events:
        yield Heading("Events")
        statuses = [one for one in EventStatus if any(one in event.statuses for event in fleet.events)]
        columns = ("Event", "Sent in", *(status.value for status in statuses), "Not sent in")
        yield Table(columns, tuple(_event(event, statuses) for event in fleet.events))
        yield from _rest(fleet.totals.events - len(fleet.events), "event")


def _event(event: EventShare, statuses: list[EventStatus]) -> tuple[str, ...]:
    left = event.concerned - event.covered - len(event.without)
    names = [f"`{name}`" for name in event.without] + ([f"{left:,} more"] if left else [])
    return (
        event.event,
        f"{event.covered:,} of {event.concerned:,}",
        *(f"{event.statuses.get(status, 0):,}" for status in statuses),
        "\n".join(names),
    )


def _copies(fleet: Fleet) -> Iterator[Block]:
    if fleet.copies:
        yield Heading(f"Copied between repositories ({fleet.totals.copies:,})")
        yield Table(("Class", "Repositories", "Classes", "Where"), tuple(map(_copy, fleet.copies)))
        yield from _rest(fleet.totals.copies - len(fleet.copies), "class")


def _copy(one: Copies) -> tuple[str, ...]:
    names = dict.fromkeys(f"`{member.qualname.rpartition('.')[2]}`" for member in one.members)
    kind = f"{one.kind.value} in {one.versions:,} versions" if one.versions > 1 else one.kind.value
    told = (*names, f"{', '.join(one.roles)}, {counted(one.lines, 'line')}", kind)
    where = [f"`{member.repository}`: `{member.path}:{member.line}`" for member in one.members]
    more = [f"{one.classes - len(where):,} more"] if one.classes > len(where) else []
    return ("\n".join(told), f"{one.repositories:,}", f"{one.classes:,}", "\n".join(where + more))


def _repositories(fleet: Fleet) -> Iterator[Block]:
    if fleet.repositories:
        yield Heading(f"Repositories with a role ({fleet.totals.playing:,})")
        columns = ("Repository", "Roles", "Events", "Duplicates", "Shared", "Findings", "Completion")
        yield Table(columns, tuple(map(_row, fleet.repositories)))
        yield from _rest(fleet.totals.playing - len(fleet.repositories), "repository")


def _row(row: Row) -> tuple[str, ...]:
    return (
        f"`{row.repository}`",
        ", ".join(f"{number:,} {role}" for role, number in row.roles.items()),
        f"{row.covered}/{row.events}" if row.events else "",
        f"{row.duplicates:,}",
        f"{row.shared:,}",
        f"{row.findings:,}",
        f"{row.completion:.0%}",
    )


def _findings(fleet: Fleet) -> Iterator[Block]:
    if fleet.findings:
        yield Heading("Findings")
        yield Table(("Rule", "Findings", "Repositories"), tuple(map(_share, fleet.findings)))


def _share(share: Share) -> tuple[str, ...]:
    return (share.name, f"{share.number:,}", f"{share.repositories:,}")


def _unseen(fleet: Fleet) -> Iterator[Item]:
    numbers = asdict(fleet.totals)
    for name, noun, what in _UNSEEN:
        if numbers[name]:
            yield Item(text=f"{counted(numbers[name], noun)} {what}")


def _rest(number: int, noun: str) -> Iterator[Block]:
    if number:
        yield Paragraph(f"And {counted(number, f'more {noun}')}.")
