"""A drawing in each language."""

import json

import pytest

from wsconsolidate.model.drawing import Arrow, Drawing, Node
from wsconsolidate.reporters.drawings import DRAWERS


def node(name: str, *, kind: str = "", certain: bool = True) -> Node:
    return Node(name=name, label=name, kind=kind, path="a.py", line=1, certain=certain)


DRAWING = Drawing(
    title="classes",
    nodes=(node("a.Base"), node('a.f.<locals>."X"', kind="manager", certain=False)),
    arrows=(Arrow('a.f.<locals>."X"', "a.Base", ("one", "two")),),
    upwards=True,
)
TEXTS = {
    "mermaid": """\
flowchart BT
    n0["a.Base"]
    n1["a.f.&lt;locals&gt;.#quot;X#quot;<br>manager"]
    n1 -->|"one, two"| n0
    classDef uncertain stroke-dasharray: 5 5
    class n1 uncertain
""",
    "dot": """\
digraph classes {
    rankdir=BT;
    node [shape=box];
    n0 [label="a.Base"];
    n1 [label="a.f.<locals>.\\"X\\"\\nmanager", style=dashed];
    n1 -> n0 [label="one, two"];
}
""",
}


@pytest.mark.parametrize("language", TEXTS)
def test_text(language):
    assert DRAWERS[language](DRAWING) == TEXTS[language]


def test_json():
    document = json.loads(DRAWERS["json"](DRAWING))
    assert [found["label"] for found in document["nodes"]] == ["a.Base", 'a.f.<locals>."X"']
    assert document["edges"] == [{"from": "n1", "to": "n0", "labels": ["one", "two"]}]
    assert [found["certain"] for found in document["nodes"]] == [True, False]
