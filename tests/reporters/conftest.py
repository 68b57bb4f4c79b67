"""A report on the small program, and one with everything that can go wrong in it."""

from dataclasses import replace

import pytest

from wsconsolidate.model.analysis import Analysis, Divergence, DuplicateGroup, Likeness
from wsconsolidate.model.event import RuntimeEvent
from wsconsolidate.model.finding import Applicability, Finding, Related, Severity
from wsconsolidate.model.report import Report
from wsconsolidate.model.role import Role
from wsconsolidate.report.build import build

OLD = "app.old_emitter.OldEmitter"
CLASH = """\
class A:
    pass


class B(A):
    pass


class Clash(A, B):
    pass


try:
    from fast import Base
except ImportError:
    Base = object


class Either(Base):
    pass
"""


@pytest.fixture
def report(chat: Analysis) -> Report:
    """The small program, about which no rule was asked."""
    return build(chat, (), ())


@pytest.fixture
def findings() -> tuple[Finding, ...]:
    """One finding of each severity and applicability."""
    stub = Finding(
        code="WSC202",
        rule="stub-event",
        severity=Severity.ERROR,
        message="`emit_agent_thinking` does nothing: a | b",
        path="app/old_emitter.py",
        line=12,
        symbol=f"{OLD}.emit_agent_thinking",
        fingerprint="f00d",
        related=(Related(path="app/emitter.py", line=13, message="the SSOT sends it"),),
    )
    bypass = replace(
        stub,
        code="WSC103",
        rule="emitter-bypasses-ssot",
        line=4,
        symbol=OLD,
        message="goes its own way",
        severity=Severity.WARNING,
        fix=Applicability.SAFE,
        related=(),
    )
    backup = replace(
        bypass,
        code="WSC106",
        rule="backup-file",
        path="app/manager.py.bak",
        line=1,
        symbol="",
        message="a backup file",
        severity=Severity.NOTE,
        fix=Applicability.UNSAFE,
    )
    return (stub, bypass, backup)


@pytest.fixture
def troubled(study, chat_files: dict[str, str], findings: tuple[Finding, ...]) -> Report:
    """The small program with findings, duplicates, a broken file, inexact orders and a run-time event."""
    analysis = study({**chat_files, "app/clash.py": CLASH, "app/broken.py": "def :\n"})
    old, new = (analysis.program.named(name)[0].id for name in ("OldEmitter", "UnifiedEmitter"))
    group = DuplicateGroup(
        role=Role.EMITTER,
        kind=Likeness.NEAR_COPY,
        members=(new, old),
        shared=("emit_agent_started",),
        differs=("b",),
    )
    rift = Divergence(role=Role.EMITTER, ssot=new, other=old, conflicts=("x | y",))
    event = RuntimeEvent(symbol="app.route.chat", path="app/route.py", line=7, detail="getattr(x, name)")
    changed = replace(analysis, groups=(group,), divergences=(rift,), runtime_events=(event,))
    return build(changed, findings, ())
