"""What holds for every command: start-up, streams, errors and exit codes."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Run, lay
from wsconsolidate import __version__
from wsconsolidate.cli import app

HEAVY = ("libcst", "networkx")
LOADED = """
import sys
from wsconsolidate.cli.app import main
for line in sys.argv[1:]:
    sys.argv[1:] = line.split()
    main()
    print(*sys.modules, file=sys.stderr)
"""


def test_installed_command() -> None:
    command = Path(sys.executable).with_name("wsconsolidate")
    result = subprocess.run([command, "--version"], capture_output=True, text=True, check=False)
    assert (result.returncode, result.stdout) == (0, f"wsconsolidate {__version__}\n")


def test_help_names_every_command(run: Run) -> None:
    result = run("--help")
    assert result.returncode == 0
    assert all(f"  {command}" in result.stdout for command in app.COMMANDS)
    assert "..." not in result.stdout.replace("[ARGS]...", "")


@pytest.mark.parametrize("command", app.COMMANDS)
def test_help_of_a_command(run: Run, command: str) -> None:
    result = run(command, "--help")
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.startswith(f"Usage: wsconsolidate {command} [OPTIONS]")
    assert max(map(len, result.stdout.splitlines())) <= 120


@pytest.mark.parametrize(
    ("lines", "banned"),
    [
        (
            ["--version", "--help", "scan --format json", "scan --format html", "check --format html"],
            {*HEAVY, "rich"},
        ),
        (["scan", "check"], {*HEAVY}),
    ],
)
def test_startup_is_light(healthy: Path, lines: list[str], banned: set[str]) -> None:
    result = subprocess.run(
        [sys.executable, "-c", LOADED, *lines], cwd=healthy, capture_output=True, text=True, check=True
    )
    modules = ({name.partition(".")[0] for name in said.split()} for said in result.stderr.splitlines())
    loaded = dict(zip(lines, modules, strict=True))
    assert all("typer" in names for names in loaded.values())
    assert {line: names & banned for line, names in loaded.items() if names & banned} == {}


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "Usage: wsconsolidate"),
        (["scna"], "No such command 'scna'"),
        (["scan", "--forma"], "No such option"),
        (["scan", "--format", "xml"], "'xml' is not one of"),
        (["scan", "--exclude"], "requires an argument"),
        (["scan", "--exclude", "[z-a]"], "--exclude '[z-a]'"),
        (["scan", "nowhere"], "nowhere: no such file or folder"),
        (["scan", "--python", "nowhere"], "nowhere: no Python interpreter"),
        (["scan", "-o", "nowhere/out.txt"], "cannot write nowhere/out.txt: no such file or directory"),
        (["explain"], "Missing argument"),
    ],
)
def test_bad_usage(run: Run, healthy: Path, arguments: list[str], says: str) -> None:
    result = run(*arguments, cwd=healthy)
    assert result.returncode == 2
    assert says in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize("command", ["scan", "report", "check", "init"])
def test_bad_configuration(run: Run, healthy: Path, command: str) -> None:
    lay(healthy, {"pyproject.toml": "[tool.wsconsolidate]\nexcludes = ['a']\nfail-on = ['warnings']\n"})
    result = run(command, healthy)
    assert (result.returncode, result.stdout) == (2, "")
    assert "unknown option `excludes`; did you mean `exclude`?" in result.stderr
    assert "`fail-on`: unknown `warnings`; did you mean `warning`?" in result.stderr


@pytest.mark.parametrize("command", ["scan", "report", "check", "init"])
def test_nothing_to_analyse(run: Run, tmp_path: Path, command: str) -> None:
    lay(tmp_path, {"empty/notes.txt": ""})
    result = run(command, tmp_path / "empty")
    assert (result.returncode, result.stdout) == (2, "")
    assert "no Python file under" in result.stderr


def test_a_reader_that_goes_away_is_no_error(project: Path) -> None:
    command = f"{sys.executable} -m wsconsolidate check . --format json | head -c 1; echo ${{PIPESTATUS[0]}}"
    result = subprocess.run(["bash", "-c", command], cwd=project, capture_output=True, text=True, check=True)
    assert result.stdout == "{1\n"
    assert "Broken" not in result.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full disk to write to")
@pytest.mark.parametrize("arguments", [["scan", "."], ["--help"], ["--version"]])
def test_a_full_disk_is_named(project: Path, arguments: list[str]) -> None:
    with Path("/dev/full").open("w") as full:
        command = [sys.executable, "-m", "wsconsolidate", *arguments]
        result = subprocess.run(
            command, cwd=project, stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    said = "wsconsolidate: cannot write to stdout: no space left on device\n"
    assert (result.returncode, result.stderr) == (2, said)


@pytest.mark.skipif(os.name != "posix", reason="sends a signal")
def test_interrupt(tmp_path: Path) -> None:
    lay(tmp_path, {"a.py": "x = 1\n"})
    waiting = "a.discover = lambda *_: (print(flush=True), time.sleep(60))"
    code = (
        "import sys, time; import wsconsolidate.pipeline.prepare as a; "
        f"{waiting}; from wsconsolidate.cli.app import main; sys.exit(main())"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, "scan"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    process.stdout.readline()
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=30)
    assert (process.returncode, said) == (130, "wsconsolidate: interrupted\n")


@pytest.mark.parametrize("verbose", [False, True])
def test_a_bug_of_ours_does_not_look_like_a_finding(
    healthy: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], verbose: bool
) -> None:
    def broken(*_: object, **_options: object) -> None:
        raise KeyError("oops")

    monkeypatch.setattr("wsconsolidate.pipeline.analyze.examine_tree", broken)
    monkeypatch.setattr("sys.argv", ["wsconsolidate", "check", str(healthy), *["--verbose"] * verbose])
    assert app.main() == 2
    said = capsys.readouterr().err
    assert "a bug in wsconsolidate: KeyError: 'oops'" in said
    assert ("Traceback" in said) is verbose


def test_analysing_writes_nothing_into_the_tree(run: Run, project: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in project.rglob("*")}
    for arguments in (["scan"], ["report"], ["check"], ["explain", "OldEmitter"], ["init"]):
        run(*arguments, cwd=project)
    assert {path: path.stat().st_mtime_ns for path in project.rglob("*")} == before


def test_output_is_utf_8_whatever_the_locale(command: Run, project: Path) -> None:
    result = command("scan", cwd=project, PYTHONIOENCODING="ascii", PYTHONUTF8="0", LC_ALL="C")
    assert "──" in result.stdout


@pytest.mark.parametrize("command", ["scan", "report", "check"])
def test_root_of_the_configuration_is_used(run: Run, project: Path, command: str) -> None:
    lay(project, {"pyproject.toml": "[tool.wsconsolidate]\nexclude = ['*.bak']\n"})
    result = run(command, project / "app", "--format", "json")
    document = json.loads(result.stdout)
    assert document["backup_files"] == []
    assert {one["path"] for one in document["classes"]} >= {"app/manager.py", "app/old_emitter.py"}
