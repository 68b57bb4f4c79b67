"""`wsconsolidate explain`."""

from pathlib import Path

import pytest

from tests.cli.conftest import Run, lay
from wsconsolidate.rules.registry import RULES


@pytest.mark.parametrize("subject", ["WSC106", "wsc106", "backup-file"])
def test_rule(run: Run, subject: str) -> None:
    result = run("explain", subject)
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.startswith("WSC106 backup-file\nseverity: note, since ")
    for word in ("*Why it matters*", "Found:", "Not found:", "# file: app/manager.py"):
        assert word in result.stdout


def test_every_rule_has_a_page(run: Run) -> None:
    for rule in RULES:
        assert rule.summary in run("explain", rule.code).stdout


def test_unknown_rule(run: Run) -> None:
    result = run("explain", "WSC1001")
    assert (result.returncode, result.stdout) == (2, "")
    assert "no rule is called 'WSC1001'; did you mean `WSC" in result.stderr


@pytest.mark.parametrize("name", ["OldEmitter", "app.old_emitter.OldEmitter"])
def test_class(run: Run, project: Path, name: str) -> None:
    result = run("explain", name, project)
    assert (result.returncode, result.stderr) == (0, "")
    for word in (
        "app.old_emitter.OldEmitter (app/old_emitter.py:4)",
        "role: emitter, confidence",
        "MRO: exact\n  app.old_emitter.OldEmitter\n  builtins.object",
        "agent_started: delegates by emit_agent_started (app/old_emitter.py:9)",
        "-> app.manager.UnifiedManager.send_to_user (app/manager.py:",
        "agent_thinking: stub",
        "tool_executing: missing",
        "disposition: ",
        "WSC202 error: ",
    ):
        assert word in result.stdout


def test_class_without_role(run: Run, project: Path) -> None:
    result = run("explain", "FakeUser", cwd=project)
    assert result.returncode == 0
    assert "role: no role" in result.stdout
    assert "events:" not in result.stdout


def test_class_that_lacks_something_of_a_role(run: Run, project: Path) -> None:
    text = "from fastapi import WebSocket\nclass Seats:\n    taken: dict[str, WebSocket] = {}\n"
    lay(project, {"app/seats.py": text})
    result = run("explain", "Seats", cwd=project)
    assert "role: no role\n  no manager, for want of code that adds connections to it; seen" in result.stdout
    assert (
        "    holds_connections: self.taken holds several live connections (app/seats.py:3)" in result.stdout
    )


def test_several_classes_of_a_bare_name_are_listed(run: Run, project: Path) -> None:
    lay(project, {"app/more.py": "class OldEmitter:\n    pass\n"})
    result = run("explain", "OldEmitter", project)
    assert result.returncode == 0
    assert result.stdout.splitlines()[0] == "2 classes are called OldEmitter; ask for one by its full name:"
    assert "  app.more.OldEmitter (app/more.py:1): no role" in result.stdout
    assert "MRO" not in result.stdout


def test_classes_of_one_full_name_are_all_explained(run: Run, tmp_path: Path) -> None:
    lay(tmp_path, {"a.py": "class A:\n    pass\n\nclass A:\n    pass\n"})
    result = run("explain", "a.A", tmp_path / "a.py")
    assert "a.A (a.py:1)" in result.stdout
    assert "a.A (a.py:4)" in result.stdout


def test_no_such_class(run: Run, project: Path) -> None:
    result = run("explain", "OldEmiter", project)
    assert (result.returncode, result.stdout) == (2, "")
    assert "no class is called 'OldEmiter'; did you mean `OldEmitter`?" in result.stderr


def test_to_a_file(run: Run, project: Path, tmp_path: Path) -> None:
    assert run("explain", "OldEmitter", project, "-o", tmp_path / "out.txt").stdout == ""
    assert "app.old_emitter.OldEmitter" in (tmp_path / "out.txt").read_text()


CLASHING = """\
class A: pass
class B(A): pass
class X(A, B): pass
"""


def test_how_an_order_comes_about(run: Run, tmp_path: Path) -> None:
    lay(tmp_path, {"a.py": "class A: pass\nclass B: pass\nclass X(A, B): pass\n"})
    assert (
        "linearisation (C3: the first head that stands in no other list's tail is taken):\n"
        "  a.X\n"
        "    of [a.A, builtins.object] [a.B, builtins.object] [a.A, a.B]\n"
        "  a.A\n"
    ) in run("explain", "X", tmp_path).stdout


def test_why_an_order_is_impossible(run: Run, tmp_path: Path) -> None:
    lay(tmp_path, {"a.py": CLASHING})
    shown = run("explain", "X", tmp_path).stdout
    assert (
        "inconsistent: the order of the bases puts a.A before a.B, the order of a.B puts a.B before a.A"
        in shown
    )
    assert "a.A must wait: [a.B, a.A, builtins.object] puts it later" in shown
    assert "no class can be taken, so CPython raises TypeError" in shown


@pytest.mark.parametrize(
    ("program", "missing", "remedy"),
    [
        ("import no_such\nclass X(no_such.A): pass\n", "no_such is not installed", "--python PATH"),
        ("class X(object.__subclasses__()[7]): pass\n", "dynamic-base", "only the running program knows it"),
    ],
)
def test_what_is_missing_and_how_to_supply_it(
    run: Run, tmp_path: Path, program: str, missing: str, remedy: str
) -> None:
    lay(tmp_path, {"a.py": program})
    shown = run("explain", "X", tmp_path).stdout
    assert missing in shown
    assert remedy in shown
