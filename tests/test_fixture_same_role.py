"""fixtures/same_role: copies, renamed copies and classes of one role without a line in common."""

from pathlib import Path

import pytest

from wsconsolidate.config import load
from wsconsolidate.consolidate.duplicates import alike
from wsconsolidate.model.analysis import Analysis
from wsconsolidate.pipeline.analyze import analyze
from wsconsolidate.rules.codes import KNOWN_CODES

INPUT = Path(__file__).parents[1] / "fixtures" / "same_role" / "input"
PAIRS = [
    ("desk.manager.ConnectionManager", "desk.exact.ConnectionManager", "exact-copy"),
    ("desk.manager.ConnectionManager", "desk.renamed.SocketRegistry", "renamed-copy"),
    ("desk.manager.ConnectionManager", "desk.renamed_names.LinkStore", "same-role"),
    ("desk.manager.ConnectionManager", "desk.near.ConnectionManager", "near-copy"),
    ("desk.manager.ConnectionManager", "desk.hub.WebSocketHub", "same-role"),
    ("desk.emitter.AgentEmitter", "desk.emitter_renamed.RunNotifier", "renamed-copy"),
    ("desk.emitter.AgentEmitter", "desk.progress.ProgressFeed", "same-role"),
    ("desk.contracts.ManagerProtocol", "desk.contracts_two.SocketsProtocol", "renamed-copy"),
]


@pytest.fixture(scope="module")
def analysis() -> Analysis:
    return analyze([INPUT], INPUT, load(INPUT, KNOWN_CODES))


@pytest.mark.parametrize(("one", "other", "kind"), PAIRS)
def test_a_duplicate_is_found_and_told_in_which_way(one: str, other: str, kind: str, analysis: Analysis):
    left, right = (analysis.program.named(name)[0] for name in (one, other))
    assert any({left.id, right.id} <= set(group.members) for group in analysis.groups)
    assert alike(left, right) == kind


@pytest.mark.parametrize("name", ["desk.pool.ConnectionPool", "desk.shim.LegacyManager"])
def test_a_false_friend_and_a_shim_that_hands_on_are_no_duplicates(name: str, analysis: Analysis):
    (found,) = analysis.program.named(name)
    assert all(found.id not in group.members for group in analysis.groups)
