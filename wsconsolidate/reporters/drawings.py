"""Drawings as text: Mermaid, the dot language of Graphviz, and JSON."""

import json
from collections.abc import Callable, Mapping

from wsconsolidate.model.drawing import Drawing, Node


def mermaid(drawing: Drawing) -> str:
    """A Mermaid flowchart; what is not certain has a dashed border."""
    numbers = _numbers(drawing)
    lines = [f'    {numbers[node.name]}["{_for_mermaid(_text(node))}"]' for node in drawing.nodes]
    for arrow in drawing.arrows:
        label = f'|"{_for_mermaid(", ".join(arrow.labels))}"|' if arrow.labels else ""
        lines.append(f"    {numbers[arrow.start]} -->{label} {numbers[arrow.end]}")
    dashed = [numbers[node.name] for node in drawing.nodes if not node.certain]
    if dashed:
        lines.append("    classDef uncertain stroke-dasharray: 5 5")
        lines.append(f"    class {','.join(dashed)} uncertain")
    return "\n".join([f"flowchart {'BT' if drawing.upwards else 'TD'}", *lines, ""])


def dot(drawing: Drawing) -> str:
    """A digraph in the dot language."""
    numbers = _numbers(drawing)
    direction = "BT" if drawing.upwards else "TB"
    lines = [f"digraph {drawing.title} {{", f"    rankdir={direction};", "    node [shape=box];"]
    for node in drawing.nodes:
        style = "" if node.certain else ", style=dashed"
        lines.append(f"    {numbers[node.name]} [label={_quoted(_text(node))}{style}];")
    for arrow in drawing.arrows:
        label = f" [label={_quoted(', '.join(arrow.labels))}]" if arrow.labels else ""
        lines.append(f"    {numbers[arrow.start]} -> {numbers[arrow.end]}{label};")
    return "\n".join([*lines, "}", ""])


def as_json(drawing: Drawing) -> str:
    """The nodes and arrows as a JSON document."""
    numbers = _numbers(drawing)
    nodes = [
        {
            "id": numbers[node.name],
            "label": node.label,
            "kind": node.kind or None,
            "path": node.path or None,
            "line": node.line or None,
            "certain": node.certain,
        }
        for node in drawing.nodes
    ]
    arrows = [
        {"from": numbers[arrow.start], "to": numbers[arrow.end], "labels": list(arrow.labels)}
        for arrow in drawing.arrows
    ]
    document = {"format": 1, "graph": drawing.title, "nodes": nodes, "edges": arrows}
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


DRAWERS: Mapping[str, Callable[[Drawing], str]] = {"mermaid": mermaid, "dot": dot, "json": as_json}


def _numbers(drawing: Drawing) -> dict[str, str]:
    return {node.name: f"n{index}" for index, node in enumerate(drawing.nodes)}


def _text(node: Node) -> str:
    return f"{node.label}\n{node.kind}" if node.kind else node.label


def _for_mermaid(text: str) -> str:
    for char, escape in (("&", "&amp;"), ('"', "#quot;"), ("<", "&lt;"), (">", "&gt;"), ("\n", "<br>")):
        text = text.replace(char, escape)
    return text


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
