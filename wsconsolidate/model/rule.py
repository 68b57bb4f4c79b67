"""What is said of the code, complete with why and with examples."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from wsconsolidate.model.analysis import Analysis
from wsconsolidate.model.finding import Finding, Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule, complete with its documentation and examples.

    In an example `# file: app/chat.py` starts a file and `# expect: WSC101` marks the line of a
    finding. `doc` is the docstring of the rule's module.
    """

    code: str
    name: str
    severity: Severity
    since: str
    doc: str
    check: Callable[[Analysis], Iterable[Finding]]
    bad: tuple[str, ...]
    good: tuple[str, ...]

    @property
    def summary(self) -> str:
        """The first line of the documentation."""
        return self.doc.strip().splitlines()[0]
