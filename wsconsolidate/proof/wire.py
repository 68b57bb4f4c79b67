"""Do old and new classes, called alike, send the same frames, answer the same and raise the same?"""

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from wsconsolidate.model.check import Check
from wsconsolidate.model.edit import EditGroup
from wsconsolidate.model.module import Module
from wsconsolidate.model.program import Program
from wsconsolidate.model.source import SourceRoot
from wsconsolidate.proof.compare import Compared, compare
from wsconsolidate.proof.job import Finish, Job
from wsconsolidate.proof.worker import Target, run

MEANT = {"WSC206": "what was lost is sent now"}
"""Rules whose fix is meant to change what is sent."""
SENDLESS = ("WSC101", "WSC107")
"""Rules about classes that send nothing: protocols and errors."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sketch:
    """What is run, in both trees, and what is known not to be; of the `sendless` no frame is expected."""

    targets: tuple[Target, ...]
    sendless: frozenset[Target]
    untried: tuple[str, ...]


def begin(job: Job) -> Finish:
    """Run the classes as they are, to be compared with what they are afterwards."""
    sketch = _sketch(job)
    before = _run(job, sketch)
    return lambda: _check(sketch, before, _run(job, sketch, before))


def _run(
    job: Job, sketch: _Sketch, known: Mapping[Target, Mapping[str, object]] | None = None
) -> Mapping[Target, Mapping[str, object]]:
    """What comes of each target; those below one source root are run in a process of their own."""
    told: dict[Target, Mapping[str, object]] = {}
    for root in dict.fromkeys(_source_root(job, target) for target in sketch.targets):
        with tempfile.TemporaryDirectory() as scratch:
            told |= run(
                python=job.python,
                root=job.root,
                paths=_import_paths(job, root),
                targets=[one for one in sketch.targets if _source_root(job, one) == root],
                spoken=sorted({_spoken(job.program, group) for group in job.plan.groups} - {""}),
                scratch=Path(scratch),
                known=known,
            )
    return told


def _source_root(job: Job, target: Target) -> SourceRoot:
    return job.program.files[target.path].source_root


def _check(
    sketch: _Sketch,
    before: Mapping[Target, Mapping[str, object]],
    after: Mapping[Target, Mapping[str, object]],
) -> Check:
    verdicts = [compare(target, before[target], after[target]) for target in sketch.targets]
    lost = {one.target.path for one in verdicts if not one.target.name and (one.untried or one.against)}
    telling = [one for one in verdicts if not one.target.name or one.target.path not in lost]
    against = tuple(reason for one in telling for reason in one.against)
    untried = tuple(reason for one in telling if one.target not in sketch.sendless for reason in one.untried)
    return Check(
        held=not against, tried=_tally(verdicts), untried=(*sketch.untried, *untried), against=against
    )


def _tally(verdicts: list[Compared]) -> str:
    modules = sum(not one.target.name for one in verdicts if not one.untried)
    classes = sum(bool(one.calls) for one in verdicts)
    calls, frames = sum(one.calls for one in verdicts), sum(one.frames for one in verdicts)
    return f"{modules} modules imported, {classes} classes run in {calls} calls, {frames} frames compared"


def _sketch(job: Job) -> _Sketch:
    """Every rewritten module, and in it every class that a fix touches, with its subclasses."""
    modules = [module for module in _rewritten(job) if not module.in_tests]
    targets = {_target(job.program, module.path, ""): None for module in modules}
    untried: list[str] = []
    sending: set[Target] = set(targets)
    for group in job.plan.groups:
        if group.code in MEANT:
            untried.append(f"{group.symbol}: not compared, {MEANT[group.code]} ({group.code})")
        else:
            touched = dict.fromkeys(_touched(job.program, group))
            targets |= touched
            sending.update(touched if group.code not in SENDLESS else ())
    inside = [target for target in targets if "<locals>" in target.name]
    untried += [f"{target}: it is defined inside a function" for target in inside]
    return _Sketch(
        targets=tuple(target for target in targets if target not in inside),
        sendless=frozenset(targets.keys() - sending),
        untried=tuple(untried),
    )


def _rewritten(job: Job) -> Iterator[Module]:
    for edit in job.plan.edits:
        if edit.before is not None and edit.after is not None and edit.path in job.program.files:
            yield job.program.files[edit.path]


def _touched(program: Program, group: EditGroup) -> Iterator[Target]:
    """The innermost class or function that a finding is about, and what inherits from the class."""
    around = [one for one in program.classes.values() if _is_about(group, one.path, one.qualname)]
    owner = max(around, key=lambda one: len(one.qualname), default=None)
    if owner is None:
        yield from (
            _target(program, one.path, one.facts.qualname)
            for one in program.functions.values()
            if one.owner is None and one.path == group.path and one.qualname == group.symbol
        )
        return
    for one in (owner, *program.below(owner)):
        if not one.in_tests:
            yield _target(program, one.path, one.facts.qualname)


def _target(program: Program, path: str, name: str) -> Target:
    module = program.files[path]
    return Target(module.imported_as, name, path)


def _is_about(group: EditGroup, path: str, qualname: str) -> bool:
    return path == group.path and f"{group.symbol}.".startswith(f"{qualname}.")


def _spoken(program: Program, group: EditGroup) -> str:
    """The name by which the probe knows a class that a fix replaces."""
    module = program.files.get(group.path)
    if module is None or not group.symbol.startswith(f"{module.name}."):
        return ""
    return f"{module.imported_as}:{group.symbol.removeprefix(f'{module.name}.')}"


def _import_paths(job: Job, root: SourceRoot) -> tuple[str, ...]:
    """The folders that the rewritten modules below a source root are imported from."""
    folders = (str(_imported_from(job, module)) for module in _rewritten(job) if module.source_root == root)
    return tuple(dict.fromkeys((*folders, str(job.root))))


def _imported_from(job: Job, module: Module) -> Path:
    """The folder above the packages of a module, which may lie above the tree."""
    return (job.root / module.path).parents[module.imported_as.count(".") + module.is_package]
