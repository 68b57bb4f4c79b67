"""fixtures/legacy_chat: the tool against what a reader wrote down before, its golden files, its own suite."""

import json
import os
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from wsconsolidate import __version__
from wsconsolidate.config import load
from wsconsolidate.pipeline.analyze import analyze
from wsconsolidate.rules.codes import KNOWN_CODES
from wsconsolidate.rules.registry import RULES

ROOT = Path(__file__).parents[1]
FIXTURE = ROOT / "fixtures" / "legacy_chat"
TRUTH = json.loads((FIXTURE / "expected" / "truth.json").read_text("utf-8"))
CODES = frozenset(rule.code for rule in RULES)


def run(*arguments: str, cwd: Path = ROOT, **environment: str) -> str:
    command = [sys.executable, "-m", "wsconsolidate", *arguments]
    env = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1", **environment}
    done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode("utf-8")


@cache
def document() -> dict:
    return json.loads(run("scan", "fixtures/legacy_chat/input", "--format", "json", "--all-classes"))


def found() -> dict[tuple[str, int], dict]:
    return {(row["path"], row["line"]): row for row in document()["classes"]}


def rows(kind: str) -> list[dict]:
    return [row for row in TRUTH[kind] if not row.get("debatable")]


def ids(row: dict) -> str:
    return f"{row['qualname']}:{row['line']}"


@pytest.mark.parametrize("row", rows("classes"), ids=ids)
def test_a_class_has_the_role_and_order_that_a_reader_sees(row: dict):
    seen = found()[row["path"], row["line"]]
    assert seen["role"] in {row["role"], row.get("role_also_ok")}
    assert seen["test_double"] == row.get("test_double", False)
    if seen["mro_status"] == "exact":
        assert seen["mro"] == row["mro"]


@pytest.mark.parametrize("row", [row for row in rows("classes") if row.get("events")], ids=ids)
def test_a_class_does_for_each_event_what_a_reader_sees(row: dict):
    seen = found()[row["path"], row["line"]]["events"]
    also = row.get("events_also_ok") or {}
    wrong = {
        event: (seen[event]["status"], status)
        for event, status in row["events"].items()
        if seen[event]["status"] not in (status, *also.get(event, ()))
    }
    assert wrong == {}


@pytest.mark.parametrize("row", rows("no_role"), ids=ids)
def test_a_false_friend_has_no_role(row: dict):
    assert found()[row["path"], row["line"]]["role"] is None


def test_every_class_of_the_tree_is_in_the_truth():
    known = {(row["path"], row["line"]) for kind in ("classes", "no_role") for row in TRUTH[kind]}
    assert set(found()) == known


@pytest.mark.parametrize("role", sorted(TRUTH["ssot"]))
def test_the_source_of_truth_is_the_one_a_reader_names(role: str):
    assert document()["ssot"][role] == TRUTH["ssot"][role]


def test_the_duplicates_are_those_of_the_truth():
    groups = {frozenset(group["members"]) for group in document()["duplicate_groups"]}
    assert groups == {frozenset(group) for group in TRUTH["duplicates"]}


def test_the_backup_files_are_those_of_the_truth():
    assert document()["backup_files"] == TRUTH["backup_files"]


def test_the_findings_are_those_of_the_truth():
    """Equal as (code, path), debatable rows may be found or not."""
    seen = {(row["code"], row["path"]) for row in document()["findings"]}
    certain = {(row["code"], row["path"]) for row in rows("findings") if row["code"] in CODES}
    possible = {(row["code"], row["path"]) for row in TRUTH["findings"]}
    assert certain - seen == set()
    assert seen - possible == set()


GOLDEN = {
    "report.md": ("report", "--markdown", "fixtures/legacy_chat/input"),
    "scan.json": ("scan", "fixtures/legacy_chat/input", "--format", "json"),
}


@pytest.mark.parametrize("name", sorted(GOLDEN))
def test_the_output_is_the_golden_file(name: str, request: pytest.FixtureRequest):
    golden = FIXTURE / "expected" / name
    output = run(*GOLDEN[name]).replace(__version__, "VERSION")
    if request.config.getoption("--update-golden"):
        golden.write_text(output, encoding="utf-8", newline="\n")
    assert output == golden.read_text("utf-8")


def test_every_tick_of_the_report_has_a_file_and_line():
    ticks = [line for line in run(*GOLDEN["report.md"]).splitlines() if "- [x]" in line]
    assert len(ticks) > 30
    for tick in ticks:
        places = re.findall(r"`([^`]+):(\d+)[\d,]*`", tick)
        assert places, tick
        for path, line in places:
            lines = (FIXTURE / "input" / path).read_text("utf-8").splitlines()
            assert 1 <= int(line) <= len(lines), tick


SETTINGS = {
    "another folder": {"cwd": FIXTURE},
    "another hash seed": {"PYTHONHASHSEED": "7"},
    "the C locale": {"LC_ALL": "C", "PYTHONUTF8": "0"},
}


@pytest.mark.parametrize("setting", sorted(SETTINGS))
def test_the_same_bytes_under(setting: str):
    path = str(FIXTURE / "input")
    assert run("scan", path, "--format", "json", **SETTINGS[setting]) == run("scan", path, "--format", "json")


def test_reading_writes_nothing_into_the_tree():
    before = {path: path.stat().st_mtime_ns for path in (FIXTURE / "input").rglob("*")}
    run("report", "fixtures/legacy_chat/input")
    assert {path: path.stat().st_mtime_ns for path in (FIXTURE / "input").rglob("*")} == before


def test_the_suite_of_the_fixture_passes_with_real_sockets():
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    env = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "PYTEST_ADDOPTS": ""}
    done = subprocess.run(
        command, cwd=FIXTURE / "input", env=env, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"\d+ passed", done.stdout)


def test_the_way_of_each_event_is_the_one_that_a_trace_of_the_running_server_takes():
    """Equal as the functions that the event passes, from the route to the socket."""
    tracer = ROOT / "tests" / "tracing.py"
    env = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, str(tracer), "2 + 3"],
        cwd=FIXTURE / "input",
        env=env,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    taken = json.loads(done.stdout)
    root = FIXTURE / "input"
    analysis = analyze([root], root, load(root, KNOWN_CODES))
    spans = [
        (f.path, range(f.line, f.facts.end_line + 1), f.qualname) for f in analysis.program.functions.values()
    ]
    printed = {(way.event, tuple(hop.symbol for hop in way.hops)) for way in analysis.ways if way.arrives}
    for event in analysis.vocabulary.events:
        for way in taken[event]:
            assert (event, tuple(_function_at(path, line, spans) for path, line in way)) in printed


def _function_at(path: str, line: int, spans: list[tuple[str, range, str]]) -> str:
    around = [(lines.start, name) for where, lines, name in spans if where == path and line in lines]
    return max(around)[1]
