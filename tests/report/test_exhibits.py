"""Which lines a report shows, and how duplicates are laid side by side."""

from dataclasses import replace

import pytest

from wsconsolidate.model.analysis import Analysis, DuplicateGroup, Likeness
from wsconsolidate.model.exhibit import Exhibits
from wsconsolidate.model.report import Report
from wsconsolidate.model.role import Role
from wsconsolidate.report.build import build
from wsconsolidate.report.exhibits import LONGEST_LINE, exhibits


@pytest.fixture
def paired(chat: Analysis) -> Report:
    """The small program, in which two emitters are duplicates."""
    new, old = (chat.program.named(name)[0].id for name in ("UnifiedEmitter", "OldEmitter"))
    group = DuplicateGroup(
        role=Role.EMITTER, kind=Likeness.NEAR_COPY, members=(new, old), shared=(), differs=()
    )
    return build(replace(chat, groups=(group,)), (), ())


def numbers(found: Exhibits, path: str) -> list[int]:
    """The lines shown of a file."""
    return [number for number, _ in found.quotes[path].lines] if path in found.quotes else []


def test_a_finding_is_shown_with_the_lines_around_it(chat: Analysis, finding):
    alone = replace(chat, casts={}, coverage={}, ways=(), groups=())
    found = exhibits(build(alone, (finding("WSC202", "app.old_emitter.OldEmitter", 12),), ()))
    assert numbers(found, "app/old_emitter.py") == [10, 11, 12, 13, 14]


def test_every_step_of_a_way_is_shown(chat: Analysis):
    found = exhibits(build(chat, (), ()))
    hops = {(hop.path, hop.line) for way in chat.ways for hop in way.hops}
    assert hops
    assert all(line in numbers(found, path) for path, line in hops)


def test_evidence_is_shown_and_the_head_of_the_class(chat: Analysis):
    found = exhibits(build(chat, (), ()))
    manager = chat.program.named("UnifiedManager")[0]
    shown = numbers(found, manager.path)
    assert manager.line in shown
    assert all(seen.line in shown for seen in chat.casts[manager.id].evidence)


def test_a_duplicate_stands_beside_what_stays(paired: Report):
    found = exhibits(paired)
    (pair,) = found.comparisons
    new, old = (paired.analysis.program.classes[one] for one in (pair.left, pair.right))
    assert (new.name, old.name) == ("UnifiedEmitter", "OldEmitter")
    assert pair.stretches[0].left[0] == new.line
    assert pair.stretches[-1].left[1] == new.end_line + 1
    assert pair.stretches[-1].right[1] == old.end_line + 1
    assert {part.same for part in pair.stretches} == {True, False}
    texts = {one.path: dict(found.quotes[one.path].lines) for one in (new, old)}
    for part in (one for one in pair.stretches if one.same):
        left, right = (
            [texts[one.path][number] for number in range(*span)]
            for one, span in ((new, part.left), (old, part.right))
        )
        assert left == right


def test_what_there_is_no_room_for_is_counted(paired: Report):
    found = exhibits(paired, room=200)
    assert found.not_compared == 1
    assert found.left_out == len(paired.analysis.casts)
    assert sum(len(text) + 1 for quote in found.quotes.values() for _, text in quote.lines) <= 200


def test_a_long_line_is_cut(study, chat_files: dict[str, str], finding):
    text = chat_files["app/old_emitter.py"].replace("class OldEmitter:", f"class OldEmitter:  # {'x' * 999}")
    chat = study({**chat_files, "app/old_emitter.py": text})
    found = exhibits(build(chat, (finding("WSC202", "app.old_emitter.OldEmitter", 4),), ()))
    assert max(len(line) for _, line in found.quotes["app/old_emitter.py"].lines) == LONGEST_LINE
