"""The hierarchy of classes as a graph."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from wsconsolidate.model.drawing import Arrow, Drawing, Node
from wsconsolidate.model.program import Class, ClassId, MroStatus, Program

if TYPE_CHECKING:
    import networkx as nx

_LEFT_OUT = frozenset(("builtins.object", "typing.Generic"))
"""Stands above too many classes to say anything."""


def hierarchy(program: Program, kinds: Mapping[ClassId, str]) -> Drawing:
    """The classes in `kinds` and everything above them, the bases first; an arrow leads to a direct base.

    `kinds` gives the word that stands beside each class.
    """
    import networkx as nx

    graph: nx.DiGraph[str] = nx.DiGraph()
    for id in kinds:
        for member in program.bases(program.classes[id]):
            _add(graph, program, member, kinds)
    nodes = tuple(graph.nodes[name]["node"] for name in _bases_first(graph))
    place = {node.name: index for index, node in enumerate(nodes)}
    arrows = sorted(graph.edges, key=lambda edge: (place[edge[0]], place[edge[1]]))
    drawn = tuple(Arrow(start, end) for start, end in arrows)
    return Drawing(title="classes", nodes=nodes, arrows=drawn, upwards=True)


def _bases_first(graph: "nx.DiGraph[str]") -> Iterator[str]:
    """The names, each behind those above it; classes that are among their own bases stand together."""
    import networkx as nx

    groups = nx.condensation(graph.reverse(copy=False))
    members = {group: sorted(groups.nodes[group]["members"]) for group in groups}
    for group in nx.lexicographical_topological_sort(groups, key=lambda found: members[found][0]):
        yield from members[group]


def _add(graph: "nx.DiGraph[str]", program: Program, member: Class, kinds: Mapping[ClassId, str]) -> None:
    """Add a class with its direct bases; one that is its own base by name is told apart by its place."""
    if member.qualname in _LEFT_OUT:
        return
    name = _name(member)
    graph.add_node(name, node=_node(member, name, kinds.get(member.id, "")))
    above = {
        _base_name(program, id, base): base for base, id in zip(member.mro.names, member.mro.ids, strict=True)
    }
    for found, base in above.items():
        if base in member.bases and base not in _LEFT_OUT and found != name:
            if found not in graph:
                graph.add_node(found, node=_stranger(found, base))
            graph.add_edge(name, found)


def _name(member: Class) -> str:
    return f"{member.qualname} ({member.path}:{member.line})"


def _base_name(program: Program, id: ClassId | None, base: str) -> str:
    found = program.class_(id)
    return _name(found) if found else base


def _node(member: Class, name: str, kind: str) -> Node:
    return Node(
        name=name,
        label=member.qualname,
        kind=kind,
        path=member.path,
        line=member.line,
        certain=member.mro.status is MroStatus.EXACT,
    )


def _stranger(name: str, base: str) -> Node:
    """A base whose source was not read."""
    certain = not base.startswith("?")
    return Node(name=name, label=base.removeprefix("?"), kind="", path="", line=0, certain=certain)
