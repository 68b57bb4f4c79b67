"""Findings and rules made by hand, so that the report is tested without the rules."""

from collections.abc import Callable

import pytest

from wsconsolidate.model.finding import Applicability, Finding, Severity
from wsconsolidate.model.rule import Rule

CODES = ("WSC103", "WSC105", "WSC106", "WSC202", "WSC203", "WSC301", "WSC401", "WSC402", "WSC403", "WSC501")


@pytest.fixture
def rules() -> tuple[Rule, ...]:
    """Rules that find nothing: the report only asks which were asked."""
    return tuple(
        Rule(
            code=code,
            name="some-rule",
            severity=Severity.ERROR,
            since="0.1.0",
            doc="A rule.",
            check=lambda _: (),
            bad=(),
            good=(),
        )
        for code in CODES
    )


@pytest.fixture
def finding() -> Callable[..., Finding]:
    """Makes a finding in the small program."""

    def make(
        code: str,
        symbol: str,
        line: int,
        *,
        path: str = "app/old_emitter.py",
        severity: Severity = Severity.ERROR,
        fix: Applicability = Applicability.DISPLAY,
        message: str = "something is wrong",
    ) -> Finding:
        return Finding(
            code=code,
            rule="some-rule",
            symbol=symbol,
            path=path,
            line=line,
            severity=severity,
            fix=fix,
            message=message,
        )

    return make
