"""Findings, their severity and whether a fix exists."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum


class Severity(StrEnum):
    """How much a finding matters; `check` fails on errors and warnings by default."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Applicability(IntEnum):
    """Whether a codemod may fix a finding; a higher value is safer."""

    DISPLAY = 0
    UNSAFE = 1
    SAFE = 2

    @property
    def word(self) -> str | None:
        """What every output calls it: `safe` or `unsafe`; None where no codemod does it."""
        return None if self is Applicability.DISPLAY else self.name.lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class Related:
    """Another place that a finding speaks of."""

    path: str
    line: int
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One violation of a rule.

    `symbol` is the full name of what is wrong; `identity` what tells two findings of one rule in
    one symbol apart, free of line numbers. `fix_reason` says why the fix is not safe. A rule's check
    leaves `code`, `rule`, `severity` and `fingerprint` to the runner, which knows the registry and the
    configuration, and so it may `fix` and `fix_reason` where the analysis holds them (`Analysis.fixes`).
    """

    message: str
    path: str
    line: int
    symbol: str
    identity: str = ""
    fix: Applicability = Applicability.DISPLAY
    fix_reason: str = ""
    related: tuple[Related, ...] = ()
    code: str = ""
    rule: str = ""
    severity: Severity = Severity.WARNING
    fingerprint: str = ""
