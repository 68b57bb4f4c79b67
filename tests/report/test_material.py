"""The questions that the sections share."""

import pytest

from wsconsolidate.report.material import Material


def material(analysis, findings=()):
    return Material(analysis=analysis, findings=tuple(findings), rules=())


def test_a_label_is_as_long_as_it_must_be(study, chat_files):
    emitter = chat_files["app/emitter.py"]
    twins = emitter.replace("class UnifiedEmitter", "class Sender")
    chat_files |= {"app/a.py": twins, "lib/a.py": twins, "app/b.py": twins + twins[twins.index("class") :]}
    analysis = study(chat_files)
    asked = material(analysis)
    labels = {asked.label(one) for one in asked.players}
    assert {"`UnifiedEmitter`", "`app.a.Sender`", "`lib.a.Sender`"} <= labels
    assert "`app.b.Sender` in `app/b.py:6`" in labels
    assert len(labels) == len(asked.players)


@pytest.mark.parametrize(
    ("symbol", "line", "owner"),
    [
        ("app.old_emitter.OldEmitter", 4, "OldEmitter"),
        ("app.old_emitter.OldEmitter.emit_agent_thinking", 12, "OldEmitter"),
        ("app.old_emitter", 1, None),
        ("app.old_emitter", 9999, None),
    ],
)
def test_the_owner_of_a_finding(chat, finding, symbol, line, owner):
    found = material(chat).owner(finding("WSC202", symbol, line))
    assert (found and found.name) == owner


def test_test_code_and_test_doubles_are_left_out(study, chat_files):
    chat_files["tests/fakes.py"] = chat_files["app/manager.py"].replace("UnifiedManager", "FakeManager")
    asked = material(study(chat_files))
    assert "FakeManager" not in {one.name for one in asked.players}
    assert asked.doubles == 1


def test_the_way_to_tell_passes_the_ssot_and_starts_far_back(chat):
    found = material(chat).way("agent_started")
    assert found is not None
    assert [hop.symbol.rpartition(".")[2] for hop in found.hops] == [
        "chat",
        "emit_agent_started",
        "send_to_user",
    ]
