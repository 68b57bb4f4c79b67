"""The hierarchy that is drawn of classes."""

import pytest

from tests.programs import linked
from wsconsolidate.link.graphs import hierarchy

PROGRAMS = [
    ("class A: pass\nclass B(A): pass\nclass C(B): pass\n", "C", ["B -> A", "C -> B"]),
    ("class A: pass\nclass B: pass\nclass C(A, B): pass\n", "C", ["C -> A", "C -> B"]),
    ("class A: pass\nclass A(A): pass\nclass B(A): pass\n", "B", ["A -> A", "B -> A"]),
    ("from abc import ABC\nclass A(ABC): pass\n", "A", ["A -> ABC"]),
    ("class A(ValueError): pass\n", "A", ["A -> ValueError"]),
    ("import no_such\nclass A(no_such.B): pass\n", "A", ["A -> B"]),
    ("class A(B): pass\nclass B(A): pass\nclass C(A): pass\n", "C", ["C -> A"]),
    ("class A: pass\n", "A", []),
]


@pytest.mark.parametrize(("program", "name", "arrows"), PROGRAMS)
def test_arrows_lead_to_direct_bases(program, name, arrows):
    found = linked(program)
    drawing = hierarchy(found, {found.named(f"main.{name}")[-1].id: "manager"})
    labels = {node.name: node.label.rpartition(".")[2] for node in drawing.nodes}
    drawn = [f"{labels[arrow.start]} -> {labels[arrow.end]}" for arrow in drawing.arrows]
    assert set(arrows) <= set(drawn)
    assert len(drawn) == len(set(drawn)) or "A -> A" in drawn


def test_bases_stand_first_and_only_the_asked_bear_a_kind():
    program = linked("class B: pass\nclass A(B): pass\nclass Other: pass\n")
    drawing = hierarchy(program, {program.named("A")[0].id: "emitter"})
    assert [(node.label, node.kind) for node in drawing.nodes] == [("main.B", ""), ("main.A", "emitter")]


def test_what_is_not_known_is_not_certain():
    program = linked("import no_such\nclass A(no_such.B): pass\n")
    drawing = hierarchy(program, {program.named("A")[0].id: ""})
    assert [(node.label, node.certain) for node in drawing.nodes] == [("no_such.B", False), ("main.A", False)]
