"""The ways of all events as one drawing."""

from collections.abc import Iterable
from itertools import pairwise

from wsconsolidate.model.drawing import Arrow, Drawing, Node
from wsconsolidate.model.event import Hop, Way


def travels(ways: Iterable[Way]) -> Drawing:
    """Each hop of each way; an arrow bears the events that take it, and ends in `socket` or `lost`."""
    nodes: dict[str, Node] = {}
    arrows: dict[tuple[str, str], list[str]] = {}
    for way in ways:
        stops = [_stop(hop) for hop in way.hops] + [_end("socket" if way.arrives else "lost")]
        nodes.update((stop.name, stop) for stop in stops if stop.name not in nodes)
        for start, end in pairwise(stops):
            arrows.setdefault((start.name, end.name), []).append(way.event)
    return Drawing(
        title="events",
        nodes=tuple(nodes.values()),
        arrows=tuple(Arrow(*ends, tuple(dict.fromkeys(events))) for ends, events in arrows.items()),
        upwards=False,
    )


def _stop(hop: Hop) -> Node:
    return Node(name=hop.symbol, label=hop.symbol, kind="", path=hop.path, line=hop.line, certain=True)


def _end(word: str) -> Node:
    return Node(name=word, label=word, kind="", path="", line=0, certain=True)
