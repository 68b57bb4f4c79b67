"""The way of each event from request to socket, as text and as one Mermaid drawing."""

from collections.abc import Iterator
from itertools import pairwise

from wsconsolidate.model.event import Way
from wsconsolidate.model.report import Block, Code, Heading, Paragraph
from wsconsolidate.report.material import Draft
from wsconsolidate.report.words import code, series


def flow(draft: Draft) -> Iterator[Block]:
    """Each event's way, told once for the events that share it."""
    yield Heading("Event flow from request to socket")
    if not draft.senders:
        yield Paragraph("No class sends events.")
        return
    if not draft.speaks:
        yield Paragraph("No class sends a critical event by its name.")
        return
    ways = [way for event in draft.analysis.vocabulary.events if (way := draft.way(event))]
    if ways:
        yield Code("text", "\n\n".join(_text(way) for way in ways))
        yield Code("mermaid", mermaid(ways))
    silent = [event for event in draft.analysis.vocabulary.events if draft.way(event) is None]
    if silent:
        yield Paragraph(f"Nothing in the program starts {series([code(event) for event in silent])}.")


def _text(way: Way) -> str:
    end = "arrives at the socket" if way.arrives else "does not arrive"
    lines = [f"{way.event} {end}"]
    for number, hop in enumerate(way.hops, 1):
        lines.append(f"  {number}. {hop.symbol}  {hop.path}:{hop.line}")
    return "\n".join(lines)


def mermaid(ways: list[Way]) -> str:
    """One flowchart; an arrow bears the events that take it, an event that is lost ends in `lost`."""
    nodes: dict[str, str] = {}
    edges: dict[tuple[str, str], list[str]] = {}
    for way in ways:
        stops = [hop.symbol for hop in way.hops] + ["socket" if way.arrives else "lost"]
        for stop in stops:
            nodes.setdefault(stop, f"n{len(nodes)}")
        for pair in pairwise(stops):
            edges.setdefault(pair, []).append(way.event)
    drawn = [_node(node, name) for name, node in nodes.items()]
    arrows = [_arrow(nodes[a], nodes[b], events, len(ways)) for (a, b), events in edges.items()]
    return "\n".join(["flowchart TD", *(f"    {line}" for line in (*drawn, *arrows))])


def _node(node: str, name: str) -> str:
    if name in ("socket", "lost"):
        return f'{node}(["{name}"])'
    return f'{node}["{_escaped(".".join(name.split(".")[-2:]))}"]'


def _arrow(start: str, end: str, events: list[str], all_events: int) -> str:
    label = "all events" if len(events) == all_events > 1 else ", ".join(dict.fromkeys(events))
    return f'{start} -->|"{_escaped(label)}"| {end}'


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace('"', "#quot;").replace("<", "&lt;").replace(">", "&gt;")
