"""fixtures/no_ssot: the tool against what a reader wrote down before, and the fixture's own suite."""

import json
import os
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from wsconsolidate.rules.registry import RULES

ROOT = Path(__file__).parents[1]
FIXTURE = ROOT / "fixtures" / "no_ssot"
TRUTH = json.loads((FIXTURE / "expected" / "truth.json").read_text("utf-8"))
CODES = tuple(rule.code for rule in RULES)


@cache
def document() -> dict:
    command = [sys.executable, "-m", "wsconsolidate", "scan", str(FIXTURE / "input"), "--format", "json"]
    env = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run([*command, "--all-classes"], env=env, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return json.loads(done.stdout)


def found() -> dict[tuple[str, int], dict]:
    return {(row["path"], row["line"]): row for row in document()["classes"]}


def rows(kind: str) -> list[dict]:
    return [row for row in TRUTH[kind] if not row.get("debatable")]


def ids(row: dict) -> str:
    return row["qualname"]


@pytest.mark.parametrize("row", rows("classes"), ids=ids)
def test_a_class_has_the_role_and_order_that_a_reader_sees(row: dict):
    seen = found()[row["path"], row["line"]]
    assert seen["role"] == row["role"]
    assert seen["test_double"] == row["test_double"]
    assert (seen["mro_status"], seen["mro"]) == (row["mro_status"], row["mro"])


@pytest.mark.parametrize("row", [row for row in rows("classes") if row.get("events")], ids=ids)
def test_a_class_does_for_each_event_what_a_reader_sees(row: dict):
    seen = found()[row["path"], row["line"]]["events"]
    also = row.get("events_also_ok", {})
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
    assert set(found()) == {(row["path"], row["line"]) for row in TRUTH["classes"] + TRUTH["no_role"]}


@pytest.mark.parametrize("role", sorted(TRUTH["ssot"]))
def test_the_source_of_truth_is_the_bundled_runtime(role: str):
    assert document()["ssot"][role] == TRUTH["ssot"][role]


@pytest.mark.parametrize("role", ["manager", "emitter", "protocol"])
def test_the_duplicates_are_those_of_the_truth(role: str):
    roles = {row["qualname"]: row["role"] for row in TRUTH["classes"]}
    groups = [
        {frozenset(members) - frozenset(TRUTH["duplicates_debatable"]) for members in source}
        for source in ([group["members"] for group in document()["duplicate_groups"]], TRUTH["duplicates"])
    ]
    seen, wanted = ({group for group in of if {roles[one] for one in group} == {role}} for of in groups)
    assert seen == wanted


def test_the_backup_files_are_those_of_the_truth():
    assert document()["backup_files"] == TRUTH["backup_files"]


@pytest.mark.parametrize("code", CODES)
def test_the_findings_of_a_rule_are_those_of_the_truth(code: str):
    """Equal as (path, symbol), debatable rows may be found or not."""
    seen = {(row["path"], row["symbol"]) for row in document()["findings"] if row["code"] == code}
    certain = {(row["path"], row["symbol"]) for row in rows("findings") if row["code"] == code}
    possible = {(row["path"], row["symbol"]) for row in TRUTH["findings"] if row["code"] == code}
    assert certain - seen == set()
    assert seen - possible == set()


def test_nothing_is_found_that_the_truth_does_not_know():
    known = {row["code"] for row in TRUTH["findings"]}
    assert {row["code"] for row in document()["findings"]} - known == set()


def test_the_suite_of_the_fixture_passes_with_real_sockets():
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    env = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "PYTEST_ADDOPTS": ""}
    done = subprocess.run(
        command, cwd=FIXTURE / "input", env=env, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"\d+ passed", done.stdout)
