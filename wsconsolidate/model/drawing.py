"""A graph to be drawn: what stands in it, and what leads where."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A box: `name` is its full name, `label` the short one, `kind` a word about it, or empty."""

    name: str
    label: str
    kind: str
    path: str
    line: int
    certain: bool


@dataclass(frozen=True, slots=True)
class Arrow:
    """An arrow between two nodes, known by name; `labels` are what it bears."""

    start: str
    end: str
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """Nodes in the order in which they are drawn, and the arrows between them, which point up or down."""

    title: str
    nodes: tuple[Node, ...]
    arrows: tuple[Arrow, ...]
    upwards: bool
