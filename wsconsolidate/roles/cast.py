"""Program -> the role of each class that has one."""

from collections.abc import Collection, Iterator, Mapping

from wsconsolidate.model.event import Vocabulary
from wsconsolidate.model.program import Class, ClassId, Program
from wsconsolidate.model.role import RUNTIME, Cast, Evidence
from wsconsolidate.model.source import is_below
from wsconsolidate.roles.declaring import only_declares
from wsconsolidate.roles.part import Part
from wsconsolidate.roles.registry import PARTS
from wsconsolidate.roles.scene import Scene, doubled

THRESHOLD = 0.5


def cast(program: Program, vocabulary: Vocabulary, copies: Collection[str] = ()) -> Mapping[ClassId, Cast]:
    """The role of each class of the tree that plays one, in order of path and line.

    In `copies`, the folders that hold a copy of the runtime, roles are known and need no evidence.
    """
    scene = Scene(program, vocabulary)
    while any(_cast_part(part, scene) for part in PARTS):
        pass  # one cast may be evidence for the next: a facade of a manager, the protocol of an emitter
    casts = {**dict(_of_the_runtime(program, copies)), **scene.casts}
    return {id: casts[id] for id in program.classes if id in casts}


def _cast_part(part: Part, scene: Scene) -> bool:
    """Give the role to every class that has evidence enough; True if there was a new one."""
    before = len(scene.casts)
    for found in _bases_first(scene.program):
        if found.id in scene.casts or not can_play(found, part):
            continue
        stands_in = doubled(found, part.role, scene) if part.acts else ()
        evidence = (*part.observe(found, scene), *stands_in)
        sure = part.confidence({seen.kind for seen in evidence})
        if sure >= THRESHOLD:
            scene.casts[found.id] = _cast(found, part, sure, evidence)
    return len(scene.casts) > before


def _of_the_runtime(program: Program, copies: Collection[str]) -> Iterator[tuple[ClassId, Cast]]:
    roles = {name.rpartition(".")[2]: role for role, name in RUNTIME.items()}
    for id, found in program.classes.items():
        if found.name in roles and is_below(id.path, copies):
            detail = f"a copy of {RUNTIME[roles[found.name]]}"
            seen = Evidence(kind="inherits", detail=detail, path=id.path, line=id.line)
            yield id, Cast(role=roles[found.name], confidence=1.0, evidence=(seen,), test_double=False)


def can_play(found: Class, part: Part) -> bool:
    """False for an enum, which names events but does nothing, and for acting where all is declared."""
    return "enum.Enum" not in found.mro.names and not (part.acts and only_declares(found))


def _bases_first(program: Program) -> list[Class]:
    return sorted(program.classes.values(), key=lambda found: len(found.mro.names))


def _cast(found: Class, part: Part, sure: float, evidence: tuple[Evidence, ...]) -> Cast:
    strongest_first = sorted(
        dict.fromkeys(evidence), key=lambda seen: (-part.weights[seen.kind], seen.path, seen.line)
    )
    return Cast(
        role=part.role,
        confidence=sure,
        evidence=tuple(strongest_first),
        test_double=found.in_tests and part.acts,
    )
