"""Does the type checker find nothing that it did not find before?"""

import os
import re
import shutil
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from wsconsolidate.errors import UsageError
from wsconsolidate.model.check import Check
from wsconsolidate.model.expr import Name
from wsconsolidate.model.facts import Binding, ImportBinding, ValueBinding
from wsconsolidate.model.program import Program
from wsconsolidate.proof.job import Finish, Job

KNOWN = {
    "mypy": ("--no-pretty", "--no-color-output", "--hide-error-context", "--show-error-codes"),
    "pyright": (),
}
_ERROR = re.compile(r"^\s*(?P<path>[^:\n]+?):\d+(?::\d+)?(?:-\d+)?:?\s*(?:-\s*)?error\b:?\s*(?P<said>.*)$")
_QUOTED = re.compile(r'"((?:\w+\.)*_*)(\w+)"')
_PLACE = re.compile(r"\bline \d+|:\d+")
_MANY = 10


def begin(job: Job) -> Finish:
    """Ask the checker before writing; what it says again afterwards is not new.

    Raises:
        UsageError: it cannot be started, or says nothing that can be compared.
    """
    with tempfile.TemporaryDirectory() as cache:
        before = _errors(job, Path(cache))
    return lambda: _check(job, before)


def _check(job: Job, before: "Counter[str]") -> Check:
    with tempfile.TemporaryDirectory() as cache:
        after = _errors(job, Path(cache))
    new = sorted(_new(before, after, _names_of_one(job.program)))
    more = (f"and {len(new) - _MANY} more",) if len(new) > _MANY else ()
    return Check(
        held=not new,
        tried=f"`{' '.join(job.checker)}`: {before.total()} errors before, {after.total()} after",
        against=(*new[:_MANY], *more),
    )


def _new(before: "Counter[str]", after: "Counter[str]", one: Mapping[str, str]) -> Iterator[str]:
    """What is said only after; it does not matter by which of its names a class is called."""

    def known_as(said: str) -> str:
        return _QUOTED.sub(lambda match: f'"{match[1]}{one.get(match[2], match[2])}"', said)

    left = Counter(map(known_as, before.elements()))
    for said in after.elements():
        left[known_as(said)] -= 1
        if left[known_as(said)] < 0:
            yield said


def _names_of_one(program: Program) -> Mapping[str, str]:
    """For each name that renames another, by an import or an assignment, the first of their names."""
    above: dict[str, str] = {}

    def first(name: str) -> str:
        while above.setdefault(name, name) != name:
            name = above[name]
        return name

    for module in program.modules.values():
        for pair in _renamed(module.facts.top.bindings):
            one, other = sorted(map(first, pair))
            above[other] = one
    return {name: first(name) for name in above}


def _renamed(bindings: Iterable[Binding]) -> Iterator[tuple[str, str]]:
    for binding in bindings:
        match binding:
            case ImportBinding(name=name, attribute=str(other)) if name != other and other != "*":
                yield name, other
            case ValueBinding(name=name, value=Name(id=other)):
                yield name, other


def _errors(job: Job, cache: Path) -> "Counter[str]":
    """Every error by its file and what is said, without the line, which a fix may move."""
    command = _command(job)
    environment = {**os.environ, "MYPY_CACHE_DIR": str(cache), "NO_COLOR": "1"}
    try:
        done = subprocess.run(  # noqa: S603 - the checker that the user configured
            command, cwd=job.root, env=environment, capture_output=True, check=False
        )
    except OSError as error:
        raise UsageError(f"type-checker: {command[0]} cannot be started: {error.strerror}") from error
    out = done.stdout.decode(errors="replace")
    found = Counter(_told(out, job.root))
    if done.returncode and not found:
        said = (done.stderr.decode(errors="replace").strip() or out.strip()).splitlines()
        last = said[-1] if said else "it says nothing"
        raise UsageError(
            f"type-checker: `{' '.join(command)}` ended with {done.returncode} and names no error: {last}"
        )
    return found


def _told(out: str, root: Path) -> Iterator[str]:
    for line in out.splitlines():
        match = _ERROR.match(line)
        if match is not None:
            path = match["path"].removeprefix(f"{root}{os.sep}")
            yield f"{Path(path).as_posix()}: {_PLACE.sub('', match['said'])}"


def _command(job: Job) -> tuple[str, ...]:
    """The command as configured; a known checker by itself is found beside the interpreter, too."""
    name, *words = job.checker
    beside = [str(job.python.parent), os.environ.get("PATH", os.defpath)]
    program = shutil.which(name, path=os.pathsep.join(beside)) or name
    return (program, *(words or (*KNOWN.get(name, ()), ".")))
