"""What is to become of each class, and the reason that is given."""

import pytest

from tests.consolidate.managers import HEAD, OTHER, manager
from wsconsolidate.model.role import Role

BEFORE = {"app/__init__.py": "", "app/manager.py": HEAD + manager("UnifiedManager")}
BUNDLED = "`wsconsolidate.runtime.UnifiedWebSocketManager`"
BY_HAND = f"by hand, as {BUNDLED} takes connections in another way; or name one as `ssot.manager`"
TRUTH = "`app.manager.UnifiedManager`"
FACADE = """
from app.manager import UnifiedManager

class OldManager:
    def __init__(self, inner: UnifiedManager):
        self.inner = inner
    def connect(self, user, ws):
        self.inner.connect(user, ws)
    def disconnect(self, user):
        self.inner.disconnect(user)
"""
EMITS = """
class {name}:
    def __init__(self, target: UnifiedManager):
        self.target = target
    async def {prefix}agent_started(self):
        await self.target.send("u", {{"type": "agent_started"}})
    async def {prefix}agent_completed(self):
        await self.target.send("u", {{"type": "agent_completed"}})
"""
TWO_EMITTERS = (
    "from app.manager import UnifiedManager\n"
    + EMITS.format(name="UnifiedEmitter", prefix="emit_")
    + EMITS.format(name="Other", prefix="notify_")
)
SHADOWED = {
    "app/hub.py": HEAD + OTHER,
    "app/hub/__init__.py": "",
}
IMPOSSIBLE = (
    "from app.manager import UnifiedManager\n\nclass Low(UnifiedManager):\n    pass\n"
    "\nclass Other(UnifiedManager, Low):\n    pass\n"
)
ERRORS = "class WebSocketError(Exception):\n    pass\n\nclass Full(WebSocketError):\n    pass\n"
# title, files beside the manager, class, disposition, reason
ROWS = [
    ("the truth", {}, "UnifiedManager", "keep", "the source of truth: it is the only one"),
    (
        "the truth of those that extend it",
        {"app/b.py": "from app.manager import UnifiedManager\n\nclass Loud(UnifiedManager):\n    pass\n"},
        "UnifiedManager",
        "keep",
        "the source of truth: it is the base of the other",
    ),
    (
        "a copy of its name",
        {"app/b.py": BEFORE["app/manager.py"], "app/c.py": "from app.manager import UnifiedManager\n" * 2},
        "app.b.UnifiedManager",
        "review",
        f"one of several that do the same job, which {BUNDLED} can take over; {BY_HAND}",
    ),
    (
        "a copy under another name",
        {"app/b.py": HEAD + manager("Other")},
        "Other",
        "rewrite",
        f"under another name a copy of {TRUTH}",
    ),
    (
        "a near copy",
        {"app/b.py": HEAD + manager("Other") + "    def count(self):\n        return 1\n"},
        "Other",
        "rewrite",
        f"does the same job with much the same methods as {TRUTH}",
    ),
    (
        "the same job",
        {"app/b.py": HEAD + OTHER},
        "Hub",
        "review",
        f"does the same job as {TRUTH}; none of its methods sends as one of {TRUTH} does",
    ),
    ("a facade", {"app/b.py": FACADE}, "OldManager", "delegates", "it already hands on to a source of truth"),
    (
        "a subclass",
        {"app/b.py": "from app.manager import UnifiedManager\n\nclass Sub(UnifiedManager):\n    pass\n"},
        "Sub",
        "delegates",
        "it already hands on to a source of truth",
    ),
    ("a test's own", {"tests/b.py": HEAD + OTHER}, "Hub", "leave", "it belongs to the tests"),
    (
        "dead code",
        SHADOWED,
        "Hub",
        "review",
        "dead code: whoever imports `app.hub` gets `app/hub/__init__.py`; nobody can run it",
    ),
    (
        "an emitter with two events",
        {"app/b.py": TWO_EMITTERS},
        "Other",
        "rewrite",
        "a second emitter beside `app.b.UnifiedEmitter`, too different to be its duplicate",
    ),
    (
        "an error of another hierarchy",
        {"app/b.py": ERRORS + "\nclass WebSocketGone(Exception):\n    pass\n"},
        "WebSocketGone",
        "review",
        "stands outside of the hierarchy of `app.b.WebSocketError`",
    ),
    ("an error of the hierarchy", {"app/b.py": ERRORS}, "Full", "leave", "nothing duplicates it"),
]


@pytest.mark.parametrize(
    ("files", "name", "disposition", "reason"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS]
)
def test_verdicts(files, name, disposition, reason, study):
    found = study({**BEFORE, **files})
    one = found.program.named(name)[-1]
    verdict = found.verdicts[one.id]
    assert (verdict.disposition, verdict.reason) == (disposition, reason)


def test_what_python_refuses_to_create_is_dead(study):
    found = study({**BEFORE, "app/b.py": IMPOSSIBLE})
    (other,) = found.program.named("Other")
    assert found.casts[other.id].role is Role.MANAGER
    verdict = found.verdicts[other.id]
    assert verdict.disposition == "review"
    assert (
        verdict.reason == "Python refuses to create it: its bases have no consistent order; nobody can run it"
    )


def test_dead_code_is_no_source_of_truth(study):
    shadowed = {"app/unified.py": HEAD + manager("UnifiedHub"), "app/unified/__init__.py": ""}
    found = study({"app/__init__.py": "", "app/b.py": HEAD + OTHER, **shadowed})
    assert found.ssot[Role.MANAGER].qualname == "app.b.Hub"
