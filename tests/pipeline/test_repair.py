"""A plan keeps what does no harm, and says of the rest why it is left out."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from wsconsolidate.config import Overrides
from wsconsolidate.pipeline import repair as repairing
from wsconsolidate.pipeline.repair import Order, Repair, repair
from wsconsolidate.verify.change import Change, Objection, Rung

FILES = {
    "app/__init__.py": "",
    **{f"app/m{number}.py": f"X = {number}\n" for number in range(4)},
    **{f"app/m{number}.py.bak": f"X = -{number}\n" for number in range(4)},
}
Held = Callable[[Change], Iterator[Objection]]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Four backups that could go."""
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


@pytest.fixture
def asked(root: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Held], Repair]:
    """Repairs the tree with one more rung."""

    def ask(objections: Held) -> Repair:
        rung = Rung(name="mine", objections=objections, tried=lambda _: "mine")
        monkeypatch.setattr(repairing, "RUNGS", (*repairing.RUNGS, rung))
        return repair([root], Overrides(), Order())

    return ask


def left(done: Repair) -> Mapping[str, str]:
    return {refusal.path: refusal.reason for refusal in done.plan.refusals}


def test_all_groups_are_kept_if_nothing_is_held_against_them(asked):
    done = asked(lambda _: iter(()))
    assert len(done.plan.groups) == 4
    assert not done.plan.refusals
    assert list(done.checks) == [*(rung.name for rung in repairing.RUNGS)]


def test_a_group_that_is_blamed_by_its_key_is_left_out(asked):
    key = "WSC106 app/m1.py.bak app/m1.py.bak"
    done = asked(lambda c: (Objection(reason="why", key=g.key) for g in c.plan.groups if g.key == key))
    assert left(done) == {"app/m1.py.bak": "why"}
    assert [edit.path for edit in done.plan.edits] == [f"app/m{number}.py.bak" for number in (0, 2, 3)]


def test_the_groups_of_a_file_that_is_blamed_are_left_out(asked):
    done = asked(
        lambda c: (Objection(reason="why", paths=(edit.path,)) for edit in c.plan.edits if "m2" in edit.path)
    )
    assert left(done) == {"app/m2.py.bak": "why"}


def test_where_nothing_tells_the_group_that_brings_the_objection_is_found(asked):
    def objections(change: Change) -> Iterator[Objection]:
        if any("m1" in edit.path or "m3" in edit.path for edit in change.plan.edits):
            yield Objection(reason="something is wrong")

    done = asked(objections)
    assert left(done) == dict.fromkeys(("app/m1.py.bak", "app/m3.py.bak"), "something is wrong")
    assert len(done.plan.edits) == 2


def test_two_groups_that_do_not_go_together_are_not_both_left_out(asked):
    def objections(change: Change) -> Iterator[Objection]:
        if {"app/m0.py.bak", "app/m1.py.bak"} <= {edit.path for edit in change.plan.edits}:
            yield Objection(reason="only one of them")

    assert left(asked(objections)) == {"app/m1.py.bak": "only one of them"}


def test_progress_tells_how_many_fixes_are_proved(root: Path):
    told: dict[str, None] = {}
    repair([root], Overrides(), Order(), lambda stage, *_: told.setdefault(stage))
    assert [one for one in told if "reading" in one] == ["reading", "proving 4 fixes, reading"]


def test_if_everything_is_left_out_no_rung_is_said_to_hold(asked):
    done = asked(lambda change: (Objection(reason="no", paths=(edit.path,)) for edit in change.plan.edits))
    assert (done.plan.groups, done.plan.edits, done.checks) == ((), (), {})
    assert len(left(done)) == 4


@pytest.mark.parametrize("rung", repairing.RUNGS, ids=lambda rung: rung.name)
def test_every_rung_is_asked(rung: Rung, root: Path, monkeypatch: pytest.MonkeyPatch):
    told = []

    def noted(change: Change) -> Iterator[Objection]:
        told.append(rung.name)
        return rung.objections(change)

    rungs = [replace(one, objections=noted) if one is rung else one for one in repairing.RUNGS]
    monkeypatch.setattr(repairing, "RUNGS", tuple(rungs))
    repair([root], Overrides(), Order())
    assert told == [rung.name]


@pytest.mark.parametrize(("codes", "count"), [(("WSC106",), 4), (("WSC1",), 4), (("WSC101",), 0)])
def test_only_what_is_ordered_is_planned(root: Path, codes: tuple[str, ...], count: int):
    assert len(repair([root], Overrides(), Order(select=codes)).plan.groups) == count
