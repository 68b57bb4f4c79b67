"""What a finding is known by from one version of the code to the next.

A fingerprint has two halves, `what-where`:

- *what*: the rule and the finding's identity, which names the method and the thing in it;
- *where*: the class around it by the names of its members and their parameters, or the function around it.

Neither knows of lines, paths, literals or the name of the class: shifted and indented lines, an edited
literal, a renamed file or class change nothing. In another class, or in other words, it is another finding;
a verbatim copy is one more of the same. When members of the class come and go, *where* changes and *what*
stays, so that code and symbol together with *what* still tell that it is the old finding.
"""

import hashlib
from collections.abc import Iterator
from pathlib import PurePosixPath

from wsconsolidate.model.facts import FunctionBinding
from wsconsolidate.model.finding import Finding
from wsconsolidate.model.program import Class, Function, FunctionId, Program

_LENGTH = 12


class Fingerprints:
    """Computes the fingerprints of the findings of one program."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._classes: dict[str, list[Class]] = {}
        self._functions: dict[str, list[Function]] = {}
        for one in program.classes.values():
            self._classes.setdefault(one.path, []).append(one)
        for function in program.functions.values():
            self._functions.setdefault(function.path, []).append(function)

    def of(self, finding: Finding) -> str:
        """The fingerprint of a finding whose code is filled in."""
        return f"{_digest((finding.code, finding.identity))}-{_digest(self._where(finding))}"

    def _where(self, finding: Finding) -> Iterator[str]:
        if finding.path not in self._program.files:
            yield PurePosixPath(finding.path).name
            return
        around = self._class_around(finding)
        if around is not None:
            yield from _shape(around, self._program)
            return
        function = self._function_around(finding)
        yield function.facts.qualname if function else ""

    def _class_around(self, finding: Finding) -> Class | None:
        around = (
            one for one in self._classes.get(finding.path, ()) if one.line <= finding.line <= one.end_line
        )
        return max(around, key=lambda one: one.line, default=None)

    def _function_around(self, finding: Finding) -> Function | None:
        functions = self._functions.get(finding.path, ())
        around = (one for one in functions if one.line <= finding.line <= one.facts.end_line)
        return max(around, key=lambda one: one.line, default=None)


def _shape(one: Class, program: Program) -> Iterator[str]:
    """The names that the body of a class binds, methods with their parameters."""
    for binding in program.bindings(one.scope):
        yield binding.name
        if isinstance(binding, FunctionBinding):
            function = program.functions.get(FunctionId(one.path, binding.line))
            yield ",".join(parameter.name for parameter in function.facts.parameters) if function else ""


def _digest(parts: Iterator[str] | tuple[str, ...]) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:_LENGTH]
